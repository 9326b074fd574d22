// SPDX-License-Identifier: MIT
//
// What is held until it is asked for: the pieces of files.
#include <algorithm>

#include "app/store/mailbox/mailbox_tables.hpp"

namespace kith::store::mailbox {
namespace {

using ByteSpan = std::span<const std::uint8_t>;

}  // namespace

Reply run(const Situation& at, const FindHeld& job) {
    auto query = at.connection.query(
        "SELECT i.sealed FROM slots s JOIN items i ON i.slot = s.id AND i.id = ?3 "
        "WHERE s.owner = (SELECT id FROM owners WHERE fingerprint = ?1) AND s.key = ?2 "
        "AND i.held = 1 AND i.stored_at > ?4");
    query.with(ByteSpan(job.owner.bytes), ByteSpan(job.slot), ByteSpan(job.id), at.too_old());
    const auto step = query.step();
    if (step == Step::failed) return disk_said_no();
    Reply reply;
    if (step == Step::done)
        reply.outcome = MailboxOutcome::none;
    else
        reply.card = query.blob(0);
    return reply;
}

/// An owner finds also what lies in slots that are not live any more; a depositor those that are.
Reply run(const Situation& at, const DropHeld& job) {
    const auto tag = depositor_tag(at, job.client);
    auto own = at.connection.query(
        "DELETE FROM items WHERE number IN (SELECT i.number FROM slots s "
        "JOIN items i ON i.slot = s.id AND i.id = ?2 WHERE s.key = ?1 AND i.held = 1 "
        "AND s.owner = (SELECT id FROM owners WHERE fingerprint = ?3))");
    auto left = at.connection.query(
        "DELETE FROM items WHERE number IN (SELECT i.number FROM slots s "
        "JOIN items i ON i.slot = s.id AND i.id = ?2 WHERE s.key = ?1 AND s.live = 1 "
        "AND i.held = 1 AND i.depositor = (SELECT id FROM depositors WHERE tag = ?3))");
    for (const auto& id : job.ids) {
        own.with(ByteSpan(job.slot), ByteSpan(id), ByteSpan(job.client.bytes));
        left.with(ByteSpan(job.slot), ByteSpan(id), ByteSpan(tag));
        if (!own.run() || !left.run()) return disk_said_no();
        own.reset();
        left.reset();
    }
    return {};
}

}  // namespace kith::store::mailbox
