// SPDX-License-Identifier: MIT
//
// Slots, their owners, and what an owner lets those know who may deposit.
#include <map>

#include "app/store/mailbox/mailbox_tables.hpp"

namespace kith::store::mailbox {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

struct Slot {
    std::int64_t id = 0;  ///< 0: not in the table
    bool live = false, open = false;
    bool wanted = false, wanted_open = false;
};
using Slots = std::map<SlotKey, Slot>;

/// 0: not there. Nothing: the disk says no.
std::optional<std::int64_t> owner_id(Connection& connection, const Fingerprint& fingerprint) {
    auto query = connection.query("SELECT id FROM owners WHERE fingerprint = ?1");
    const auto step = query.with(ByteSpan(fingerprint.bytes)).step();
    if (step == Step::failed) return std::nullopt;
    return step == Step::row ? query.integer(0) : 0;
}

/// Those of the owner, live or not.
std::optional<Slots> own_slots(Connection& connection, std::int64_t owner) {
    auto query = connection.query("SELECT key, id, live, open FROM slots WHERE owner = ?1");
    query.with(owner);
    Slots slots;
    for (auto step = query.step(); step != Step::done; step = query.step()) {
        if (step == Step::failed) return std::nullopt;
        const auto key = query.id<Fingerprint>(0);
        slots[key.bytes] = {query.integer(1), query.flag(2), query.flag(3), false, false};
    }
    return slots;
}

std::optional<bool> opened_by_another(Connection& connection, const SlotKey& key) {
    auto query = connection.query("SELECT 1 FROM slots WHERE key = ?1 AND live = 1");
    const auto step = query.with(ByteSpan(key)).step();
    if (step == Step::failed) return std::nullopt;
    return step == Step::row;
}

/// What is to become of the slots.
bool want(Connection& connection, Slots& slots, const SetSlots& job) {
    for (auto& [key, slot] : slots) {
        slot.wanted = slot.live && job.adds;
        slot.wanted_open = slot.open;
    }
    for (const auto& one : job.slots) {
        const auto known = slots.find(one.key);
        if (known == slots.end() || !known->second.live) {
            const auto theirs = opened_by_another(connection, one.key);
            if (!theirs) return false;
            if (*theirs) continue;
        }
        Slot& slot = slots[one.key];
        slot.wanted = true;
        slot.wanted_open = one.open;
    }
    return true;
}

struct Counts {
    std::uint64_t live = 0, wanted = 0;
};
Counts count(const Slots& slots) {
    Counts counts;
    for (const auto& [key, slot] : slots) {
        counts.live += slot.live ? 1 : 0;
        counts.wanted += slot.wanted ? 1 : 0;
    }
    return counts;
}

bool drop_if_nothing_left(Connection& connection, std::int64_t owner) {
    auto query = connection.query(
        "DELETE FROM owners WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM slots WHERE owner = ?1)");
    return query.with(owner).run();
}

/// Whoever was not seen for longest, and for whom nothing waits, gives way. True: there is room.
std::optional<bool> make_room_for_owner(const Situation& at, std::uint64_t owners) {
    if (owners < at.limits.owners) return true;
    std::int64_t oldest = 0;
    {
        auto query = at.connection.query(
            "SELECT id FROM owners INDEXED BY owners_idle WHERE items = 0 AND open_items = 0 "
            "AND seen_at < ?1 ORDER BY seen_at LIMIT 1");
        const auto step = query.with(at.too_old()).step();
        if (step == Step::failed) return std::nullopt;
        if (step == Step::done) return false;
        oldest = query.integer(0);
    }
    if (!forget_owner(at.connection, oldest)) return std::nullopt;
    return true;
}

std::optional<std::int64_t> add_owner(const Situation& at, const Fingerprint& fingerprint) {
    auto query = at.connection.query("INSERT INTO owners (fingerprint, seen_at) VALUES (?1, ?2)");
    if (!query.with(ByteSpan(fingerprint.bytes), std::int64_t{at.now.count()}).run())
        return std::nullopt;
    return static_cast<std::int64_t>(at.connection.last_row());
}

bool note_seen(const Situation& at, std::int64_t owner, const SetSlots& job) {
    const std::int64_t now = at.now.count();
    auto seen = at.connection.query("UPDATE owners SET seen_at = ?2 WHERE id = ?1");
    auto name = at.connection.query("UPDATE names SET seen_at = ?2 WHERE owner = ?1");
    auto card = at.connection.query(
        "INSERT INTO cards (owner, card) VALUES (?1, ?2) ON CONFLICT (owner) "
        "DO UPDATE SET card = excluded.card WHERE card <> excluded.card");
    return seen.with(owner, now).run() && name.with(ByteSpan(job.owner.bytes), now).run() &&
           card.with(owner, job.card).run();
}

bool put_slot(Connection& connection, std::int64_t owner, const SlotKey& key, const Slot& slot) {
    if (slot.id == 0) {
        auto query =
            connection.query("INSERT INTO slots (owner, key, live, open) VALUES (?1, ?2, 1, ?3)");
        return query.with(owner, ByteSpan(key), slot.wanted_open).run();
    }
    if (!slot.wanted) {
        auto gone = connection.query(
            "DELETE FROM slots WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM items WHERE slot = ?1)");
        if (!gone.with(slot.id).run()) return false;
        if (connection.changes() > 0) return true;
    }
    auto query = connection.query("UPDATE slots SET live = ?2, open = ?3 WHERE id = ?1");
    return query.with(slot.id, slot.wanted, slot.wanted_open).run();
}

bool put_slots(Connection& connection, std::int64_t owner, const Slots& slots) {
    for (const auto& [key, slot] : slots) {
        const bool same = slot.live == slot.wanted && slot.open == slot.wanted_open;
        if (!same && !put_slot(connection, owner, key, slot)) return false;
    }
    return true;
}

Reply too_many() { return refused(MailboxOutcome::full, Refusal::slots_full); }

}  // namespace

Reply run(const Situation& at, const SetSlots& job) {
    auto owner = owner_id(at.connection, job.owner);
    const auto all = totals(at.connection);
    if (!owner || !all) return disk_said_no();
    auto slots = own_slots(at.connection, *owner);
    if (!slots || !want(at.connection, *slots, job)) return disk_said_no();
    const auto counts = count(*slots);
    if (counts.wanted > at.limits.slots_per_owner) return too_many();
    if (all->slots - counts.live + counts.wanted > at.limits.slots) return too_many();
    if (*owner == 0) {
        if (counts.wanted == 0) return {};
        const auto room = make_room_for_owner(at, all->owners);
        if (!room) return disk_said_no();
        if (!*room) return too_many();
        owner = add_owner(at, job.owner);
        if (!owner) return disk_said_no();
    }
    const bool done = note_seen(at, *owner, job) && put_slots(at.connection, *owner, *slots) &&
                      drop_if_nothing_left(at.connection, *owner);
    return done ? Reply{} : disk_said_no();
}

Reply run(const Situation& at, const FindCard& job) {
    auto query = at.connection.query(
        "SELECT c.card FROM slots s JOIN cards c ON c.owner = s.owner "
        "WHERE s.key = ?1 AND s.live = 1");
    const auto step = query.with(ByteSpan(job.slot)).step();
    if (step == Step::failed) return disk_said_no();
    if (step == Step::done) return refused(MailboxOutcome::none, Refusal::no_slot);
    Reply reply;
    reply.card = query.blob(0);
    return reply;
}

bool forget_owner(Connection& connection, std::int64_t owner) {
    auto gone = connection.query(
        "DELETE FROM slots WHERE owner = ?1 AND NOT EXISTS "
        "(SELECT 1 FROM items WHERE slot = slots.id)");
    auto kept = connection.query("UPDATE slots SET live = 0 WHERE owner = ?1 AND live = 1");
    return gone.with(owner).run() && kept.with(owner).run() &&
           drop_if_nothing_left(connection, owner);
}

std::optional<Totals> totals(Connection& connection) {
    auto query = connection.query(
        "SELECT items, bytes, open_items, open_bytes, slots, owners, names FROM totals");
    if (query.step() != Step::row) return std::nullopt;
    const auto at = [&](int column) { return static_cast<std::uint64_t>(query.integer(column)); };
    return Totals{at(0), at(1), at(2), at(3), at(4), at(5), at(6)};
}

}  // namespace kith::store::mailbox
