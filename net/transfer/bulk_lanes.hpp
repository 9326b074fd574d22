// SPDX-License-Identifier: MIT
//
// The BulkRunner of the program: each run has a thread, which reads, seals and sends, or receives,
// opens and writes; the network thread only hears of it.
//
// stop() takes effect within 200 ms as far as the connection goes; on_run_ended waits for what the
// disk is doing just then. Destroying it stops all runs without a word to the listener.
#pragma once

#include <map>

#include "net/reactor.hpp"
#include "net/thread_affinity.hpp"
#include "net/transfer/bulk_lane.hpp"

namespace kith::net {

class BulkLanes final : public BulkRunner {
public:
    /// `clock` is asked on all threads. All of it outlives the lanes. On the reactor's thread, or
    /// before it starts; so the destructor.
    BulkLanes(Reactor& reactor, const Clock& clock, const BulkTiming& timing = {},
              const crypto::RekeyLimits& rekey = {});
    ~BulkLanes() override;
    BulkLanes(const BulkLanes&) = delete;
    BulkLanes& operator=(const BulkLanes&) = delete;

    void set_listener(BulkRunListener* listener) override;
    [[nodiscard]] std::size_t running() const override { return lanes_.size(); }
    /// Above runs_max, or when this run is there already, it ends as failed.
    void start(const RunId& run, BulkPath path, MakeBulkJob make) override;
    void stop(const RunId& run) override;
    void set_rates(const BulkRates& rates) override;
    bool on_input(const RunId& run, crypto::Bytes bytes) override;
    void on_credit(const RunId& run, std::uint32_t bytes) override;
    void on_run_sent(const RunId& run, std::size_t bytes) override;

private:
    void deliver();
    void deliver(const RunId& run, BulkLane::Mail mail);
    [[nodiscard]] SessionPipe* in_session(const RunId& run) const;

    Reactor& reactor_;
    Reactor::HandlerId handler_;
    BulkRunListener* listener_ = nullptr;
    SharedRates rates_;
    BulkLane::Shared shared_;
    std::map<RunId, std::unique_ptr<BulkLane>> lanes_;
    std::vector<RunId> refused_;
    ThreadAffinity affinity_;
};

}  // namespace kith::net
