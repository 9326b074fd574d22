// SPDX-License-Identifier: MIT
//
// Moves the bytes of runs inside simulated sessions: no threads, no sockets, the network's time.
#pragma once

#include "net/transfer/bulk_runner.hpp"
#include "tests/sim/sim_network.hpp"

namespace kith::sim {

class SimRunner final : public net::BulkRunner {
public:
    explicit SimRunner(SimNetwork& network) : network_(network) {}

    /// The process is gone.
    void crash();
    std::function<void()> wake;
    net::BulkRates rates;
    std::size_t started = 0;
    std::size_t refused = 0;  ///< above runs_max

    void set_listener(net::BulkRunListener* listener) override { listener_ = listener; }
    [[nodiscard]] std::size_t running() const override { return runs_.size(); }
    void start(const net::RunId& run, net::BulkPath path, net::MakeBulkJob make) override;
    void stop(const net::RunId& run) override;
    void set_rates(const net::BulkRates& wanted) override { rates = wanted; }
    bool on_input(const net::RunId& run, crypto::Bytes bytes) override;
    void on_credit(const net::RunId& run, std::uint32_t bytes) override;
    void on_run_sent(const net::RunId& run, std::size_t bytes) override;

private:
    struct Run {
        std::unique_ptr<net::BulkJob> job;
        crypto::Bytes in;
        crypto::Bytes out;
        std::size_t credit = 0;   ///< what we may say
        std::size_t granted = 0;  ///< what they may say
        std::size_t unsent = 0;
        bool stopped = false;
        std::string broken;
    };
    void work_later(const net::RunId& run, milliseconds delay = milliseconds{0});
    void work(const net::RunId& run);
    void take_in(Run& run);
    void speak(const net::RunId& id, Run& run);
    void end(const net::RunId& id, net::RunOutcome outcome, const std::string& text);

    SimNetwork& network_;
    net::BulkRunListener* listener_ = nullptr;
    std::map<net::RunId, Run> runs_;
    std::uint64_t incarnation_ = 0;
};

}  // namespace kith::sim
