// SPDX-License-Identifier: MIT
//
// Files for people who are away are left at a relay of theirs, sealed in pieces, before anybody has
// accepted them: the sender need not be there later. One at a time.
//
//   a sending run -> ParcelPacker -> pieces -> MailboxClient::deposit_held -> all durable ->
//   FileWaits in the outbox
//
// docs/protocol.md, "Files: parcels". Network thread only.
#pragma once

#include "app/node/mail/mail_out.hpp"
#include "app/node/parcels/parcel_pauses.hpp"
#include "app/node/parcels/run_peer.hpp"
#include "app/node/transfers/runs.hpp"
#include "net/transfer/parcel_packer.hpp"

namespace kith::node {

/// What the parcels of a node share.
struct ParcelPorts {
    Context& context;
    TransferBook& book;
    Manifests& manifests;
    Runs& runs;
    TransferFiles* files;
    net::BulkRunner* runner;
    net::MailboxClient& mailbox;
    const crypto::Fingerprint self;
};

class ParcelOut {
public:
    static constexpr Milliseconds pause{5'000};        ///< a session may come yet
    static constexpr Milliseconds after_loss{20'000};  ///< or come back
    static constexpr Milliseconds piece_again{5'000};
    static constexpr std::uint32_t tries_max = 20;  ///< of one piece
    static constexpr std::size_t under_way_max = 4;
    static constexpr std::size_t pieces_max = 8;  ///< in memory, before the run may say more

    explicit ParcelOut(const ParcelPorts& ports) : to_(ports) {}

    void session_up(const model::PeerId& peer);
    void session_down(const model::PeerId& peer);
    Milliseconds tick(Milliseconds now);

    [[nodiscard]] bool has(const net::RunId& run) const { return peer_ && peer_->run() == run; }
    /// It is being left there, or is about to be.
    [[nodiscard]] bool works_on(const model::TransferId& id) const {
        return (peer_ || preparing_) && transfer_ == id;
    }
    void on_output(const crypto::Bytes& bytes);
    void on_credit(std::uint32_t bytes);
    void on_ended(net::RunOutcome outcome, const std::string& text);

private:
    struct Waiting {
        crypto::Bytes sealed;
        std::uint32_t tries = 0;
        bool asked = false;
        Milliseconds due{0};
    };
    /// Nothing: not now, or not at all.
    [[nodiscard]] const Person* recipient(const Transfer& transfer) const;
    [[nodiscard]] bool may_leave(const Transfer& transfer) const;
    void prepare(Transfer& transfer);
    void begin(Transfer& transfer, const ManifestPtr& manifest);
    void start(const model::TransferId& id, const ManifestPtr& manifest);
    [[nodiscard]] bool said(crypto::ByteView payload);
    void pump();
    void deposit(std::uint32_t index, Waiting& piece);
    void answered(std::uint64_t attempt, std::uint32_t index, const net::MailboxReply& reply);
    void finish_if_whole();
    void abandon(const std::string& why, bool again);

    ParcelPorts to_;
    ParcelPauses pauses_;
    std::map<model::PeerId, std::size_t> relay_of_;  ///< which of theirs is tried

    // The one that is being left.
    std::uint64_t attempt_ = 0;  ///< answers of earlier ones are late
    bool preparing_ = false;
    model::TransferId transfer_;
    crypto::RelayAddress relay_;
    std::optional<RunPeer> peer_;
    std::optional<net::ParcelPacker> packer_;
    std::map<std::uint32_t, Waiting> pieces_;
    std::uint32_t to_allow_ = 0;
    bool run_over_ = false;
};

}  // namespace kith::node
