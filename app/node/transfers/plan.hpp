// SPDX-License-Identifier: MIT
//
// What a transfer's row keeps for the node: where files come from or go, and which of them. Values;
// any thread.
#pragma once

#include <array>
#include <optional>

#include "app/files/landing.hpp"
#include "app/store/job.hpp"
#include "net/message.hpp"

namespace kith::node {

/// What of a transfer lies at a relay of the receiver's. docs/protocol.md, "Files: parcels".
struct ParcelPlan {
    std::string relay;  ///< its address
    std::array<std::uint8_t, 32> key{};
    std::uint64_t size = 0;
    bool whole = false;  ///< all of it is there; else some pieces may be
    bool operator==(const ParcelPlan&) const = default;
};

struct Plan {
    std::vector<std::string> roots;         ///< outgoing: absolute, of each entry at the top
    files::Landing landing;                 ///< incoming, once accepted
    std::vector<net::EntryRange> selected;  ///< once accepted; entries of the manifest
    std::optional<ParcelPlan> parcel{};
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
