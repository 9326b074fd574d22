// SPDX-License-Identifier: MIT
//
// One function per job. Each changes everything it should or nothing. Inside app/store only.
#pragma once

#include "app/store/connection.hpp"

namespace kith::store::jobs {

Result run(Connection& connection, const LoadAll& job);
Result run(Connection& connection, const PutMeta& job);
Result run(Connection& connection, const PutPeer& job);
Result run(Connection& connection, const InsertOutgoing& job);
Result run(Connection& connection, const InsertIncoming& job);
Result run(Connection& connection, const Acknowledged& job);
Result run(Connection& connection, const LoadOutbox& job);
Result run(Connection& connection, const LoadPage& job);
Result run(Connection& connection, const MarkRead& job);
Result run(Connection& connection, const EditOwn& job);
Result run(Connection& connection, const EraseOwn& job);
Result run(Connection& connection, const CancelOwn& job);
Result run(Connection& connection, const RemoveLocally& job);
Result run(Connection& connection, const ReactOwn& job);
Result run(Connection& connection, const SetTimer& job);
Result run(Connection& connection, const ApplyEdit& job);
Result run(Connection& connection, const ApplyErase& job);
Result run(Connection& connection, const ApplyReactions& job);
Result run(Connection& connection, const ApplyRead& job);
Result run(Connection& connection, const ApplyTimer& job);
Result run(Connection& connection, const DeleteConversation& job);
Result run(Connection& connection, const Prune& job);
Result run(Connection& connection, const Search& job);
Result run(Connection& connection, const PutTransfer& job);
Result run(Connection& connection, const PutManifest& job);
Result run(Connection& connection, const LoadManifest& job);
Result run(Connection& connection, const PutOwnPrekeys& job);
Result run(Connection& connection, const LoadOpenPrekey& job);
Result run(Connection& connection, const FindPrekey& job);
Result run(Connection& connection, const UsePrekey& job);
Result run(Connection& connection, const PutTheirPrekeys& job);
Result run(Connection& connection, const CountTheirPrekeys& job);
Result run(Connection& connection, const TakeTheirPrekey& job);
Result run(Connection& connection, const DropPrekeys& job);
Result run(Connection& connection, const MarkAtRelay& job);

[[nodiscard]] inline tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

/// Undoes what a job of several statements did, unless keep() succeeds.
class Savepoint {
public:
    explicit Savepoint(Connection& connection)
        : connection_(connection), open_(connection.query("SAVEPOINT job").run()) {}
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    ~Savepoint() {
        // A full disk may have undone the transaction, and the savepoint with it.
        if (!open_ || !connection_.in_transaction()) return;
        (void)connection_.query("ROLLBACK TO job").run();
        (void)connection_.query("RELEASE job").run();
    }
    [[nodiscard]] bool opened() const noexcept { return open_; }
    [[nodiscard]] bool keep() {
        if (!connection_.query("RELEASE job").run()) return false;
        open_ = false;
        return true;
    }

private:
    Connection& connection_;
    bool open_;
};

}  // namespace kith::store::jobs
