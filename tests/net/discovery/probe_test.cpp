// SPDX-License-Identifier: MIT
//
// "Who are you?" at an address that somebody typed.
#include "tests/net/discovery/world.hpp"

using namespace kith;
using namespace kith::test;
using sim::SimNetwork;

namespace {

struct Two {
    SimNetwork network{sim_seed()};
    Instance asker{network, 1};
    Instance asked{network, 2};
    SocketAddress asker_at{{192, 168, 1, 5}, 50'000, 0};
    SocketAddress asked_at{{192, 168, 1, 6}, 4711, 0};

    std::optional<NearbyPerson> ask() {
        const auto probe = asker.discovery.make_probe();
        const auto answer = asked.discovery.answer_probe(probe, asker_at);
        if (!answer) return std::nullopt;
        return asker.discovery.read_answer(probe, *answer, asked_at);
    }
};

}  // namespace

TEST_CASE("probe: who answers, and where") {
    Two two;
    const auto person = two.ask();
    REQUIRE(person.has_value());
    CHECK(person->peer == two.asked.peer);
    CHECK(person->name == "name 2");
    CHECK(person->token == crypto::InviteToken{2});
    CHECK(person->addresses == std::vector<SocketAddress>{two.asked_at});
}

TEST_CASE("probe: it says nothing about who asks") {
    Two two;
    const auto first = two.asker.discovery.make_probe();
    CHECK(first.size() == crypto::beacon_size);
    const auto opened = crypto::open_beacon(first, crypto::local_team_key());
    REQUIRE(opened.has_value());
    CHECK(opened->authentic());
    CHECK(opened->beacon.fingerprint == Fingerprint{});
    CHECK(opened->beacon.name.empty());
    CHECK(opened->signer != two.asker.signing.public_key());
    const auto second =
        crypto::open_beacon(two.asker.discovery.make_probe(), crypto::local_team_key());
    CHECK(second->signer != opened->signer);
}

TEST_CASE("probe: who is not answered") {
    Two two;
    SECTION("when invisible") { two.asked.discovery.set_visible(false); }
    SECTION("from outside of the local network, to everybody's team") {
        two.asker_at = {{203, 0, 113, 9}, 1, 0};
    }
    SECTION("another team asks") { two.asker.discovery.set_team(team_of(1)); }
    SECTION("a private team is asked by everybody") { two.asked.discovery.set_team(team_of(1)); }
    SECTION("after the end") { two.asked.discovery.stop(); }
    CHECK_FALSE(two.ask().has_value());
}

TEST_CASE("probe: a private team answers its members wherever they are") {
    Two two;
    two.asker.discovery.set_team(team_of(1));
    two.asked.discovery.set_team(team_of(1));
    two.asker_at = {{203, 0, 113, 9}, 1, 0};
    CHECK(two.ask().has_value());
}

TEST_CASE("probe: clocks do not matter, as the answer is bound to the question") {
    Two two;
    two.asked.clock.offset = std::chrono::hours(24 * 365);
    CHECK(two.ask().has_value());
}

TEST_CASE("probe: what is no answer to it") {
    Two two;
    const auto probe = two.asker.discovery.make_probe();
    const auto other = two.asker.discovery.make_probe();
    auto answer = two.asked.discovery.answer_probe(probe, two.asker_at).value();
    const auto read = [&](crypto::ByteView from) {
        return two.asker.discovery.read_answer(probe, from, two.asked_at).has_value();
    };
    CHECK(read(answer));
    CHECK_FALSE(two.asker.discovery.read_answer(other, answer, two.asked_at).has_value());
    CHECK_FALSE(read(probe));
    CHECK_FALSE(read({}));
    answer[100] ^= 1;
    CHECK_FALSE(read(answer));
    // Answers are no probes, and what is broken is not answered.
    CHECK_FALSE(two.asked.discovery.answer_probe(answer, two.asker_at).has_value());
    CHECK_FALSE(two.asked.discovery.answer_probe({}, two.asker_at).has_value());
}

TEST_CASE("probe: a contact is known by their key") {
    Two two;
    auto contact = contact_of(two.asker, two.asked);
    two.asker.discovery.set_contacts({contact});
    CHECK(two.ask().has_value());
    contact.signer = two.asker.signing.public_key();
    two.asker.discovery.set_contacts({contact});
    CHECK_FALSE(two.ask().has_value());
}

TEST_CASE("probe: not more answers than the rate allows") {
    Two two;
    int answered = 0;
    for (int i = 0; i < 200; ++i) answered += two.ask().has_value() ? 1 : 0;
    CHECK(answered == 50);
    two.network.run_for(1s);
    CHECK(two.ask().has_value());
}
