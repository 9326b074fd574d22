// SPDX-License-Identifier: MIT
//
// kill -9 in the middle of a conversation: what was acknowledged is not lost, nothing comes twice,
// the order of each sender stays.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>
#include <set>

#include "tests/e2e/instance.hpp"

using namespace kith::e2e;

namespace {

constexpr int total_per_side = 500;
constexpr int rounds = 10;

/// One side of the conversation: says "<name> <number>" for each number once.
struct Speaker {
    Instance& self;
    Instance& other;
    std::string name;
    std::set<int> acknowledged{};

    std::string text(int number) const { return name + " " + std::to_string(number); }

    void send_range(int from, int to) {
        for (int i = from; i < to; ++i) {
            self.send({{"id", i},
                       {"cmd", "send_text"},
                       {"peer", other.fingerprint()},
                       {"text", text(i)}});
        }
    }

    void read_acknowledgements(int count) {
        for (int i = 0; i < count; ++i) {
            const Json reply = self.receive();
            REQUIRE(reply.at("ok") == true);
            acknowledged.insert(reply.at("id").get<int>());
        }
    }

    std::vector<std::string> said_by_me(Instance& reader, Instance& about) const {
        std::vector<std::string> texts;
        for (const Json& m : reader.history(about.fingerprint())) {
            if (m.at("from") == self.fingerprint()) texts.push_back(m.at("text"));
        }
        return texts;
    }

    /// After a crash: what was acknowledged is in the history; what was not may be, and is said
    /// again only if it is not.
    void say_again_what_is_missing(int up_to) {
        const auto stored = said_by_me(self, other);
        const std::set<std::string> known(stored.begin(), stored.end());
        REQUIRE(known.size() == stored.size());
        for (const int number : acknowledged) REQUIRE(known.contains(text(number)));
        for (int i = 0; i < up_to; ++i) {
            if (!known.contains(text(i))) self.say(other.fingerprint(), text(i));
            acknowledged.insert(i);
        }
    }
};

void check_conversation(Speaker& speaker) {
    speaker.self.wait_until(
        "everything delivered",
        [&] {
            const auto all = speaker.self.history(speaker.other.fingerprint());
            return std::all_of(all.begin(), all.end(), [](const Json& m) {
                return m.at("state") == "received" || m.at("state") == "delivered" ||
                       m.at("state") == "read";
            });
        },
        std::chrono::seconds(180));
    const auto sent = speaker.said_by_me(speaker.self, speaker.other);
    CHECK(sent.size() == total_per_side);
    CHECK(std::set(sent.begin(), sent.end()).size() == total_per_side);
    CHECK(speaker.said_by_me(speaker.other, speaker.self) == sent);
}

}  // namespace

TEST_CASE("killing either side over and over loses, doubles and reorders nothing") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    Speaker a{alice, bob, "a"}, b{bob, alice, "b"};
    std::mt19937 random(20260101);
    constexpr int batch = total_per_side / rounds;
    for (int round = 0; round < rounds; ++round) {
        const int from = round * batch, to = from + batch;
        a.send_range(from, to);
        b.send_range(from, to);
        Speaker& victim = round % 2 == 0 ? a : b;
        Speaker& survivor = round % 2 == 0 ? b : a;
        victim.read_acknowledgements(static_cast<int>(random() % batch));
        victim.self.restart();
        survivor.read_acknowledgements(batch);
        victim.say_again_what_is_missing(to);
    }
    check_conversation(a);
    check_conversation(b);
}

TEST_CASE("killing a node that receives a flood keeps every message once") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    Speaker a{alice, bob, "a"};
    a.send_range(0, total_per_side);
    a.read_acknowledgements(total_per_side);
    for (int i = 0; i < 5; ++i) {
        bob.wait_until("something new", [&, before = bob.history(alice.fingerprint()).size()] {
            const auto now = bob.history(alice.fingerprint()).size();
            return now > before || now == total_per_side;
        });
        bob.restart();
    }
    check_conversation(a);
}

TEST_CASE("killing both sides at once") {
    Instance alice("Alice"), bob("Bob");
    befriend(alice, bob);
    Speaker a{alice, bob, "a"};
    for (int from = 0; from < total_per_side; from += 100) {
        a.send_range(from, from + 100);
        a.read_acknowledgements(50);
        alice.kill();
        bob.kill();
        bob.start();
        alice.start();
        a.say_again_what_is_missing(from + 100);
    }
    check_conversation(a);
}
