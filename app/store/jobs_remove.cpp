// SPDX-License-Identifier: MIT
//
// Jobs that take messages out of this history at a person's wish.
#include "app/store/amendments.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"

namespace kith::store::jobs {
namespace {

Result gone(Connection& connection, const Row& row, std::optional<Outgoing> entry) {
    auto overview = load_overview(connection, row.conversation);
    if (!overview) return tl::unexpected(overview.error());
    return Gone{row.peer, overview->unread, std::move(entry), overview->last_activity,
                std::move(overview->last_text)};
}

Result cancel(Connection& connection, const Row& row, const CancelOwn& job) {
    if (!withdraw_text(connection, row.conversation, row.id) ||
        !withdraw(connection, row.conversation, Kind::edit, row.id) ||
        !withdraw(connection, row.conversation, Kind::reactions, row.id) ||
        !remove_row(connection, row, job.now))
        return failed(connection);
    if (!job.erase) return gone(connection, row, {});
    Outgoing entry;
    entry.kind = Kind::erase;
    entry.id = *job.erase;
    entry.target = row.id;
    if (!enqueue(connection, row.conversation, entry)) return failed(connection);
    return gone(connection, row, std::move(entry));
}

// What waits is state 1 (schema.cpp), which these leave alone.

bool remember_all(Connection& connection, std::int64_t conversation, model::Timestamp now) {
    return connection
        .query(
            "INSERT INTO forgotten (id, conversation, position, at)"
            " SELECT id, conversation, position, ?2 FROM messages"
            " WHERE conversation = ?1 AND state <> 1"
            " ON CONFLICT (id, conversation) DO UPDATE SET at = max(at, ?2)")
        .with(conversation, now)
        .run();
}

bool drop_reactions(Connection& connection, std::int64_t conversation) {
    return connection
        .query(
            "DELETE FROM reactions WHERE conversation = ?1 AND target NOT IN"
            " (SELECT id FROM messages WHERE conversation = ?1 AND state = 1)")
        .with(conversation)
        .run();
}

/// Their words go. That a message is to be deleted when it comes is remembered.
bool drop_early_edits(Connection& connection, std::int64_t conversation) {
    return connection.query("DELETE FROM early WHERE conversation = ?1 AND kind = 2")
        .with(conversation)
        .run();
}

Result empty(Connection& connection, std::int64_t conversation, model::Timestamp now) {
    if (!remember_all(connection, conversation, now) || !drop_reactions(connection, conversation) ||
        !drop_early_edits(connection, conversation) ||
        !connection.query("DELETE FROM messages WHERE conversation = ?1 AND state <> 1")
             .with(conversation)
             .run())
        return failed(connection);
    const auto removed = static_cast<std::uint64_t>(connection.changes());
    auto query =
        connection.query("SELECT count(*) FROM messages WHERE conversation = ?1 AND state = 1");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    auto overview = load_overview(connection, conversation);
    if (!overview) return tl::unexpected(overview.error());
    return Emptied{removed, static_cast<std::uint64_t>(query.integer(0)), overview->unread,
                   overview->last_activity, std::move(overview->last_text)};
}

}  // namespace

Result run(Connection& connection, const CancelOwn& job) {
    const auto row = find_own(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (!row->waiting)
        return fail(Errc::too_late,
                    "This message does not wait any more. Delete it for both instead.");
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = cancel(connection, *row, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const RemoveLocally& job) {
    const auto row = find_any(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (row->waiting)
        return fail(Errc::too_late, "This message still waits to be sent. Cancel it instead.");
    Savepoint savepoint(connection);
    if (!savepoint.opened() || !remove_row(connection, *row, job.now)) return failed(connection);
    auto result = gone(connection, *row, {});
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const DeleteConversation& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return Emptied{};
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = empty(connection, **conversation, job.now);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
