// SPDX-License-Identifier: MIT
//
// What can still be read of a damaged history, in a new one.
#pragma once

#include <span>

#include "app/store/job.hpp"

namespace kith::store {

struct Salvage {
    std::string file;                       ///< the damaged history; never written to
    std::span<const std::uint8_t, 32> key;  ///< of the damaged history and of the new one
    std::string database;                   ///< the history to make; must not exist
};

struct SalvageReport {
    std::uint64_t peers = 0;
    std::uint64_t messages = 0;
    std::uint64_t gaps = 0;  ///< places that cannot be read; messages may have been there
};

/// Copies every row that can be read, around pages that cannot, into a new history. What cannot be
/// used without something that was lost (messages of a conversation nobody knows the peer of) is
/// left out. Works on a copy (`database` + ".part.copy", removed afterwards) of the damaged file
/// and of the write-ahead log beside it, so there must be room for both. The new history is written
/// as `database` + ".part", flushed and renamed: either it is there whole or not at all. Any
/// thread.
///
/// Errors: wrong_key or damaged (nothing can be read: the first page is lost), newer_version,
/// io (missing; `database` exists), full, read_only.
[[nodiscard]] tl::expected<SalvageReport, Error> salvage(const Salvage& order);

}  // namespace kith::store
