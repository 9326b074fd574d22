// SPDX-License-Identifier: MIT
//
// Pieces nobody needs any more are taken from the relay: of what is over, by both sides, and of
// what its sender could not leave whole. One at a time. Network thread only.
#pragma once

#include "app/node/parcels/parcel_out.hpp"

namespace kith::node {

class ParcelDrop {
public:
    explicit ParcelDrop(const ParcelPorts& ports) : to_(ports) {}

    /// `busy`: is being left there just now.
    Milliseconds tick(Milliseconds now, const std::function<bool(const model::TransferId&)>& busy);

private:
    [[nodiscard]] static bool needless(const Transfer& transfer);
    void begin(const Transfer& transfer);
    void next();
    void answered(const net::MailboxReply& reply);
    void done(bool gone);

    ParcelPorts to_;
    ParcelPauses pauses_;
    bool working_ = false;
    model::TransferId transfer_;
    model::PeerId peer_;
    crypto::Fingerprint owner_;
    crypto::Bytes token_;
    crypto::RelayAddress relay_;
    crypto::Parcel parcel_;
    std::uint32_t next_ = 0;
};

}  // namespace kith::node
