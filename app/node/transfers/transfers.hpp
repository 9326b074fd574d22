// SPDX-License-Identifier: MIT
//
// Files between people, as the node sees them: wires the book of transfers, their lists, offers and
// runs. Network thread only.
#pragma once

#include "app/node/parcels/parcels.hpp"
#include "app/node/transfers/offers.hpp"

namespace kith::node {

class Transfers {
public:
    using Done = Offers::Done;
    /// `files` and `runner` may be null: nothing is offered, accepted or moved then.
    Transfers(Context& context, Outboxes& outboxes, Inbox& inbox, TransferFiles* files,
              net::BulkRunner* runner, std::function<void(model::Message, store::Outgoing)> sent,
              std::function<const model::Settings&()> settings);

    void load(std::vector<store::TransferRow> rows) { book_.load(std::move(rows)); }
    void configure(const model::Settings& settings);
    /// As it is now, where it is known.
    void refresh(model::Message& message);

    // What the user wants.
    void send(const model::PeerId& peer, std::vector<std::string> paths, Done done) {
        offers_.send(peer, std::move(paths), std::move(done));
    }
    void run(const model::ListTransfers& command, const Done& done);
    void run(const model::ListTransferFiles& command, Done done);
    void run(model::AcceptTransfer command, Done done);
    void run(const model::DeclineTransfer& command, Done done);
    void run(const model::PauseTransfer& command, Done done);
    void run(const model::ResumeTransfer& command, Done done);
    void run(const model::CancelTransfer& command, Done done);
    void run(const model::RetryTransfer& command, Done done);
    /// The message that offered it is gone or withdrawn.
    void message_gone(const model::MessageId& message);

    // Sessions of contacts.
    void session_up(const model::PeerId& peer);
    void session_down(const model::PeerId& peer);
    void no_contact(const model::PeerId& peer);
    void drained(const model::PeerId& peer);

    // What contacts say. False: the session is to end.
    template <typename Reliable>
    [[nodiscard]] bool receive(const Person& from, Reliable message) {
        return offers_.received(from, std::move(message));
    }
    void heard(const model::PeerId& from, const net::ManifestRequest& message);
    void heard(const model::PeerId& from, net::ManifestPart message);
    void heard(const model::PeerId& from, const net::FileState& message);
    void heard(const model::PeerId& from, const net::FileRun& message);
    void heard(const model::PeerId& from, const net::FileReady& message);
    void heard(const model::PeerId& from, net::BulkData message);
    void heard(const model::PeerId& from, const net::BulkCredit& message);

    [[nodiscard]] Runs& runs() { return runs_; }
    [[nodiscard]] ParcelPorts parcel_ports(net::MailboxClient& mailbox,
                                           const crypto::Fingerprint& self) {
        return {context_, book_, manifests_, runs_, files_, runner_, mailbox, self};
    }
    Milliseconds tick(Milliseconds now);

private:
    Transfer* known(const model::TransferId& id, const Done& done);
    void listed(Transfer& transfer, const model::ListTransferFiles& command, const Done& done,
                std::optional<FolderRoom> room);
    bool retry(Transfer& transfer);
    [[nodiscard]] Transfer* either(const model::PeerId& from, const net::MessageId& id);

    Context& context_;
    TransferFiles* files_;
    net::BulkRunner* runner_;
    TransferBook book_;
    Manifests manifests_;
    Runs runs_;
    Offers offers_;
};

}  // namespace kith::node
