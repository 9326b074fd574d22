// SPDX-License-Identifier: MIT
//
// Jobs that change messages.
#include "app/store/codes.hpp"
#include "app/store/jobs.hpp"

namespace kith::store::jobs {
namespace {

/// A conversation begins with its first message. One that a failed insert leaves empty is harmless:
/// nothing lists conversations without messages.
Expected<std::int64_t> open_conversation(Connection& connection, const PeerId& peer) {
    const auto known = find_conversation(connection, peer);
    if (!known) return tl::unexpected(known.error());
    if (*known) return **known;
    if (!connection.query("INSERT INTO conversations (peer) VALUES (?1)").with(peer).run())
        return failed(connection);
    return static_cast<std::int64_t>(connection.last_row());
}

/// The unique index decides what is a duplicate, in the same statement that inserts.
bool insert_row(Connection& connection, std::int64_t conversation, const Message& message,
                bool outgoing) {
    const auto state = outgoing ? model::MessageState::queued : model::MessageState::received;
    return connection
        .query(
            "INSERT INTO messages (conversation, id, outgoing, state, unread, edited, deleted, at,"
            " reply_to, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
            " ON CONFLICT (id, conversation) DO NOTHING")
        .with(conversation, message.id, outgoing, code_of(state), !outgoing, message.edited,
              message.deleted, message.at, message.reply_to, message.text)
        .run();
}

Result insert(Connection& connection, const Message& message, bool outgoing) {
    const auto conversation = open_conversation(connection, message.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!insert_row(connection, *conversation, message, outgoing)) return failed(connection);
    if (connection.changes() == 1) return Inserted{false, connection.last_row()};
    const auto position = find_position(connection, *conversation, message.id);
    if (!position) return tl::unexpected(position.error());
    return Inserted{true, position->value_or(0)};
}

bool mark(Connection& connection, std::int64_t conversation, const MessageId& id) {
    return connection
        .query(
            "UPDATE messages SET state = 3 WHERE id = ?1 AND conversation = ?2 AND outgoing = 1"
            " AND state NOT IN (3, 4)")
        .with(id, conversation)
        .run();
}

}  // namespace

Expected<std::optional<std::int64_t>> find_conversation(Connection& connection,
                                                        const PeerId& peer) {
    auto query = connection.query("SELECT ref FROM conversations WHERE peer = ?1");
    switch (query.with(peer).step()) {
        case Step::row:
            return query.integer(0);
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<std::optional<std::uint64_t>> find_position(Connection& connection,
                                                     std::int64_t conversation,
                                                     const MessageId& id) {
    auto query =
        connection.query("SELECT position FROM messages WHERE id = ?1 AND conversation = ?2");
    switch (query.with(id, conversation).step()) {
        case Step::row:
            return static_cast<std::uint64_t>(query.integer(0));
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Result run(Connection& connection, const InsertOutgoing& job) {
    return insert(connection, job.message, true);
}

Result run(Connection& connection, const InsertIncoming& job) {
    return insert(connection, job.message, false);
}

Result run(Connection& connection, const MarkDelivered& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    Delivered delivered;
    if (!*conversation || job.ids.empty()) return delivered;
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    for (const auto& id : job.ids) {
        if (!mark(connection, **conversation, id)) return failed(connection);
        if (connection.changes() == 1) delivered.ids.push_back(id);
    }
    if (!savepoint.keep()) return failed(connection);
    return delivered;
}

}  // namespace kith::store::jobs
