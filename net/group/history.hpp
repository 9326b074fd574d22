// SPDX-License-Identifier: MIT
//
// The history of a group: a graph of message headers, without bodies. Knows the order in which
// messages are shown, what is missing, and what somebody else lacks. docs/protocol.md, "Groups:
// history". One thread; no input or output. About 250 bytes a message.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "net/group/envelope.hpp"

namespace kith::net::group {

/// missing: never came, others may have it. gone: erased, nobody is asked for it.
enum class BodyState : std::uint8_t { here = 0, missing = 1, gone = 2 };

/// What is kept of a message in memory, and loaded from the store.
struct Header {
    Hash hash{};
    Fingerprint author;
    Kind kind = Kind::text;
    std::int64_t time = 0;
    std::uint64_t place = 0;
    std::vector<Hash> parents;
    std::vector<Hash> view;
    std::uint32_t size = 0;
    BodyState body = BodyState::here;
    [[nodiscard]] MessageId id() const { return id_of(hash, time); }
};
[[nodiscard]] Header header_of(const SignedItem& item);

/// Messages are shown in ascending Order.
struct Order {
    std::uint64_t place = 0;
    Hash hash{};
    auto operator<=>(const Order&) const = default;
};

inline constexpr std::size_t history_max = 1 << 20;  ///< messages; then none are taken any more

struct HashOf {
    std::size_t operator()(const Hash& hash) const noexcept {
        std::size_t out = 0;
        for (std::size_t i = 0; i < sizeof out; ++i) out = out << 8 | hash[i];
        return out;
    }
};

class History {
public:
    using Index = std::uint32_t;
    using Mask = std::uint64_t;  ///< one bit for each member

    struct Node {
        Hash hash{};
        std::uint16_t author = 0;  ///< see author()
        Kind kind = Kind::text;
        bool durable = false;
        BodyState body = BodyState::here;
        std::uint32_t size = 0;
        std::uint32_t view = 0;  ///< see view()
        std::int64_t time = 0;
        std::uint64_t place = 0;  ///< at least the author's, and above that of each parent here
        Mask had_by = 0;
        Mask read_by = 0;
        std::vector<Index> parents;  ///< those that are here
        std::vector<Hash> missing;   ///< those that are not
        std::vector<Index> children;
    };

    /// Of one that is not here; parents need not be. Messages whose place moved because of it are
    /// appended to `moved`, some of them twice. Nothing: full.
    std::optional<Index> add(const Header& header, std::vector<Index>& moved);
    void set_durable(Index index);

    [[nodiscard]] std::size_t size() const noexcept { return nodes_.size(); }
    [[nodiscard]] const Node& at(Index index) const { return nodes_[index]; }
    [[nodiscard]] Node& at(Index index) { return nodes_[index]; }
    [[nodiscard]] std::optional<Index> find(const Hash& hash) const;
    [[nodiscard]] const Fingerprint& author(Index index) const;
    [[nodiscard]] const std::vector<Hash>& view(Index index) const;
    [[nodiscard]] Order order(Index index) const;

    /// Without a child here, ascending in order; with `durable` counting durable ones only.
    [[nodiscard]] std::vector<Index> heads(bool durable) const;
    /// Named as parents and not here.
    [[nodiscard]] const std::unordered_map<Hash, std::vector<Index>, HashOf>& gaps() const {
        return gaps_;
    }
    /// What a new message by us is to carry: at most parents_max heads (the others wait for the
    /// next one; oldest first) and its place.
    void write_on_top(Envelope& envelope) const;
    /// Messages spread over all in growing distance from the end, for somebody who shares a part.
    [[nodiscard]] std::vector<Hash> samples() const;
    /// The last `count` in order.
    [[nodiscard]] std::vector<Hash> latest(std::size_t count) const;

    /// What somebody has: these and what is below them, but nothing in `gaps` or reached through
    /// those alone.
    struct Part {
        const std::vector<Hash>& heads;
        const std::vector<Hash>& gaps;
    };
    /// Of durable messages: `wants`, and what is below them without `known`, in order. `open` says
    /// what they may have; what is below something else is looked at only if `past_closed`.
    [[nodiscard]] std::vector<Index> between(const std::vector<Hash>& wants, const Part& known,
                                             const std::function<bool(Index)>& open,
                                             bool past_closed = false) const;
    /// Sets `bit` in the `mask` of all of a part; those that had it not, in no order.
    std::vector<Index> mark(const Part& part, Mask Node::*mask, Mask bit);
    void clear(Mask bit);

private:
    void link(Index parent, Index child, std::vector<Index>& moved);
    void lift(Index index, std::vector<Index>& moved);
    std::uint16_t author_number(const Fingerprint& author);
    std::uint32_t view_number(const std::vector<Hash>& view);

    std::vector<Node> nodes_;
    std::unordered_map<Hash, Index, HashOf> index_;
    std::unordered_map<Hash, std::vector<Index>, HashOf> gaps_;
    std::unordered_set<Index> heads_;
    std::unordered_set<Index> durable_heads_;
    std::vector<Fingerprint> authors_;
    std::unordered_map<Fingerprint, std::uint16_t> author_numbers_;
    std::vector<std::vector<Hash>> views_;
    std::map<std::vector<Hash>, std::uint32_t> view_numbers_;
};

}  // namespace kith::net::group
