// SPDX-License-Identifier: MIT
//
// Clients, a relay and its mailboxes on a simulated network; what is in the mail is somebody else's
// concern.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cstring>

#include "net/relay/slot.hpp"
#include "tests/net/memory_mailbox_store.hpp"
#include "tests/net/sim_pair.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

struct Postman final : MailListener {
    struct Letter {
        std::uint64_t number;
        Bytes token, sealed;
    };
    void on_mail(const crypto::RelayAddress&, std::uint64_t number, const Bytes& token,
                 Bytes sealed) override {
        letters.push_back({number, token, std::move(sealed)});
    }
    void on_mailbox(const crypto::RelayAddress&, MailboxOutcome outcome) override {
        outcomes.push_back(outcome);
    }
    std::vector<Letter> letters;
    std::vector<MailboxOutcome> outcomes;
};

Bytes some_token(std::uint8_t fill) { return Bytes(16, fill); }
MessageId some_id(std::uint8_t fill) { return {fill}; }

/// Bob has the relay; Alice only knows of it.
struct Post {
    explicit Post(const MailboxLimits& kept = {}, const RelayLimits& limits = {})
        : limits_(limits),
          a(network, "alice", 1),
          b(network, "bob", 2),
          relay(network, sim::test_identity("carol"), 9),
          store(relay.clock(), kept) {
        start_relay();
        a.host.relays().mailbox().listen(&alice);
        b_comes();
    }
    void start_relay() {
        relay.on_settle = [this] {
            while (store.run() > 0) {
            }
        };
        relay.start_relay({}, limits_, &store);
    }
    void b_comes() {
        b.host.relays().mailbox().listen(&bob);
        b.host.relays().mailbox().set_grants(grants, {1, 2, 3});
        b.host.relays().set_relays({where()});
    }
    void b_leaves() { b.host.relays().set_relays({}); }
    [[nodiscard]] crypto::RelayAddress where() const { return relay.relay_address(); }
    /// The answer to a deposit.
    MailboxReply put(std::uint8_t id, Bytes sealed, const Bytes& token = some_token(0xB0)) {
        std::optional<MailboxReply> reply;
        a.host.relays().mailbox().deposit(where(), b.id(), token, some_id(id), std::move(sealed),
                                          [&](auto given) { reply = std::move(given); });
        REQUIRE(network.run_until([&] { return reply.has_value(); }, 60s));
        return *reply;
    }
    bool open() {
        return network.run_until([&] { return !bob.outcomes.empty(); }, 10s);
    }
    bool has(std::size_t letters) {
        return network.run_until([&] { return bob.letters.size() >= letters; }, 10s);
    }
    void take_all() {
        for (const auto& letter : bob.letters)
            b.host.relays().mailbox().taken(where(), letter.number);
        b.host.relays().flush();
    }

    RelayLimits limits_;
    std::vector<SlotGrant> grants{{some_token(0xB0), false}, {Bytes(8, 0xB1), true}};
    sim::SimNetwork network{7};
    Postman alice, bob;
    Peer a, b;
    sim::SimHost relay;
    MemoryMailboxStore store;
};

}  // namespace

TEST_CASE("mailbox: what is left for somebody away comes when they are back, until it is taken") {
    Post post;
    REQUIRE(post.open());
    CHECK(post.bob.outcomes.back() == MailboxOutcome::done);
    post.b_leaves();
    post.network.run_for(70s);
    REQUIRE(post.relay.relay().stats().clients == 0);
    const auto reply = post.put(1, Bytes(20'000, 7));
    CHECK(reply.reached);
    CHECK(reply.outcome == MailboxOutcome::done);
    CHECK(post.put(1, Bytes(20'000, 7)).outcome == MailboxOutcome::done);  // the same one again
    CHECK(post.put(2, {9}).outcome == MailboxOutcome::done);
    CHECK(post.bob.letters.empty());

    post.b_comes();
    REQUIRE(post.has(2));
    CHECK(post.bob.letters[0].sealed == Bytes(20'000, 7));
    CHECK(post.bob.letters[0].token == some_token(0xB0));
    CHECK(post.bob.letters[1].sealed == Bytes{9});
    post.network.run_for(5s);
    CHECK(post.bob.letters.size() == 2);

    // Not taken: it comes with the next connection, and only then is gone.
    post.b_leaves();
    post.network.run_for(70s);
    post.b_comes();
    REQUIRE(post.has(4));
    post.take_all();
    REQUIRE(post.network.run_until([&] { return post.store.figures().items == 0; }, 5s));
    post.b_leaves();
    post.network.run_for(70s);
    post.b_comes();
    post.network.run_for(20s);
    CHECK(post.bob.letters.size() == 4);
}

TEST_CASE("mailbox: who is there gets it at once") {
    Post post;
    REQUIRE(post.open());
    CHECK(post.put(1, {5}).outcome == MailboxOutcome::done);
    REQUIRE(post.has(1));
    CHECK(post.relay.relay().stats().mailbox.deposits == 1);
}

TEST_CASE("mailbox: without a token nothing can be left, and nobody learns whose it would be") {
    Post post;
    REQUIRE(post.open());
    CHECK(post.put(1, {5}, some_token(0xB9)).outcome == MailboxOutcome::none);
    CHECK(post.store.figures().items == 0);
    std::optional<MailboxReply> card;
    auto& mailbox = post.a.host.relays().mailbox();
    mailbox.ask_card(post.where(), post.b.id(), some_token(0xB9), [&](auto got) { card = got; });
    REQUIRE(post.network.run_until([&] { return card.has_value(); }, 10s));
    CHECK(card->outcome == MailboxOutcome::none);
    CHECK(card->card.empty());
    mailbox.ask_card(post.where(), post.b.id(), Bytes(8, 0xB1), [&](auto got) { card = got; });
    REQUIRE(post.network.run_until([&] { return !card->card.empty(); }, 10s));
    CHECK(card->card == Bytes{1, 2, 3});
}

TEST_CASE("mailbox: a token that was taken back opens nothing, what was left before is not read") {
    Post post;
    REQUIRE(post.open());
    post.b_leaves();
    post.network.run_for(70s);
    CHECK(post.put(1, {5}).outcome == MailboxOutcome::done);
    post.grants.erase(post.grants.begin());
    post.b_comes();
    REQUIRE(post.network.run_until([&] { return post.store.figures().items == 0; }, 10s));
    CHECK(post.bob.letters.empty());
    CHECK(post.put(2, {6}).outcome == MailboxOutcome::none);
}

TEST_CASE("mailbox: ten thousand contacts have their slots") {
    Post post;
    post.grants.clear();
    for (std::uint32_t i = 0; i < 10'000; ++i) {
        Bytes token(16, 1);
        std::memcpy(token.data(), &i, sizeof i);
        post.grants.push_back({token, false});
    }
    post.b.host.relays().mailbox().set_grants(post.grants, {});
    REQUIRE(post.network.run_until([&] { return post.store.figures().slots == 10'000; }, 20s));
    CHECK(post.put(1, {5}, post.grants.back().token).outcome == MailboxOutcome::done);
    CHECK(post.put(2, {5}, post.grants.front().token).outcome == MailboxOutcome::done);
    CHECK(post.has(2));
}

TEST_CASE("mailbox: a great many letters come through a small window, in order") {
    RelayLimits limits;
    limits.mailbox.mail_out = 100'000;
    Post post({}, limits);
    REQUIRE(post.open());
    post.b_leaves();
    post.network.run_for(70s);
    for (std::uint8_t i = 0; i < 30; ++i)
        REQUIRE(post.put(i, Bytes(16'384, i)).outcome == MailboxOutcome::done);
    post.b_comes();
    REQUIRE(post.has(6));
    post.network.run_for(5s);
    CHECK(post.bob.letters.size() <= 7);  // the window
    for (std::size_t before = 0; post.bob.letters.size() > before;) {
        before = post.bob.letters.size();
        post.take_all();
        post.network.run_for(1s);
    }
    REQUIRE(post.bob.letters.size() == 30);
    for (std::uint8_t i = 0; i < 30; ++i) CHECK(post.bob.letters[i].sealed[0] == i);
}

TEST_CASE("mailbox: a great many tiny letters come a few at a time, in order") {
    Post post;
    REQUIRE(post.open());
    post.b_leaves();
    post.network.run_for(70s);
    std::size_t answered = 0;
    for (std::uint16_t i = 0; i < 200; ++i) {
        const auto low = static_cast<std::uint8_t>(i), high = static_cast<std::uint8_t>(i >> 8);
        post.a.host.relays().mailbox().deposit(
            post.where(), post.b.id(), some_token(0xB0), {low, high}, {low, high},
            [&](auto reply) { answered += reply.outcome == MailboxOutcome::done ? 1 : 0; });
        if (i % 10 == 9) post.network.run_for(1s);
    }
    REQUIRE(post.network.run_until([&] { return answered == 200; }, 30s));
    post.b_comes();
    REQUIRE(post.has(1));
    post.network.run_for(5s);
    CHECK(post.bob.letters.size() <= 64);
    for (std::size_t before = 0; post.bob.letters.size() > before;) {
        before = post.bob.letters.size();
        post.take_all();
        post.network.run_for(1s);
    }
    REQUIRE(post.bob.letters.size() == 200);
    for (std::size_t i = 0; i < 200; ++i) CHECK(post.bob.letters[i].sealed[0] == i % 256);
}

TEST_CASE("mailbox: a relay that has no room, no disk or too much to do says so") {
    MailboxLimits kept;
    kept.slot_items = 2;
    Post post(kept);
    REQUIRE(post.open());
    CHECK(post.put(1, {1}).outcome == MailboxOutcome::done);
    CHECK(post.put(2, {1}).outcome == MailboxOutcome::done);
    CHECK(post.put(3, {1}).outcome == MailboxOutcome::full);
    post.store.set_busy(true);
    const auto busy = post.put(4, {1});
    CHECK(busy.outcome == MailboxOutcome::busy);
    CHECK(busy.retry_in > 0s);
    post.store.set_busy(false);
    post.take_all();
    post.network.run_for(1s);
    post.store.fail_writes(true);
    CHECK(post.put(5, {1}).outcome == MailboxOutcome::failed);
    post.store.fail_writes(false);
    CHECK(post.put(5, {1}).outcome == MailboxOutcome::done);
}

TEST_CASE("mailbox: slots that a busy relay did not open are opened later") {
    Post post;
    const bool disk = GENERATE(true, false);
    const auto trouble = [&](bool there) {
        disk ? post.store.fail_writes(there) : post.store.set_busy(there);
    };
    trouble(true);
    REQUIRE(post.open());
    CHECK(post.bob.outcomes.back() == (disk ? MailboxOutcome::failed : MailboxOutcome::busy));
    post.network.run_for(60s);
    CHECK(post.bob.outcomes.size() <= 13);
    trouble(false);
    REQUIRE(post.network.run_until([&] { return post.bob.outcomes.back() == MailboxOutcome::done; },
                                   20s));
    const auto told = post.bob.outcomes.size();
    REQUIRE(post.put(1, {1}).outcome == MailboxOutcome::done);
    CHECK(post.has(1));
    post.network.run_for(60s);
    CHECK(post.bob.outcomes.size() == told);
}

TEST_CASE("mailbox: mail that a busy disk did not give comes later") {
    Post post;
    REQUIRE(post.open());
    post.b_leaves();
    post.network.run_for(70s);
    REQUIRE(post.put(1, {5}).outcome == MailboxOutcome::done);
    post.bob.outcomes.clear();
    post.store.fail_reads(true);
    post.b_comes();
    REQUIRE(post.open());
    post.network.run_for(30s);
    CHECK(post.bob.letters.empty());
    CHECK(post.relay.relay().stats().mailbox.failed <= 31);
    SECTION("as soon as it does") {
        post.store.fail_reads(false);
        CHECK(post.has(1));
    }
    SECTION("they have left again") {
        post.b_leaves();
        post.network.run_for(70s);
        const auto failed = post.relay.relay().stats().mailbox.failed;
        post.network.run_for(70s);
        CHECK(post.relay.relay().stats().mailbox.failed == failed);
    }
}

TEST_CASE("mailbox: a client that floods waits, others do not") {
    RelayLimits limits;
    limits.mailbox.deposit_burst = 5;
    limits.mailbox.deposits_per_second = 1;
    Post post({}, limits);
    REQUIRE(post.open());
    std::map<MailboxOutcome, int> outcomes;
    for (std::uint8_t i = 0; i < 20; ++i) ++outcomes[post.put(i, {1}).outcome];
    CHECK(outcomes[MailboxOutcome::done] >= 5);
    CHECK(outcomes[MailboxOutcome::busy] >= 10);
    Peer m(post.network, "mallory", 3);
    std::optional<MailboxReply> reply;
    m.host.relays().mailbox().deposit(post.where(), post.b.id(), some_token(0xB0), some_id(99), {1},
                                      [&](auto given) { reply = given; });
    REQUIRE(post.network.run_until([&] { return reply.has_value(); }, 20s));
    CHECK(reply->outcome == MailboxOutcome::done);
}

TEST_CASE("mailbox: who guesses numbers takes nothing away") {
    Post post;
    REQUIRE(post.open());
    post.b_leaves();
    post.network.run_for(70s);
    REQUIRE(post.put(1, {5}).outcome == MailboxOutcome::done);
    post.a.host.relays().set_relays({post.where()});
    post.a.host.relays().mailbox().set_grants({}, {});
    post.network.run_for(5s);
    for (std::uint64_t number = 0; number < 50; ++number)
        post.a.host.relays().mailbox().taken(post.where(), number);
    post.a.host.relays().flush();
    post.network.run_for(5s);
    CHECK(post.store.figures().items == 1);
    CHECK(post.relay.relay().stats().mailbox.taken == 0);
}

TEST_CASE("mailbox: a relay that dies before it answers has promised nothing, and gets it again") {
    Post post;
    REQUIRE(post.open());
    bool refused = false;
    post.relay.on_settle = nullptr;  // the disk is slow
    post.a.host.relays().mailbox().deposit(post.where(), post.b.id(), some_token(0xB0), some_id(1),
                                           {1}, [&](auto reply) { refused = !reply.reached; });
    post.network.run_for(3s);
    post.relay.crash(false);
    post.store.crash();
    REQUIRE(post.network.run_until([&] { return refused; }, 40s));
    post.start_relay();
    REQUIRE(post.network.run_until([&] { return post.relay.relay().stats().clients >= 1; }, 70s));
    CHECK(post.put(1, {1}).outcome == MailboxOutcome::done);
    REQUIRE(post.has(1));
    CHECK(post.store.figures().items == 1);
}

TEST_CASE("mailbox: a relay without mailboxes says that it has none") {
    Post post;
    post.relay.crash(false);
    post.relay.start_relay();
    REQUIRE(post.network.run_until([&] { return post.relay.relay().stats().clients >= 1; }, 70s));
    REQUIRE(post.network.run_until(
        [&] {
            return post.bob.outcomes.size() >= 1 &&
                   post.bob.outcomes.back() == MailboxOutcome::none;
        },
        10s));
    CHECK(post.put(1, {1}).outcome == MailboxOutcome::none);
    std::vector<MailboxOutcome> answers;
    const auto hear = [&](const MailboxReply& reply) {
        CHECK(reply.reached);
        answers.push_back(reply.outcome);
    };
    auto& mailbox = post.b.host.relays().mailbox();
    mailbox.ask_held(post.where(), some_token(0xB0), some_id(1), hear);
    mailbox.drop_held(post.where(), post.b.id(), some_token(0xB0), {some_id(1)}, hear);
    REQUIRE(post.network.run_until([&] { return answers.size() == 2; }, 60s));
    CHECK(answers == std::vector(2, MailboxOutcome::none));
}

TEST_CASE("names at a relay: the first who comes has it, whoever knows it finds it") {
    Post post;
    REQUIRE(post.open());
    auto& alice = post.a.host.relays().mailbox();
    auto& bob = post.b.host.relays().mailbox();
    std::optional<MailboxReply> reply;
    const auto keep = [&](auto given) { reply = std::move(given); };
    const auto wait = [&] {
        REQUIRE(post.network.run_until([&] { return reply.has_value(); }, 20s));
        return *std::exchange(reply, std::nullopt);
    };
    bob.claim_name(post.where(), "Bob.B", {7}, keep);
    CHECK(wait().outcome == MailboxOutcome::done);
    alice.claim_name(post.where(), "bob.b", {8}, keep);
    CHECK(wait().outcome == MailboxOutcome::taken);
    alice.find_name(post.where(), "BOB.b", keep);
    const auto found = wait();
    CHECK(found.outcome == MailboxOutcome::done);
    CHECK(found.card == Bytes{7});
    for (const auto* bad : {"ab", "with space", "-bob", "bob.",
                            "b\xC3\xB6"
                            "b"}) {
        INFO(bad);
        alice.claim_name(post.where(), bad, {8}, keep);
        CHECK(wait().outcome == MailboxOutcome::none);
    }
    bob.claim_name(post.where(), "", {}, keep);
    CHECK(wait().outcome == MailboxOutcome::done);
    post.network.run_for(20s);
    alice.find_name(post.where(), "bob.b", keep);
    CHECK(wait().outcome == MailboxOutcome::none);
}

TEST_CASE("names at a relay: nobody tries out many") {
    Post post;
    REQUIRE(post.open());
    int busy = 0;
    for (int i = 0; i < 40; ++i) {
        std::optional<MailboxReply> reply;
        post.a.host.relays().mailbox().find_name(post.where(), "name" + std::to_string(i),
                                                 [&](auto given) { reply = given; });
        REQUIRE(post.network.run_until([&] { return reply.has_value(); }, 20s));
        busy += reply->outcome == MailboxOutcome::busy ? 1 : 0;
    }
    CHECK(busy >= 15);
}

TEST_CASE("mailbox: what is held is fetched through a relay by its owner, and nobody else") {
    Post post;
    REQUIRE(post.open());
    const auto ask = [&](Peer& who, auto&& how) {
        std::optional<MailboxReply> reply;
        how(who.host.relays().mailbox(), [&](auto given) { reply = std::move(given); });
        REQUIRE(post.network.run_until([&] { return reply.has_value(); }, 60s));
        return *reply;
    };
    const Bytes sealed(70'000, 7);
    const auto left = ask(post.a, [&](auto& mailbox, auto done) {
        mailbox.deposit_held(post.where(), post.b.id(), some_token(0xB0), some_id(1), sealed, done);
    });
    CHECK(left.outcome == MailboxOutcome::done);
    const auto stranger = ask(post.a, [&](auto& mailbox, auto done) {
        mailbox.deposit_held(post.where(), post.b.id(), Bytes(8, 0xB1), some_id(2), {1}, done);
    });
    CHECK(stranger.outcome == MailboxOutcome::none);
    post.network.run_for(5s);
    CHECK(post.bob.letters.empty());

    const auto fetch = [&](std::uint8_t id) {
        return ask(post.b, [&](auto& mailbox, auto done) {
            mailbox.ask_held(post.where(), some_token(0xB0), some_id(id), done);
        });
    };
    CHECK(fetch(1).card == sealed);
    CHECK(fetch(2).outcome == MailboxOutcome::none);
    const auto theirs = ask(post.a, [&](auto& mailbox, auto done) {
        mailbox.ask_held(post.where(), some_token(0xB0), some_id(1), done);
    });
    CHECK(theirs.outcome == MailboxOutcome::none);
    const auto dropped = ask(post.b, [&](auto& mailbox, auto done) {
        mailbox.drop_held(post.where(), post.b.id(), some_token(0xB0), {some_id(1)}, done);
    });
    CHECK(dropped.outcome == MailboxOutcome::done);
    CHECK(fetch(1).outcome == MailboxOutcome::none);
    CHECK(post.store.figures().items == 0);
}

TEST_CASE("mailbox: who asks for a great many held things waits") {
    Post post;
    REQUIRE(post.open());
    std::size_t busy = 0, answers = 0;
    for (int i = 0; i < 600; ++i) {
        post.b.host.relays().mailbox().ask_held(post.where(), some_token(0xB0), some_id(1),
                                                [&](const MailboxReply& reply) {
                                                    ++answers;
                                                    busy += reply.outcome == MailboxOutcome::busy;
                                                });
        if (i % 50 == 49) post.network.run_for(10ms);
    }
    REQUIRE(post.network.run_until([&] { return answers == 600; }, 60s));
    CHECK(busy > 0);
}

TEST_CASE("names at a relay: nobody tries out many by coming again and again") {
    Post post;
    REQUIRE(post.open());
    int answered = 0;
    for (int round = 0; round < 5; ++round) {
        for (int i = 0; i < 20; ++i) {
            std::optional<MailboxReply> reply;
            post.a.host.relays().mailbox().find_name(post.where(), "name" + std::to_string(i),
                                                     [&](auto given) { reply = given; });
            REQUIRE(post.network.run_until([&] { return reply.has_value(); }, 20s));
            answered += reply->outcome == MailboxOutcome::none ? 1 : 0;
        }
        post.a.host.crash(false);
        post.a.host.start(post.a.listener);
    }
    CHECK(answered >= 20);
    CHECK(answered <= 20 + 20);
}
