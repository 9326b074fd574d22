// SPDX-License-Identifier: MIT
//
// Datagrams of somebody hostile in the same network: forged, replayed, damaged, too many. Nothing
// they say changes what is known of others.
#include "tests/net/discovery/world.hpp"
#include "tests/support/forged_beacon.hpp"

using namespace kith;
using namespace kith::test;
using sim::SimNetwork;
using sim::SimSegment;

namespace {

/// Alice knows Bob; Mallory hears everything and may send from any address.
struct Scene {
    SimNetwork network{sim_seed()};
    SimSegment segment{network, {10, 0, 1}};
    Instance alice{network, 1};
    Instance bob{network, 2};
    std::vector<std::pair<SocketAddress, crypto::Bytes>> capture;
    DeterministicRandom random{sim_seed() + 99};
    crypto::SigningKey mallory{seed_of(666)};
    std::uint32_t sequence = 0;

    Scene() {
        alice.station.plug(segment, 2, 1);
        bob.station.plug(segment, 2, 2);
        segment.eavesdropper = [&](const SocketAddress& from, crypto::ByteView datagram) {
            capture.emplace_back(from, crypto::Bytes(datagram.begin(), datagram.end()));
        };
        alice.start();
        bob.start();
        network.run_for(3s);
        REQUIRE(alice.sees(bob));
    }
    [[nodiscard]] static SocketAddress evil(std::size_t i = 0) {
        return {{10, 0, static_cast<std::uint8_t>(100 + i / 250),
                 static_cast<std::uint8_t>(1 + i % 250)},
                6666,
                0};
    }
    /// As Mallory can make it: the key of everybody is known.
    [[nodiscard]] crypto::Beacon beacon(std::size_t number) {
        crypto::Beacon out;
        out.fingerprint = fingerprint_of(number);
        out.tcp_port = 666;
        out.boot = 1;
        out.sequence = ++sequence;
        out.sent_at = network.clock().wall().count();
        out.interval_ms = 4000;
        out.name = "mallory";
        return out;
    }
    void send(const crypto::Beacon& what, const SocketAddress& from = evil()) {
        segment.inject(from, seal_beacon(what, crypto::local_team_key(), mallory, random));
        network.run_for(5ms);
    }
    [[nodiscard]] std::vector<NearbyPerson> list() const { return alice.discovery.nearby(); }
    /// Nothing of what is known of Bob has changed.
    void check_unchanged(const NearbyPerson& before) const {
        REQUIRE(alice.sees(bob));
        const NearbyPerson& now = alice.knowledge.people.at(bob.peer);
        CHECK(now.name == before.name);
        CHECK(now.addresses == before.addresses);
        CHECK(now.token == before.token);
        CHECK_FALSE(now.idle);
        CHECK(alice.consistent());
    }
    [[nodiscard]] NearbyPerson known() const { return alice.knowledge.people.at(bob.peer); }
    [[nodiscard]] const net::DiscoveryStats& stats() const { return alice.discovery.stats(); }
};

}  // namespace

TEST_CASE("attack: what is captured and sent again changes nothing, wherever it comes from") {
    KITH_SHOW_SEED();
    Scene scene;
    const auto before = scene.known();
    const auto capture = scene.capture;
    const auto heard = scene.stats().heard;
    const int told = scene.alice.knowledge.told;
    scene.bob.station.attach(nullptr);
    for (const auto& [from, datagram] : capture) {
        scene.segment.inject(Scene::evil(), datagram);
        scene.segment.inject(from, datagram);
        scene.network.run_for(5ms);
    }
    CHECK(scene.stats().heard == heard);
    CHECK(scene.stats().replayed > 10);
    CHECK(scene.alice.knowledge.told == told);
    scene.check_unchanged(before);
    // Nor does it keep somebody in the list who has gone, hours later.
    for (int i = 0; i < 30; ++i) {
        scene.network.run_for(100s);
        for (const auto& [from, datagram] : capture) scene.segment.inject(from, datagram);
    }
    scene.network.run_for(1s);
    CHECK_FALSE(scene.alice.sees(scene.bob));
    CHECK(scene.stats().heard == heard);
    CHECK(scene.stats().skewed > 0);
}

TEST_CASE("attack: a name is pinned to its key while it is listed") {
    KITH_SHOW_SEED();
    Scene scene;
    const auto before = scene.known();
    auto forged = scene.beacon(2);
    forged.boot = ~0ULL;
    scene.send(forged);
    forged.kind = crypto::BeaconKind::goodbye;
    ++forged.sequence;
    scene.send(forged);
    scene.check_unchanged(before);
    CHECK(scene.stats().forged == 2);
    // The numbers under another key are not Bob's: he is heard as before.
    const auto heard = scene.stats().heard;
    scene.network.run_for(10s);
    CHECK(scene.stats().heard > heard);
}

TEST_CASE("attack: an answer to somebody else is not heard by others") {
    KITH_SHOW_SEED();
    Scene scene;
    const auto before = scene.known();
    scene.capture.clear();
    Instance carol(scene.network, 3);
    carol.station.plug(scene.segment, 2, 3);
    carol.start();
    scene.network.run_for(600ms);
    std::size_t answers = 0;
    const auto capture = scene.capture;
    const auto heard = scene.stats().heard;
    for (const auto& [from, datagram] : capture) {
        const auto opened = crypto::open_beacon(datagram, crypto::local_team_key());
        if (opened->beacon.fingerprint != scene.bob.peer || opened->beacon.asks) continue;
        ++answers;
        scene.segment.inject(Scene::evil(), datagram);
    }
    scene.network.run_for(5ms);
    CHECK(answers > 0);
    CHECK(scene.stats().heard == heard);
    scene.check_unchanged(before);
}

namespace {

/// Who are there for long, in one segment; what they say to one alone is counted.
struct Crowd {
    SimNetwork network{sim_seed()};
    SimSegment segment{network, {10, 0, 1}};
    std::vector<std::unique_ptr<Instance>> all;
    std::size_t answers = 0;

    explicit Crowd(std::size_t size) {
        for (std::size_t i = 0; i < size; ++i) {
            // Nobody's signature is wrong here, and checking them is what would take time.
            all.push_back(std::make_unique<Instance>(network, i, 1, net::DiscoveryTiming{},
                                                     [](const auto&) { return true; }));
            all.back()->station.plug(segment, 2, static_cast<std::uint16_t>(i + 1));
            all.back()->start();
        }
        network.run_for(6s);
        segment.eavesdropper = [this](const SocketAddress&, crypto::ByteView datagram) {
            const auto opened = crypto::open_beacon(datagram, crypto::local_team_key());
            const auto everybody = decltype(opened->beacon.echo){};
            if (opened && opened->beacon.echo != everybody) ++answers;
        };
    }
};

}  // namespace

TEST_CASE("attack: who names an address draws little to it, however many they say have come") {
    KITH_SHOW_SEED();
    Crowd crowd(30);
    const crypto::SigningKey mallory{seed_of(666)};
    DeterministicRandom random{sim_seed() + 99};
    crypto::Beacon lie;
    lie.tcp_port = 666;
    lie.boot = lie.sequence = 1;
    lie.interval_ms = 4000;
    lie.asks = true;
    for (std::size_t i = 0; i < 100; ++i) {  // for ten seconds
        lie.fingerprint = fingerprint_of(20'000 + i);
        lie.sent_at = crowd.network.clock().wall().count();
        crowd.segment.inject({{10, 0, 1, 200}, 53, 0},
                             seal_beacon(lie, crypto::local_team_key(), mallory, random));
        crowd.network.run_for(100ms);
    }
    // Six at once and one every two seconds are answered, each by all of the thirty.
    CHECK(crowd.answers > 100);
    CHECK(crowd.answers <= 30 * (6 + 5 + 1));
}

TEST_CASE("attack: a newcomer in a crowd is answered by some, not by all and not again and again") {
    KITH_SHOW_SEED();
    Crowd crowd(100);
    Instance newcomer(crowd.network, 1000);
    newcomer.station.plug(crowd.segment, 2, 500);
    newcomer.start();
    crowd.network.run_for(2s);
    CHECK(crowd.answers > 50);
    CHECK(crowd.answers < 200);  // 50 for each of three, by chance
}

TEST_CASE("attack: what is not proven leaves no trace") {
    KITH_SHOW_SEED();
    Scene scene;
    bool refuse = true;
    Instance carol(scene.network, 3, 1, {}, [&](const crypto::OpenedBeacon& opened) {
        return !refuse && opened.authentic();
    });
    carol.station.plug(scene.segment, 2, 3);
    carol.start();
    scene.network.run_for(5s);
    CHECK(carol.knowledge.people.empty());
    CHECK(carol.discovery.stats().heard == 0);
    CHECK(carol.discovery.stats().forged > 0);
    CHECK(carol.discovery.stats().replayed == 0);
    refuse = false;
    CHECK(scene.network.run_until([&] { return carol.sees(scene.bob); }, 5s));
}

TEST_CASE("attack: the key of somebody known with a signature that is not theirs") {
    KITH_SHOW_SEED();
    Scene scene;
    const auto before = scene.known();
    const auto forged = scene.stats().forged;
    const auto heard = scene.stats().heard;
    scene.bob.station.attach(nullptr);
    auto lie = scene.beacon(2);
    lie.name = "not bob";
    lie.boot = 1;
    for (std::uint32_t i = 0; i < 200; ++i) {
        lie.sequence = 5000 + i;
        scene.segment.inject(Scene::evil(i), forged_beacon(lie, crypto::local_team_key(),
                                                           scene.bob.signing.public_key(),
                                                           scene.mallory, scene.random));
        scene.network.run_for(2ms);
    }
    CHECK(scene.stats().heard == heard);
    CHECK(scene.stats().forged >= forged + net::limits::verifications_person_burst);
    CHECK(scene.stats().dropped > 100);  // checked only at the rate of one person
    scene.check_unchanged(before);
}

TEST_CASE("attack: damaged, cut, lengthened and foreign datagrams change nothing") {
    KITH_SHOW_SEED();
    Scene scene;
    const auto before = scene.known();
    const auto heard = scene.stats().heard;
    const int told = scene.alice.knowledge.told;
    scene.bob.station.attach(nullptr);
    const crypto::Bytes original = scene.capture.back().second;
    for (std::size_t i = 0; i < original.size(); i += 7) {
        auto damaged = original;
        damaged[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
        scene.segment.inject(Scene::evil(i), damaged);
    }
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{24}, original.size() - 1, original.size() + 1,
          std::size_t{1472}, std::size_t{65'507}}) {
        auto other = original;
        other.resize(size, 0x41);
        scene.segment.inject(Scene::evil(size), other);
    }
    crypto::Bytes noise(crypto::beacon_size);
    scene.random.fill(noise);
    scene.segment.inject(Scene::evil(), noise);
    auto probe = scene.beacon(50);  // words that belong into TCP
    probe.kind = crypto::BeaconKind::probe;
    scene.send(probe);
    probe.kind = crypto::BeaconKind::answer;
    scene.send(probe);
    scene.network.run_for(50ms);
    CHECK(scene.stats().heard == heard);
    CHECK(scene.stats().foreign >= 50);
    CHECK(scene.alice.knowledge.told == told);
    scene.check_unchanged(before);
}

TEST_CASE("attack: names that are no text, ports and intervals that cannot be") {
    KITH_SHOW_SEED();
    Scene scene;
    auto odd = scene.beacon(50);
    odd.name = "\xC3\x28";
    scene.send(odd);
    odd = scene.beacon(51);
    odd.tcp_port = 0;
    scene.send(odd);
    CHECK(scene.list().size() == 1);
    odd = scene.beacon(52);
    odd.interval_ms = ~0U;  // to stay for weeks
    scene.send(odd);
    CHECK(scene.list().size() == 2);
    scene.network.run_for(6 * 60s + 1s);
    CHECK(scene.list().size() == 1);
    odd = scene.beacon(53);
    odd.interval_ms = 0;  // to flap
    scene.send(odd);
    CHECK(scene.list().size() == 2);
    const int told = scene.alice.knowledge.told;
    scene.network.run_for(5900ms);
    CHECK(scene.alice.knowledge.told == told + 1);  // idle
    scene.network.run_for(500ms);
    CHECK(scene.list().size() == 1);
}

TEST_CASE("attack: a clock that is far off is not believed, and the diagnosis says whose") {
    KITH_SHOW_SEED();
    Scene scene;
    auto late = scene.beacon(50);
    late.sent_at -= 600'100;
    scene.send(late);
    CHECK(scene.stats().skewed == 1);
    CHECK(scene.stats().last_skewed == "10.0.100.1:6666");
    late = scene.beacon(51);
    late.sent_at += 600'100;
    scene.send(late);
    CHECK(scene.stats().skewed == 2);
    late = scene.beacon(52);
    late.sent_at = std::numeric_limits<std::int64_t>::min();
    scene.send(late);
    late = scene.beacon(53);
    late.sent_at += 599'000;
    scene.send(late);
    CHECK(scene.list().size() == 2);
    CHECK(scene.stats().skewed == 3);
}

TEST_CASE("attack: from outside of the local network nobody is near") {
    KITH_SHOW_SEED();
    Scene scene;
    scene.send(scene.beacon(50), {{203, 0, 113, 5}, 6666, 0});
    CHECK(scene.list().size() == 1);
    const auto sent = scene.alice.discovery.interfaces().at(0).sent;
    auto asking = scene.beacon(51);
    asking.asks = true;
    scene.send(asking, {{203, 0, 113, 5}, 6666, 0});
    scene.network.run_for(600ms);
    CHECK(scene.alice.discovery.interfaces().at(0).sent <= sent + 3);  // at most the interval's
}

TEST_CASE("attack: the list does not grow beyond its bound, and contacts have room beside it") {
    KITH_SHOW_SEED();
    Scene scene;
    for (std::size_t i = 0; i < net::limits::nearby_max + 50; ++i) {
        auto beacon = scene.beacon(10'000 + i);
        beacon.interval_ms = 60'000;
        scene.send(beacon, Scene::evil(i));
        scene.network.run_for(20ms);
    }
    CHECK(scene.list().size() == net::limits::nearby_max);
    CHECK(scene.alice.sees(scene.bob));
    Instance carol(scene.network, 3);
    carol.station.plug(scene.segment, 2, 3);
    scene.alice.change(
        [&](net::Discovery& d) { d.set_contacts({contact_of(scene.alice, carol)}); });
    carol.start();
    CHECK(scene.network.run_until([&] { return scene.alice.is_near(carol); }, 2s));
}

TEST_CASE("attack: of one person at most eight addresses are kept, the last heard") {
    KITH_SHOW_SEED();
    Scene scene;
    for (std::size_t i = 0; i < 20; ++i) {
        scene.send(scene.beacon(50), Scene::evil(i));
    }
    const auto& addresses = scene.alice.knowledge.people.at(fingerprint_of(50)).addresses;
    REQUIRE(addresses.size() == net::limits::nearby_addresses_max);
    CHECK(addresses.back().address == Scene::evil(19).address);
    CHECK(addresses.front().address == Scene::evil(12).address);
}

TEST_CASE("attack: floods of 1,000 datagrams a second leave everybody where they were") {
    KITH_SHOW_SEED();
    Scene scene;
    Instance carol(scene.network, 3);
    carol.station.plug(scene.segment, 2, 3);
    scene.alice.change(
        [&](net::Discovery& d) { d.set_contacts({contact_of(scene.alice, carol)}); });
    carol.start();
    scene.network.run_for(3s);
    REQUIRE(scene.alice.is_near(carol));
    const auto before = scene.known();
    const auto capture = scene.capture;
    bool one_address = false;
    int kind = 0;
    SECTION("noise") { kind = 0; }
    SECTION("noise from one address") { one_address = true; }
    SECTION("strangers, each new") { kind = 1; }
    SECTION("replays") { kind = 2; }
    SECTION("in the name of Bob, under another key") { kind = 3; }
    SECTION("in the name of Bob and of Carol, their keys in it, signed by another") { kind = 4; }
    for (std::size_t i = 0; i < 30'000; ++i) {
        const auto from = Scene::evil(one_address ? 0 : i % 1000);
        crypto::Bytes datagram(crypto::beacon_size);
        scene.random.fill(datagram);
        if (kind == 1 || kind == 3) {
            const auto sealed = seal_beacon(scene.beacon(kind == 1 ? 20'000 + i : 2),
                                            crypto::local_team_key(), scene.mallory, scene.random);
            datagram.assign(sealed.begin(), sealed.end());
        }
        if (kind == 4) {
            const Instance& victim = i % 2 == 0 ? scene.bob : carol;
            auto lie = scene.beacon(i % 2 == 0 ? 2 : 3);
            lie.boot = 2;
            datagram = forged_beacon(lie, crypto::local_team_key(), victim.signing.public_key(),
                                     scene.mallory, scene.random);
        }
        if (kind == 2) datagram = capture[i % capture.size()].second;
        scene.segment.inject(from, datagram);
        scene.network.run_for(1ms);
        if (i % 1000 == 0) {
            scene.check_unchanged(before);
            CHECK(scene.alice.is_near(carol));
        }
    }
    CHECK(scene.list().size() <= net::limits::nearby_max);
    if (one_address) CHECK(scene.stats().dropped > 28'000);
}

TEST_CASE("attack: tags sent again are not heard again") {
    KITH_SHOW_SEED();
    Scene scene;
    befriend(scene.alice, scene.bob);
    scene.bob.change([](net::Discovery& d) { d.set_visible(false); });
    scene.network.run_for(100ms);
    scene.capture.clear();
    scene.network.run_for(4s);
    REQUIRE(scene.alice.is_near(scene.bob));
    const auto addresses = scene.alice.knowledge.contacts.at(scene.bob.peer);
    scene.bob.station.attach(nullptr);
    const auto heard = scene.stats().heard;
    const auto replayed = scene.stats().replayed;
    const auto capture = scene.capture;
    for (int i = 0; i < 20; ++i) {
        for (const auto& [from, datagram] : capture) scene.segment.inject(Scene::evil(), datagram);
        scene.network.run_for(1s);
    }
    CHECK(scene.stats().heard == heard);
    CHECK(scene.stats().replayed > replayed);
    CHECK(scene.alice.knowledge.contacts.at(scene.bob.peer) == addresses);
    scene.network.run_for(100s);
    CHECK_FALSE(scene.alice.is_near(scene.bob));
    for (const auto& [from, datagram] : capture) scene.segment.inject(from, datagram);
    scene.network.run_for(10ms);
    CHECK_FALSE(scene.alice.is_near(scene.bob));
}

TEST_CASE("an hour of a private team and a hidden instance has no repeated window of 8 bytes") {
    KITH_SHOW_SEED();
    SimNetwork network(sim_seed());
    SimSegment segment(network, {10, 0, 1});
    std::vector<std::uint64_t> windows;
    segment.eavesdropper = [&](const SocketAddress&, crypto::ByteView datagram) {
        std::uint64_t window = 0;
        for (std::size_t at = 0; at < datagram.size(); ++at) {
            window = window << 8 | datagram[at];
            if (at >= 7) windows.push_back(window);
        }
    };
    for (std::uint64_t boot = 1; boot <= 2; ++boot) {  // both are restarted after half an hour
        Instance member(network, 1, boot);
        Instance hidden(network, 2, boot);
        member.discovery.set_team(team_of(1));
        hidden.discovery.set_visible(false);
        befriend(member, hidden);
        for (Instance* instance : {&member, &hidden}) {
            instance->station.plug(segment, 2, static_cast<std::uint16_t>(instance == &member));
            instance->start();
        }
        network.run_for(30min);
        CHECK(member.is_near(hidden));
        member.stop();
        hidden.stop();
    }
    CHECK(windows.size() > 1'500'000);
    std::ranges::sort(windows);
    CHECK(std::ranges::adjacent_find(windows) == windows.end());
}
