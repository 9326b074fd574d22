// SPDX-License-Identifier: MIT
//
// Jobs that read messages in order, and the mark up to which they were read.
#include <algorithm>
#include <limits>

#include "app/store/codes.hpp"
#include "app/store/jobs.hpp"

namespace kith::store::jobs {
namespace {

#define KITH_MESSAGE_COLUMNS "position, id, outgoing, state, edited, deleted, at, reply_to, text"

constexpr auto newest = std::numeric_limits<std::int64_t>::max();

Message read_message(const Query& row, const PeerId& peer) {
    Message message;
    message.peer = peer;
    message.position = static_cast<std::uint64_t>(row.integer(0));
    message.id = row.id<MessageId>(1);
    message.outgoing = row.flag(2);
    message.state = state_of(row.integer(3));
    message.edited = row.flag(4);
    message.deleted = row.flag(5);
    message.at = row.integer(6);
    if (!row.null(7)) message.reply_to = row.id<MessageId>(7);
    message.text = row.text(8);
    return message;
}

/// One row more than wanted is asked for: whether it comes says whether there is more.
Expected<Page> collect(Connection& connection, Query& query, const PeerId& peer,
                       std::size_t limit) {
    Page page;
    Step step = query.step();
    for (; step == Step::row && page.messages.size() < limit; step = query.step())
        page.messages.push_back(read_message(query, peer));
    if (step == Step::failed) return failed(connection);
    page.more = step == Step::row;
    return page;
}

std::size_t bounded(std::size_t limit) { return std::min(limit, model::page_max); }

Expected<std::int64_t> end_of_page(Connection& connection, std::int64_t conversation,
                                   const LoadPage& job) {
    if (!job.before) return newest;
    const auto position = find_position(connection, conversation, *job.before);
    if (!position) return tl::unexpected(position.error());
    if (*position) return static_cast<std::int64_t>(**position);
    return fail(Errc::no_such_message,
                "The message to continue from is not in this conversation. "
                "Load the newest messages instead.");
}

bool mark_read(Connection& connection, std::int64_t conversation, std::uint64_t position) {
    return connection
        .query(
            "UPDATE messages SET unread = 0 WHERE conversation = ?1 AND unread = 1 AND position <= "
            "?2")
        .with(conversation, position)
        .run();
}

Result count_unread(Connection& connection, std::int64_t conversation) {
    auto query =
        connection.query("SELECT count(*) FROM messages WHERE conversation = ?1 AND unread = 1");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    return Unread{static_cast<std::uint32_t>(query.integer(0))};
}

tl::unexpected<Error> nothing_to_mark() {
    return fail(Errc::no_such_message, "The message to mark as read is not in this conversation.");
}

}  // namespace

Result run(Connection& connection, const LoadPage& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation && !job.before) return Page{};
    const auto end = end_of_page(connection, conversation->value_or(0), job);
    if (!end) return tl::unexpected(end.error());
    auto query = connection.query("SELECT " KITH_MESSAGE_COLUMNS
                                  " FROM messages WHERE conversation = ?1 AND position < ?2"
                                  " ORDER BY position DESC LIMIT ?3");
    const auto limit = bounded(job.limit);
    query.with(conversation->value_or(0), *end, std::uint64_t{limit + 1});
    auto page = collect(connection, query, job.peer, limit);
    if (!page) return tl::unexpected(page.error());
    std::reverse(page->messages.begin(), page->messages.end());
    return std::move(*page);
}

Result run(Connection& connection, const LoadOutbox& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return Page{};
    auto query =
        connection.query("SELECT " KITH_MESSAGE_COLUMNS
                         " FROM messages WHERE conversation = ?1 AND state <= 2 AND position > ?2"
                         " ORDER BY position LIMIT ?3");
    const auto limit = bounded(job.limit);
    query.with(**conversation, job.after_position, std::uint64_t{limit + 1});
    auto page = collect(connection, query, job.peer, limit);
    if (!page) return tl::unexpected(page.error());
    return std::move(*page);
}

Result run(Connection& connection, const MarkRead& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return nothing_to_mark();
    const auto position = find_position(connection, **conversation, job.message);
    if (!position) return tl::unexpected(position.error());
    if (!*position) return nothing_to_mark();
    if (!mark_read(connection, **conversation, **position)) return failed(connection);
    return count_unread(connection, **conversation);
}

}  // namespace kith::store::jobs
