// SPDX-License-Identifier: MIT
//
// Jobs on what waits for a peer.
#include <algorithm>

#include "app/store/conversations.hpp"
#include "app/store/emojis.hpp"
#include "app/store/jobs.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store::jobs {
namespace {

constexpr std::size_t page_bytes = 1 << 20;             ///< of text in one page of the outbox
constexpr std::size_t manifest_inline_max = 32 * 1024;  ///< as net/message.hpp: sent with its offer

/// A read receipt or any other amendment only leaves; a text is delivered as well. Our own copy
/// counts down from here.
bool deliver(Connection& connection, std::int64_t conversation, const MessageId& id,
             model::Timestamp now) {
    return connection
        .query(
            "UPDATE messages SET state = 3, expires_at = iif(timer > 0, ?3 + timer * 1000, 0)"
            " WHERE id = ?1 AND conversation = ?2 AND outgoing = 1 AND state = 1")
        .with(id, conversation, now)
        .run();
}

struct Entry {
    std::int64_t sequence = 0;
    Kind kind = Kind::text;
};
Expected<std::optional<Entry>> find_entry(Connection& connection, std::int64_t conversation,
                                          const MessageId& id) {
    auto query =
        connection.query("SELECT sequence, kind FROM outbox WHERE id = ?1 AND conversation = ?2");
    switch (query.with(id, conversation).step()) {
        case Step::row:
            return Entry{query.integer(0), static_cast<Kind>(query.integer(1))};
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

bool take_out(Connection& connection, std::int64_t sequence) {
    return connection.query("DELETE FROM outbox WHERE sequence = ?1").with(sequence).run();
}

/// Whether a text became delivered.
Expected<bool> acknowledge(Connection& connection, std::int64_t conversation, const MessageId& id,
                           model::Timestamp now) {
    const auto entry = find_entry(connection, conversation, id);
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry) return false;
    if (!take_out(connection, (*entry)->sequence)) return failed(connection);
    if ((*entry)->kind != Kind::text && (*entry)->kind != Kind::file_offer) return false;
    if (!deliver(connection, conversation, id, now)) return failed(connection);
    return connection.changes() == 1;
}

/// Whether it is a message that still waits.
Expected<bool> mark_at_relay(Connection& connection, std::int64_t conversation, const MessageId& id,
                             model::Timestamp now) {
    const bool entry =
        connection.query("UPDATE outbox SET at_relay = ?3 WHERE id = ?1 AND conversation = ?2")
            .with(id, conversation, now)
            .run();
    if (!entry) return failed(connection);
    const bool message = connection
                             .query(
                                 "UPDATE messages SET at_relay = ?3 WHERE id = ?1 AND conversation"
                                 " = ?2 AND outgoing = 1 AND state = 1")
                             .with(id, conversation, now)
                             .run();
    if (!message) return failed(connection);
    return connection.changes() == 1;
}

Outgoing read_entry(const Query& row) {
    Outgoing entry;
    entry.sequence = static_cast<std::uint64_t>(row.integer(0));
    entry.kind = static_cast<Kind>(row.integer(1));
    entry.id = row.id<MessageId>(2);
    entry.target = row.id<MessageId>(3);
    entry.revision = static_cast<std::uint64_t>(row.integer(4));
    entry.timer = static_cast<std::uint32_t>(row.integer(5));
    entry.at_relay = row.integer(12);
    if (entry.kind == Kind::edit) entry.text = row.text(6);
    if (entry.kind == Kind::reactions) entry.emojis = unpack_emojis(row.blob(6));
    if (entry.kind == Kind::file_answer || entry.kind == Kind::file_stop ||
        entry.kind == Kind::file_waits)
        entry.body = row.blob(6);
    if (entry.kind == Kind::file_offer) {
        entry.transfer = read_transfer(row, 13, row.id<PeerId>(10));
        entry.body = row.blob(11);
    } else if (entry.kind != Kind::text) {
        return entry;
    }
    entry.at = row.integer(7);
    if (!row.null(8)) entry.reply_to = row.id<MessageId>(8);
    entry.text = row.text(9);
    return entry;
}

/// Ends at `limit` entries or a million bytes of text, but never without an entry.
Expected<OutboxPage> collect(Connection& connection, Query& query, std::size_t limit) {
    OutboxPage page;
    std::size_t bytes = 0;
    Step step = query.step();
    for (; step == Step::row && page.entries.size() < limit && bytes < page_bytes;
         step = query.step()) {
        page.entries.push_back(read_entry(query));
        bytes += page.entries.back().text.size() + page.entries.back().body.size();
    }
    if (step == Step::failed) return failed(connection);
    page.more = step == Step::row;
    return page;
}

}  // namespace

Result run(Connection& connection, const Acknowledged& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    Delivered delivered;
    if (!*conversation || job.ids.empty()) return delivered;
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    for (const auto& id : job.ids) {
        const auto text = acknowledge(connection, **conversation, id, job.now);
        if (!text) return tl::unexpected(text.error());
        if (*text) delivered.texts.push_back(id);
    }
    if (!savepoint.keep()) return failed(connection);
    return delivered;
}

Result run(Connection& connection, const MarkAtRelay& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    Delivered marked;
    if (!*conversation || job.ids.empty()) return marked;
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    for (const auto& id : job.ids) {
        const auto message = mark_at_relay(connection, **conversation, id, job.now);
        if (!message) return tl::unexpected(message.error());
        if (*message) marked.texts.push_back(id);
    }
    if (!savepoint.keep()) return failed(connection);
    return marked;
}

// One row more than wanted is asked for: whether it comes says whether there is more.
Result run(Connection& connection, const LoadOutbox& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return OutboxPage{};
    auto query = connection.query(
        "SELECT o.sequence, o.kind, o.id, o.target, o.revision,"
        " iif(o.kind = 1, m.timer, o.seconds), o.body, m.at, m.reply_to, m.text, ?4, f.manifest,"
        " o.at_relay," KITH_TRANSFER_COLUMNS
        " FROM outbox o LEFT JOIN messages m ON o.kind IN (1, 7) AND m.id = o.id"
        " AND m.conversation = o.conversation"
        " LEFT JOIN transfers t ON o.kind = 7 AND t.id = o.id AND t.conversation = o.conversation"
        " LEFT JOIN manifests f ON t.manifest_size <= ?5 AND f.id = t.id"
        " AND f.conversation = t.conversation"
        " WHERE o.conversation = ?1 AND o.sequence > ?2"
        " AND (o.kind NOT IN (1, 7) OR m.position IS NOT NULL)"
        " ORDER BY o.sequence LIMIT ?3");
    const auto limit = std::min(job.limit, model::page_max);
    query.with(**conversation, job.after_sequence, std::uint64_t{limit + 1}, job.peer,
               std::uint64_t{manifest_inline_max});
    auto page = collect(connection, query, limit);
    if (!page) return tl::unexpected(page.error());
    return std::move(*page);
}

}  // namespace kith::store::jobs
