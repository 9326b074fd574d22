// SPDX-License-Identifier: MIT
#include "app/store/emptying.hpp"

#include <algorithm>

namespace kith::store {
namespace {

tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

bool unmark(Connection& connection, std::int64_t conversation) {
    return connection.query("DELETE FROM emptying WHERE conversation = ?1")
        .with(conversation)
        .run();
}

/// An empty one is left out.
bool mark_range(Connection& connection, std::int64_t conversation, std::int64_t first,
                std::int64_t last) {
    return first > last ||
           connection.query("INSERT INTO emptying (conversation, first, last) VALUES (?1, ?2, ?3)")
               .with(conversation, first, last)
               .run();
}

Expected<std::vector<std::int64_t>> numbers(Connection& connection, Query& query) {
    std::vector<std::int64_t> found;
    Step step = query.step();
    for (; step == Step::row; step = query.step()) found.push_back(query.integer(0));
    if (step == Step::failed) return failed(connection);
    return found;
}

/// Ascending: texts that wait to be sent, and offers whose files move.
Expected<std::vector<std::int64_t>> waiting(Connection& connection, std::int64_t conversation) {
    auto query = connection.query(
        "SELECT position FROM messages WHERE conversation = ?1 AND state = 1"
        " UNION ALL SELECT m.position FROM transfers t CROSS JOIN messages m ON m.id = t.id"
        " AND m.conversation = t.conversation"
        " WHERE t.conversation = ?1 AND t.over = 0 AND m.state <> 1");
    query.with(conversation);
    auto found = numbers(connection, query);
    if (found) std::sort(found->begin(), found->end());
    return found;
}

struct Extent {
    std::int64_t count = 0, newest = 0;
};

Expected<Extent> extent_of(Connection& connection, std::int64_t conversation) {
    auto query = connection.query(
        "SELECT count(*), ifnull(max(position), 0) FROM messages WHERE conversation = ?1");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    return Extent{query.integer(0), query.integer(1)};
}

}  // namespace

Expected<std::uint64_t> mark_emptying(Connection& connection, std::int64_t conversation) {
    const auto extent = extent_of(connection, conversation);
    if (!extent) return tl::unexpected(extent.error());
    const auto kept = waiting(connection, conversation);
    if (!kept) return tl::unexpected(kept.error());
    if (!unmark(connection, conversation)) return failed(connection);
    std::int64_t first = 0;
    for (const auto position : *kept) {
        if (!mark_range(connection, conversation, first, position - 1)) return failed(connection);
        first = position + 1;
    }
    if (!mark_range(connection, conversation, first, extent->newest)) return failed(connection);
    return static_cast<std::uint64_t>(extent->count) - kept->size();
}

Expected<std::vector<std::uint64_t>> find_emptying(Connection& connection,
                                                   std::optional<std::int64_t> conversation,
                                                   std::size_t limit) {
    auto query = connection.query(
        conversation ? "SELECT m.position FROM emptying CROSS JOIN messages m"
                       " ON m.conversation = emptying.conversation"
                       " AND m.position BETWEEN emptying.first AND emptying.last"
                       " WHERE emptying.conversation = ?2 LIMIT ?1"
                     : "SELECT m.position FROM emptying CROSS JOIN messages m"
                       " ON m.conversation = emptying.conversation"
                       " AND m.position BETWEEN emptying.first AND emptying.last LIMIT ?1");
    if (conversation)
        query.with(std::uint64_t{limit}, *conversation);
    else
        query.with(std::uint64_t{limit});
    return numbers(connection, query).map([](const std::vector<std::int64_t>& found) {
        return std::vector<std::uint64_t>(found.begin(), found.end());
    });
}

Expected<bool> still_emptying(Connection& connection, std::optional<std::int64_t> conversation) {
    const bool dropped = connection
                             .query(
                                 "DELETE FROM emptying WHERE NOT EXISTS (SELECT 1 FROM messages m"
                                 " WHERE m.conversation = emptying.conversation"
                                 " AND m.position BETWEEN emptying.first AND emptying.last)")
                             .run();
    if (!dropped) return failed(connection);
    auto query =
        connection.query(conversation ? "SELECT 1 FROM emptying WHERE conversation = ?1 LIMIT 1"
                                      : "SELECT 1 FROM emptying LIMIT 1");
    if (conversation) query.with(*conversation);
    const Step step = query.step();
    if (step == Step::failed) return failed(connection);
    return step == Step::row;
}

}  // namespace kith::store
