// SPDX-License-Identifier: MIT
//
// Jobs that add messages.
#include <algorithm>

#include "app/store/amendments.hpp"
#include "app/store/codes.hpp"
#include "app/store/early.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store::jobs {
namespace {

/// Whether there is a new row. One statement decides: neither what is there nor what was removed
/// comes in again.
Expected<bool> insert_row(Connection& connection, std::int64_t conversation, const Message& message,
                          bool outgoing, model::Timestamp now) {
    const auto state = outgoing ? model::MessageState::queued : model::MessageState::received;
    const bool done =
        connection
            .query(
                "INSERT INTO messages (conversation, id, outgoing, state, unread, edited, deleted,"
                " at, stored_at, timer, expires_at, revision, reply_to, text)"
                " SELECT ?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7, ?8, 0, 0, ?9, ?10 WHERE NOT EXISTS"
                " (SELECT 1 FROM forgotten WHERE id = ?2 AND conversation = ?1)"
                " ON CONFLICT (id, conversation) DO NOTHING")
            .with(conversation, message.id, outgoing, code_of(state), !outgoing, message.at, now,
                  message.timer, message.reply_to, message.text)
            .run();
    if (!done) return failed(connection);
    return connection.changes() == 1;
}

Row fresh_row(Connection& connection, std::int64_t conversation, const Message& message,
              bool outgoing) {
    Row row;
    row.position = connection.last_row();
    row.conversation = conversation;
    row.peer = message.peer;
    row.id = message.id;
    row.outgoing = row.waiting = outgoing;
    return row;
}

/// Without asking the database again where nothing can have been added to what was given.
Expected<Message> stored(Connection& connection, const Row& row, const Message& given,
                         bool amended) {
    if (amended || given.reply_to) return load_message(connection, row.position);
    Message message;
    message.id = given.id;
    message.peer = given.peer;
    message.outgoing = row.outgoing;
    message.text = given.text;
    message.at = given.at;
    message.position = row.position;
    message.state = row.outgoing ? model::MessageState::queued : model::MessageState::received;
    message.timer = given.timer;
    return message;
}

Outgoing entry_for(const InsertOutgoing& job) {
    Outgoing entry;
    entry.kind = job.transfer ? Kind::file_offer : Kind::text;
    entry.id = job.message.id;
    return entry;
}

template <typename Insert>
bool put_offer(Connection& connection, std::int64_t conversation, const Insert& job) {
    return !job.transfer || insert_transfer(connection, conversation, *job.transfer, job.manifest);
}

Result insert_outgoing(Connection& connection, std::int64_t conversation,
                       const InsertOutgoing& job) {
    const auto added = insert_row(connection, conversation, job.message, true, job.now);
    if (!added) return tl::unexpected(added.error());
    if (!*added) return Inserted{true, job.message, 0};
    const Row row = fresh_row(connection, conversation, job.message, true);
    if (!put_offer(connection, conversation, job)) return failed(connection);
    Outgoing entry = entry_for(job);
    if (!enqueue(connection, conversation, entry)) return failed(connection);
    auto message = stored(connection, row, job.message, job.transfer.has_value());
    if (!message) return tl::unexpected(message.error());
    return Inserted{false, std::move(*message), entry.sequence};
}

Result insert_incoming(Connection& connection, std::int64_t conversation, const InsertIncoming& job,
                       const std::vector<EarlyAmendment>& early) {
    const auto added = insert_row(connection, conversation, job.message, false, job.now);
    if (!added) return tl::unexpected(added.error());
    if (!*added) return Inserted{true, job.message, 0};
    const Row row = fresh_row(connection, conversation, job.message, false);
    if (!put_offer(connection, conversation, job)) return failed(connection);
    if (!early.empty())
        if (auto applied = apply_early(connection, row, early, job.now); !applied)
            return tl::unexpected(applied.error());
    const bool amended = !early.empty() || job.transfer;
    auto message = stored(connection, row, job.message, amended);
    if (!message) return tl::unexpected(message.error());
    return Inserted{false, std::move(*message), 0};
}

}  // namespace

Result run(Connection& connection, const InsertOutgoing& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const auto conversation = open_conversation(connection, job.message.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    auto result = insert_outgoing(connection, *conversation, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

// The common case, nothing early, is one writing statement and needs no savepoint.
Result run(Connection& connection, const InsertIncoming& job) {
    const auto conversation = open_conversation(connection, job.message.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    const auto early = load_early(connection, *conversation, job.message.id);
    if (!early) return tl::unexpected(early.error());
    if (early->empty() && !job.message.reply_to && !job.transfer)
        return insert_incoming(connection, *conversation, job, {});
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = insert_incoming(connection, *conversation, job, *early);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
