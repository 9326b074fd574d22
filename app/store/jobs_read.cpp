// SPDX-License-Identifier: MIT
//
// Jobs on how far each side has read.
#include "app/store/conversations.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"

namespace kith::store::jobs {
namespace {

constexpr int texts_max = 2048;  ///< named in one answer; the window shows no more

tl::unexpected<Error> nothing_to_mark() {
    return fail(Errc::no_such_message, "The message to mark as read is not in this conversation.");
}

/// What disappears counts down from here. Returns whether something was unread.
Expected<bool> mark_read(Connection& connection, std::int64_t conversation, std::uint64_t position,
                         model::Timestamp now) {
    const bool done =
        connection
            .query(
                "UPDATE messages SET unread = 0, expires_at = iif(timer > 0, ?3 + timer * 1000, 0)"
                " WHERE conversation = ?1 AND unread = 1 AND position <= ?2")
            .with(conversation, position, now)
            .run();
    if (!done) return failed(connection);
    return connection.changes() > 0;
}

/// The newest of theirs up to `position`; what the sender learns.
Expected<std::optional<MessageId>> newest_incoming(Connection& connection,
                                                   std::int64_t conversation,
                                                   std::uint64_t position) {
    auto query = connection.query(
        "SELECT id FROM messages WHERE conversation = ?1 AND position <= ?2 AND outgoing = 0"
        " ORDER BY position DESC LIMIT 1");
    switch (query.with(conversation, position).step()) {
        case Step::row:
            return query.id<MessageId>(0);
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<std::optional<Outgoing>> enqueue_receipt(Connection& connection, std::int64_t conversation,
                                                  std::uint64_t position, const MessageId& id) {
    const auto target = newest_incoming(connection, conversation, position);
    if (!target) return tl::unexpected(target.error());
    if (!*target) return std::nullopt;
    Outgoing entry;
    entry.kind = Kind::read_up_to;
    entry.id = id;
    entry.target = **target;
    if (!enqueue(connection, conversation, entry)) return failed(connection);
    return entry;
}

Result mark(Connection& connection, std::int64_t conversation, std::uint64_t position,
            const MarkRead& job) {
    Unread answer;
    const auto changed = mark_read(connection, conversation, position, job.now);
    if (!changed) return tl::unexpected(changed.error());
    answer.changed = *changed;
    if (job.receipt && *changed) {
        auto entry = enqueue_receipt(connection, conversation, position, *job.receipt);
        if (!entry) return tl::unexpected(entry.error());
        answer.entry = std::move(*entry);
    }
    const auto count = count_unread(connection, conversation);
    if (!count) return tl::unexpected(count.error());
    answer.count = *count;
    return answer;
}

struct Target {
    std::uint64_t position = 0;
    std::uint64_t read_before = 0;
};

/// Only our own texts can be read by them; one that was removed here still says how far.
Expected<std::optional<Target>> find_target(Connection& connection, std::int64_t conversation,
                                            const MessageId& id) {
    auto query = connection.query(
        "SELECT m.position, c.read_up_to FROM messages m CROSS JOIN conversations c"
        " ON c.ref = m.conversation WHERE m.id = ?1 AND m.conversation = ?2 AND m.outgoing = 1"
        " UNION ALL SELECT f.position, c.read_up_to FROM forgotten f CROSS JOIN conversations c"
        " ON c.ref = f.conversation WHERE f.id = ?1 AND f.conversation = ?2");
    switch (query.with(id, conversation).step()) {
        case Step::row:
            return Target{static_cast<std::uint64_t>(query.integer(0)),
                          static_cast<std::uint64_t>(query.integer(1))};
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<std::vector<MessageId>> delivered_between(Connection& connection,
                                                   std::int64_t conversation,
                                                   const Target& target) {
    auto query = connection.query(
        "SELECT id FROM messages WHERE conversation = ?1 AND position > ?2 AND position <= ?3"
        " AND outgoing = 1 AND state = 3 AND deleted = 0 ORDER BY position DESC LIMIT ?4");
    query.with(conversation, target.read_before, target.position, texts_max);
    std::vector<MessageId> texts;
    Step step = query.step();
    for (; step == Step::row; step = query.step()) texts.push_back(query.id<MessageId>(0));
    if (step == Step::failed) return failed(connection);
    return texts;
}

}  // namespace

Result run(Connection& connection, const MarkRead& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return nothing_to_mark();
    const auto position = find_position(connection, **conversation, job.message);
    if (!position) return tl::unexpected(position.error());
    if (!*position) return nothing_to_mark();
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = mark(connection, **conversation, **position, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const ApplyRead& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return ReadByPeer{};
    const auto target = find_target(connection, **conversation, job.target);
    if (!target) return tl::unexpected(target.error());
    if (!*target || (*target)->position <= (*target)->read_before) return ReadByPeer{};
    auto texts = delivered_between(connection, **conversation, **target);
    if (!texts) return tl::unexpected(texts.error());
    if (!connection.query("UPDATE conversations SET read_up_to = ?2 WHERE ref = ?1")
             .with(**conversation, (*target)->position)
             .run())
        return failed(connection);
    return ReadByPeer{std::move(*texts)};
}

}  // namespace kith::store::jobs
