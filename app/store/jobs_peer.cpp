// SPDX-License-Identifier: MIT
//
// Jobs that write peers and the profile's own values.
#include <algorithm>

#include "app/store/codes.hpp"
#include "app/store/jobs.hpp"

namespace kith::store::jobs {
namespace {

constexpr std::size_t addresses_max = 16;

bool put_row(Connection& connection, const PeerRow& row) {
    return connection
        .query(
            "INSERT INTO peers (id, relation, blocked, verified, own_name, alias, greeting,"
            " dial_token, door_token, created_at, last_seen, signer, auto_accept,"
            " auto_accept_bytes)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
            " ON CONFLICT (id) DO UPDATE SET relation = ?2, blocked = ?3, verified = ?4,"
            " own_name = ?5, alias = ?6, greeting = ?7, dial_token = ?8, door_token = ?9,"
            " created_at = ?10, last_seen = ?11, signer = ?12,"
            " auto_accept = ?13, auto_accept_bytes = ?14")
        .with(row.id, static_cast<int>(row.relation), row.blocked, row.verified, row.own_name,
              row.alias, row.greeting, row.dial_token, row.door_token, row.created_at,
              row.last_seen, row.signer, code_of(row.auto_accept.rule), row.auto_accept.bytes_max)
        .run();
}

bool put_addresses(Connection& connection, const PeerRow& row) {
    if (!connection.query("DELETE FROM peer_addresses WHERE peer = ?1").with(row.id).run())
        return false;
    auto insert = connection.query(
        "INSERT INTO peer_addresses (peer, rank, address, port)"
        " VALUES (?1, ?2, ?3, ?4)");
    const std::size_t count = std::min(row.addresses.size(), addresses_max);
    for (std::size_t rank = 0; rank < count; ++rank) {
        const Endpoint& endpoint = row.addresses[rank];
        insert.reset();
        if (!insert.with(row.id, std::uint64_t{rank}, endpoint.address, int{endpoint.port}).run())
            return false;
    }
    return true;
}

}  // namespace

Result run(Connection& connection, const PutMeta& job) {
    const bool done = connection
                          .query(
                              "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                              " ON CONFLICT (key) DO UPDATE SET value = ?2")
                          .with(job.key, job.value)
                          .run();
    if (!done) return failed(connection);
    return Stored{};
}

Result run(Connection& connection, const PutPeer& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened() || !put_row(connection, job.row) ||
        !put_addresses(connection, job.row) || !savepoint.keep())
        return failed(connection);
    return Stored{};
}

}  // namespace kith::store::jobs
