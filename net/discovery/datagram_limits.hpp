// SPDX-License-Identifier: MIT
//
// How much of what comes in is looked at, and how closely: each step is dearer than the one before.
// Internal to net/discovery. Network thread.
#pragma once

#include "net/discovery/timing.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

class DatagramLimits {
public:
    using ms = std::chrono::milliseconds;
    explicit DatagramLimits(ms now);

    /// May be opened: the rate of all and of that address. Instances of this machine count only
    /// among all.
    [[nodiscard]] bool admit(const SocketAddress& from, bool own_machine, ms now);
    /// May be verified. Keys that were heard before have a share of their own, so that a flood of
    /// strangers does not empty the list.
    [[nodiscard]] bool verify(bool known, ms now);
    [[nodiscard]] bool check_tag(ms now) { return tags_.try_take(now); }
    [[nodiscard]] bool answer(ms now) { return answers_.try_take(now); }
    [[nodiscard]] bool answer_probe(ms now) { return probes_.try_take(now); }

private:
    TokenBucket all_;
    AddressBuckets addresses_;
    TokenBucket known_;
    TokenBucket strangers_;
    TokenBucket tags_;
    TokenBucket answers_;
    TokenBucket probes_;
};

}  // namespace kith::net
