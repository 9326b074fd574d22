// SPDX-License-Identifier: MIT
#include "net/group/history.hpp"

#include <algorithm>
#include <queue>

namespace kith::net::group {

Header header_of(const SignedItem& item) {
    const auto& e = item.envelope;
    const auto body = item.key ? BodyState::here : BodyState::missing;
    return {item.hash, e.author, e.kind, e.time, e.place, e.parents, e.view, e.size, body};
}

std::optional<History::Index> History::find(const Hash& hash) const {
    const auto at = index_.find(hash);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}
const Fingerprint& History::author(Index index) const { return authors_[nodes_[index].author]; }
const std::vector<Hash>& History::view(Index index) const { return views_[nodes_[index].view]; }
Order History::order(Index index) const { return {nodes_[index].place, nodes_[index].hash}; }

std::uint16_t History::author_number(const Fingerprint& author) {
    const auto [at, fresh] =
        author_numbers_.try_emplace(author, static_cast<std::uint16_t>(authors_.size()));
    if (fresh) authors_.push_back(author);
    return at->second;
}

std::uint32_t History::view_number(const std::vector<Hash>& view) {
    const auto [at, fresh] =
        view_numbers_.try_emplace(view, static_cast<std::uint32_t>(views_.size()));
    if (fresh) views_.push_back(view);
    return at->second;
}

// --- growing ---

std::optional<History::Index> History::add(const Header& header, std::vector<Index>& moved) {
    if (nodes_.size() >= history_max) return std::nullopt;
    const auto index = static_cast<Index>(nodes_.size());
    Node node;
    node.hash = header.hash;
    node.author = author_number(header.author);
    node.kind = header.kind;
    node.body = header.body;
    node.size = header.size;
    node.view = view_number(header.view);
    node.time = header.time;
    node.place = header.place;
    nodes_.push_back(std::move(node));
    index_.emplace(header.hash, index);
    heads_.insert(index);
    for (const auto& parent : header.parents) {
        if (const auto at = find(parent)) {
            link(*at, index, moved);
        } else {
            nodes_[index].missing.push_back(parent);
            gaps_[parent].push_back(index);
        }
    }
    std::erase(moved, index);  // its own place is no news
    if (const auto gap = gaps_.extract(header.hash)) {
        for (const Index child : gap.mapped()) {
            std::erase(nodes_[child].missing, header.hash);
            link(index, child, moved);
        }
    }
    return index;
}

void History::link(Index parent, Index child, std::vector<Index>& moved) {
    nodes_[parent].children.push_back(child);
    nodes_[child].parents.push_back(parent);
    heads_.erase(parent);
    if (nodes_[child].durable) durable_heads_.erase(parent);
    if (nodes_[child].place <= nodes_[parent].place) {
        nodes_[child].place = nodes_[parent].place + 1;
        lift(child, moved);
    }
}

/// No message stands before one of its parents, whatever its author's clock said. One pass over
/// what is above `index`, parents first: whoever made the graph cannot make it longer.
void History::lift(Index index, std::vector<Index>& moved) {
    std::unordered_map<Index, std::size_t> waits{{index, 0}};  // for parents among these
    std::vector<Index> todo{index};
    while (!todo.empty()) {
        const Index at = todo.back();
        todo.pop_back();
        for (const Index child : nodes_[at].children) {
            if (waits.try_emplace(child, 0).second) todo.push_back(child);
            ++waits[child];
        }
    }
    todo.push_back(index);
    moved.push_back(index);
    while (!todo.empty()) {
        const Index at = todo.back();
        todo.pop_back();
        for (const Index child : nodes_[at].children) {
            if (nodes_[child].place <= nodes_[at].place) {
                nodes_[child].place = nodes_[at].place + 1;
                moved.push_back(child);
            }
            if (--waits[child] == 0) todo.push_back(child);
        }
    }
}

void History::set_durable(Index index) {
    auto& node = nodes_[index];
    node.durable = true;
    const bool covered =
        std::ranges::any_of(node.children, [&](Index child) { return nodes_[child].durable; });
    if (!covered) durable_heads_.insert(index);
    for (const Index parent : node.parents) durable_heads_.erase(parent);
}

// --- what it looks like ---

std::vector<History::Index> History::heads(bool durable) const {
    const auto& set = durable ? durable_heads_ : heads_;
    std::vector<Index> out(set.begin(), set.end());
    std::ranges::sort(out, {}, [&](Index i) { return order(i); });
    return out;
}

void History::write_on_top(Envelope& envelope) const {
    auto tops = heads(false);
    if (tops.size() > parents_max) tops.resize(parents_max);
    envelope.place = static_cast<std::uint64_t>(envelope.time);
    for (const Index top : tops) {
        envelope.parents.push_back(nodes_[top].hash);
        envelope.place = std::max(envelope.place, nodes_[top].place + 1);
    }
    envelope.place = std::min(envelope.place, place_max);
    std::ranges::sort(envelope.parents);
}

std::vector<Hash> History::samples() const {
    std::vector<Hash> out;
    for (std::size_t step = 1; step <= nodes_.size(); step *= 2) {
        const auto& node = nodes_[nodes_.size() - step];
        if (node.durable) out.push_back(node.hash);
    }
    return out;
}

std::vector<Hash> History::latest(std::size_t count) const {
    std::vector<Index> all(nodes_.size());
    for (Index i = 0; i < all.size(); ++i) all[i] = i;
    count = std::min(count, all.size());
    const auto later = [&](Index a, Index b) { return order(a) > order(b); };
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count), later);
    std::vector<Hash> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(nodes_[all[i]].hash);
    return out;
}

// --- what others have and lack ---

namespace {
constexpr std::uint8_t wanted = 1;
constexpr std::uint8_t had = 2;
}  // namespace

/// From the latest down, as places only fall towards parents: whether a message is had is known
/// before it is looked at, and the walk ends where everything that is left is had.
std::vector<History::Index> History::between(const std::vector<Hash>& wants, const Part& known,
                                             const std::function<bool(Index)>& open,
                                             bool past_closed) const {
    std::unordered_map<Index, std::uint8_t> flags;
    std::priority_queue<std::pair<Order, Index>> queue;
    std::size_t undecided = 0;  // in the queue, wanted and not had
    const auto flag = [&](Index i, std::uint8_t bits) {
        const auto [at, fresh] = flags.try_emplace(i, std::uint8_t{0});
        const bool before = at->second == wanted;
        at->second |= bits;
        const bool now = at->second == wanted;
        undecided = undecided + now - before;
        if (fresh) queue.emplace(order(i), i);
    };
    std::unordered_set<Hash, HashOf> apart(known.gaps.begin(), known.gaps.end());
    std::vector<Index> out;
    std::unordered_set<Index> named;  // given whatever else they say they have
    for (const auto& hash : wants) {
        const auto i = find(hash);
        if (!i || !named.insert(*i).second) continue;
        const bool opened = open(*i);
        if (opened && nodes_[*i].durable) out.push_back(*i);
        if (opened || past_closed) flag(*i, wanted);
    }
    for (const auto& hash : known.heads) {
        if (const auto i = find(hash); i && !apart.contains(hash)) flag(*i, had);
    }
    while (undecided > 0) {
        const Index i = queue.top().second;
        queue.pop();
        std::uint8_t bits = flags[i];
        if (bits == wanted) {
            --undecided;
            const bool opened = open(i);
            if (!opened && !past_closed) continue;
            if (opened && nodes_[i].durable && !named.contains(i)) out.push_back(i);
        }
        bits = (bits & had) != 0 ? had : wanted;
        for (const Index parent : nodes_[i].parents) {
            if (bits == had && apart.contains(nodes_[parent].hash)) continue;
            flag(parent, bits);
        }
    }
    std::ranges::sort(out, {}, [&](Index i) { return order(i); });
    return out;
}

std::vector<History::Index> History::mark(const Part& part, Mask Node::*mask, Mask bit) {
    std::vector<Index> todo;
    std::vector<Index> fresh;
    const std::unordered_set<Hash, HashOf> apart(part.gaps.begin(), part.gaps.end());
    const auto visit = [&](Index i) {
        if ((nodes_[i].*mask & bit) != 0 || apart.contains(nodes_[i].hash)) return;
        nodes_[i].*mask |= bit;
        fresh.push_back(i);
        todo.push_back(i);
    };
    for (const auto& head : part.heads) {
        if (const auto i = find(head)) visit(*i);
    }
    while (!todo.empty()) {
        const Index i = todo.back();
        todo.pop_back();
        for (const Index parent : nodes_[i].parents) visit(parent);
    }
    return fresh;
}

void History::clear(Mask bit) {
    for (auto& node : nodes_) {
        node.had_by &= ~bit;
        node.read_by &= ~bit;
    }
}

}  // namespace kith::net::group
