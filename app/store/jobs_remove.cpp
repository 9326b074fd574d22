// SPDX-License-Identifier: MIT
//
// Jobs that take messages out of this history at a person's wish.
#include "app/store/amendments.hpp"
#include "app/store/emptying.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"
#include "app/store/transfer_rows.hpp"

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

/// Their words go. That a message is to be deleted when it comes is remembered.
bool drop_early_edits(Connection& connection, std::int64_t conversation) {
    return connection.query("DELETE FROM early WHERE conversation = ?1 AND kind = 2")
        .with(conversation)
        .run();
}

/// Returns the number of messages there were.
Expected<std::uint64_t> begin_emptying(Connection& connection, std::int64_t conversation) {
    if (!drop_early_edits(connection, conversation)) return failed(connection);
    return mark_emptying(connection, conversation);
}

Expected<void> take_out_piece(Connection& connection, std::int64_t conversation,
                              model::Timestamp now) {
    const auto positions = find_emptying(connection, conversation, emptying_piece);
    if (!positions) return tl::unexpected(positions.error());
    for (const auto position : *positions) {
        const auto row = find_at(connection, position);
        if (!row) return tl::unexpected(row.error());
        if (!remove_row(connection, *row, now)) return failed(connection);
    }
    return {};
}

Result emptied(Connection& connection, std::int64_t conversation, const DeleteConversation& job,
               std::uint64_t removed) {
    const auto more = still_emptying(connection, conversation);
    if (!more) return tl::unexpected(more.error());
    Emptied answer;
    answer.removed = removed;
    if (*more) {
        answer.rest = job;
        answer.rest->going_on = removed;
    }
    auto query = connection.query(
        "SELECT (SELECT count(*) FROM messages WHERE conversation = ?1 AND state = 1) +"
        " (SELECT count(*) FROM transfers t CROSS JOIN messages m ON m.id = t.id"
        " AND m.conversation = t.conversation"
        " WHERE t.conversation = ?1 AND t.over = 0 AND m.state <> 1)");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    answer.kept = static_cast<std::uint64_t>(query.integer(0));
    auto overview = load_overview(connection, conversation);
    if (!overview) return tl::unexpected(overview.error());
    answer.unread = overview->unread;
    answer.last_activity = overview->last_activity;
    answer.last_text = std::move(overview->last_text);
    return answer;
}

Result empty(Connection& connection, std::int64_t conversation, const DeleteConversation& job) {
    const auto removed = job.going_on ? Expected<std::uint64_t>(*job.going_on)
                                      : begin_emptying(connection, conversation);
    if (!removed) return tl::unexpected(removed.error());
    if (auto done = take_out_piece(connection, conversation, job.now); !done)
        return tl::unexpected(done.error());
    return emptied(connection, conversation, job, *removed);
}

}  // namespace

Result run(Connection& connection, const CancelOwn& job) {
    const auto row = find_own(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (!row->waiting)
        return fail(Errc::too_late,
                    "This message does not wait any more. Delete it for both instead.");
    if (auto over = refuse_unless_over(connection, *row); !over)
        return tl::unexpected(over.error());
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
    if (auto over = refuse_unless_over(connection, *row); !over)
        return tl::unexpected(over.error());
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
    auto result = empty(connection, **conversation, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
