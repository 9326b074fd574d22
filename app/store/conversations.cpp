// SPDX-License-Identifier: MIT
#include "app/store/conversations.hpp"

#include "app/store/message_rows.hpp"

namespace kith::store {
namespace {

#define KITH_ROW_COLUMNS                                                                     \
    "m.position, m.conversation, c.peer, m.id, m.outgoing, m.deleted, m.state, m.revision, " \
    "m.edit_id"
#define KITH_ROW_SOURCE " FROM messages m CROSS JOIN conversations c ON c.ref = m.conversation"

Row read_row(const Query& query) {
    Row row;
    row.position = static_cast<std::uint64_t>(query.integer(0));
    row.conversation = query.integer(1);
    row.peer = query.id<PeerId>(2);
    row.id = query.id<MessageId>(3);
    row.outgoing = query.flag(4);
    row.deleted = query.flag(5);
    row.waiting = query.integer(6) == 1;
    row.edit = {static_cast<std::uint64_t>(query.integer(7)), query.id<MessageId>(8)};
    return row;
}

tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

/// Nothing when there is no row.
Expected<std::optional<std::int64_t>> first_number(Connection& connection, Query& query) {
    switch (query.step()) {
        case Step::row:
            return query.integer(0);
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

tl::unexpected<Error> missing() {
    return fail(Errc::no_such_message,
                "The message is not in the history. It may have been removed.");
}

tl::unexpected<Error> several() {
    return fail(Errc::ambiguous,
                "Two conversations hold a message with this id, so it is not clear which one is "
                "meant. Nothing was changed.");
}

}  // namespace

Expected<std::optional<std::int64_t>> find_conversation(Connection& connection,
                                                        const PeerId& peer) {
    auto query = connection.query("SELECT ref FROM conversations WHERE peer = ?1");
    query.with(peer);
    return first_number(connection, query);
}

Expected<std::int64_t> open_conversation(Connection& connection, const PeerId& peer) {
    const auto known = find_conversation(connection, peer);
    if (!known) return tl::unexpected(known.error());
    if (*known) return **known;
    if (!connection.query("INSERT INTO conversations (peer) VALUES (?1)").with(peer).run())
        return failed(connection);
    return static_cast<std::int64_t>(connection.last_row());
}

Expected<std::optional<Row>> find_row(Connection& connection, std::int64_t conversation,
                                      const MessageId& id) {
    auto query = connection.query("SELECT " KITH_ROW_COLUMNS KITH_ROW_SOURCE
                                  " WHERE m.id = ?1 AND m.conversation = ?2");
    switch (query.with(id, conversation).step()) {
        case Step::row:
            return read_row(query);
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<Row> find_at(Connection& connection, std::uint64_t position) {
    auto query =
        connection.query("SELECT " KITH_ROW_COLUMNS KITH_ROW_SOURCE " WHERE m.position = ?1");
    switch (query.with(position).step()) {
        case Step::row:
            return read_row(query);
        case Step::done:
            return missing();
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<Row> find_any(Connection& connection, const MessageId& id) {
    auto query =
        connection.query("SELECT " KITH_ROW_COLUMNS KITH_ROW_SOURCE " WHERE m.id = ?1 LIMIT 2");
    Step step = query.with(id).step();
    if (step == Step::done) return missing();
    if (step == Step::failed) return failed(connection);
    const Row row = read_row(query);
    step = query.step();
    if (step == Step::row) return several();
    if (step == Step::failed) return failed(connection);
    return row;
}

Expected<Row> find_own(Connection& connection, const MessageId& id) {
    auto query = connection.query("SELECT " KITH_ROW_COLUMNS KITH_ROW_SOURCE
                                  " WHERE m.id = ?1 AND m.outgoing = 1 LIMIT 1");
    const Step step = query.with(id).step();
    if (step == Step::row) return read_row(query);
    if (step == Step::failed) return failed(connection);
    const auto other = find_any(connection, id);
    if (!other && other.error().code != Errc::ambiguous) return tl::unexpected(other.error());
    return fail(Errc::not_yours,
                "Only who wrote a message can change it or delete it for both. You can remove it "
                "from your own history.");
}

Expected<std::optional<std::uint64_t>> find_position(Connection& connection,
                                                     std::int64_t conversation,
                                                     const MessageId& id) {
    auto query = connection.query(
        "SELECT position FROM messages WHERE id = ?1 AND conversation = ?2"
        " UNION ALL SELECT position FROM forgotten WHERE id = ?1 AND conversation = ?2");
    query.with(id, conversation);
    return first_number(connection, query).map([](std::optional<std::int64_t> position) {
        return position ? std::optional(static_cast<std::uint64_t>(*position)) : std::nullopt;
    });
}

Expected<Message> load_message(Connection& connection, std::uint64_t position) {
    auto query = connection.query("SELECT " KITH_MESSAGE_COLUMNS
                                  " FROM messages m" KITH_MESSAGE_JOINS " WHERE m.position = ?1");
    switch (query.with(position).step()) {
        case Step::row:
            return read_message(query);
        case Step::done:
            return missing();
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<Overview> load_overview(Connection& connection, std::int64_t conversation) {
    Overview overview;
    auto query = connection.query(
        "SELECT position, at, substr(CAST(text AS BLOB), 1, 204) FROM messages"
        " WHERE conversation = ?1 ORDER BY position DESC LIMIT 1");
    const Step step = query.with(conversation).step();
    if (step == Step::failed) return failed(connection);
    if (step == Step::row) {
        overview.newest = static_cast<std::uint64_t>(query.integer(0));
        overview.last_activity = query.integer(1);
        overview.last_text = preview(query.text(2));
    }
    const auto unread = count_unread(connection, conversation);
    if (!unread) return tl::unexpected(unread.error());
    overview.unread = *unread;
    return overview;
}

Expected<std::uint32_t> count_unread(Connection& connection, std::int64_t conversation) {
    auto query =
        connection.query("SELECT count(*) FROM messages WHERE conversation = ?1 AND unread = 1");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    return static_cast<std::uint32_t>(query.integer(0));
}

}  // namespace kith::store
