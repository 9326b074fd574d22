// SPDX-License-Identifier: MIT
#include "net/group/members.hpp"

#include <algorithm>

namespace kith::net::group {
namespace {

auto place_of(const Members& members, const Fingerprint& id) {
    return std::ranges::lower_bound(members.all, id, {}, &Member::id);
}

void enter(Members& members, const MemberRecord& record, const Applied& applied, bool admin) {
    const auto& id = applied.bundle->fingerprint();
    if (auto* known = members.find(id)) return known->adds.push_back(applied.index);
    if (members.all.size() >= members_max) return;
    Member member;
    member.id = id;
    member.record = std::make_shared<const MemberRecord>(record);
    member.bundle = applied.bundle;
    member.card = std::make_shared<const Card>(record.card);
    member.admin = admin;
    member.joined = member.admin_since = applied.rank;
    member.added_by = member.admin_by = applied.index;
    member.adds = {applied.index};
    members.all.insert(place_of(members, id), std::move(member));
}

void leave(Members& members, const Fingerprint& id) {
    std::erase_if(members.all, [&](const Member& member) { return member.id == id; });
}

void set_admin(Members& members, const Fingerprint& id, bool on, const Applied& applied) {
    auto* member = members.find(id);
    if (member == nullptr || member->admin == on) return;
    member->admin = on;
    member->admin_since = applied.rank;
    member->admin_by = applied.index;
}

struct Effect {
    Members& members;
    const Applied& applied;

    void operator()(const Create& s) const {
        members.name = s.name;
        enter(members, s.founder, applied, true);
    }
    void operator()(const Add& s) const { enter(members, s.member, applied, false); }
    void operator()(const Remove& s) const { leave(members, s.member); }
    void operator()(const Leave&) const { leave(members, applied.change.author); }
    void operator()(const Rename& s) const { members.name = s.name; }
    void operator()(const SetAdmin& s) const { set_admin(members, s.member, s.on, applied); }
    void operator()(const SetCard& s) const {
        auto* member = members.find(applied.change.author);
        if (member != nullptr) member->card = std::make_shared<const Card>(s.card);
    }
    void operator()(const Unknown&) const {}
};

}  // namespace

const Member* Members::find(const Fingerprint& id) const noexcept {
    const auto at = place_of(*this, id);
    return at != all.end() && at->id == id ? &*at : nullptr;
}

Member* Members::find(const Fingerprint& id) noexcept {
    return const_cast<Member*>(std::as_const(*this).find(id));
}

bool Members::is_admin(const Fingerprint& id) const noexcept {
    const auto* member = find(id);
    return member != nullptr && member->admin;
}

std::size_t Members::admins() const noexcept {
    return static_cast<std::size_t>(std::ranges::count_if(all, &Member::admin));
}

bool Members::same_as(const Members& other) const {
    return name == other.name &&
           std::ranges::equal(all, other.all, [](const Member& a, const Member& b) {
               return a.id == b.id && a.admin == b.admin && *a.card == *b.card &&
                      a.joined == b.joined && a.admin_since == b.admin_since;
           });
}

void apply(Members& members, const Applied& applied) {
    std::visit(Effect{members, applied}, applied.change.statement);
    if (members.all.empty() || members.admins() != 0) return;
    const auto senior = std::ranges::min_element(members.all, {}, &Member::joined);
    set_admin(members, senior->id, true, applied);
}

}  // namespace kith::net::group
