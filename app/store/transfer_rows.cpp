// SPDX-License-Identifier: MIT
#include "app/store/transfer_rows.hpp"

#include "app/store/codes.hpp"

namespace kith::store {
namespace {

tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

}  // namespace

bool is_over(model::TransferState state) {
    return state == model::TransferState::done || state == model::TransferState::declined ||
           state == model::TransferState::cancelled;
}

model::Transfer to_model(const TransferRow& row) {
    model::Transfer transfer;
    transfer.id = row.id;
    transfer.peer = row.peer;
    transfer.outgoing = row.outgoing;
    transfer.name = row.name;
    transfer.files = row.files;
    transfer.bytes = row.moved;
    transfer.total = row.total;
    transfer.state = row.state;
    transfer.path = row.path;
    transfer.error = row.error;
    transfer.files_done = row.files_done;
    transfer.files_failed = row.files_failed;
    transfer.paused_by_peer = row.paused_there;
    transfer.listed = row.listed;
    transfer.at = row.at;
    return transfer;
}

TransferRow read_transfer(const Query& row, int column, const PeerId& peer) {
    const auto number = [&](int offset) { return row.integer(column + offset); };
    TransferRow transfer;
    transfer.id = row.id<MessageId>(column);
    transfer.peer = peer;
    transfer.outgoing = row.flag(column + 1);
    transfer.name = row.text(column + 2);
    transfer.files = static_cast<std::uint32_t>(number(3));
    transfer.bytes = static_cast<std::uint64_t>(number(4));
    transfer.manifest_hash = row.blob(column + 5);
    transfer.manifest_size = static_cast<std::uint32_t>(number(6));
    transfer.at = number(7);
    transfer.state = transfer_state_of(number(8));
    transfer.listed = row.flag(column + 9);
    transfer.total = static_cast<std::uint64_t>(number(10));
    transfer.moved = static_cast<std::uint64_t>(number(11));
    transfer.files_done = static_cast<std::uint32_t>(number(12));
    transfer.files_failed = static_cast<std::uint32_t>(number(13));
    transfer.paused_here = row.flag(column + 14);
    transfer.paused_there = row.flag(column + 15);
    transfer.error = row.text(column + 16);
    transfer.path = row.text(column + 17);
    return transfer;
}

bool insert_transfer(Connection& connection, std::int64_t conversation, const TransferRow& row,
                     const Blob& manifest) {
    return connection
               .query(
                   "INSERT INTO transfers (conversation, id, outgoing, name, files, bytes,"
                   " manifest_hash, manifest_size, at, state, over, listed, total, moved,"
                   " files_done, files_failed, paused_here, paused_there, error, path, plan,"
                   " landed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, ?12, ?13,"
                   " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)")
               .with(conversation, row.id, row.outgoing, row.name, row.files, row.bytes,
                     row.manifest_hash, row.manifest_size, row.at, code_of(row.state),
                     is_over(row.state), row.total, row.moved, row.files_done, row.files_failed,
                     row.paused_here, row.paused_there, row.error, row.path, row.plan, row.landed)
               .run() &&
           (manifest.empty() || put_manifest(connection, conversation, row.id, manifest));
}

Expected<bool> update_transfer(Connection& connection, std::int64_t conversation,
                               const TransferRow& row) {
    const bool done =
        connection
            .query(
                "UPDATE transfers SET state = iif(over, state, ?3), over = max(over, ?4),"
                " total = ?5, moved = ?6,"
                " files_done = ?7, files_failed = ?8, paused_here = ?9, paused_there = ?10,"
                " error = ?11, path = ?12, plan = ?13, landed = ?14"
                " WHERE id = ?1 AND conversation = ?2")
            .with(row.id, conversation, code_of(row.state), is_over(row.state), row.total,
                  row.moved, row.files_done, row.files_failed, row.paused_here, row.paused_there,
                  row.error, row.path, row.plan, row.landed)
            .run();
    if (!done) return failed(connection);
    return connection.changes() == 1;
}

bool put_manifest(Connection& connection, std::int64_t conversation, const MessageId& id,
                  const Blob& manifest) {
    return connection
               .query(
                   "INSERT INTO manifests (conversation, id, manifest)"
                   " SELECT ?1, ?2, ?3 WHERE EXISTS"
                   " (SELECT 1 FROM transfers WHERE id = ?2 AND conversation = ?1)"
                   " ON CONFLICT (id, conversation) DO UPDATE SET manifest = ?3")
               .with(conversation, id, manifest)
               .run() &&
           connection.query("UPDATE transfers SET listed = 1 WHERE id = ?1 AND conversation = ?2")
               .with(id, conversation)
               .run();
}

bool cancel_transfer(Connection& connection, const Row& message) {
    return connection
        .query(
            "UPDATE transfers SET state = ?3, over = 1 WHERE id = ?1 AND conversation = ?2"
            " AND over = 0")
        .with(message.id, message.conversation, code_of(model::TransferState::cancelled))
        .run();
}

bool remove_transfer(Connection& connection, const Row& message) {
    return connection.query("DELETE FROM manifests WHERE id = ?1 AND conversation = ?2")
               .with(message.id, message.conversation)
               .run() &&
           connection.query("DELETE FROM transfers WHERE id = ?1 AND conversation = ?2")
               .with(message.id, message.conversation)
               .run();
}

Expected<std::optional<model::TransferState>> state_of_transfer(Connection& connection,
                                                                const Row& message) {
    auto query =
        connection.query("SELECT state FROM transfers WHERE id = ?1 AND conversation = ?2");
    switch (query.with(message.id, message.conversation).step()) {
        case Step::row:
            return transfer_state_of(query.integer(0));
        case Step::done:
            return std::nullopt;
        case Step::failed:
            break;
    }
    return failed(connection);
}

Expected<void> refuse_unless_over(Connection& connection, const Row& message) {
    const auto state = state_of_transfer(connection, message);
    if (!state) return tl::unexpected(state.error());
    if (!*state || is_over(**state)) return {};
    return tl::unexpected(
        Error{Errc::too_late, "These files are still being sent or received. Cancel that first."});
}

}  // namespace kith::store
