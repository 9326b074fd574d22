// SPDX-License-Identifier: MIT
#include "app/store/amendments.hpp"

#include "app/store/emojis.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store {
namespace {

tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

bool drop_reactions(Connection& connection, const Row& row) {
    return connection.query("DELETE FROM reactions WHERE conversation = ?1 AND target = ?2")
        .with(row.conversation, row.id)
        .run();
}

bool remember(Connection& connection, const Row& row, model::Timestamp now) {
    return connection
        .query(
            "INSERT INTO forgotten (id, conversation, position, at) VALUES (?1, ?2, ?3, ?4)"
            " ON CONFLICT (id, conversation) DO UPDATE SET at = max(at, ?4)")
        .with(row.id, row.conversation, row.position, now)
        .run();
}

}  // namespace

bool write_edit(Connection& connection, const Row& row, const std::string& text,
                const Revision& revision) {
    return connection
        .query(
            "UPDATE messages SET text = ?2, edited = 1, revision = ?3, edit_id = ?4"
            " WHERE position = ?1")
        .with(row.position, text, revision.number, revision.id)
        .run();
}

bool write_erase(Connection& connection, const Row& row, model::Timestamp now) {
    return drop_reactions(connection, row) && cancel_transfer(connection, row) &&
           connection
               .query(
                   "UPDATE messages SET deleted = 1, edited = 0, unread = 0, reply_to = NULL,"
                   " text = '', state = iif(state = 1, 3, state), expires_at = CASE WHEN timer = 0"
                   " THEN 0 WHEN expires_at > 0 THEN expires_at ELSE ?2 + timer * 1000 END"
                   " WHERE position = ?1")
               .with(row.position, now)
               .run();
}

Expected<ReactionSet> load_reactions(Connection& connection, const Row& row, bool mine) {
    auto query = connection.query(
        "SELECT revision, id, emojis FROM reactions"
        " WHERE conversation = ?1 AND target = ?2 AND mine = ?3");
    switch (query.with(row.conversation, row.id, mine).step()) {
        case Step::row:
            return ReactionSet{
                {static_cast<std::uint64_t>(query.integer(0)), query.id<MessageId>(1)},
                unpack_emojis(query.blob(2))};
        case Step::done:
            return ReactionSet{};
        case Step::failed:
            break;
    }
    return failed(connection);
}

bool write_reactions(Connection& connection, const Row& row, bool mine, const ReactionSet& set) {
    const auto packed = pack_emojis(set.emojis);
    return connection
        .query(
            "INSERT INTO reactions (conversation, target, mine, revision, id, emojis)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (conversation, target, mine)"
            " DO UPDATE SET revision = ?4, id = ?5, emojis = ?6")
        .with(row.conversation, row.id, mine, set.revision.number, set.revision.id, packed)
        .run();
}

bool remove_row(Connection& connection, const Row& row, model::Timestamp now) {
    return remember(connection, row, now) && drop_reactions(connection, row) &&
           remove_transfer(connection, row) &&
           connection.query("DELETE FROM messages WHERE position = ?1").with(row.position).run();
}

Expected<bool> is_forgotten(Connection& connection, std::int64_t conversation,
                            const MessageId& id) {
    auto query = connection.query("SELECT 1 FROM forgotten WHERE id = ?1 AND conversation = ?2");
    const Step step = query.with(id, conversation).step();
    if (step == Step::failed) return failed(connection);
    return step == Step::row;
}

Result changed(Connection& connection, const Row& row, std::optional<Outgoing> entry) {
    auto message = load_message(connection, row.position);
    if (!message) return tl::unexpected(message.error());
    auto overview = load_overview(connection, row.conversation);
    if (!overview) return tl::unexpected(overview.error());
    Changed answer{row.peer, std::move(*message), std::move(entry), overview->unread, {}};
    if (overview->newest == row.position) answer.last_text = std::move(overview->last_text);
    return answer;
}

Result unchanged(Connection& connection, std::int64_t conversation, const PeerId& peer) {
    const auto unread = count_unread(connection, conversation);
    if (!unread) return tl::unexpected(unread.error());
    return Changed{peer, {}, {}, *unread, {}};
}

}  // namespace kith::store
