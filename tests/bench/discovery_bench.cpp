// SPDX-License-Identifier: MIT
//
// What discovery costs: hostile datagrams at 1,000 a second of simulated time, and what a segment
// of 500 instances costs each of them and the network. Time is the processor's, of this thread.
#include <ctime>
#include <stdexcept>
#include <unordered_map>

#include "crypto/aead.hpp"
#include "crypto/kdf.hpp"
#include "net/discovery/discovery.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/report.hpp"
#include "tests/sim/sim_segment.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/forged_beacon.hpp"

namespace kith::bench {
namespace {

using namespace crypto;
using namespace std::chrono_literals;
using net::SocketAddress;

constexpr std::size_t per_second = 1000;
constexpr std::size_t flood_seconds = 20;

Seconds processor_time() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

template <typename Work>
Seconds each(int count, const Work& work) {
    const auto start = processor_time();
    for (int i = 0; i < count; ++i) work();
    return (processor_time() - start) / count;
}

Fingerprint fingerprint_of(std::size_t number) {
    Fingerprint out;
    out.bytes.fill(0xCD);
    for (std::size_t i = 0; i < 4; ++i) out.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return out;
}

Beacon beacon_of(std::size_t number, std::uint32_t sequence, std::int64_t now) {
    Beacon beacon;
    beacon.fingerprint = fingerprint_of(number);
    beacon.tcp_port = 4711;
    beacon.boot = 1;
    beacon.sequence = sequence;
    beacon.sent_at = now;
    beacon.interval_ms = 4000;
    beacon.name = "somebody";
    return beacon;
}

class Nobody final : public net::DiscoveryListener {
    void on_nearby(const net::NearbyPerson& /*person*/) override {}
    void on_nearby_gone(const Fingerprint& /*peer*/) override {}
    void on_contact_near(const Fingerprint& /*peer*/,
                         const std::vector<SocketAddress>& /*addresses*/) override {}
    void on_contact_far(const Fingerprint& /*peer*/) override {}
};

/// One instance, and somebody hostile who sends from as many addresses as they like.
class Flood {
public:
    explicit Flood(std::size_t contacts) {
        std::vector<net::DiscoveryContact> all(contacts);
        for (std::size_t i = 0; i < contacts; ++i) {
            all[i].peer = fingerprint_of(1'000'000 + i);
            random_.fill(all[i].key);
        }
        discovery_.set_contacts(std::move(all));
        discovery_.set_self({"me", {}, 4000});
        station_.plug(segment_, 2, 1);
        discovery_.set_interfaces({{"eth0", 2, false, {{{10, 0, 0, 1}, 0, 0}}, {}}});
        (void)discovery_.tick();
    }

    /// Share of a core; `make` gives the datagram of that number.
    template <typename Make>
    double run(const Make& make) {
        std::vector<Bytes> second(per_second);
        Seconds spent{0};
        for (std::size_t at = 0; at < flood_seconds; ++at) {
            const auto now = network_.clock().wall().count();
            for (std::size_t i = 0; i < per_second; ++i) second[i] = make(at * per_second + i, now);
            for (std::size_t i = 0; i < per_second; ++i) {
                const SocketAddress from{
                    {10, 9, static_cast<std::uint8_t>(i / 250), static_cast<std::uint8_t>(i % 250)},
                    6666,
                    0};
                const auto start = processor_time();
                discovery_.on_datagram(2, from, second[i]);
                (void)discovery_.tick();
                spent += processor_time() - start;
                network_.run_for(1ms);
            }
        }
        return spent.count() / static_cast<double>(flood_seconds);
    }
    RandomSource& random() { return random_; }
    const SigningKey& key() const { return key_; }

private:
    sim::SimNetwork network_{1};
    sim::SimSegment segment_{network_, {10, 0, 0}};
    sim::SimStation station_{network_};
    test::DeterministicRandom random_{1};
    Nobody nobody_;
    SigningKey own_{Bytes(32, 1)};
    SigningKey key_{Bytes(32, 2)};
    net::Discovery discovery_{
        fingerprint_of(0), own_, 1, {network_.clock(), random_, station_, nobody_}, {}};
};

template <std::size_t N>
Bytes bytes_of(const std::array<std::uint8_t, N>& array) {
    return {array.begin(), array.end()};
}

std::string percent(double share) { return as_ratio(100 * share) + " %"; }

double flood(std::size_t contacts, const std::string& kind) {
    Flood scene(contacts);
    const TeamKey& team = local_team_key();
    const SigningKey other{Bytes(32, 3)};
    constexpr std::size_t listed = 200;
    Bytes recorded;
    const auto make = [&](std::size_t number, std::int64_t now) {
        const auto sequence = static_cast<std::uint32_t>(number + 1);
        if (kind == "strangers")
            return bytes_of(
                seal_beacon(beacon_of(number + 1, 1, now), team, scene.key(), scene.random()));
        if (kind == "bad signatures")
            return test::forged_beacon(beacon_of(number + 1, sequence, now), team,
                                       other.public_key(), scene.key(), scene.random());
        if (kind == "bad signatures of listed people" && number >= per_second)
            return test::forged_beacon(beacon_of(1 + number % listed, sequence, now), team,
                                       scene.key().public_key(), other, scene.random());
        if (kind == "bad signatures of listed people") {
            Beacon beacon = beacon_of(1 + number % listed, sequence, now);
            beacon.interval_ms = 60'000;
            return bytes_of(seal_beacon(beacon, team, scene.key(), scene.random()));
        }
        if (kind == "replays") {
            if (recorded.empty())
                recorded =
                    bytes_of(seal_beacon(beacon_of(1, 1, now), team, scene.key(), scene.random()));
            return recorded;
        }
        Bytes noise(beacon_size);
        scene.random().fill(noise);
        return noise;
    };
    return scene.run(make);
}

struct Yardsticks {
    Seconds verify;
    Seconds open;
};

Yardsticks yardsticks() {
    test::DeterministicRandom random(1);
    const SigningKey key{Bytes(32, 2)};
    const auto datagram = seal_beacon(beacon_of(1, 1, 0), local_team_key(), key, random);
    const auto opened = open_beacon(datagram, local_team_key());
    if (!opened || !opened->authentic()) throw std::runtime_error("no beacon");
    const Bytes secret(32, 1);
    const Bytes sealed = aead_seal(secret, Nonce{}, {}, Bytes(248));
    return {each(2000, [&] { (void)opened->authentic(); }),
            each(20'000, [&] { (void)aead_open(secret, Nonce{}, {}, sealed); })};
}

void floods(const Yardsticks& yard) {
    Table table;
    for (const std::size_t contacts : {0, 1000}) {
        for (const char* kind : {"noise", "bad signatures", "bad signatures of listed people",
                                 "replays", "strangers"}) {
            const double share = flood(contacts, kind);
            table.push_back({std::string(kind) + ", " + std::to_string(contacts) + " contacts",
                             percent(share) + " of a core",
                             "1,000 AES-256-GCM of 248 bytes: " + percent(yard.open.count() * 1000),
                             as_ratio(share / (yard.open.count() * 1000))});
        }
    }
    print("Discovery: 1,000 hostile datagrams a second from 1,000 addresses", table);
}

void steps(const Yardsticks& yard) {
    test::DeterministicRandom random(1);
    const SigningKey key{Bytes(32, 2)};
    const auto datagram = seal_beacon(beacon_of(1, 1, 0), local_team_key(), key, random);
    const PairKey pair{};
    const auto open = each(20'000, [&] { (void)open_beacon(datagram, local_team_key()); });
    const auto seal =
        each(2000, [&] { (void)seal_beacon(beacon_of(1, 1, 0), local_team_key(), key, random); });
    const auto tag = each(20'000, [&] { (void)find_tag(datagram, pair, fingerprint_of(1), 0); });
    print("Discovery: one datagram",
          {{"opened under a team's key", as_time(open), "AES-256-GCM: " + as_time(yard.open),
            as_ratio(open / yard.open)},
           {"signature checked", as_time(yard.verify), "", ""},
           {"sealed and signed", as_time(seal), "Ed25519 check: " + as_time(yard.verify),
            as_ratio(seal / yard.verify)},
           {"looked through for one contact's tag", as_time(tag), "", ""}});
}

/// 499 others as one instance hears them: three datagrams each, every 15 s.
void many(const Yardsticks& yard) {
    constexpr std::size_t others = 499, datagrams = 3 * others, interval_s = 15;
    Flood scene(0);
    std::uint32_t sequence = 0;
    const auto make = [&](std::size_t number, std::int64_t now) {
        if (number % per_second >= datagrams / interval_s) return Bytes();  // nothing then
        ++sequence;
        Beacon beacon = beacon_of(1 + sequence % others, sequence, now);
        beacon.interval_ms = interval_s * 1000;
        return bytes_of(seal_beacon(beacon, local_team_key(), scene.key(), scene.random()));
    };
    const double share = scene.run(make);
    const double checks = yard.verify.count() * static_cast<double>(datagrams) / interval_s;
    print("Discovery: 500 instances on one segment",
          {{"one instance listens to the others", percent(share) + " of a core",
            "99.8 Ed25519 checks a second: " + percent(checks), as_ratio(share / checks)}});
}

}  // namespace

void discovery_bench() {
    const Yardsticks yard = yardsticks();
    steps(yard);
    floods(yard);
    many(yard);
}

}  // namespace kith::bench
