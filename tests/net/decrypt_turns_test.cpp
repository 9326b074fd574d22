// SPDX-License-Identifier: MIT
#include "net/relay/decrypt_turns.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::net;

namespace {

struct Lane final : DecryptLane {
    bool submit(std::uint64_t ticket, Bytes, bool) override {
        if (full) return false;
        submitted.push_back(ticket);
        return true;
    }
    std::vector<LinkId> submitted;
    bool full = false;
};

SocketAddress from(std::uint8_t network, std::uint8_t host = 1) {
    return {{10, 0, network, host}, 4000, 0};
}

}  // namespace

TEST_CASE("turns at the lane: a crowd does not keep a single one waiting") {
    Lane lane;
    DecryptTurns turns(lane);
    for (LinkId link = 1; link <= 500; ++link)
        turns.ask(link, from(static_cast<std::uint8_t>(link % 3), static_cast<std::uint8_t>(link)),
                  {1});
    turns.ask(1000, from(7), {1});
    CHECK(lane.submitted.size() == DecryptTurns::at_once);
    CHECK(turns.waiting() == 501 - DecryptTurns::at_once);
    std::size_t answered = 0;
    while (lane.submitted.back() != 1000) {
        REQUIRE(++answered <= 4);
        turns.on_decrypted();
    }
    while (turns.waiting() > 0) turns.on_decrypted();
    CHECK(lane.submitted.size() == 501);
}

TEST_CASE("turns at the lane: who has gone takes none, and nothing is left of them") {
    Lane lane;
    DecryptTurns turns(lane);
    for (LinkId link = 1; link <= 30; ++link)
        turns.ask(link, from(static_cast<std::uint8_t>(link % 4)), {1});
    for (LinkId link = 1; link <= 30; ++link) {
        if (link != 29) turns.on_gone(link);
        turns.on_gone(link + 100);
    }
    CHECK(turns.waiting() == 1);
    turns.on_decrypted();
    CHECK(turns.waiting() == 0);
    CHECK(lane.submitted.back() == 29);
    CHECK(lane.submitted.size() == DecryptTurns::at_once + 1);
    for (int i = 0; i < 20; ++i) turns.on_decrypted();
    turns.ask(40, from(1), {1});
    CHECK(lane.submitted.back() == 40);
}

TEST_CASE("turns at the lane: one that is full is asked again when it has answered") {
    Lane lane;
    DecryptTurns turns(lane);
    turns.ask(1, from(1), {1});
    lane.full = true;
    turns.ask(2, from(1), {1});
    turns.ask(3, from(2), {1});
    CHECK(lane.submitted == std::vector<LinkId>{1});
    lane.full = false;
    turns.on_decrypted();
    CHECK(lane.submitted == std::vector<LinkId>{1, 2, 3});
}

TEST_CASE("turns at the lane: what counts as one network") {
    CHECK(network_of(Bytes{10, 0, 1, 2}) == network_of(Bytes{10, 0, 1, 250}));
    CHECK(network_of(Bytes{10, 0, 1, 2}) != network_of(Bytes{10, 0, 2, 2}));
    Bytes a(16, 1), b(16, 1);
    b[6] = 2;
    CHECK(network_of(a) == network_of(b));
    b[5] = 2;
    CHECK(network_of(a) != network_of(b));
    CHECK(network_of(Bytes{}).empty());
}
