// SPDX-License-Identifier: MIT
//
// The other end of a run, where it is on this machine: payloads out of the run's stream, and into
// it as far as the run has given credit. Network thread only.
#pragma once

#include "net/framing.hpp"
#include "net/transfer/bulk_runner.hpp"

namespace kith::node {

class RunPeer {
public:
    using Milliseconds = std::chrono::milliseconds;
    /// The run hears that we are there: it takes a long silence for a lost connection.
    static constexpr Milliseconds alive_every{10'000};

    RunPeer(net::BulkRunner& runner, const net::RunId& run) : runner_(runner), run_(run) {}

    [[nodiscard]] const net::RunId& run() const noexcept { return run_; }
    void say(crypto::ByteView payload, Milliseconds now);
    void credit_came(std::uint32_t bytes, Milliseconds now);
    /// Calls `payload` with each that is whole now, while it says yes. False: it said no, or the
    /// stream is beyond use.
    [[nodiscard]] bool came(crypto::ByteView bytes,
                            const std::function<bool(crypto::ByteView)>& payload);
    /// The run may say so many bytes more.
    void allow(std::uint32_t bytes) { runner_.on_credit(run_, bytes); }
    /// What the run has not taken yet.
    [[nodiscard]] std::size_t waiting() const noexcept { return out_.size() - sent_; }
    /// When to be called next.
    Milliseconds tick(Milliseconds now);

private:
    void pump(Milliseconds now);

    net::BulkRunner& runner_;
    const net::RunId run_;
    net::FrameReader reader_{net::bulk::payload_max};
    crypto::Bytes out_;  ///< bounded by what the user of this says ahead of waiting()
    std::size_t sent_ = 0;
    std::uint64_t credit_ = 0;
    Milliseconds said_at_{0};
};

}  // namespace kith::node
