// SPDX-License-Identifier: MIT
//
// Files from contacts whose programs say what no Kith would say.
#include <catch2/catch_test_macros.hpp>

#include "app/node/transfers/transfers.hpp"
#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using model::TransferState;
using Rule = model::AutoAccept::Rule;

namespace {

struct Offered {
    net::FileOffer offer;
    crypto::Bytes list;
};

/// Offers `list`, which does not come with it unless `inlined`.
Offered offer_of(std::uint8_t number, const net::Manifest& manifest, bool inlined = true) {
    Offered made;
    made.list = net::encode(manifest);
    made.offer.id = wire_id(number);
    made.offer.sent_at = 1'700'000'000'000;
    made.offer.title = manifest.title();
    made.offer.files = manifest.files();
    made.offer.bytes = manifest.bytes();
    const auto hash = net::manifest_hash(made.list);
    std::copy(hash.begin(), hash.end(), made.offer.manifest_hash.begin());
    made.offer.manifest_size = static_cast<std::uint32_t>(made.list.size());
    if (inlined) made.offer.manifest = made.list;
    return made;
}

net::Manifest one_file(std::uint64_t size = 10) {
    return {{{"one.txt", false, false, size, 1'700'000'000'000}}};
}

/// b is hostile, a is not.
struct Hostile : Friends {
    void say(const net::Message& message) { say(b, message); }
    void say(sim::SimNode& from, const net::Message& message) {
        from.host().endpoint().send(a.host().fingerprint(), message);
    }
    void say_and_wait(const net::Message& message) {
        say(message);
        network.run_for(5s);
    }
    [[nodiscard]] bool connected() { return a.presence(b) == model::Presence::online; }
    [[nodiscard]] std::vector<model::Transfer> all() {
        const auto reply = a.call(model::ListTransfers{});
        return std::get<model::Transfers>(reply.value()).transfers;
    }
    [[nodiscard]] std::optional<model::Transfer> at(const net::MessageId& id) {
        for (const auto& one : all()) {
            if (one.id.bytes == id) return one;
        }
        return std::nullopt;
    }
    model::TransferId offer_from_a(std::size_t files) {
        std::vector<std::string> paths;
        for (std::size_t i = 0; i < files; ++i) {
            paths.push_back("/home/a/" + std::to_string(i));
            a.files.own[paths.back()] = net::Bytes(1000, 7);
        }
        const auto reply = a.call(model::SendFiles{b.id(), paths});
        return std::get<model::Offered>(reply.value()).transfer;
    }
};

}  // namespace

TEST_CASE("who never gives the lists of their offers keeps nobody from giving theirs") {
    Hostile two;
    for (std::uint8_t i = 1; i <= 8; ++i) two.say(offer_of(i, one_file(i), false).offer);
    // Some are taken back while they are asked for.
    two.network.run_for(5s);
    two.say_and_wait(net::FileStop{wire_id(50), wire_id(1), net::StopReason::cancelled});
    sim::SimNode carol(two.network, "carol", 3);
    carol.start();
    REQUIRE(sim::befriend(two.network, two.a, carol));
    std::vector<std::string> paths;
    for (int i = 0; i < 900; ++i) {
        paths.push_back("/home/c/" + std::string(200, 'x') + std::to_string(i));
        carol.files.own[paths.back()] = {1};
    }
    const auto reply = carol.call(model::SendFiles{two.a.id(), paths});
    const auto id = std::get<model::Offered>(reply.value()).transfer;
    REQUIRE(two.until([&] { return two.at(id.bytes) && two.at(id.bytes)->listed; }));
    CHECK(two.connected());
}

TEST_CASE("lists that drip are not taken") {
    Hostile two;
    const auto made = offer_of(1, one_file(), false);
    two.say_and_wait(made.offer);
    two.say_and_wait(net::ManifestPart{made.offer.id, 0, {made.list[0]}});
    CHECK_FALSE(two.at(made.offer.id)->listed);
    two.say_and_wait(net::ManifestPart{made.offer.id, 0, made.list});
    CHECK(two.at(made.offer.id)->listed);
}

TEST_CASE("offers whose lists are not theirs do not pile up") {
    Hostile two;
    for (std::uint8_t i = 1; i < 250; ++i) {
        const auto made = offer_of(i, one_file(i), false);
        auto other = made.list;
        other.back() ^= 1;
        two.say(made.offer);
        two.network.run_for(100ms);
        two.say(net::ManifestPart{made.offer.id, 0, other});
        two.network.run_for(300ms);
    }
    two.network.run_for(5s);
    std::size_t open = 0;
    for (const auto& one : two.all())
        open += one.state == TransferState::failed || one.state == TransferState::offered;
    CHECK(open <= node::Offers::unanswered_max);
}

TEST_CASE("a rule accepts only so many that are not over, and leaves room on the disk") {
    Hostile two;
    REQUIRE(two.a.call(model::SetAutoAccept{two.b.id(), {Rule::up_to, 1 << 30}}));
    two.a.files.space = node::Offers::kept_free + 1500;
    two.say_and_wait(offer_of(1, one_file(1000)).offer);
    CHECK(two.at(wire_id(1))->state == TransferState::waiting);
    // What was promised to the first is not free.
    two.say_and_wait(offer_of(2, one_file(501)).offer);
    CHECK(two.at(wire_id(2))->state == TransferState::offered);
    two.say_and_wait(offer_of(3, one_file(500)).offer);
    CHECK(two.at(wire_id(3))->state == TransferState::waiting);
    two.a.files.space = ~std::uint64_t{0};
    for (std::uint8_t i = 4; i < 240; ++i) {
        two.say(offer_of(i, one_file(i)).offer);
        two.network.run_for(100ms);
    }
    two.network.run_for(5s);
    std::size_t waiting = 0;
    std::size_t open = 0;
    for (const auto& one : two.all()) {
        waiting += one.state == TransferState::waiting;
        open += one.state == TransferState::offered;
    }
    CHECK(waiting <= node::Offers::unfinished_max);
    CHECK(open <= node::Offers::unanswered_max);
}

TEST_CASE("offers that come at once are not all promised the same room") {
    Hostile two;
    REQUIRE(two.a.call(model::SetAutoAccept{two.b.id(), {Rule::always, 0}}));
    two.a.files.space = node::Offers::kept_free + 1500;
    for (std::uint8_t i = 1; i <= 10; ++i) two.say(offer_of(i, one_file(1000)).offer);
    two.network.run_for(5s);
    std::size_t waiting = 0;
    for (const auto& one : two.all()) waiting += one.state == TransferState::waiting;
    CHECK(waiting == 1);
}

TEST_CASE("a rule asks when nobody knows how much is free") {
    Hostile two;
    REQUIRE(two.a.call(model::SetAutoAccept{two.b.id(), {Rule::always, 0}}));
    two.a.files.room_unknown = true;
    two.say_and_wait(offer_of(1, one_file(1000)).offer);
    CHECK(two.at(wire_id(1))->state == TransferState::offered);
}

TEST_CASE("lists of what does not run are not kept in memory") {
    Hostile two;
    REQUIRE(two.a.call(model::SetAutoAccept{two.b.id(), {Rule::always, 0}}));
    SECTION("there is no room for them") { two.a.files.space = 0; }
    SECTION("nobody answers") {}
    for (std::uint8_t i = 1; i <= 40; ++i) two.say(offer_of(i, one_file(1000)).offer);
    two.network.run_for(60s);
    CHECK(two.a.files.lists_in_memory() <= net::BulkRunner::runs_max);
}

TEST_CASE("who takes back every pause at once gets no more runs than others") {
    Hostile two;
    two.a.files.own["/home/a/long"] = net::Bytes(30'000'000, 3);
    const auto reply = two.a.call(model::SendFiles{two.b.id(), {"/home/a/long"}});
    const auto id = std::get<model::Offered>(reply.value()).transfer;
    REQUIRE(two.until([&] { return two.b.call(model::AcceptTransfer{id, {}, {}}).has_value(); }));
    REQUIRE(two.until([&] { return two.at(id.bytes)->state == TransferState::active; }));
    const auto before = two.a.runner.started;
    for (int i = 0; i < 100; ++i) {
        two.say(net::FileState{id.bytes, net::TransferWish::pause});
        two.say(net::FileState{id.bytes, net::TransferWish::go});
        two.say(net::FileReady{id.bytes});
        two.network.run_for(20ms);
    }
    CHECK(two.a.runner.started - before <= 4);
}

TEST_CASE("who lets runs wait takes no places of others") {
    Hostile two;
    REQUIRE(two.a.call(model::SetAutoAccept{two.b.id(), {Rule::always, 0}}));
    sim::SimNode carol(two.network, "carol", 3);
    carol.start();
    REQUIRE(sim::befriend(two.network, two.a, carol));
    REQUIRE(two.a.call(model::SetAutoAccept{carol.id(), {Rule::always, 0}}));
    // Each is asked for, and never begun.
    for (std::uint8_t i = 1; i <= 20; ++i) two.say(offer_of(i, one_file(i)).offer);
    two.network.run_for(5s);
    carol.files.own["/home/c/small"] = {1, 2, 3};
    const auto reply = carol.call(model::SendFiles{two.a.id(), {"/home/c/small"}});
    const auto id = std::get<model::Offered>(reply.value()).transfer;
    two.network.run_for(10s);
    CHECK(two.at(id.bytes)->state == TransferState::done);
}

TEST_CASE("recipients who ask for everything at once get their runs one after the other") {
    Hostile two;
    two.a.files.own["/home/a/long"] = net::Bytes(3'000'000, 3);
    std::vector<model::TransferId> ids;
    for (int i = 0; i < 12; ++i) {
        const auto reply = two.a.call(model::SendFiles{two.b.id(), {"/home/a/long"}});
        ids.push_back(std::get<model::Offered>(reply.value()).transfer);
    }
    for (const auto& id : ids)
        REQUIRE(two.until([&] {
            return two.b.call(model::AcceptTransfer{id, {}, {}}).has_value();
        }));
    std::size_t most = 0;
    for (int i = 0; i < 100; ++i) {
        for (const auto& id : ids) two.say(net::FileReady{id.bytes});
        two.network.run_for(100ms);
        most = std::max(most, two.a.runner.running());
    }
    CHECK(two.a.runner.refused == 0);
    CHECK(most <= net::BulkRunner::runs_max / 2);
}

TEST_CASE("two people offer with one id at the same time: the one who came first keeps it") {
    Hostile two;
    sim::SimNode carol(two.network, "carol", 3);
    carol.start();
    REQUIRE(sim::befriend(two.network, two.a, carol));
    net::Manifest many;
    for (int i = 0; i < 50; ++i) many.entries.push_back({std::to_string(i), false, false, 1, 1});
    two.a.events.clear();
    two.say(carol, offer_of(1, one_file()).offer);
    two.say(offer_of(1, many).offer);
    two.network.run_for(5s);
    REQUIRE(two.at(wire_id(1)));
    const auto first = two.at(wire_id(1))->peer;
    REQUIRE(two.a.call(model::AcceptTransfer{model::TransferId{wire_id(1)}, {}, {}}));
    two.a.crash();
    two.a.start();
    two.network.run_for(30s);
    const auto again = two.at(wire_id(1));
    REQUIRE(again);
    CHECK(again->peer == first);
    CHECK(again->state == TransferState::waiting);
    // The other has no hand in it.
    sim::SimNode& other = first == carol.id() ? two.b : carol;
    two.say(other, net::FileStop{wire_id(9), wire_id(1), net::StopReason::cancelled});
    two.network.run_for(5s);
    CHECK(two.at(wire_id(1))->state == TransferState::waiting);
}

TEST_CASE("an offer is not altered after it was accepted") {
    Hostile two;
    two.say_and_wait(offer_of(1, one_file(10)).offer);
    REQUIRE(two.a.call(model::AcceptTransfer{model::TransferId{wire_id(1)}, {}, {}}));
    two.say_and_wait(offer_of(1, one_file(999'999)).offer);
    two.say_and_wait(net::Edit{wire_id(2), wire_id(1), 9, "harmless.txt"});
    const auto known = two.at(wire_id(1));
    REQUIRE(known);
    CHECK(known->total == 10);
    CHECK(known->name == "one.txt");
    CHECK(two.here(model::MessageId{wire_id(1)})->text == "one.txt");
}

TEST_CASE("answers and words about what was not offered to them, or nobody asked for, do nothing") {
    Hostile two;
    two.say(net::FileAnswer{wire_id(1), wire_id(9), true, {}, {{0, 1}}});
    two.say(net::FileStop{wire_id(2), wire_id(9), net::StopReason::done});
    two.say(net::FileReady{wire_id(9)});
    two.say(net::FileRun{wire_id(9), {}, false});
    two.say(net::FileRun{wire_id(9), {}, true});
    two.say(net::BulkData{{}, {1, 2, 3}});
    two.say(net::BulkCredit{{}, ~std::uint32_t{0}});
    two.say(net::ManifestRequest{wire_id(9), 0});
    two.say(net::ManifestPart{wire_id(9), 0, {1}});
    two.say_and_wait(net::FileState{wire_id(9), net::TransferWish::retry});
    CHECK(two.connected());
    CHECK(two.all().empty());
    // Data before consent: a run that nobody asked for, and what comes in it.
    two.say(offer_of(1, one_file()).offer);
    two.say(net::FileRun{wire_id(1), wire_id(7), false});
    two.say(net::FileRun{wire_id(1), wire_id(7), true});
    two.say_and_wait(net::BulkData{wire_id(7), {1, 2, 3}});
    CHECK(two.a.runner.started == 0);
    CHECK(two.at(wire_id(1))->state == TransferState::offered);
    CHECK(two.a.files.received().empty());
}

TEST_CASE("what was never agreed on does not run, however often they ask") {
    Hostile two;
    const auto id = two.offer_from_a(3);
    two.network.run_for(5s);
    net::FileAnswer wrong{wire_id(1), id.bytes, true, {}, {{0, 3}}};
    two.say_and_wait(wrong);  // of other files
    REQUIRE(two.at(id.bytes)->state == TransferState::failed);
    for (int i = 0; i < 50; ++i) two.say(net::FileReady{id.bytes});
    two.network.run_for(5s);
    CHECK(two.at(id.bytes)->state == TransferState::failed);
    CHECK(two.a.runner.started == 0);
}

TEST_CASE("a selection beyond the list is refused, and asking again is not dear") {
    Hostile two;
    const auto id = two.offer_from_a(3);
    two.network.run_for(5s);
    net::FileAnswer answer{wire_id(1), id.bytes, true, {}, {{2, 5}}};
    const auto offered = two.b.call(model::ListTransfers{});
    const auto encoded = [&] {
        net::Manifest manifest;
        for (int i = 0; i < 3; ++i)
            manifest.entries.push_back({std::to_string(i), false, false, 1000, 1'700'000'000'000});
        return net::encode(manifest);
    }();
    const auto hash = net::manifest_hash(encoded);
    std::copy(hash.begin(), hash.end(), answer.manifest_hash.begin());
    two.say_and_wait(answer);
    two.a.events.clear();
    for (int i = 0; i < 500; ++i) {
        two.say(net::FileReady{id.bytes});
        two.network.run_for(4ms);
    }
    two.network.run_for(2s);
    CHECK(two.at(id.bytes)->state == TransferState::failed);
    CHECK(two.a.runner.started == 0);
    std::size_t failures = 0;
    for (const auto& event : events_of<model::TransferChanged>(two.a))
        failures += event.transfer.state == TransferState::failed;
    CHECK(failures >= 1);
    CHECK(failures <= 6);  // about one a second
}

TEST_CASE("answers and stops that were said before are not stored again") {
    Hostile two;
    const auto id = two.offer_from_a(3);
    two.network.run_for(5s);
    two.say_and_wait(net::FileAnswer{wire_id(1), id.bytes, false, {}, {}});
    REQUIRE(two.at(id.bytes)->state == TransferState::declined);
    two.a.events.clear();
    for (std::uint8_t i = 2; i < 100; ++i)
        two.say(net::FileStop{wire_id(i), id.bytes, net::StopReason::cancelled});
    two.network.run_for(5s);
    CHECK(events_of<model::TransferChanged>(two.a).empty());
    CHECK(two.at(id.bytes)->state == TransferState::declined);
}

TEST_CASE("who says that all is there while it still runs ends the run") {
    Hostile two;
    two.a.files.own["/home/a/long"] = net::Bytes(30'000'000, 3);
    const auto reply = two.a.call(model::SendFiles{two.b.id(), {"/home/a/long"}});
    const auto id = std::get<model::Offered>(reply.value()).transfer;
    REQUIRE(two.until([&] { return two.b.call(model::AcceptTransfer{id, {}, {}}).has_value(); }));
    REQUIRE(two.until([&] { return two.at(id.bytes)->state == TransferState::active; }));
    two.say(net::FileStop{wire_id(1), id.bytes, net::StopReason::done});
    REQUIRE(two.until([&] { return two.at(id.bytes)->state == TransferState::done; }));
    two.network.run_for(200ms);
    CHECK(two.a.runner.running() == 0);
}

TEST_CASE("names of strangers come without what speaks to terminals") {
    Hostile two;
    auto made = offer_of(1, one_file());
    made.offer.title = "a\x1b[2J\xe2\x80\xaegpj.exe\n";
    two.say_and_wait(made.offer);
    const auto name = two.at(wire_id(1))->name;
    CHECK(name.find('\x1b') == std::string::npos);
    CHECK(name.find('\n') == std::string::npos);
    CHECK(name == "a [2Jgpj.exe");
}

TEST_CASE("what recipients say about a file comes without what speaks to terminals") {
    Hostile two;
    two.a.files.own["/home/a/one"] = net::Bytes(1000, 3);
    const auto reply = two.a.call(model::SendFiles{two.b.id(), {"/home/a/one"}});
    const auto id = std::get<model::Offered>(reply.value()).transfer;
    two.b.files.full_text = "full\x1b[2J\xe2\x80\xae!";
    two.b.files.space = 10;
    REQUIRE(two.until([&] { return two.b.call(model::AcceptTransfer{id, {}, {}}).has_value(); }));
    REQUIRE(two.until([&] { return two.at(id.bytes)->state == TransferState::failed; }));
    CHECK(two.at(id.bytes)->error == "1 file is missing. full [2J!");
}
