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
    /// Whose announcement it says it is, each with a share of its own. A key can be named by
    /// whoever has heard it; to come from where its owner was heard takes forging an address as
    /// well.
    enum class Speaker {
        known,  ///< a key heard before, from an address it was heard at
        moved,  ///< a key heard before, from elsewhere
        stranger,
    };
    /// May be verified: floods of strangers, or in the names of others, do not empty the list.
    [[nodiscard]] bool verify(Speaker speaker, ms now);
    [[nodiscard]] bool check_tag(ms now) { return tags_.try_take(now); }
    /// A newcomer there may be answered, by us or by others who draw at the same time.
    [[nodiscard]] bool newcomer(const SocketAddress& from, bool own_machine, ms now);
    [[nodiscard]] bool answer_probe(ms now) { return probes_.try_take(now); }

private:
    TokenBucket all_;
    AddressBuckets addresses_;
    TokenBucket known_;
    TokenBucket moved_;
    TokenBucket strangers_;
    TokenBucket tags_;
    TokenBucket newcomers_;
    AddressBuckets newcomer_addresses_;
    TokenBucket probes_;
};

}  // namespace kith::net
