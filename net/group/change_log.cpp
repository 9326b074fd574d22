// SPDX-License-Identifier: MIT
#include "net/group/change_log.hpp"

#include <algorithm>
#include <bit>

#include "net/group/log_entry.hpp"

namespace kith::net::group {
namespace {

constexpr std::size_t views_kept = 128;  ///< about 10 KiB each in a full group

std::shared_ptr<const crypto::PublicBundle> bundle_in(const Statement& statement) {
    const MemberRecord* record = nullptr;
    if (const auto* create = std::get_if<Create>(&statement)) record = &create->founder;
    if (const auto* add = std::get_if<Add>(&statement)) record = &add->member;
    if (record == nullptr) return nullptr;
    auto bundle = crypto::PublicBundle::parse(record->bundle);
    if (!bundle) return nullptr;
    return std::make_shared<const crypto::PublicBundle>(std::move(*bundle));
}

bool shrinks(const Change& change) {
    return std::holds_alternative<Leave>(change.statement) || taken_from(change) != nullptr;
}

std::size_t count_bits(const std::vector<std::uint64_t>& bits) {
    std::size_t count = 0;
    for (const auto word : bits) count += static_cast<std::size_t>(std::popcount(word));
    return count;
}

}  // namespace

/// What was worked out lately, oldest last; forgotten beyond views_kept.
struct ChangeLog::Views {
    std::list<std::pair<std::vector<Hash>, View>> recent;
    View all;     ///< of everything; nothing while it has to be worked out
    Bits voided;  ///< as of `all`

    View find(const std::vector<Hash>& heads) {
        const auto at = std::ranges::find(recent, heads, [](const auto& v) { return v.first; });
        if (at == recent.end()) return nullptr;
        recent.splice(recent.begin(), recent, at);
        return at->second;
    }
};

ChangeLog::ChangeLog(const GroupId& group) : group_(group), views_(std::make_unique<Views>()) {}
ChangeLog::~ChangeLog() = default;

std::size_t ChangeLog::size() const noexcept { return entries_.size(); }
const SignedChange& ChangeLog::at(Index index) const { return entries_[index].signed_change; }

std::optional<ChangeLog::Index> ChangeLog::find(const Hash& hash) const {
    const auto at = index_.find(hash);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<Hash> ChangeLog::missing_parents(const Change& change) const {
    std::vector<Hash> out;
    std::ranges::copy_if(change.parents, std::back_inserter(out),
                         [&](const Hash& hash) { return !index_.contains(hash); });
    return out;
}

ChangeLog::Bits ChangeLog::below(const std::vector<Hash>& heads) const {
    Bits out;
    for (const auto& hash : heads) {
        if (const auto index = find(hash)) unite(out, entries_[*index].below);
    }
    return out;
}

// --- taking a change ---

bool ChangeLog::has_room(const Change& change) const {
    const Bits set = below(change.parents);
    const std::size_t count = count_bits(set);
    if (count >= (shrinks(change) ? changes_below_end : changes_below_max)) return false;
    if (!std::holds_alternative<SetCard>(change.statement)) return true;
    std::size_t cards = 0;
    for (Index i = 0; i < entries_.size(); ++i) {
        const auto& other = entries_[i].change();
        cards += has_bit(set, i) && other.author == change.author &&
                 std::holds_alternative<SetCard>(other.statement);
    }
    return cards < cards_below_max;
}

/// Of an author who is a member.
bool ChangeLog::allowed(const SignedChange& signed_change, const Members& members) const {
    const auto& change = signed_change.change;
    if (needs_admin(change.statement) && !members.is_admin(change.author)) return false;
    if (const auto* remove = std::get_if<Remove>(&change.statement))
        return remove->member != change.author && members.find(remove->member) != nullptr;
    if (const auto* admin = std::get_if<SetAdmin>(&change.statement)) {
        const auto* member = members.find(admin->member);
        const bool last = !admin->on && members.admins() == 1;
        return member != nullptr && member->admin != admin->on && !last;
    }
    return !std::holds_alternative<Create>(change.statement);
}

ChangeLog::Outcome ChangeLog::check(const SignedChange& signed_change, Entry& entry) const {
    const auto& change = signed_change.change;
    entry.bundle = bundle_in(change.statement);
    if (change.parents.empty()) {
        const bool good = signed_change.hash == group_ && entry.bundle != nullptr &&
                          signed_by(signed_change, *entry.bundle);
        return good ? Outcome::added : Outcome::refused;
    }
    if (change.group != group_) return Outcome::refused;
    if (!missing_parents(change).empty()) return Outcome::waits;
    const auto members = members_at(change.parents);
    const auto* author = members->find(change.author);
    if (author == nullptr || !allowed(signed_change, *members)) return Outcome::refused;
    if (std::holds_alternative<Add>(change.statement) &&
        (entry.bundle == nullptr || members->find(entry.bundle->fingerprint()) != nullptr ||
         members->all.size() >= members_max))
        return Outcome::refused;
    if (!has_room(change) || !signed_by(signed_change, *author->bundle)) return Outcome::refused;
    entry.seniority = author->admin_since;
    entry.member_by = author->added_by;
    entry.admin_by = author->admin_by;
    return Outcome::added;
}

ChangeLog::Outcome ChangeLog::check(const SignedChange& change) const {
    if (index_.contains(change.hash)) return Outcome::known;
    if (entries_.size() >= changes_max || bytes_ + change.encoded.size() > changes_bytes_max)
        return Outcome::full;
    Entry entry;
    return check(change, entry);
}

ChangeLog::Outcome ChangeLog::add(SignedChange change) {
    if (index_.contains(change.hash)) return Outcome::known;
    if (entries_.size() >= changes_max || bytes_ + change.encoded.size() > changes_bytes_max)
        return Outcome::full;
    Entry entry;
    const auto outcome = check(change, entry);
    if (outcome != Outcome::added) return outcome;
    const auto index = static_cast<Index>(entries_.size());
    entry.below = below(change.change.parents);
    set_bit(entry.below, index);
    for (const auto& parent : change.change.parents)
        entry.depth = std::max(entry.depth, entries_[*find(parent)].depth + 1);
    bytes_ += change.encoded.size();
    index_.emplace(change.hash, index);
    entry.signed_change = std::move(change);
    if (entry.bundle != nullptr) ++adds_[entry.bundle->fingerprint()];
    if (const auto* add = std::get_if<Add>(&entry.change().statement); add && !add->shared.empty())
        shared_[entry.bundle->fingerprint()].insert(add->shared.begin(), add->shared.end());
    const auto rank = entry.rank();
    order_.insert(
        std::ranges::upper_bound(order_, rank, {}, [&](Index i) { return entries_[i].rank(); }),
        index);
    entries_.push_back(std::move(entry));
    views_->all = nullptr;
    return Outcome::added;
}

// --- what it comes to ---

void ChangeLog::remember(const std::vector<Hash>& heads, View view) const {
    views_->recent.emplace_front(heads, std::move(view));
    if (views_->recent.size() > views_kept) views_->recent.pop_back();
}

/// The state behind one change whose parents' state is known is that state and this change: nothing
/// in the set is beside it.
ChangeLog::View ChangeLog::view_of(const std::vector<Hash>& heads) const {
    if (auto known = views_->find(heads)) return known;
    View view;
    const auto index = *find(heads.front());
    const auto& entry = entries_[index];
    const auto before = heads.size() == 1 ? views_->find(entry.change().parents) : nullptr;
    if (before != nullptr) {
        Members members = *before;
        apply(members, {entry.change(), entry.rank(), index, entry.bundle});
        view = std::make_shared<const Members>(std::move(members));
    } else {
        const Bits set = below(heads);
        view = std::make_shared<const Members>(Merge{*this, set, {}}.run());
    }
    remember(heads, view);
    return view;
}

ChangeLog::View ChangeLog::members_at(const std::vector<Hash>& heads) const {
    const bool here =
        std::ranges::all_of(heads, [&](const auto& h) { return find(h).has_value(); });
    return here && !heads.empty() ? view_of(heads) : nullptr;
}

ChangeLog::View ChangeLog::members() const {
    if (views_->all != nullptr) return views_->all;
    Bits set;
    for (Index i = 0; i < entries_.size(); ++i) set_bit(set, i);
    Merge merge{*this, set, {}};
    views_->all = std::make_shared<const Members>(merge.run());
    views_->voided = std::move(merge.voided);
    return views_->all;
}

bool ChangeLog::counts(Index index) const {
    (void)members();
    return !has_bit(views_->voided, index);
}

const std::set<Hash>& ChangeLog::shared_with(const Fingerprint& person) const {
    static const std::set<Hash> nothing;
    const auto at = shared_.find(person);
    return at == shared_.end() ? nothing : at->second;
}

bool ChangeLog::came_back(const Member& member) const {
    return adds_.at(member.id) > member.adds.size();
}

std::optional<ChangeLog::Index> ChangeLog::removal_of(const Fingerprint& person) const {
    if (members()->find(person) != nullptr) return std::nullopt;
    std::optional<Index> last;
    for (const Index i : order_) {
        const auto& change = entries_[i].change();
        const auto* remove = std::get_if<Remove>(&change.statement);
        const bool left =
            change.author == person && std::holds_alternative<Leave>(change.statement);
        if (counts(i) && (left || (remove != nullptr && remove->member == person))) last = i;
    }
    return last;
}

// --- heads and parts ---

std::vector<Hash> ChangeLog::heads(std::size_t count) const {
    Bits covered;
    std::vector<Hash> out;
    for (Index i = 0; i < count; ++i) {
        for (const auto& parent : entries_[i].change().parents) set_bit(covered, *find(parent));
    }
    for (Index i = 0; i < count; ++i) {
        if (!has_bit(covered, i)) out.push_back(entries_[i].signed_change.hash);
    }
    std::ranges::sort(out);
    return out;
}

std::vector<Hash> ChangeLog::heads_to_name(std::size_t max) const {
    auto out = heads();
    if (out.size() <= max) return out;
    std::ranges::stable_partition(out, [&](const Hash& hash) {
        return !std::holds_alternative<SetCard>(entries_[*find(hash)].change().statement);
    });
    out.resize(max);
    std::ranges::sort(out);
    return out;
}

std::vector<ChangeLog::Index> ChangeLog::between(const std::vector<Hash>& wants,
                                                 const std::vector<Hash>& known,
                                                 std::size_t count) const {
    const Bits wanted = below(wants);
    const Bits had = below(known);
    std::vector<Index> out;
    for (Index i = 0; i < count; ++i) {
        if (has_bit(wanted, i) && !has_bit(had, i)) out.push_back(i);
    }
    return out;
}

std::vector<Hash> ChangeLog::samples(std::size_t count) const {
    std::vector<Hash> out;
    for (std::size_t step = 1; step <= count; step *= 2)
        out.push_back(entries_[count - step].signed_change.hash);
    return out;
}

}  // namespace kith::net::group
