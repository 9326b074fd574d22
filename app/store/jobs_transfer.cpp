// SPDX-License-Identifier: MIT
//
// Jobs on files that were offered.
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store::jobs {

Result run(Connection& connection, const PutTransfer& job) {
    const auto conversation = find_conversation(connection, job.row.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return TransferStored{};
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const auto there = update_transfer(connection, **conversation, job.row);
    if (!there) return tl::unexpected(there.error());
    TransferStored answer;
    if (*there) answer.entry = job.entry;
    if (answer.entry && !enqueue(connection, **conversation, *answer.entry))
        return failed(connection);
    if (!savepoint.keep()) return failed(connection);
    return answer;
}

Result run(Connection& connection, const PutManifest& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return Stored{};
    Savepoint savepoint(connection);
    if (!savepoint.opened() ||
        !put_manifest(connection, **conversation, job.transfer, job.manifest) || !savepoint.keep())
        return failed(connection);
    return Stored{};
}

Result run(Connection& connection, const LoadManifest& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    if (!*conversation) return Manifest{};
    auto query =
        connection.query("SELECT manifest FROM manifests WHERE id = ?1 AND conversation = ?2");
    switch (query.with(job.transfer, **conversation).step()) {
        case Step::row:
            return Manifest{query.blob(0)};
        case Step::done:
            return Manifest{};
        case Step::failed:
            break;
    }
    return failed(connection);
}

}  // namespace kith::store::jobs
