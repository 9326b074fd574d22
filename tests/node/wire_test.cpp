// SPDX-License-Identifier: MIT
#include "app/node/wire.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;
using namespace kith::node;

namespace {

constexpr model::Timestamp now = 1'700'000'000'000;

Arrival arrival(std::uint32_t timer_mine = 0) {
    Arrival made;
    made.from.bytes[0] = 7;
    made.session = 3;
    made.now = now;
    made.timer_mine = timer_mine;
    return made;
}

std::uint32_t stored_timer(std::uint32_t mine, std::uint32_t stamped) {
    net::Text text;
    text.timer = stamped;
    return std::get<store::InsertIncoming>(to_job(arrival(mine), text)).message.timer;
}

store::Outgoing entry(store::Kind kind) {
    store::Outgoing made;
    made.kind = kind;
    made.id.bytes[0] = 1;
    made.target.bytes[0] = 2;
    made.revision = 5;
    made.at = 6;
    made.text = "text";
    made.timer = 60;
    made.emojis = {"+1"};
    return made;
}

}  // namespace

TEST_CASE("each entry of the outbox goes out as what it is") {
    using store::Kind;
    const auto text = std::get<net::Text>(to_wire(entry(Kind::text)));
    CHECK(text.id[0] == 1);
    CHECK(text.sent_at == 6);
    CHECK(text.text == "text");
    CHECK(text.timer == 60);
    const auto edit = std::get<net::Edit>(to_wire(entry(Kind::edit)));
    CHECK(edit.target[0] == 2);
    CHECK(edit.revision == 5);
    CHECK(edit.text == "text");
    CHECK(std::get<net::Erase>(to_wire(entry(Kind::erase))).target[0] == 2);
    CHECK(std::get<net::Reactions>(to_wire(entry(Kind::reactions))).emojis.at(0) == "+1");
    CHECK(std::get<net::ReadUpTo>(to_wire(entry(Kind::read_up_to))).target[0] == 2);
    const auto timer = std::get<net::Disappearing>(to_wire(entry(Kind::disappearing)));
    CHECK(timer.seconds == 60);
    CHECK(timer.revision == 5);
}

TEST_CASE("a text disappears only if both sides wish it to, and never sooner than we do") {
    CHECK(stored_timer(0, 0) == 0);
    CHECK(stored_timer(0, 60) == 0);   // we keep
    CHECK(stored_timer(60, 0) == 0);   // they did not know, or keep
    CHECK(stored_timer(60, 1) == 60);  // no sooner than agreed
    CHECK(stored_timer(60, 90) == 90);
    CHECK(stored_timer(60, ~std::uint32_t{0}) == model::timer_max_s);
    CHECK(agreed_timer(60, 90) == 90);
    CHECK(agreed_timer(60, 0) == 0);
}

TEST_CASE("the clock of a sender is believed for a day ahead") {
    net::Text text;
    text.sent_at = now + 1000LL * 24 * 3600 * 1000;
    const auto ahead = std::get<store::InsertIncoming>(to_job(arrival(), text)).message;
    CHECK(ahead.at == now + 24LL * 3600 * 1000);
    text.sent_at = -5;
    CHECK(std::get<store::InsertIncoming>(to_job(arrival(), text)).message.at == 0);
}

TEST_CASE("reactions that are none, and those that come twice, are left out") {
    net::Reactions reactions;
    reactions.emojis = {"+1", "", "a b", "+1", "\x1b", "-1"};
    const auto job = std::get<store::ApplyReactions>(to_job(arrival(), reactions));
    CHECK(job.emojis == std::vector<std::string>{"+1", "-1"});
    CHECK(job.session == 3);
    CHECK(job.now == now);
}

TEST_CASE("every message weighs something, so that a flood of empty ones ends") {
    CHECK(weight(net::Erase{}) > 0);
    net::Text text;
    const auto empty = weight(text);
    text.text = "1234";
    CHECK(weight(text) == empty + 4);
    CHECK(weight(entry(store::Kind::text)) == empty + 4);
}
