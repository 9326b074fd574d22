// SPDX-License-Identifier: MIT
//
// What the node reads once, when it starts.
#include <unordered_map>

#include "app/store/codes.hpp"
#include "app/store/jobs.hpp"
#include "app/store/message_rows.hpp"

namespace kith::store::jobs {
namespace {

Expected<void> load_meta(Connection& connection, Snapshot& snapshot) {
    auto query = connection.query("SELECT key, value FROM meta ORDER BY key");
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        snapshot.meta.emplace_back(query.text(0), query.blob(1));
    if (step == Step::failed) return failed(connection);
    return {};
}

PeerRow read_peer(const Query& row) {
    PeerRow peer;
    peer.id = row.id<PeerId>(0);
    peer.relation = static_cast<Relation>(row.integer(1));
    peer.blocked = row.flag(2);
    peer.verified = row.flag(3);
    peer.own_name = row.text(4);
    peer.alias = row.text(5);
    peer.greeting = row.text(6);
    peer.dial_token = row.blob(7);
    peer.door_token = row.blob(8);
    peer.created_at = row.integer(9);
    peer.last_seen = row.integer(10);
    peer.signer = row.blob(11);
    peer.auto_accept = {rule_of(row.integer(12)), static_cast<std::uint64_t>(row.integer(13))};
    return peer;
}

Expected<void> load_peers(Connection& connection, Snapshot& snapshot) {
    auto query = connection.query(
        "SELECT id, relation, blocked, verified, own_name, alias, greeting,"
        " dial_token, door_token, created_at, last_seen, signer, auto_accept,"
        " auto_accept_bytes FROM peers ORDER BY id");
    Step step = query.step();
    for (; step == Step::row; step = query.step()) snapshot.peers.push_back(read_peer(query));
    if (step == Step::failed) return failed(connection);
    return {};
}

/// Both lists are in order of the peer's id, so one walk joins them.
Expected<void> load_addresses(Connection& connection, Snapshot& snapshot) {
    auto query =
        connection.query("SELECT peer, address, port FROM peer_addresses ORDER BY peer, rank");
    auto peer = snapshot.peers.begin();
    Step step = query.step();
    for (; step == Step::row; step = query.step()) {
        const auto id = query.id<PeerId>(0);
        while (peer != snapshot.peers.end() && peer->id < id) ++peer;
        if (peer == snapshot.peers.end()) break;
        if (peer->id == id)
            peer->addresses.push_back(
                {query.blob(1), static_cast<std::uint16_t>(query.integer(2))});
    }
    if (step == Step::failed) return failed(connection);
    return {};
}

using UnreadCounts = std::unordered_map<std::int64_t, std::uint32_t>;

Expected<UnreadCounts> load_unread(Connection& connection) {
    auto query = connection.query(
        "SELECT conversation, count(*) FROM messages WHERE unread = 1"
        " GROUP BY conversation");
    UnreadCounts counts;
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        counts[query.integer(0)] = static_cast<std::uint32_t>(query.integer(1));
    if (step == Step::failed) return failed(connection);
    return counts;
}

Expected<void> load_conversations(Connection& connection, Snapshot& snapshot) {
    auto unread = load_unread(connection);
    if (!unread) return tl::unexpected(unread.error());
    auto query = connection.query(
        "SELECT c.ref, c.peer, m.at, substr(CAST(m.text AS BLOB), 1, 204), c.timer_mine,"
        " c.timer_theirs FROM conversations c LEFT JOIN messages m ON m.position ="
        " (SELECT max(position) FROM messages WHERE conversation = c.ref)"
        " WHERE m.position IS NOT NULL OR c.timer_mine > 0 OR c.timer_theirs > 0 ORDER BY c.peer");
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        snapshot.conversations.push_back({query.id<PeerId>(1), (*unread)[query.integer(0)],
                                          query.integer(2), preview(query.text(3)),
                                          static_cast<std::uint32_t>(query.integer(4)),
                                          static_cast<std::uint32_t>(query.integer(5))});
    if (step == Step::failed) return failed(connection);
    return {};
}

bool collect_transfers(Query& query, std::vector<TransferRow>& transfers) {
    Step step = query.step();
    for (; step == Step::row; step = query.step()) {
        auto row = read_transfer(query, 0, query.id<PeerId>(KITH_TRANSFER_COLUMN_COUNT));
        row.plan = query.blob(KITH_TRANSFER_COLUMN_COUNT + 1);
        row.landed = query.blob(KITH_TRANSFER_COLUMN_COUNT + 2);
        transfers.push_back(std::move(row));
    }
    return step == Step::done;
}

Expected<void> load_transfers(Connection& connection, Snapshot& snapshot) {
    auto going =
        connection.query("SELECT " KITH_TRANSFER_COLUMNS
                         ", c.peer, t.plan, t.landed FROM transfers t"
                         " CROSS JOIN conversations c ON c.ref = t.conversation WHERE t.over = 0");
    auto over = connection.query("SELECT " KITH_TRANSFER_COLUMNS
                                 ", c.peer, t.plan, x'' FROM transfers t"
                                 " CROSS JOIN conversations c ON c.ref = t.conversation"
                                 " WHERE t.over = 1 ORDER BY t.at DESC LIMIT ?1");
    over.with(std::uint64_t{model::transfers_listed_max});
    if (!collect_transfers(going, snapshot.transfers) ||
        !collect_transfers(over, snapshot.transfers))
        return failed(connection);
    return {};
}

}  // namespace

Result run(Connection& connection, const LoadAll&) {
    Snapshot snapshot;
    auto done = load_meta(connection, snapshot)
                    .and_then([&] { return load_peers(connection, snapshot); })
                    .and_then([&] { return load_addresses(connection, snapshot); })
                    .and_then([&] { return load_conversations(connection, snapshot); })
                    .and_then([&] { return load_transfers(connection, snapshot); });
    if (!done) return tl::unexpected(done.error());
    return snapshot;
}

}  // namespace kith::store::jobs
