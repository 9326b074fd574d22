// SPDX-License-Identifier: MIT
//
// Files that wait at a relay of ours: their list, if it was too long for the offer, and what was
// accepted, while who sent them is away. One at a time, a piece at a time: a relay says no more
// than that to somebody who reads slowly. docs/protocol.md, "Files: parcels". Network thread only.
//
//   asked piece -> opened -> ParcelUnpacker -> a receiving run -> the folder
#pragma once

#include "app/node/parcels/parcel_out.hpp"
#include "net/transfer/parcel_unpacker.hpp"

namespace kith::node {

class ParcelIn {
public:
    static constexpr Milliseconds piece_again{5'000};
    static constexpr std::uint32_t tries_max = 20;         ///< of one piece
    static constexpr std::size_t said_ahead = 256 * 1024;  ///< bytes the run has not taken
    static constexpr Milliseconds look_again{1'000};

    explicit ParcelIn(const ParcelPorts& ports) : to_(ports) {}

    Milliseconds tick(Milliseconds now);

    [[nodiscard]] bool has(const net::RunId& run) const { return peer_ && peer_->run() == run; }
    void on_output(const crypto::Bytes& bytes);
    void on_credit(std::uint32_t bytes);
    void on_ended();

private:
    [[nodiscard]] bool may_fetch(const Transfer& transfer) const;
    void begin(Transfer& transfer);
    void begin_run(const model::TransferId& id, const ManifestPtr& manifest);
    /// The piece that is needed now, unless it is asked for already.
    void go_on();
    void ask(std::uint32_t index);
    void answered(std::uint64_t attempt, std::uint32_t index, const net::MailboxReply& reply);
    void opened(const crypto::SecretBytes& plaintext);
    void add_to_list(const crypto::SecretBytes& plaintext);
    void hand_on();
    /// What is there is of no use.
    void useless(const std::string& why);
    void leave(bool failed);

    ParcelPorts to_;
    ParcelPauses pauses_;

    // The one that is being fetched.
    std::uint64_t attempt_ = 0;  ///< answers of earlier ones are late
    bool busy_ = false;
    model::TransferId transfer_;
    model::PeerId from_;
    crypto::RelayAddress relay_;
    crypto::Parcel parcel_;
    bool asked_ = false;
    std::uint32_t tries_ = 0;
    Milliseconds due_{0};
    store::Blob list_;  ///< as far as it is here; at most net::manifest_bytes_max
    std::size_t list_size_ = 0;
    std::optional<RunPeer> peer_;
    std::optional<net::ParcelUnpacker> unpacker_;
};

}  // namespace kith::node
