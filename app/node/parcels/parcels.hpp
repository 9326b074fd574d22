// SPDX-License-Identifier: MIT
//
// Files that wait at relays: left there for others, fetched from ours, taken away again. Wires the
// three. docs/protocol.md, "Files: parcels". Network thread only.
#pragma once

#include "app/node/parcels/parcel_drop.hpp"
#include "app/node/parcels/parcel_in.hpp"

namespace kith::node {

class Parcels final : public LocalRuns {
public:
    explicit Parcels(const ParcelPorts& ports);
    ~Parcels() override;
    Parcels(const Parcels&) = delete;
    Parcels& operator=(const Parcels&) = delete;

    void session_up(const model::PeerId& peer) { out_.session_up(peer); }
    void session_down(const model::PeerId& peer) { out_.session_down(peer); }
    Milliseconds tick(Milliseconds now);

    // LocalRuns
    void on_local_output(const net::RunId& run, crypto::Bytes bytes) override;
    void on_local_credit(const net::RunId& run, std::uint32_t bytes) override;
    void on_ended(const net::RunId& run, net::RunOutcome outcome, const std::string& text) override;

private:
    Runs& runs_;
    ParcelOut out_;
    ParcelIn in_;
    ParcelDrop drop_;
};

}  // namespace kith::node
