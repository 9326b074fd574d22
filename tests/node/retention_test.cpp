// SPDX-License-Identifier: MIT
//
// Disappearing messages and the history that is kept for so many days, with clocks that jump.
#include "app/node/retention.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;

namespace {

constexpr auto day = 24h;

/// Both wish the same.
void agree(Friends& two, std::uint32_t seconds) {
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), seconds}));
    REQUIRE(two.b.call(model::SetDisappearing{two.a.id(), seconds}));
    REQUIRE(two.until([&] {
        return two.a.peer(two.b)->timer_theirs == seconds &&
               two.b.peer(two.a)->timer_theirs == seconds;
    }));
}

void keep_for(sim::SimNode& node, std::uint32_t days) {
    REQUIRE(node.call(model::ChangeSettings{.history_days = days}));
}

}  // namespace

TEST_CASE("each side learns how long the other wishes to keep messages, also later") {
    Friends two;
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 60}));
    CHECK(two.a.peer(two.b)->timer_mine == 60);
    REQUIRE(two.until([&] { return two.b.peer(two.a)->timer_theirs == 60; }));
    two.b.crash(true);
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 90}));
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 0}));
    two.a.crash();
    two.a.start();
    CHECK(two.a.peer(two.b)->timer_mine == 0);
    two.b.start();
    CHECK(two.b.peer(two.a)->timer_theirs == 60);
    REQUIRE(two.until([&] { return two.b.peer(two.a)->timer_theirs == 0; }));

    CHECK(code(two.a.call(model::SetDisappearing{two.b.id(), model::timer_max_s})) == "ok");
    CHECK(code(two.a.call(model::SetDisappearing{two.b.id(), model::timer_max_s + 1})) ==
          "bad_request");
    CHECK(code(two.a.call(model::SetDisappearing{{}, 60})) == "no_such_peer");
    REQUIRE(two.a.call(model::RemoveContact{two.b.id()}));
    CHECK(code(two.a.call(model::SetDisappearing{two.b.id(), 60})) == "not_a_contact");
}

TEST_CASE("a text is stamped with the longer time, and with none unless both wish it") {
    Friends two;
    CHECK(two.there(two.deliver("kept"))->timer == 0);
    REQUIRE(two.a.call(model::SetDisappearing{two.b.id(), 60}));
    CHECK(two.here(two.deliver("kept"))->timer == 0);
    REQUIRE(two.b.call(model::SetDisappearing{two.a.id(), 90}));
    REQUIRE(two.until([&] { return two.a.peer(two.b)->timer_theirs == 90; }));
    const auto id = two.deliver("disappears");
    CHECK(two.here(id)->timer == 90);
    CHECK(two.there(id)->timer == 90);
}

TEST_CASE("a text disappears here after delivery and there after it was read") {
    Friends two;
    agree(two, 60);
    const auto id = two.deliver("secret");
    CHECK(two.here(id)->expires_at != 0);
    CHECK(two.there(id)->expires_at == 0);
    REQUIRE(two.until([&] {
        const auto changes = events_of<model::MessageChanged>(two.a);
        return !changes.empty() && changes.back().message.expires_at != 0;
    }));
    two.network.run_for(50s);
    CHECK(two.here(id));
    two.network.run_for(15s);
    CHECK_FALSE(two.here(id));
    CHECK(events_of<model::MessagesRemoved>(two.a).back().messages == std::vector{id});
    CHECK(two.a.peer(two.b)->last_text.empty());

    two.network.run_for(600s);
    CHECK(two.there(id));  // not read yet
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), id}));
    REQUIRE(two.until([&] { return two.b.count<model::MessageChanged>() != 0; }));
    CHECK(events_of<model::MessageChanged>(two.b).back().message.expires_at != 0);
    two.network.run_for(50s);
    CHECK(two.there(id));
    two.network.run_for(15s);
    CHECK_FALSE(two.there(id));
}

TEST_CASE("what expired while nobody ran is gone soon after the start") {
    Friends two;
    agree(two, 60);
    const auto id = two.deliver("secret");
    two.a.crash();
    two.network.run_for(120s);
    two.a.start();
    REQUIRE(two.until([&] { return !two.here(id); }));
}

TEST_CASE("a resent copy of what has disappeared does not come back") {
    Friends two;
    agree(two, 60);
    net::Text text;
    text.id = wire_id(5);
    text.text = "again and again";
    text.timer = 60;
    const auto& to = two.b.host().fingerprint();
    two.a.host().endpoint().send(to, text);
    const model::MessageId id{text.id};
    REQUIRE(two.until([&] { return two.there(id).has_value(); }));
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), id}));
    two.network.run_for(90s);
    REQUIRE_FALSE(two.there(id));
    two.a.host().endpoint().send(to, text);
    two.a.host().endpoint().send(to, net::Edit{wire_id(6), text.id, 1, "and again"});
    two.network.run_for(10s);
    CHECK_FALSE(two.there(id));
    CHECK(two.b.peer(two.a)->unread == 0);
}

TEST_CASE("a wall clock set forward is noticed within a minute, one set back does no harm") {
    Friends two;
    agree(two, 3600);
    const auto id = two.deliver("secret");
    two.a.host().jump_wall_clock(-30min);
    two.network.run_for(40min);
    CHECK(two.here(id));
    two.a.host().jump_wall_clock(2h);
    two.network.run_for(node::Retention::counting + 2s);
    CHECK_FALSE(two.here(id));
}

TEST_CASE("the history is kept for as many days as set, and what is unread or waits stays") {
    Friends two;
    const auto old = two.deliver("old");
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), old}));
    const auto unread = two.deliver("unread");
    two.network.suspend(3 * day);
    const auto fresh = two.deliver("fresh");
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), old}));
    keep_for(two.b, 2);
    two.network.run_for(5s);
    CHECK_FALSE(two.there(old));
    CHECK(two.there(unread));
    CHECK(two.there(fresh));
    CHECK(events_of<model::MessagesRemoved>(two.b).back().messages == std::vector{old});
    CHECK(two.here(old));  // the other side keeps what it likes
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), fresh}));
    two.network.run_for(node::Retention::idle + 5s);
    CHECK_FALSE(two.there(unread));
    CHECK(two.there(fresh));
}

TEST_CASE("a clock that has jumped far is not believed about the age of the history") {
    Friends two;
    const auto id = two.deliver("dear");
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), id}));
    keep_for(two.b, 30);
    two.network.run_for(5s);
    two.b.host().jump_wall_clock(1000 * day);  // an hour later it is set right
    two.network.run_for(node::Retention::idle + 10s);
    two.b.host().jump_wall_clock(-1000 * day);
    two.network.run_for(3 * node::Retention::idle);
    CHECK(two.there(id));
    // But time that really passes counts.
    two.network.suspend(31 * day);
    two.network.run_for(5s);
    CHECK_FALSE(two.there(id));
}

TEST_CASE("large numbers go in small steps") {
    Friends two;
    for (int i = 0; i < 1200; ++i)
        two.a.send(model::SendText{two.b.id(), std::to_string(i), {}}, [](auto) {});
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 1200; }));
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), two.b.conversation(two.a).back().id}));
    two.network.suspend(2 * day);
    keep_for(two.b, 1);
    two.network.run_for(5s);
    CHECK(two.b.conversation(two.a).empty());
    for (const auto& removed : events_of<model::MessagesRemoved>(two.b))
        CHECK(removed.messages.size() <= node::Retention::batch);
    CHECK(two.b.count<model::MessagesRemoved>() >= 3);
}

TEST_CASE("a disk that refuses is reported once and tried again") {
    Friends two;
    agree(two, 60);
    const auto id = two.deliver("secret");
    two.a.fail_writes(true);
    two.network.run_for(600s);
    const auto reported = [&](const std::string& words) {
        std::size_t count = 0;
        for (const auto& notice : events_of<model::Notice>(two.a))
            count += notice.text.find(words) != std::string::npos ? 1 : 0;
        return count;
    };
    CHECK(reported("disk") == 1);
    CHECK(two.here(id));
    two.a.fail_writes(false);
    two.network.run_for(90s);
    CHECK_FALSE(two.here(id));
}
