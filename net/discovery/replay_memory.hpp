// SPDX-License-Identifier: MIT
//
// Which announcements were heard already. Each datagram has a number of its own and counts once;
// numbers may arrive out of order within a window, as interfaces differ in speed (as in RFC 4303,
// section 3.4.3). Internal to net/discovery.
#pragma once

#include <chrono>
#include <list>
#include <map>

#include "crypto/beacon.hpp"

namespace kith::net {

/// A signer counts, not only the name it uses: nobody spoils the numbers of somebody else.
struct Sender {
    crypto::Fingerprint peer;
    crypto::SignerKey signer{};
    auto operator<=>(const Sender&) const = default;
};

class ReplayMemory {
public:
    using ms = std::chrono::milliseconds;
    /// `senders_max` are remembered, the one silent for longest is forgotten first. `forget_after`:
    /// recordings of then are refused for their age.
    ReplayMemory(std::size_t senders_max, ms forget_after)
        : senders_max_(senders_max), forget_after_(forget_after) {}

    [[nodiscard]] bool is_new(const Sender& sender, std::uint64_t boot, std::uint32_t sequence,
                              ms now) const;
    /// Only what is proven, and was new. `last`: nothing in front of it is new any more.
    void remember(const Sender& sender, std::uint64_t boot, std::uint32_t sequence, bool last,
                  ms now);
    [[nodiscard]] std::size_t size() const noexcept { return senders_.size(); }

private:
    struct Entry {
        Sender sender;
        std::uint64_t boot = 0;
        std::uint32_t newest = 0;
        std::uint64_t seen = 0;  ///< bit i: number newest - i
        ms heard{0};
    };
    using Order = std::list<Entry>;  // most recent first

    std::size_t senders_max_;
    ms forget_after_;
    Order order_;
    std::map<Sender, Order::iterator> senders_;
};

}  // namespace kith::net
