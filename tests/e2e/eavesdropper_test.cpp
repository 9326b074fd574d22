// SPDX-License-Identifier: MIT
//
// Somebody who hears everything in a segment and has no passphrase: nothing in the discovery of a
// private team comes twice. Compared are the UDP payloads of all datagrams its members' hosts sent,
// without the headers of Ethernet, IP and UDP, which name the hosts; left out is what a router
// would be asked for (UPnP, NAT-PMP), as it is no discovery and no secret of a team.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <iostream>
#include <mutex>
#include <set>

#include "crypto/beacon.hpp"
#include "tests/e2e/capture.hpp"
#include "tests/e2e/hosts.hpp"
#include "tests/e2e/repeated_window.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith::e2e;
namespace crypto = kith::crypto;
using crypto::Bytes;

namespace {

const std::string passphrase = "what an eavesdropper does not know";

bool for_a_router(const UdpDatagram& datagram) {
    constexpr std::uint16_t upnp = 1900, nat_pmp = 5351;
    return datagram.to_port == upnp || datagram.to_port == nat_pmp;
}

/// What the hosts have said, from the capture's thread to the test's.
class Heard {
public:
    void add(const Frame& frame) {
        if (frame.interface == "segment") return;  // once more what the cables have brought
        auto datagram = udp_datagram(frame);
        if (!datagram || for_a_router(*datagram)) return;
        const std::lock_guard lock(mutex_);
        if (all_.size() >= datagrams_max) return;
        all_.push_back(std::move(*datagram));
        changed_.notify_all();
    }
    [[nodiscard]] std::vector<UdpDatagram> all() const {
        const std::lock_guard lock(mutex_);
        return all_;
    }
    [[nodiscard]] bool full() const { return all().size() == datagrams_max; }
    /// Looks after each datagram; false: in vain.
    template <typename Condition>
    [[nodiscard]] bool wait_until(Condition holds) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, patience, [&] { return holds(all_); });
    }

private:
    static constexpr std::size_t datagrams_max = 20'000;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<UdpDatagram> all_;
};

/// What a member of the team makes of it.
struct Understood {
    /// host -> run of its program (by the boot number) -> beacons
    std::map<std::string, std::map<std::uint64_t, std::size_t>> beacons;
    std::map<std::string, std::size_t> tags;  ///< or anything else that is no beacon of the team
    std::vector<Bytes> contents;              ///< of the beacons, opened
};

Understood understood(const std::vector<UdpDatagram>& all, const crypto::TeamKey& team) {
    Understood result;
    for (const auto& datagram : all) {
        const auto opened = crypto::open_beacon(datagram.payload, team);
        if (opened && opened->authentic()) {
            ++result.beacons[datagram.host][opened->beacon.boot];
            result.contents.push_back(opened->signed_part);
        } else {
            ++result.tags[datagram.host];
        }
    }
    return result;
}

/// Four quick announcements, each by IPv4 broadcast, IPv4 multicast and IPv6 multicast.
constexpr std::size_t beacons_of_a_start = 12;

/// Runs of this host's program of which enough was heard.
std::size_t runs_heard(const Understood& what, const std::string& host) {
    const auto found = what.beacons.find(host);
    if (found == what.beacons.end()) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(
        found->second, [](const auto& run) { return run.second >= beacons_of_a_start; }));
}

void wait_until_nearby(Instance& who, Instance& whom) {
    who.wait_until("somebody nearby", [&] {
        const Json entry = who.peer(whom.fingerprint());
        return entry.is_object() && entry.at("nearby") == true;
    });
}

std::vector<Bytes> payloads_of(const std::vector<UdpDatagram>& all) {
    std::vector<Bytes> payloads;
    payloads.reserve(all.size());
    for (const auto& datagram : all) payloads.push_back(datagram.payload);
    return payloads;
}

}  // namespace

TEST_CASE("eight bytes that come twice are found wherever they are") {
    kith::test::DeterministicRandom random(20'261'121);
    std::vector<Bytes> payloads(200, Bytes(crypto::beacon_size));
    for (auto& payload : payloads) random.fill(payload);
    CHECK_FALSE(repeated_window(payloads));
    const auto copy = [&payloads](std::size_t from, std::size_t from_at, std::size_t to,
                                  std::size_t to_at, std::size_t size) {
        std::copy_n(payloads[from].begin() + static_cast<std::ptrdiff_t>(from_at), size,
                    payloads[to].begin() + static_cast<std::ptrdiff_t>(to_at));
    };
    SECTION("seven are not eight") {
        copy(3, 100, 150, 17, 7);
        CHECK_FALSE(repeated_window(payloads));
    }
    SECTION("in two datagrams, at different places, up to the last byte") {
        copy(3, 100, 150, crypto::beacon_size - 8, 8);
        const auto found = repeated_window(payloads);
        REQUIRE(found);
        CHECK(found->first == Place{3, 100});
        CHECK(found->again == Place{150, crypto::beacon_size - 8});
    }
    SECTION("within one datagram") {
        copy(7, 0, 7, 9, 8);
        const auto found = repeated_window(payloads);
        REQUIRE(found);
        CHECK(found->first == Place{7, 0});
        CHECK(found->again == Place{7, 9});
    }
    SECTION("a datagram that is sent twice") {
        payloads.push_back(payloads.front());
        CHECK(repeated_window(payloads));
    }
}

TEST_CASE("an eavesdropper finds no eight bytes twice in what a private team says, run after run") {
    const Hosts hosts({"alice", "bob"});
    REQUIRE_HOSTS(hosts);
    const auto team = crypto::derive_team_key(passphrase).value();
    Instance alice(at(hosts.at("alice"), "Alice")), bob(at(hosts.at("bob"), "Bob"));
    for (Instance* one : {&alice, &bob}) {
        one->ask({{"cmd", "set_team"}, {"passphrase", passphrase}});
        CHECK(one->quit() == 0);
    }

    Heard heard;
    Capture capture(hosts.bridge(), [&heard](const Frame& frame) { heard.add(frame); });
    const auto hear_runs = [&](std::size_t runs) {
        wait_until_nearby(alice, bob);
        wait_until_nearby(bob, alice);
        REQUIRE(heard.wait_until([&](const auto& all) {
            const auto what = understood(all, team);
            return runs_heard(what, "alice") >= runs && runs_heard(what, "bob") >= runs;
        }));
    };
    alice.start();
    bob.start();
    hear_runs(1);
    // Ended as it should be, with a goodbye; and not.
    CHECK(alice.quit() == 0);
    bob.kill();
    alice.start();
    bob.start();
    hear_runs(2);
    // Contacts are called by tags besides, as long as they do not answer.
    befriend(alice, bob);
    CHECK(bob.quit() == 0);
    alice.restart();
    REQUIRE(heard.wait_until([&](const auto& all) {
        return understood(all, team).tags["alice"] >= beacons_of_a_start;
    }));
    bob.start();
    wait_until_online(alice, bob);
    hear_runs(3);

    CHECK(capture.stop() == 0);
    REQUIRE_FALSE(heard.full());
    const auto all = heard.all();
    for (const auto& datagram : all) {
        INFO(datagram.host << " " << datagram.from_port << " -> " << datagram.to_port);
        CHECK(datagram.payload.size() == crypto::beacon_size);
    }
    const auto payloads = payloads_of(all);
    const auto repeated = repeated_window(payloads);
    if (repeated) {
        FAIL("8 bytes of datagram "
             << repeated->first.payload << " (" << all[repeated->first.payload].host << ") at "
             << repeated->first.offset << " are in " << repeated->again.payload << " ("
             << all[repeated->again.payload].host << ") at " << repeated->again.offset);
    }
    // Whoever has the passphrase finds them at once.
    auto what = understood(all, team);
    CHECK(repeated_window(what.contents));
    std::cout << all.size() << " datagrams heard, " << what.contents.size() << " beacons in "
              << what.beacons["alice"].size() << " and " << what.beacons["bob"].size() << " runs, "
              << what.tags["alice"] << " and " << what.tags["bob"] << " with tags\n";
}
