// SPDX-License-Identifier: MIT
#include "app/store/search_index.hpp"

#include <algorithm>

#include "app/store/jobs.hpp"

namespace kith::store {
namespace {

struct Range {
    std::int64_t done = 0, newest = 0;
};

Expected<Range> pending(Connection& connection) {
    auto query = connection.query(
        "SELECT (SELECT done FROM search_state), (SELECT coalesce(max(position), 0) FROM "
        "messages)");
    if (query.step() != Step::row) return jobs::failed(connection);
    return Range{query.integer(0), query.integer(1)};
}

/// The last position of the next group.
Expected<std::int64_t> end_of_group(Connection& connection, std::int64_t done, std::size_t rows) {
    auto query = connection.query(
        "SELECT position, octet_length(text) FROM messages WHERE position > ?1 ORDER BY position "
        "LIMIT ?2");
    query.with(done, std::uint64_t{rows});
    std::size_t bytes = 0;
    std::int64_t end = done;
    Step step = query.step();
    for (; step == Step::row; step = query.step()) {
        end = query.integer(0);
        bytes += static_cast<std::size_t>(query.integer(1));
        if (bytes >= index_bytes_max) return end;
    }
    if (step == Step::failed) return jobs::failed(connection);
    return end;
}

bool index_range(Connection& connection, std::int64_t done, std::int64_t end) {
    return connection
               .query(
                   "INSERT INTO search (rowid, words) SELECT position, words FROM searchable"
                   " WHERE position > ?1 AND position <= ?2 ORDER BY position")
               .with(done, end)
               .run() &&
           connection.query("UPDATE search_state SET done = ?1").with(end).run();
}

}  // namespace

Expected<std::size_t> index_backlog(Connection& connection) {
    return pending(connection).map([](const Range& range) {
        return static_cast<std::size_t>(std::max<std::int64_t>(range.newest - range.done, 0));
    });
}

Expected<bool> index_some(Connection& connection, std::size_t rows) {
    const auto range = pending(connection);
    if (!range) return tl::unexpected(range.error());
    if (range->newest <= range->done) return false;
    jobs::Savepoint whole(connection);
    if (!whole.opened()) return jobs::failed(connection);
    const auto end = end_of_group(connection, range->done, rows);
    if (!end) return tl::unexpected(end.error());
    if (!index_range(connection, range->done, *end) || !whole.keep())
        return jobs::failed(connection);
    return *end < range->newest;
}

}  // namespace kith::store
