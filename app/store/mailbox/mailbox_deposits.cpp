// SPDX-License-Identifier: MIT
//
// Items: put in, handed out, taken out. Who put something in is kept as
//   tag = the first 16 bytes of HMAC-SHA-256(depositor_key, fingerprint),
// enough to count what each has here.
#include <algorithm>

#include "app/store/mailbox/mailbox_tables.hpp"
#include "crypto/kdf.hpp"

namespace kith::store::mailbox {
namespace {

struct Room {
    std::uint64_t items = 0, bytes = 0;
};

struct Place {
    std::int64_t slot = 0, owner = 0;
    bool open = false;
    Room of_slot, of_owner, of_open;
    Fingerprint fingerprint;
};

Room room(const Query& query, int column) {
    return {static_cast<std::uint64_t>(query.integer(column)),
            static_cast<std::uint64_t>(query.integer(column + 1))};
}

/// An empty one: nobody has opened it.
Expected<std::optional<Place>> find_place(Connection& connection, const SlotKey& key) {
    auto query = connection.query(
        "SELECT s.id, s.owner, s.open, s.items, s.bytes, o.items, o.bytes, o.open_items, "
        "o.open_bytes, o.fingerprint FROM slots s JOIN owners o ON o.id = s.owner "
        "WHERE s.key = ?1 AND s.live = 1");
    const auto step = query.with(std::span<const std::uint8_t>(key)).step();
    if (step == Step::failed) return tl::unexpected(connection.error());
    if (step == Step::done) return std::optional<Place>{};
    return Place{query.integer(0), query.integer(1), query.flag(2),           room(query, 3),
                 room(query, 5),   room(query, 7),   query.id<Fingerprint>(9)};
}

struct Depositor {
    std::int64_t id = 0;  ///< 0: nothing of theirs is here
    Room everywhere;
    DepositorTag tag{};
};

std::optional<Depositor> find_depositor(const Situation& at, const Fingerprint& fingerprint) {
    Depositor depositor;
    depositor.tag = depositor_tag(at, fingerprint);
    auto query = at.connection.query("SELECT id, items, bytes FROM depositors WHERE tag = ?1");
    const auto step = query.with(std::span<const std::uint8_t>(depositor.tag)).step();
    if (step == Step::failed) return std::nullopt;
    if (step == Step::done) return depositor;
    depositor.id = query.integer(0);
    depositor.everywhere = room(query, 1);
    return depositor;
}

/// What one stranger has in open slots: of all owners, or of one.
std::optional<Room> of_stranger(Connection& connection, const Depositor& depositor) {
    auto query =
        connection.query("SELECT count(*), 0 FROM items WHERE depositor = ?1 AND open = 1");
    if (query.with(depositor.id).step() != Step::row) return std::nullopt;
    return room(query, 0);
}
std::optional<Room> of_stranger(Connection& connection, const Depositor& depositor,
                                std::int64_t owner) {
    auto query = connection.query(
        "SELECT count(*), coalesce(sum(size), 0) FROM items "
        "WHERE depositor = ?1 AND open = 1 AND owner = ?2");
    if (query.with(depositor.id, owner).step() != Step::row) return std::nullopt;
    return room(query, 0);
}

/// Files leave room for words.
std::uint64_t share_of(bool held, std::uint64_t all) { return held ? all - all / 4 : all; }

/// What keeps one more of `size` bytes out, if anything does.
std::optional<Refusal> refusal_of_contact(const MailboxLimits& limits, const Place& place,
                                          std::uint64_t size, bool held) {
    const auto fits = [&](const Room& now, std::uint64_t items, std::uint64_t bytes) {
        return now.items + 1 <= share_of(held, items) && now.bytes + size <= share_of(held, bytes);
    };
    if (!fits(place.of_slot, limits.slot_items, limits.slot_bytes)) return Refusal::slot_full;
    if (!fits(place.of_owner, limits.owner_items, limits.owner_bytes)) return Refusal::owner_full;
    return std::nullopt;
}

std::optional<Refusal> refusal_of_stranger(const Situation& at, const Place& place,
                                           const Depositor& depositor, std::uint64_t size) {
    const auto& limits = at.limits;
    const auto here = of_stranger(at.connection, depositor, place.owner);
    const auto everywhere = of_stranger(at.connection, depositor);
    if (!here || !everywhere) return Refusal::disk;
    if (here->items + 1 > limits.stranger_items || here->bytes + size > limits.stranger_bytes ||
        everywhere->items + 1 > limits.stranger_items_everywhere)
        return Refusal::stranger_full;
    if (place.of_open.items + 1 > limits.open_items ||
        place.of_open.bytes + size > limits.open_bytes)
        return Refusal::open_full;
    return std::nullopt;
}

std::optional<Refusal> refusal_of_relay(const Situation& at, bool open, std::uint64_t size,
                                        bool held) {
    const auto& limits = at.limits;
    const auto all = totals(at.connection);
    if (!all) return Refusal::disk;
    const auto share = [&](std::uint64_t of_all) {
        return open ? limits.open_share(of_all)
                    : share_of(held, of_all - limits.open_share(of_all));
    };
    const auto items = open ? all->open_items : all->items;
    const auto bytes = open ? all->open_bytes : all->bytes;
    if (items + 1 > share(limits.total_items) || bytes + size > share(limits.total_bytes))
        return Refusal::relay_full;
    return std::nullopt;
}

std::optional<Refusal> refusal(const Situation& at, const Place& place, const Depositor& depositor,
                               std::uint64_t size, bool held) {
    const auto own = place.open ? refusal_of_stranger(at, place, depositor, size)
                                : refusal_of_contact(at.limits, place, size, held);
    if (own) return own;
    const auto& limits = at.limits;
    if (depositor.everywhere.items + 1 > share_of(held, limits.depositor_items) ||
        depositor.everywhere.bytes + size > share_of(held, limits.depositor_bytes))
        return Refusal::depositor_full;
    return refusal_of_relay(at, place.open, size, held);
}

/// By the same depositor: an open slot has many, and none can stand in for another.
Step known(Connection& connection, const Place& place, const Depositor& depositor,
           const MailboxDeposit& job) {
    auto query =
        connection.query("SELECT 1 FROM items WHERE slot = ?1 AND id = ?2 AND depositor = ?3");
    return query.with(place.slot, std::span<const std::uint8_t>(job.id), depositor.id).step();
}

std::optional<std::int64_t> add_depositor(Connection& connection, const Depositor& depositor) {
    auto query = connection.query("INSERT INTO depositors (tag) VALUES (?1)");
    if (!query.with(std::span<const std::uint8_t>(depositor.tag)).run()) return std::nullopt;
    return static_cast<std::int64_t>(connection.last_row());
}

bool insert(const Situation& at, const Place& place, const Depositor& depositor,
            const MailboxDeposit& job) {
    const auto from = depositor.id != 0 ? depositor.id : add_depositor(at.connection, depositor);
    if (!from) return false;
    auto query = at.connection.query(
        "INSERT INTO items (owner, slot, depositor, open, stored_at, size, id, sealed, held) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    return query
        .with(place.owner, place.slot, *from, place.open, std::int64_t{at.now.count()},
              std::uint64_t{job.sealed.size()}, std::span<const std::uint8_t>(job.id), job.sealed,
              job.held)
        .run();
}

Reply kept(const Place& place, bool fresh) {
    Reply reply;
    reply.owner = place.fingerprint;
    reply.fresh = fresh;
    return reply;
}

}  // namespace

DepositorTag depositor_tag(const Situation& at, const Fingerprint& fingerprint) {
    DepositorTag tag{};
    const auto hash = crypto::hmac_sha256(at.depositor_key, fingerprint.bytes);
    std::copy_n(hash.begin(), tag.size(), tag.begin());
    return tag;
}

Reply run(const Situation& at, const MailboxDeposit& job) {
    const auto place = find_place(at.connection, job.slot);
    if (!place) return disk_said_no();
    if (!*place || (job.held && (*place)->open))
        return refused(MailboxOutcome::none, Refusal::no_slot);
    const auto depositor = find_depositor(at, job.depositor);
    if (!depositor) return disk_said_no();
    const auto step = known(at.connection, **place, *depositor, job);
    if (step == Step::failed) return disk_said_no();
    if (step == Step::row) return kept(**place, false);
    if (const auto why = refusal(at, **place, *depositor, job.sealed.size(), job.held))
        return why == Refusal::disk ? disk_said_no() : refused(MailboxOutcome::full, *why);
    return insert(at, **place, *depositor, job) ? kept(**place, true) : disk_said_no();
}

Reply run(const Situation& at, const LoadItems& job) {
    auto query = at.connection.query(
        "SELECT i.number, i.size, s.key, i.sealed FROM items i JOIN slots s ON s.id = i.slot "
        "WHERE i.owner = (SELECT id FROM owners WHERE fingerprint = ?1) AND i.held = 0 "
        "AND i.number > ?2 "
        "AND i.stored_at > ?3 ORDER BY i.number");
    // Numbers rise from 1: none is above the largest one there is.
    constexpr auto last = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    const auto after = std::min(job.after, last);
    query.with(std::span<const std::uint8_t>(job.owner.bytes), after, at.too_old());
    Reply reply;
    std::uint64_t bytes = 0;
    for (auto step = query.step(); step != Step::done; step = query.step()) {
        if (step == Step::failed) return disk_said_no();
        bytes += static_cast<std::uint64_t>(query.integer(1));
        if (!reply.items.empty() && bytes > job.bytes) break;
        const auto key = query.id<Fingerprint>(2);
        reply.items.push_back(
            {static_cast<std::uint64_t>(query.integer(0)), key.bytes, query.blob(3)});
    }
    return reply;
}

Reply run(const Situation& at, const RemoveItems& job) {
    auto query = at.connection.query(
        "DELETE FROM items WHERE number = ?1 AND owner = "
        "(SELECT id FROM owners WHERE fingerprint = ?2)");
    for (const auto number : job.numbers) {
        if (!query.with(number, std::span<const std::uint8_t>(job.owner.bytes)).run())
            return disk_said_no();
        query.reset();
    }
    return {};
}

}  // namespace kith::store::mailbox
