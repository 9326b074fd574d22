// SPDX-License-Identifier: MIT
//
// Jobs on the keys of sealed messages.
#include "app/store/jobs.hpp"

namespace kith::store::jobs {
namespace {

constexpr std::int64_t own_max = 256;   ///< of one contact: eight times what is given at once
constexpr std::int64_t their_max = 64;  ///< of one contact: twice that
/// Relays keep mail for 30 days, clocks differ, and a key stands for 30 days before the next.
constexpr model::Timestamp kept_ms = 70LL * 24 * 60 * 60 * 1000;
constexpr int forgotten_at_once = 64;

bool put_own(Connection& connection, const PutOwnPrekeys& job, const OwnPrekey& key) {
    auto query = connection.query(
        "INSERT INTO own_prekeys (id, peer, seed, made_at)"
        " VALUES (?1, iif(length(?2) = 0, NULL, ?2), ?3, ?4) ON CONFLICT (id) DO NOTHING");
    const Blob peer = job.peer ? Blob(job.peer->bytes.begin(), job.peer->bytes.end()) : Blob();
    return query.with(key.id, peer, key.seed, job.now).run();
}

bool drop_surplus(Connection& connection, const PutOwnPrekeys& job) {
    if (!job.peer)
        return connection.query("DELETE FROM own_prekeys WHERE peer IS NULL AND made_at < ?1")
            .with(job.now - kept_ms)
            .run();
    return connection
        .query(
            "DELETE FROM own_prekeys WHERE peer = ?1 AND id NOT IN (SELECT id FROM own_prekeys"
            " WHERE peer = ?1 ORDER BY made_at DESC, id DESC LIMIT ?2)")
        .with(*job.peer, own_max)
        .run();
}

Expected<bool> is_opened(Connection& connection, const Blob& mail) {
    auto query = connection.query("SELECT 1 FROM opened_mail WHERE hash = ?1");
    switch (query.with(mail).step()) {
        case Step::row:
            return true;
        case Step::done:
            return false;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Result found(Connection& connection, Query& query, PrekeyFound answer) {
    switch (query.step()) {
        case Step::row:
            answer.key = OwnPrekey{static_cast<std::uint64_t>(query.integer(0)), query.blob(2)};
            if (!query.null(1)) answer.peer = query.id<PeerId>(1);
            answer.made_at = query.integer(3);
            return answer;
        case Step::done:
            return answer;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<std::size_t> count_theirs(Connection& connection, const PeerId& peer) {
    auto query = connection.query("SELECT count(*) FROM their_prekeys WHERE peer = ?1");
    if (query.with(peer).step() != Step::row) return failed(connection);
    return static_cast<std::size_t>(query.integer(0));
}

}  // namespace

Result run(Connection& connection, const PutOwnPrekeys& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    for (const auto& key : job.keys) {
        if (!put_own(connection, job, key)) return failed(connection);
    }
    if (!drop_surplus(connection, job) || !savepoint.keep()) return failed(connection);
    return Stored{};
}

Result run(Connection& connection, const LoadOpenPrekey&) {
    auto query = connection.query(
        "SELECT id, peer, seed, made_at FROM own_prekeys WHERE peer IS NULL"
        " ORDER BY made_at DESC, id DESC LIMIT 1");
    return found(connection, query, {});
}

Result run(Connection& connection, const FindPrekey& job) {
    const auto opened = is_opened(connection, job.mail);
    if (!opened) return tl::unexpected(opened.error());
    PrekeyFound answer;
    answer.opened = *opened;
    if (answer.opened) return answer;
    auto query = connection.query("SELECT id, peer, seed, made_at FROM own_prekeys WHERE id = ?1");
    query.with(job.id);
    return found(connection, query, std::move(answer));
}

Result run(Connection& connection, const UsePrekey& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const bool done =
        connection.query("DELETE FROM own_prekeys WHERE id = ?1 AND peer IS NOT NULL")
            .with(job.id)
            .run() &&
        connection
            .query(
                "INSERT INTO opened_mail (hash, at) VALUES (?1, ?2) ON CONFLICT (hash) DO NOTHING")
            .with(job.mail, job.now)
            .run() &&
        connection
            .query(
                "DELETE FROM opened_mail WHERE hash IN (SELECT hash FROM opened_mail"
                " WHERE at < ?1 ORDER BY at LIMIT ?2)")
            .with(job.now - kept_ms, forgotten_at_once)
            .run();
    if (!done || !savepoint.keep()) return failed(connection);
    return Stored{};
}

Result run(Connection& connection, const PutTheirPrekeys& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto room = count_theirs(connection, job.peer);
    if (!room) return tl::unexpected(room.error());
    for (const auto& key : job.keys) {
        if (static_cast<std::int64_t>((*room)++) >= their_max) break;
        const bool put = connection
                             .query(
                                 "INSERT INTO their_prekeys (peer, id, public_key)"
                                 " VALUES (?1, ?2, ?3) ON CONFLICT (peer, id) DO NOTHING")
                             .with(job.peer, key.id, key.public_key)
                             .run();
        if (!put) return failed(connection);
    }
    if (!savepoint.keep()) return failed(connection);
    return Stored{};
}

Result run(Connection& connection, const CountTheirPrekeys& job) {
    const auto count = count_theirs(connection, job.peer);
    if (!count) return tl::unexpected(count.error());
    return Prekeys{*count, {}};
}

Result run(Connection& connection, const TakeTheirPrekey& job) {
    TheirPrekey key;
    {
        auto query =
            connection.query("SELECT id, public_key FROM their_prekeys WHERE peer = ?1 LIMIT 1");
        const auto step = query.with(job.peer).step();
        if (step == Step::failed) return failed(connection);
        if (step == Step::done) return Prekeys{};
        key = {static_cast<std::uint64_t>(query.integer(0)), query.blob(1)};
    }
    if (!connection.query("DELETE FROM their_prekeys WHERE peer = ?1 AND id = ?2")
             .with(job.peer, key.id)
             .run())
        return failed(connection);
    return Prekeys{1, std::move(key)};
}

Result run(Connection& connection, const DropPrekeys& job) {
    Savepoint savepoint(connection);
    const bool done =
        savepoint.opened() &&
        connection.query("DELETE FROM own_prekeys WHERE peer = ?1").with(job.peer).run() &&
        connection.query("DELETE FROM their_prekeys WHERE peer = ?1").with(job.peer).run() &&
        savepoint.keep();
    if (!done) return failed(connection);
    return Stored{};
}

}  // namespace kith::store::jobs
