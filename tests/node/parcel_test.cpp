// SPDX-License-Identifier: MIT
//
// Files that wait at a relay for somebody who is away: nodes, their runs and a relay on a simulated
// network.
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include "app/node/transfers/plan.hpp"
#include "tests/node/post.hpp"

using namespace kith;
using namespace kith::test;
using model::TransferState;

namespace {

struct Parcel : Post {
    explicit Parcel(std::uint64_t seed = 1, const net::MailboxLimits& limits = {})
        : Post(seed, true, limits), random(seed) {
        a.files.own["/home/a/one.jpg"] = random_bytes(random, 300'000);
        a.files.own["/home/a/two.txt"] = random_bytes(random, 1'000);
        a.files.own["/home/a/empty"] = {};
    }
    model::TransferId offer() {
        std::vector<std::string> paths;
        for (const auto& [path, bytes] : a.files.own) paths.push_back(path);
        const auto reply = a.call(model::SendFiles{b.id(), std::move(paths)});
        REQUIRE(reply);
        return std::get<model::Offered>(reply.value()).transfer;
    }
    static std::optional<model::Transfer> at(sim::SimNode& node, const model::TransferId& id) {
        const auto reply = node.call(model::ListTransfers{});
        for (const auto& one : std::get<model::Transfers>(reply.value()).transfers) {
            if (one.id == id) return one;
        }
        return std::nullopt;
    }
    bool reaches(sim::SimNode& node, const model::TransferId& id, TransferState state) {
        return until([&] {
            const auto transfer = at(node, id);
            return transfer && transfer->state == state;
        });
    }
    bool lies_there(const model::TransferId& id) {
        return until([&] { return at(a, id)->at_relay; });
    }
    /// B is away, and the sender gone before he is back.
    model::TransferId left_for_b() {
        b.quit();
        const auto id = offer();
        REQUIRE(lies_there(id));
        network.run_for(10s);  // and the word of it
        a.quit();
        b.start();
        REQUIRE(until([&] {
            const auto transfer = at(b, id);
            return transfer && transfer->listed && transfer->at_relay;
        }));
        return id;
    }
    model::Reply accept(const model::TransferId& id,
                        std::optional<std::vector<std::uint32_t>> part = {}) {
        return b.call(model::AcceptTransfer{id, {}, std::move(part)});
    }
    void check_received() {
        const auto came = b.files.received();
        CHECK(came.size() == a.files.own.size());
        for (const auto& [path, bytes] : a.files.own) {
            const auto found = came.find("/downloads/alice" + path.substr(path.rfind('/')));
            REQUIRE(found != came.end());
            CHECK(found->second == bytes);
        }
    }
    bool nothing_waits() {
        return until([&] { return kept() == 0; });
    }
    std::mt19937_64 random;
};

}  // namespace

TEST_CASE("parcel: files reach a sleeper, though their sender is gone by then") {
    Parcel post;
    const auto id = post.left_for_b();
    REQUIRE(post.accept(id));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
    CHECK(post.b.files.finished == 1);
    CHECK(post.at(post.b, id)->bytes == 301'000);
    CHECK_FALSE(post.at(post.b, id)->at_relay);
    // No piece of it is left: what waits are words for the sender.
    CHECK(post.until([&] { return post.store.figures().bytes < 80'000; }));
    post.network.run_for(10s);

    post.b.quit();
    post.a.start();
    REQUIRE(post.reaches(post.a, id, TransferState::done));
    CHECK(post.nothing_waits());
}

TEST_CASE("parcel: a list too long for an offer waits with the files") {
    Parcel post;
    const std::string tail(180, 'x');
    for (int i = 0; i < 400; ++i)
        post.a.files.own["/home/a/" + std::to_string(i) + tail] = random_bytes(post.random, 50);
    const auto id = post.left_for_b();
    REQUIRE(post.accept(id));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
}

TEST_CASE("parcel: a part of it can be taken") {
    Parcel post;
    const auto id = post.left_for_b();
    REQUIRE(post.accept(id, std::vector<std::uint32_t>{0, 2}));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    CHECK(post.b.files.received().size() == 2);
    CHECK(post.b.files.received().contains("/downloads/alice/two.txt"));
}

TEST_CASE("parcel: what is declined, or called off, leaves the relay") {
    Parcel post;
    SECTION("declined, by who got it") {
        const auto id = post.left_for_b();
        REQUIRE(post.b.call(model::DeclineTransfer{id}));
        CHECK(post.until([&] { return post.store.figures().bytes < 80'000; }));
        post.a.start();
        CHECK(post.reaches(post.a, id, TransferState::declined));
        CHECK(post.nothing_waits());
    }
    SECTION("cancelled, before anybody saw it") {
        post.b.quit();
        const auto id = post.offer();
        REQUIRE(post.lies_there(id));
        REQUIRE(post.a.call(model::CancelTransfer{id}));
        CHECK(post.until([&] { return post.store.figures().bytes < 80'000; }));
        post.b.start();
        CHECK(post.reaches(post.b, id, TransferState::cancelled));
        CHECK(post.nothing_waits());
    }
}

TEST_CASE("parcel: who meets in the meantime does without it") {
    Parcel post;
    post.b.quit();
    const auto id = post.offer();
    REQUIRE(post.lies_there(id));
    post.b.start();
    REQUIRE(post.until([&] { return post.at(post.b, id).has_value(); }));
    REQUIRE(post.accept(id));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    REQUIRE(post.reaches(post.a, id, TransferState::done));
    post.check_received();
    CHECK(post.nothing_waits());
}

TEST_CASE("parcel: the sender dies while it leaves the files, again and again") {
    const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 13)));
    INFO("seed " << seed);
    Parcel post(seed);
    post.a.files.own["/home/a/large"] = random_bytes(post.random, 2'000'000);
    post.b.quit();
    const auto id = post.offer();
    for (int times = 0; times < 3; ++times) {
        const auto before = post.kept();
        (void)post.network.run_until([&] { return post.kept() > before + post.random() % 20; },
                                     60s);
        if (post.at(post.a, id)->at_relay) break;
        post.a.crash();
        post.a.start();
    }
    REQUIRE(post.until([&] { return post.at(post.a, id)->at_relay; }));
    // What earlier attempts have left is gone: the pieces of one, and the words.
    CHECK(post.kept() < 2'400'000 / 80'000 + 5);
    post.network.run_for(10s);
    post.a.quit();
    post.b.start();
    REQUIRE(post.until([&] { return post.at(post.b, id) && post.at(post.b, id)->at_relay; }));
    REQUIRE(post.accept(id));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
}

TEST_CASE("parcel: the receiver dies while it fetches the files") {
    const auto seed = static_cast<std::uint64_t>(GENERATE(range(1, 13)));
    INFO("seed " << seed);
    Parcel post(seed);
    post.a.files.own["/home/a/large"] = random_bytes(post.random, 2'000'000);
    const auto id = post.left_for_b();
    REQUIRE(post.accept(id));
    for (int times = 0; times < 3; ++times) {
        const auto ms = std::chrono::milliseconds(post.random() % 900);
        post.network.run_for(ms);
        if (post.at(post.b, id)->state == TransferState::done) break;
        post.b.crash();
        post.b.start();
    }
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
    CHECK(post.until([&] { return post.store.figures().bytes < 80'000; }));
}

TEST_CASE("parcel: a relay that is full of files has room for words, and says so") {
    net::MailboxLimits limits;
    limits.slot_bytes = 400'000;
    Parcel post(1, limits);
    post.b.quit();
    const auto id = post.offer();
    post.network.run_for(120s);
    CHECK_FALSE(post.at(post.a, id)->at_relay);
    const auto text = post.write(post.a, post.b, "are you there?");
    CHECK(post.waits(text));
    // What did not fit was taken back, and the files come when both are there.
    CHECK(post.until([&] { return post.store.figures().bytes < 80'000; }));
    post.b.start();
    REQUIRE(post.until([&] { return post.at(post.b, id).has_value(); }));
    REQUIRE(post.accept(id));
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
}

TEST_CASE("parcel: more than a relay takes waits for both") {
    Parcel post;
    post.a.files.own["/home/a/huge"] = net::Bytes(net::parcel_max, 1);
    post.b.quit();
    const auto id = post.offer();
    post.network.run_for(120s);
    CHECK_FALSE(post.at(post.a, id)->at_relay);
    CHECK(post.store.figures().bytes < 80'000);
}

TEST_CASE("parcel: a relay that loses or changes pieces is found out") {
    Parcel post;
    const auto id = post.left_for_b();
    auto& items = post.store.items();
    std::vector<std::uint64_t> held;
    for (const auto& [number, item] : items) {
        if (item.held) held.push_back(number);
    }
    REQUIRE(held.size() == 4);
    SECTION("loses one") { items.erase(held[2]); }
    SECTION("changes one") { items.at(held[2]).sealed[5] ^= 1; }
    SECTION("gives one for another") {
        std::swap(items.at(held[1]).sealed, items.at(held[2]).sealed);
    }
    REQUIRE(post.accept(id));
    REQUIRE(post.until([&] { return !post.at(post.b, id)->at_relay; }));
    CHECK(post.reaches(post.b, id, TransferState::waiting));
    post.a.start();
    REQUIRE(post.reaches(post.b, id, TransferState::done));
    post.check_received();
}

TEST_CASE("parcel: nobody is sent to a relay that is not theirs") {
    Parcel post;
    sim::SimHost other(post.network, sim::test_identity("mallory"), 8);
    other.start_relay({}, {}, &post.store);
    const auto id = post.offer();
    REQUIRE(post.until([&] { return post.at(post.b, id).has_value(); }));
    net::Manifest list;
    for (const auto& [path, bytes] : post.a.files.own)
        list.entries.push_back(
            {path.substr(path.rfind('/') + 1), false, false, bytes.size(), 1'700'000'000'000});
    // As a contact may say who wants to know where B is.
    net::FileWaits waits;
    waits.id = {1};
    waits.transfer = id.bytes;
    waits.relay = crypto::format(other.relay_address());
    waits.size = 301'000 + net::encode(list).size();
    post.a.host().endpoint().send(post.b.host().fingerprint(), waits);
    REQUIRE(post.until([&] { return post.at(post.b, id)->at_relay; }));
    post.a.quit();
    REQUIRE(post.accept(id));
    post.network.run_for(60s);
    CHECK(post.at(post.b, id)->state == TransferState::waiting);
    CHECK(other.relay().stats().clients_total == 0);
    CHECK(other.relay().stats().handshakes == 0);
}

TEST_CASE("parcel: what is kept of it comes back, and older rows have none") {
    node::Plan plan;
    plan.roots = {"/home/a/one.jpg"};
    plan.selected = {{0, 2}};
    plan.parcel = node::ParcelPlan{"kith-relay1abc", {1, 2, 3}, 0x1'0000'0002, true};
    auto blob = node::encode(plan);
    const auto read = node::decode_plan(blob);
    REQUIRE(read);
    CHECK(read->parcel == plan.parcel);
    CHECK(read->roots == plan.roots);
    for (std::size_t size = 0; size < blob.size(); ++size)
        CHECK_FALSE(node::decode_plan({blob.begin(), blob.begin() + static_cast<long>(size)}));

    plan.parcel.reset();
    blob = node::encode(plan);
    CHECK_FALSE(node::decode_plan(blob)->parcel);
    blob[0] = 1;  // as before there were parcels: the row ends in front of it
    blob.resize(blob.size() - 4);
    REQUIRE(node::decode_plan(blob));
    CHECK(node::decode_plan(blob)->roots == plan.roots);
}
