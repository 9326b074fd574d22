// SPDX-License-Identifier: MIT
//
// The job that removes what is not to be kept any longer.
#include <algorithm>
#include <map>

#include "app/store/amendments.hpp"
#include "app/store/emptying.hpp"
#include "app/store/jobs.hpp"

namespace kith::store::jobs {
namespace {

constexpr model::Timestamp remembered_ms = 400LL * 24 * 3600 * 1000;
constexpr std::size_t removed_max = 10'000;  ///< in one job

bool collect(Query& query, std::vector<std::uint64_t>& positions) {
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        positions.push_back(static_cast<std::uint64_t>(query.integer(0)));
    return step == Step::done;
}

bool find_expired(Connection& connection, const Prune& job, std::size_t limit,
                  std::vector<std::uint64_t>& positions) {
    auto query = connection.query(
        "SELECT position FROM messages m WHERE expires_at > 0 AND expires_at <= ?1 AND state <> 1"
        " AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.id = m.id"
        " AND t.conversation = m.conversation AND t.over = 0) ORDER BY expires_at LIMIT ?2");
    query.with(job.now, std::uint64_t{limit});
    return collect(query, positions);
}

bool find_old(Connection& connection, const Prune& job, std::size_t limit,
              std::vector<std::uint64_t>& positions) {
    if (job.keep_since <= 0) return true;
    auto query = connection.query(
        "SELECT position FROM messages m WHERE stored_at < ?1 AND unread = 0 AND state <> 1"
        " AND NOT (expires_at > 0 AND expires_at <= ?2)"
        " AND NOT EXISTS (SELECT 1 FROM transfers t WHERE t.id = m.id"
        " AND t.conversation = m.conversation AND t.over = 0) ORDER BY stored_at LIMIT ?3");
    query.with(job.keep_since, job.now, std::uint64_t{limit});
    return collect(query, positions);
}

/// What has expired comes first, what a deleted conversation has left when there is nothing else:
/// it may be of either kind as well. At most `limit`, and one more if there are more.
Expected<std::vector<std::uint64_t>> find_removable(Connection& connection, const Prune& job,
                                                    std::size_t limit) {
    std::vector<std::uint64_t> positions;
    if (!find_expired(connection, job, limit + 1, positions) ||
        !find_old(connection, job, limit + 1 - positions.size(), positions))
        return failed(connection);
    if (positions.empty()) return find_emptying(connection, std::nullopt, limit + 1);
    return positions;
}

using Touched = std::map<std::int64_t, Pruned::Conversation>;

Expected<Touched> remove(Connection& connection, const std::vector<std::uint64_t>& positions,
                         model::Timestamp now) {
    Touched touched;
    for (const auto position : positions) {
        const auto row = find_at(connection, position);
        if (!row) return tl::unexpected(row.error());
        if (!remove_row(connection, *row, now)) return failed(connection);
        auto& conversation = touched[row->conversation];
        conversation.peer = row->peer;
        conversation.messages.push_back(row->id);
    }
    return touched;
}

Expected<std::vector<Pruned::Conversation>> sum_up(Connection& connection, Touched touched) {
    std::vector<Pruned::Conversation> conversations;
    for (auto& [ref, one] : touched) {
        auto overview = load_overview(connection, ref);
        if (!overview) return tl::unexpected(overview.error());
        one.unread = overview->unread;
        one.last_activity = overview->last_activity;
        one.last_text = std::move(overview->last_text);
        conversations.push_back(std::move(one));
    }
    return conversations;
}

/// A peer resends what was not acknowledged for as long as it likes; after this long it is new.
bool drop_forgotten(Connection& connection, model::Timestamp now, std::size_t limit) {
    return connection
        .query(
            "DELETE FROM forgotten WHERE (id, conversation) IN"
            " (SELECT id, conversation FROM forgotten WHERE at < ?1 ORDER BY at LIMIT ?2)")
        .with(now - remembered_ms, std::uint64_t{limit})
        .run();
}

/// Of what may go: an offer whose files move goes with the first look after that is over.
Expected<model::Timestamp> next_expiry(Connection& connection) {
    auto query = connection.query(
        "SELECT expires_at FROM messages m WHERE expires_at > 0 AND NOT EXISTS"
        " (SELECT 1 FROM transfers t WHERE t.id = m.id AND t.conversation = m.conversation"
        " AND t.over = 0) ORDER BY expires_at LIMIT 1");
    const Step step = query.step();
    if (step == Step::failed) return failed(connection);
    return step == Step::row ? query.integer(0) : 0;
}

Result prune(Connection& connection, const Prune& job, std::size_t limit) {
    Pruned answer;
    auto positions = find_removable(connection, job, limit);
    if (!positions) return tl::unexpected(positions.error());
    const bool more = positions->size() > limit;
    positions->resize(std::min(positions->size(), limit));
    auto conversations = remove(connection, *positions, job.now).and_then([&](Touched touched) {
        return sum_up(connection, std::move(touched));
    });
    if (!conversations) return tl::unexpected(conversations.error());
    answer.conversations = std::move(*conversations);
    const auto emptying = still_emptying(connection, std::nullopt);
    if (!emptying) return tl::unexpected(emptying.error());
    answer.more = more || *emptying;
    if (!drop_forgotten(connection, job.now, limit)) return failed(connection);
    const auto next = next_expiry(connection);
    if (!next) return tl::unexpected(next.error());
    answer.next = *next;
    return answer;
}

}  // namespace

Result run(Connection& connection, const Prune& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = prune(connection, job, std::clamp<std::size_t>(job.limit, 1, removed_max));
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
