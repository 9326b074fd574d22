// SPDX-License-Identifier: MIT
//
// Mail between nodes: what is left at a relay for somebody who is away, and what comes of it.
#include <catch2/catch_test_macros.hpp>

#include "tests/node/post.hpp"

using namespace kith;
using namespace kith::test;
using model::MessageState;

namespace {

std::vector<std::string> received(sim::SimNode& at, sim::SimNode& with) {
    std::vector<std::string> out;
    for (const auto& message : at.conversation(with)) {
        if (!message.outgoing) out.push_back(message.text);
    }
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("mail: a sleeper gets all of it, though the sender is gone by then") {
    Post post;
    post.b.quit();
    std::vector<model::MessageId> ids;
    for (const auto* text : {"one", "two", "three"})
        ids.push_back(post.write(post.a, post.b, text));
    REQUIRE(post.waits(ids.back()));
    CHECK(post.waits(ids.front()));
    post.a.quit();
    REQUIRE(post.kept() > 0);

    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a).size() == 3; }));
    CHECK(received(post.b, post.a) == Texts{"one", "two", "three"});
    REQUIRE(post.until([&] { return post.kept() == 1; }));  // a receipt, for the sender

    post.network.run_for(10s);
    post.b.quit();
    post.a.start();
    REQUIRE(
        post.until([&] { return post.state(post.a, post.b, ids[2]) == MessageState::delivered; }));
    CHECK(post.state(post.a, post.b, ids[0]) == MessageState::delivered);
    REQUIRE(post.until([&] { return post.kept() == 0; }));
}

TEST_CASE("mail: what was read comes once, also when both meet afterwards") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "once");
    REQUIRE(post.waits(id));
    post.b.start();
    REQUIRE(post.until([&] { return post.state(post.a, post.b, id) == MessageState::delivered; }));
    post.network.run_for(60s);
    CHECK(received(post.b, post.a) == Texts{"once"});
    CHECK(events_of<model::MessageAdded>(post.b).size() == 1);
    CHECK(post.kept() == 0);
}

TEST_CASE("mail: changes, withdrawals and reactions come with it") {
    Post post;
    post.b.quit();
    const auto first = post.write(post.a, post.b, "frist");
    const auto second = post.write(post.a, post.b, "a mistake");
    REQUIRE(post.waits(second));
    REQUIRE(post.a.call(model::EditMessage{first, "first"}));
    REQUIRE(post.a.call(model::DeleteMessage{second, model::DeleteFor::both}));
    REQUIRE(post.until([&] { return post.kept() >= 2; }));
    post.network.run_for(20s);
    post.a.quit();
    post.b.start();
    REQUIRE(post.until([&] {
        const auto got = Friends::find(post.b, post.a, first);
        return got && got->text == "first";
    }));
    post.network.run_for(20s);
    const auto gone = Friends::find(post.b, post.a, second);
    CHECK((!gone || gone->deleted));
}

TEST_CASE("mail: somebody who was never met can be asked, and accepts while we are away") {
    Post post(1, false);
    post.network.run_for(5s);
    const auto id = post.b.connection_id();
    post.b.quit();
    REQUIRE(post.a.call(model::AddContact{id, "It is me, from the train."}));
    REQUIRE(post.until([&] { return post.kept() == 1; }));
    post.a.quit();

    post.b.start();
    REQUIRE(post.until([&] { return post.b.count<model::RequestReceived>() == 1; }));
    const auto request = events_of<model::RequestReceived>(post.b).back().request;
    CHECK(request.greeting == "It is me, from the train.");
    CHECK(request.peer == post.a.id());
    REQUIRE(post.until([&] { return post.kept() == 0; }));
    REQUIRE(post.b.call(model::AcceptRequest{post.a.id()}));
    post.write(post.b, post.a, "Welcome!");
    REQUIRE(post.until([&] { return post.kept() >= 1; }));
    post.network.run_for(30s);
    post.b.quit();

    post.a.start();
    REQUIRE(post.until([&] { return received(post.a, post.b) == Texts{"Welcome!"}; }));
    CHECK(post.a.peer(post.b).value().contact);
    const auto answer = post.write(post.a, post.b, "Glad to be here.");
    REQUIRE(post.waits(answer));
    post.a.quit();
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a) == Texts{"Glad to be here."}; }));
}

TEST_CASE("mail: a request waits once, however often the asker starts") {
    Post post(1, false);
    post.network.run_for(5s);
    const auto id = post.b.connection_id();
    post.b.quit();
    REQUIRE(post.a.call(model::AddContact{id, "hello"}));
    REQUIRE(post.until([&] { return post.kept() == 1; }));
    for (int i = 0; i < 3; ++i) {
        post.a.quit();
        post.a.start();
        post.network.run_for(60s);
    }
    CHECK(post.kept() == 1);
}

TEST_CASE("mail: a reader who dies at any moment reads everything, once") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Post post(seed);
        post.b.quit();
        Texts written;
        for (int i = 0; i < 5; ++i) {
            written.push_back("text " + std::to_string(i));
            const auto id = post.write(post.a, post.b, written.back());
            REQUIRE(post.waits(id));
        }
        post.a.quit();
        for (std::uint64_t i = 0; i < 6; ++i) {
            post.b.start();
            post.network.run_for(std::chrono::milliseconds(5 + 37 * seed + 61 * i));
            post.b.crash(i % 2 == 0);
        }
        post.b.start();
        REQUIRE(post.until([&] { return received(post.b, post.a).size() == 5; }));
        REQUIRE(post.until([&] { return post.kept() <= 1; }));
        CHECK(received(post.b, post.a) == written);
    }
}

TEST_CASE("mail: a relay that dies at any moment loses nothing it has acknowledged") {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        INFO("seed " << seed);
        Post post(seed);
        post.b.quit();
        Texts written;
        for (int i = 0; i < 4; ++i) {
            written.push_back("text " + std::to_string(i));
            post.write(post.a, post.b, written.back());
            post.network.run_for(std::chrono::milliseconds(2'500 + 173 * seed));
            post.relay.crash(false);
            post.store.crash();
            post.open_relay();
        }
        REQUIRE(post.until(
            [&] {
                for (const auto& message : post.a.conversation(post.b)) {
                    if (message.state != MessageState::at_relay) return false;
                }
                return true;
            },
            600s));
        post.a.quit();
        post.b.start();
        REQUIRE(post.until([&] { return received(post.b, post.a).size() == 4; }));
        CHECK(received(post.b, post.a) == written);
    }
}

TEST_CASE("mail: somebody who was removed writes into the void") {
    Post post;
    REQUIRE(post.a.call(model::RemoveContact{post.b.id()}));
    post.network.run_for(10s);
    post.a.quit();
    const auto id = post.write(post.b, post.a, "are you there?");
    post.network.run_for(60s);
    CHECK(post.state(post.b, post.a, id) == MessageState::queued);
    CHECK(post.kept() == 0);
}

TEST_CASE("mail: prekeys are given in sessions and filled up when they were used") {
    Post post;
    post.b.quit();
    for (int i = 0; i < 3; ++i) {
        const auto id = post.write(post.a, post.b, "text");
        REQUIRE(post.waits(id));
    }
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a).size() == 3; }));
    REQUIRE(post.until([&] { return post.a.presence(post.b) == model::Presence::online; }));
    post.network.run_for(10s);
    CHECK(post.a.prekeys_of(post.b) == net::prekeys_max);
    CHECK(post.b.prekeys_of(post.a) == net::prekeys_max);
}

TEST_CASE("mail: prekeys nobody asked for are not kept") {
    Post post;
    REQUIRE(post.b.prekeys_of(post.a) == net::prekeys_max);
    for (std::uint64_t i = 0; i < 200; ++i) {
        net::Prekeys flood;
        for (std::uint64_t k = 0; k < net::prekeys_max; ++k)
            flood.keys.push_back({1'000 + i * 32 + k, net::Bytes(1216, 1)});
        post.a.host().endpoint().send({post.b.id().bytes}, flood);
        post.network.run_for(10ms);
    }
    CHECK(post.b.prekeys_of(post.a) == net::prekeys_max);
}

TEST_CASE("mail: a relay that shows old mail again is not believed") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "pay 10");
    REQUIRE(post.waits(id));
    const auto copy = post.store.copy();
    REQUIRE(copy.size() == 1);
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a).size() == 1; }));
    REQUIRE(post.b.call(model::DeleteConversation{post.a.id()}));
    for (int i = 0; i < 3; ++i) {
        post.store.put_back(copy);
        post.b.quit();
        post.b.start();
        post.network.run_for(30s);
        CHECK(received(post.b, post.a).empty());
        CHECK(post.kept() == 0);
    }
}

TEST_CASE("mail: a relay that makes up mail keeps nobody busy, and honest mail comes through") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "honest");
    REQUIRE(post.waits(id));
    const auto honest = post.store.copy();
    for (std::uint8_t i = 0; i < 250; ++i) {
        auto forged = honest;
        for (auto& [number, item] : forged) {
            item.sealed.back() ^= 1;
            item.sealed[item.sealed.size() - 2 - i] ^= 1;
        }
        post.store.put_back(forged);
    }
    const auto before = post.b.host().decryptions;
    post.b.start();
    post.network.run_for(2s);
    CHECK(post.b.host().decryptions - before <= 200 + 2 * 20 + 10);
    REQUIRE(post.until([&] { return received(post.b, post.a) == Texts{"honest"}; }));
    REQUIRE(post.until([&] { return post.kept() == 0; }));
}

TEST_CASE("mail: what is no mail at all keeps nothing back") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "honest");
    REQUIRE(post.waits(id));
    const auto honest = post.store.copy();
    post.store.remove(post.b.host().fingerprint(), {honest.begin()->first});
    auto forged = honest;
    forged.begin()->second.sealed.back() ^= 1;
    post.store.put_back(forged);
    for (int i = 0; i < 500; ++i) {
        forged.begin()->second.sealed = {static_cast<std::uint8_t>(i)};
        post.store.put_back(forged);
    }
    post.store.put_back(honest);
    post.a.quit();
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a) == Texts{"honest"}; }, 60s));
    REQUIRE(post.until([&] { return post.kept() == 0; }, 60s));
}

TEST_CASE("mail: a relay that sends without end takes no room of another") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "honest");
    REQUIRE(post.waits(id));
    const auto honest = post.store.copy();
    sim::SimHost other(post.network, sim::test_identity("mallory"), 8);
    MemoryMailboxStore forgery(other.clock());
    other.on_settle = [&] {
        while (forgery.run() > 0) {
        }
    };
    net::RelayLimits limits;
    limits.mailbox.mail_out = 100 << 20;
    limits.mailbox.mail_items_out = 10'000;
    limits.client_backlog_max = 1 << 30;
    other.start_relay({}, limits, &forgery);
    post.b.relays = {other.relay_address()};
    post.b.start();
    REQUIRE(post.until([&] { return forgery.figures().slots > 0; }, 60s));
    post.b.quit();
    auto forged = honest;
    auto& sealed = forged.begin()->second.sealed;
    for (std::size_t i = 0; i < 400; ++i) {
        sealed[sealed.size() - 1 - i] ^= 1;
        forgery.put_back(forged);
    }
    post.a.quit();
    post.b.relays = {other.relay_address(), post.relay.relay_address()};
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a) == Texts{"honest"}; }, 60s));
}

TEST_CASE("mail: when it was sealed may be any number") {
    constexpr std::int64_t now = 1'800'000'000'000, day = 24LL * 60 * 60 * 1000;
    using Limits = std::numeric_limits<std::int64_t>;
    for (const auto at : {now, now - 40 * day, now + 40 * day})
        CHECK(node::MailIn::is_timely(at, now));
    for (const auto at : {now - 40 * day - 1, now + 40 * day + 1, std::int64_t{0}, std::int64_t{-1},
                          Limits::min(), Limits::min() + now, Limits::max()})
        CHECK_FALSE(node::MailIn::is_timely(at, now));
}

TEST_CASE("mail: a relay that says to come much later is not believed") {
    Post post;
    post.relay.crash(false);
    net::RelayLimits limits;
    limits.mailbox.retry_after_s = 65'535;
    post.relay.start_relay({}, limits, &post.store);
    post.b.quit();
    post.store.set_busy(true);
    const auto id = post.write(post.a, post.b, "hello");
    post.network.run_for(120s);
    post.store.set_busy(false);
    REQUIRE(post.until([&] { return post.state(post.a, post.b, id) == MessageState::at_relay; },
                       std::chrono::minutes(15)));
}

TEST_CASE("mail: a full disk keeps it at the relay") {
    Post post;
    post.b.quit();
    const auto id = post.write(post.a, post.b, "later");
    REQUIRE(post.waits(id));
    post.a.quit();
    post.b.start();
    post.b.fail_writes(true);
    post.network.run_for(30s);
    CHECK(received(post.b, post.a).empty());
    CHECK(post.kept() == 1);
    post.b.fail_writes(false);
    post.b.quit();
    post.b.start();
    REQUIRE(post.until([&] { return received(post.b, post.a) == Texts{"later"}; }));
}

TEST_CASE("mail: a relay of one's own that keeps none is known to") {
    Post post;
    const auto keeps = [&] {
        const auto reply = post.b.call(model::ListRelays{});
        return std::get<model::Relays>(reply.value()).relays.at(0).keeps_mail;
    };
    CHECK(keeps());
    post.relay.crash(false);
    post.relay.start_relay();
    CHECK(post.until([&] { return !keeps(); }));
    post.relay.crash(false);
    post.open_relay();
    CHECK(post.until(keeps));
}
