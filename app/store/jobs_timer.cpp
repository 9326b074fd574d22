// SPDX-License-Identifier: MIT
//
// Jobs on how long each side wishes texts to be kept after reading.
#include <algorithm>

#include "app/store/conversations.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"

namespace kith::store::jobs {
namespace {

struct Wishes {
    std::uint32_t mine = 0;
    std::uint32_t theirs = 0;
    Revision theirs_at;
};

Expected<Wishes> load_wishes(Connection& connection, std::int64_t conversation) {
    auto query = connection.query(
        "SELECT timer_mine, timer_theirs, timer_theirs_revision, timer_theirs_id"
        " FROM conversations WHERE ref = ?1");
    if (query.with(conversation).step() != Step::row) return failed(connection);
    return Wishes{static_cast<std::uint32_t>(query.integer(0)),
                  static_cast<std::uint32_t>(query.integer(1)),
                  {static_cast<std::uint64_t>(query.integer(2)), query.id<MessageId>(3)}};
}

bool write_mine(Connection& connection, std::int64_t conversation, const Outgoing& wish) {
    return connection
        .query(
            "UPDATE conversations SET timer_mine = ?2, timer_mine_revision = ?3,"
            " timer_mine_id = ?4 WHERE ref = ?1")
        .with(conversation, wish.timer, wish.revision, wish.id)
        .run();
}

bool write_theirs(Connection& connection, std::int64_t conversation, std::uint32_t seconds,
                  const Revision& at) {
    return connection
        .query(
            "UPDATE conversations SET timer_theirs = ?2, timer_theirs_revision = ?3,"
            " timer_theirs_id = ?4 WHERE ref = ?1")
        .with(conversation, seconds, at.number, at.id)
        .run();
}

Result set(Connection& connection, std::int64_t conversation, const SetTimer& job) {
    const auto wishes = load_wishes(connection, conversation);
    if (!wishes) return tl::unexpected(wishes.error());
    Outgoing entry;
    entry.kind = Kind::disappearing;
    entry.id = job.id;
    entry.timer = std::min(job.seconds, model::timer_max_s);
    if (entry.timer == wishes->mine) return Timers{wishes->mine, wishes->theirs, {}};
    const auto revision = next_revision(connection, job.now);
    if (!revision) return tl::unexpected(revision.error());
    entry.revision = *revision;
    if (!write_mine(connection, conversation, entry) || !enqueue(connection, conversation, entry))
        return failed(connection);
    return Timers{entry.timer, wishes->theirs, entry};
}

Result apply(Connection& connection, std::int64_t conversation, const ApplyTimer& job) {
    const auto wishes = load_wishes(connection, conversation);
    if (!wishes) return tl::unexpected(wishes.error());
    const Revision revision{job.revision, job.id};
    if (revision <= wishes->theirs_at) return Timers{wishes->mine, wishes->theirs, {}};
    const auto seconds = std::min(job.seconds, model::timer_max_s);
    if (!write_theirs(connection, conversation, seconds, revision)) return failed(connection);
    return Timers{wishes->mine, seconds, {}};
}

}  // namespace

Result run(Connection& connection, const SetTimer& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const auto conversation = open_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    auto result = set(connection, *conversation, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const ApplyTimer& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const auto conversation = open_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    auto result = apply(connection, *conversation, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
