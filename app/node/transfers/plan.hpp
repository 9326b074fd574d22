// SPDX-License-Identifier: MIT
//
// What a transfer's row keeps for the node: where files come from or go, and which of them. Values;
// any thread.
#pragma once

#include "app/files/landing.hpp"
#include "app/store/job.hpp"
#include "net/message.hpp"

namespace kith::node {

struct Plan {
    std::vector<std::string> roots;         ///< outgoing: absolute, of each entry at the top
    files::Landing landing;                 ///< incoming, once accepted
    std::vector<net::EntryRange> selected;  ///< once accepted; entries of the manifest
};
[[nodiscard]] store::Blob encode(const Plan& plan);
/// Nothing when it is damaged.
[[nodiscard]] std::optional<Plan> decode_plan(const store::Blob& blob);

[[nodiscard]] std::vector<net::EntryRange> to_ranges(const std::vector<std::uint32_t>& entries);
[[nodiscard]] std::vector<std::uint32_t> to_entries(const std::vector<net::EntryRange>& ranges);
/// All of them are among the first `entries`.
[[nodiscard]] bool within(const std::vector<net::EntryRange>& ranges, std::size_t entries);

/// A set of entries, a bit for each.
class EntrySet {
public:
    EntrySet() = default;
    explicit EntrySet(store::Blob bits) : bits_(std::move(bits)) {}

    [[nodiscard]] bool has(std::uint32_t entry) const {
        return entry / 8 < bits_.size() && (bits_[entry / 8] >> (entry % 8) & 1) != 0;
    }
    /// False when it was there already.
    bool add(std::uint32_t entry);
    [[nodiscard]] const store::Blob& bits() const noexcept { return bits_; }

private:
    store::Blob bits_;
};

}  // namespace kith::node
