// SPDX-License-Identifier: MIT
//
// Small private files that are either the old or the new, whatever happens in between: written
// beside (mode 0600), flushed, renamed, and the folder flushed. The caller holds the profile's
// lock.
#pragma once

#include "app/profile/error.hpp"
#include "crypto/bytes.hpp"

namespace kith::profile {

enum class Existing { refuse, replace };

/// With Existing::refuse and a file there: Errc::exists, and the file stays as it is, also when it
/// appears at the last moment.
[[nodiscard]] Expected<void> write_durably(const std::filesystem::path& file,
                                           crypto::ByteView bytes, Existing existing);

/// A regular file of at most `limit` bytes; one that others may read is closed to them. Never waits
/// on a pipe or device. Errors: missing, damaged (too large, or not a file), denied, io.
[[nodiscard]] Expected<crypto::SecretBytes> read_bounded(const std::filesystem::path& file,
                                                         std::size_t limit);

}  // namespace kith::profile
