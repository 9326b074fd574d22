// SPDX-License-Identifier: MIT
//
// Who is let in at a relay: counts of connections, per address and in all. Those that have not
// shown yet what they are for are kept in order of age; when there are too many, the oldest one
// makes room, of the address that has most of them, so that a flood displaces itself.
// Internal to net/; network thread only.
#pragma once

#include <list>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>

#include "net/token_bucket.hpp"

namespace kith::net {

struct DoorLimits {
    std::size_t links_max = 1'000'000;     ///< in all: as many as there are descriptors
    std::size_t links_per_address = 2048;  ///< many people may share one address
    std::size_t handshakes_max = 1024;     ///< at a time: 8 KiB each
    std::size_t handshakes_per_address = 256;
    double accepts_per_second = 200;  ///< of one address; its circuits come in here, too
    double accept_burst = 400;
    std::size_t addresses_remembered = 8192;  ///< of which the rate is known
};

class RelayDoor {
public:
    explicit RelayDoor(const DoorLimits& limits)
        : limits_(limits),
          rates_(limits.accepts_per_second, limits.accept_burst, limits.addresses_remembered) {}

    struct Verdict {
        bool accept = false;
        std::optional<LinkId> evict;  ///< has to go to make room
    };
    /// An accepted link is counted from here until on_gone().
    [[nodiscard]] Verdict on_accepted(LinkId link, const SocketAddress& from,
                                      std::chrono::milliseconds now);
    /// It is a client, or the end of a circuit.
    void on_settled(LinkId link);
    void on_gone(LinkId link);
    /// The oldest that is not settled of the address that has most of them, should room be needed
    /// for another reason.
    [[nodiscard]] std::optional<LinkId> oldest() const;

    [[nodiscard]] std::size_t links() const noexcept { return links_.size(); }
    [[nodiscard]] std::size_t unsettled() const noexcept { return order_.size(); }

private:
    using Order = std::list<LinkId>;  // oldest first
    struct Address {
        std::size_t links = 0;
        Order unsettled;
    };
    using Addresses = std::map<std::string, Address>;  // ordered: strangers choose their addresses
    using Crowds = std::set<std::pair<std::size_t, std::string>>;
    struct Place {
        Addresses::iterator address;
        bool settled = false;
        Order::iterator in_all, in_address;
    };

    /// One that is not settled came to, or went from this address.
    void recount(Addresses::iterator address, std::size_t before);

    const DoorLimits limits_;
    AddressBuckets rates_;
    Addresses addresses_;
    Crowds crowds_;  // addresses by how many are not settled, the others not
    std::unordered_map<LinkId, Place> links_;
    Order order_;  // of those that are not settled
};

}  // namespace kith::net
