// SPDX-License-Identifier: MIT
//
// Instances that discover each other on simulated segments. KITH_SIM_SEED replays a run.
#pragma once

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <map>
#include <string>

#include "tests/sim/sim_host.hpp"
#include "tests/sim/sim_segment.hpp"
#include "tests/support/deterministic_random.hpp"

namespace kith::test {

using namespace std::chrono_literals;
using net::Fingerprint;
using net::NearbyPerson;
using net::SocketAddress;

inline std::uint64_t sim_seed() {
    const char* seed = std::getenv("KITH_SIM_SEED");
    return seed == nullptr ? 1 : std::strtoull(seed, nullptr, 10);
}

/// First in a test that is to say how it is replayed.
#define KITH_SHOW_SEED() INFO("replay with KITH_SIM_SEED=" << kith::test::sim_seed())

inline Fingerprint fingerprint_of(std::size_t number) {
    Fingerprint out;
    out.bytes.fill(0xAB);
    out.bytes[0] = static_cast<std::uint8_t>(number >> 8);
    out.bytes[1] = static_cast<std::uint8_t>(number);
    return out;
}

inline crypto::TeamKey team_of(std::uint8_t number) {
    crypto::TeamKey key{};
    key.fill(number);
    return key;
}

inline std::array<std::uint8_t, 32> seed_of(std::size_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed[0] = static_cast<std::uint8_t>(number);
    seed[1] = static_cast<std::uint8_t>(number >> 8);
    return seed;
}

/// What the listener of an instance knows, and how often it was told.
struct Knowledge final : net::DiscoveryListener {
    std::map<Fingerprint, NearbyPerson> people;
    std::map<Fingerprint, std::vector<SocketAddress>> contacts;
    int told = 0, near_told = 0;

    void on_nearby(const NearbyPerson& person) override {
        ++told;
        people[person.peer] = person;
    }
    void on_nearby_gone(const Fingerprint& peer) override {
        ++told;
        CHECK(people.erase(peer) == 1);
    }
    void on_contact_near(const Fingerprint& peer,
                         const std::vector<SocketAddress>& addresses) override {
        ++near_told;
        contacts[peer] = addresses;
    }
    void on_contact_far(const Fingerprint& peer) override { CHECK(contacts.erase(peer) == 1); }
};

/// One instance of Kith: number n signs with its own key, listens at TCP port 4000 + n and runs for
/// the `boot`-th time.
class Instance {
public:
    Instance(sim::SimNetwork& network, std::size_t number, std::uint64_t boot = 1,
             const net::DiscoveryTiming& timing = {},
             std::function<bool(const crypto::OpenedBeacon&)> authentic = {})
        : peer(fingerprint_of(number)),
          clock(network.clock()),
          random(sim_seed() * 1'000'003 + number * 7 + boot),
          signing(seed_of(number)),
          station(network),
          discovery(peer, signing, boot, {clock, random, station, knowledge, std::move(authentic)},
                    timing) {
        self = {"name " + std::to_string(number),
                {static_cast<std::uint8_t>(number)},
                static_cast<std::uint16_t>(4000 + number)};
        discovery.set_self(self);
    }

    /// To be called when the plugs are in.
    void start() { station.attach(&discovery); }
    /// Anything the node may do.
    template <typename Change>
    void change(const Change& what) {
        what(discovery);
        station.settle();
    }
    void stop() {
        discovery.stop();
        station.attach(nullptr);
    }
    [[nodiscard]] bool sees(const Instance& other) const {
        return knowledge.people.contains(other.peer);
    }
    [[nodiscard]] bool is_near(const Instance& contact) const {
        return knowledge.contacts.contains(contact.peer);
    }
    /// The list says what the listener was told.
    [[nodiscard]] bool consistent() const {
        const auto list = discovery.nearby();
        return list.size() == knowledge.people.size() &&
               std::ranges::all_of(list, [&](const NearbyPerson& person) {
                   const auto told = knowledge.people.find(person.peer);
                   return told != knowledge.people.end() && told->second.name == person.name &&
                          told->second.addresses == person.addresses &&
                          told->second.idle == person.idle;
               });
    }

    Fingerprint peer;
    sim::HostClock clock;
    DeterministicRandom random;
    crypto::SigningKey signing;
    Knowledge knowledge;
    sim::SimStation station;
    net::Discovery discovery;
    net::Discovery::Self self;
};

/// As the nodes of two contacts would say it.
inline net::DiscoveryContact contact_of(const Instance& self, const Instance& other,
                                        bool wanted = true) {
    const auto key = crypto::pair_key(crypto::ByteView(self.peer.bytes).first(16),
                                      crypto::ByteView(other.peer.bytes).first(16));
    return {other.peer, key, other.signing.public_key(), wanted};
}

inline void befriend(Instance& a, Instance& b) {
    a.change([&](net::Discovery& discovery) { discovery.set_contacts({contact_of(a, b)}); });
    b.change([&](net::Discovery& discovery) { discovery.set_contacts({contact_of(b, a)}); });
}

}  // namespace kith::test
