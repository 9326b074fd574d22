// SPDX-License-Identifier: MIT
//
// Mail of people who are never there at the same time, all of them real programs.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/canaries.hpp"
#include "tests/e2e/conversation.hpp"
#include "tests/e2e/relay_program.hpp"
#include "tests/e2e/transfer_pair.hpp"

using namespace kith::e2e;
using namespace std::chrono_literals;

namespace {

bool waits_at_relay(Instance& who, const std::string& with, const std::string& message) {
    for (const auto& one : who.history(with)) {
        if (one.at("message") == message) return one.at("waiting_at") == "relay";
    }
    return false;
}

void befriend_through(Instance& alice, Instance& bob) {
    wait_for_relay(alice);
    wait_for_relay(bob);
    alice.ask({{"cmd", "add_contact"}, {"connection_id", relayed_id(bob)}, {"greeting", "hello"}});
    bob.wait_until("the request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);
}

}  // namespace

TEST_CASE("a sleeper gets the whole conversation, though the sender is gone and the relay died") {
    const std::string word = "PetrichorOverTheHarbour";
    Relay relay;
    Instance alice(at(relay, "AliceNameCanary")), bob(at(relay, "BobNameCanary"));
    befriend_through(alice, bob);
    const auto bobs = bob.fingerprint();
    relay.wait_for_figure("mailbox_slots", 4);  // each for strangers and for the other
    (void)bob.quit();

    std::vector<std::string> said;
    for (int i = 0; i < 5; ++i) said.push_back(alice.say(bobs, word + std::to_string(i)));
    alice.wait_until(
        "the mail to wait", [&] { return waits_at_relay(alice, bobs, said.back()); }, 60s);
    relay.restart();
    for (int i = 5; i < 10; ++i) said.push_back(alice.say(bobs, word + std::to_string(i)));
    alice.wait_until(
        "the mail to wait",
        [&] {
            return std::ranges::all_of(
                said, [&](const auto& id) { return waits_at_relay(alice, bobs, id); });
        },
        120s);
    const auto alices = alice.fingerprint();
    (void)alice.quit();
    relay.restart();
    check_absent(everything_below(relay.folder()), {word, "AliceNameCanary", "BobNameCanary"});

    bob.start();
    for (const auto& id : said) bob.wait_for_message(alices, id, [](const Json&) { return true; });
    const auto history = bob.history(alices);
    REQUIRE(history.size() == said.size());
    for (std::size_t i = 0; i < said.size(); ++i)
        CHECK(history[i].at("text") == word + std::to_string(i));

    // And the sender learns it, though they do not meet: what waits is the receipt alone, the first
    // thing that was left since the relay began.
    relay.wait_for_figure("mailbox_deposits_total", 1);
    relay.wait_for_figure("mailbox_items", 1);
    (void)bob.quit();
    alice.start();
    alice.wait_until(
        "the receipt",
        [&] {
            return std::ranges::all_of(alice.history(bobs), [](const Json& one) {
                return one.at("state") == "delivered";
            });
        },
        60s);
}

TEST_CASE("a name at a relay: claimed, taken, found, and kept up to date") {
    Relay relay;
    Instance alice(at(relay, "Alice")), bob(at(relay, "Bob")), mallory(at(relay, "Mallory"));
    for (auto* who : {&alice, &bob, &mallory}) wait_for_relay(*who);
    const std::string place = alice.ask({{"cmd", "relays"}}).at("relays").at(0).at("name");
    const auto cli = [](Instance& who, std::vector<std::string> words) {
        words.insert(words.begin(), {"--profile-dir", who.profile().string()});
        return run(kith_program(), words);
    };

    const auto claimed = cli(bob, {"claim-name", "Bob@" + place});
    INFO(claimed.err);
    REQUIRE(claimed.code == 0);
    CHECK(claimed.out == "You are bob@" + place + ".\n");
    const Json taken = mallory.request({{"cmd", "claim_name"}, {"relay", place}, {"name", "bob"}});
    CHECK(taken.at("code") == "name_taken");
    CHECK(cli(mallory, {"claim-name", "bob@" + place}).code == 1);

    const Json found = alice.ask({{"cmd", "find_name"}, {"name", "bob@" + place}});
    CHECK(found.at("connection_id") == bob.connection_id());
    CHECK(found.at("fingerprint") == bob.fingerprint());
    const auto old = bob.connection_id();
    bob.ask({{"cmd", "new_connection_id"}});
    REQUIRE(bob.connection_id() != old);
    bob.wait_until("the relay to be told", [&] {
        return bob.ask({{"cmd", "relays"}}).at("relays").at(0).at("registered") == true;
    });
    CHECK(alice.ask({{"cmd", "find_name"}, {"name", "bob@" + place}}).at("connection_id") ==
          bob.connection_id());

    const auto nobody = cli(alice, {"add", "rob@" + place});
    CHECK(nobody.code == 1);
    CHECK(nobody.err.find("Nobody is called rob") != std::string::npos);
    REQUIRE(cli(alice, {"add", "bob@" + place}).code == 0);
    bob.wait_until("the request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    bob.ask({{"cmd", "accept"}, {"peer", alice.fingerprint()}});
    wait_until_online(alice, bob);

    // It is still his after a restart of both, and anybody's once it was given back.
    relay.restart();
    bob.restart();
    bob.wait_until("the relay to be told", [&] {
        return bob.ask({{"cmd", "relays"}}).at("relays").at(0).at("registered") == true;
    });
    wait_for_relay(mallory);
    CHECK(mallory.request({{"cmd", "claim_name"}, {"relay", place}, {"name", "bob"}}).at("code") ==
          "name_taken");
    REQUIRE(cli(bob, {"claim-name", "--off", place}).code == 0);
    mallory.ask({{"cmd", "claim_name"}, {"relay", place}, {"name", "bob"}});
}

TEST_CASE("somebody who sleeps can be asked, and the answer waits for the asker") {
    Relay relay;
    Instance alice(at(relay, "Alice")), bob(at(relay, "Bob"));
    wait_for_relay(alice);
    wait_for_relay(bob);
    const auto id = relayed_id(bob);
    relay.wait_for_figure("mailbox_slots", 2);  // of both, for strangers
    (void)bob.quit();
    alice.ask({{"cmd", "add_contact"}, {"connection_id", id}, {"greeting", "from the train"}});
    relay.wait_for_figure("mailbox_items", 1);
    const auto alices = alice.fingerprint();
    (void)alice.quit();
    bob.start();
    bob.wait_until("the request", [&] {
        return !bob.ask({{"cmd", "requests"}}).at("requests").empty();
    });
    CHECK(bob.ask({{"cmd", "requests"}}).at("requests").at(0).at("greeting") == "from the train");
    bob.ask({{"cmd", "accept"}, {"peer", alices}});
    const auto text = bob.say(alices, "welcome");
    bob.wait_until(
        "the mail to wait", [&] { return waits_at_relay(bob, alices, text); }, 60s);
    const auto bobs = bob.fingerprint();
    (void)bob.quit();
    alice.start();
    alice.wait_for_message(bobs, text, [](const Json&) { return true; });
    CHECK(alice.peer(bobs).at("contact") == true);
}

TEST_CASE("files wait for a sleeper, and their sender may go") {
    const std::string name = "HarbourAtDawn.jpg", word = "PetrichorOverTheHarbour";
    Relay relay;
    TransferPair two(at(relay, "AliceNameCanary"), at(relay, "BobNameCanary"));
    Instance &alice = two.alice, &bob = two.bob;
    befriend_through(alice, bob);
    relay.wait_for_figure("mailbox_slots", 4);
    std::mt19937_64 random(7);
    write_random(two.out.path() / name, 3'000'000, random);
    write_file(two.out.path() / "words.txt", word);
    (void)bob.quit();

    const auto id = two.offer({two.out.path() / name, two.out.path() / "words.txt"});
    const auto lies_there = [](Instance& who, const std::string& transfer) {
        const Json one = TransferPair::transfer(who, transfer);
        return one.is_object() && one.at("waiting_at") == "relay";
    };
    alice.wait_until(
        "the files to lie there", [&] { return lies_there(alice, id); }, 60s);
    relay.restart();
    relay.wait_for_figure("mailbox_items", 37 + 2);  // pieces; the offer, and that they are there
    (void)alice.quit();
    check_absent(everything_below(relay.folder()), {name, word, "AliceNameCanary"});

    bob.start();
    bob.wait_until(
        "the offer", [&] { return lies_there(bob, id); }, 60s);
    const auto folder = two.accept(id);
    TransferPair::wait_for(bob, id, "done", 60s);
    CHECK(tree_of(std::filesystem::path(folder) / "AliceNameCanary") == tree_of(two.out.path()));
    bob.wait_until("the pieces to go", [&] { return relay.figure("mailbox_items") < 10; });
    alice.start();
    TransferPair::wait_for(alice, id, "done", 60s);
    relay.wait_for_figure("mailbox_items", 0);
}
