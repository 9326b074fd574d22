// SPDX-License-Identifier: MIT
//
// Reading, searching and clearing conversations; receipts, typing, settings.
#include "app/node/conversations.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/node/reply_size.hpp"
#include "app/node/typing.hpp"
#include "tests/node/two_nodes.hpp"

using namespace kith;
using namespace kith::test;
using model::MessageState;

namespace {

model::Messages page(sim::SimNode& node, const model::ListMessages& command) {
    return std::get<model::Messages>(node.call(command).value());
}

bool read_there(Friends& two, const model::MessageId& id) {
    return two.here(id)->state == MessageState::read;
}

model::Settings settings_of(sim::SimNode& node) {
    return std::get<model::Settings>(node.call(model::GetSettings{}).value());
}

}  // namespace

TEST_CASE("pages before, after and around a message say whether there is more") {
    Friends two;
    std::vector<model::MessageId> ids;
    for (int i = 0; i < 10; ++i) ids.push_back(two.write(std::to_string(i)));
    const auto peer = two.b.id();
    const auto newest = page(two.a, {peer, 3, {}, {}, {}});
    CHECK(texts(newest.messages) == std::vector<std::string>{"7", "8", "9"});
    CHECK(newest.more);
    CHECK_FALSE(newest.more_newer);
    const auto before = page(two.a, {peer, 3, ids[3], {}, {}});
    CHECK(texts(before.messages) == std::vector<std::string>{"0", "1", "2"});
    CHECK_FALSE(before.more);
    CHECK(before.more_newer);
    const auto after = page(two.a, {peer, 3, {}, ids[3], {}});
    CHECK(texts(after.messages) == std::vector<std::string>{"4", "5", "6"});
    CHECK(after.more);
    CHECK(after.more_newer);
    const auto around = page(two.a, {peer, 3, {}, {}, ids[5]});
    CHECK(texts(around.messages) == std::vector<std::string>{"4", "5", "6"});
    const auto first = page(two.a, {peer, 2, {}, model::MessageId{}, {}});
    CHECK(texts(first.messages) == std::vector<std::string>{"0", "1"});

    CHECK(code(two.a.call(model::ListMessages{peer, 3, ids[3], ids[3], {}})) == "bad_request");
    CHECK(code(two.a.call(model::ListMessages{peer, 3, {}, ids[3], ids[3]})) == "bad_request");
    CHECK(code(two.a.call(model::ListMessages{peer, 1001, {}, {}, {}})) == "bad_request");
    CHECK(code(two.a.call(model::ListMessages{{}, 3, {}, {}, {}})) == "no_such_peer");
    const auto unknown = wire_id(9);
    CHECK(code(two.a.call(model::ListMessages{peer, 3, model::MessageId{unknown}, {}, {}})) ==
          "no_such_message");
}

TEST_CASE("a reply brings what it answers") {
    Friends two;
    const auto question = two.deliver("coffee?");
    const auto reply = two.b.call(model::SendText{two.a.id(), "yes", question});
    const auto answer = std::get<model::Accepted>(reply.value()).message;
    CHECK(events_of<model::MessageAdded>(two.b).back().message.quote->text == "coffee?");
    REQUIRE(two.until([&] { return two.here(answer).has_value(); }));
    REQUIRE(two.here(answer)->quote);
    CHECK(two.here(answer)->quote->outgoing);
    CHECK(events_of<model::MessageAdded>(two.a).back().message.quote->text == "coffee?");
}

TEST_CASE("what is found is newest first, in one conversation or in all") {
    Friends two;
    two.deliver("the quick brown fox");
    two.deliver("a lazy dog");
    const auto newest = two.deliver("another quick fox");
    const auto search = [&](model::Search command) {
        return std::get<model::Hits>(two.b.call(std::move(command)).value());
    };
    const auto found = search({"quick", {}, 50, {}});
    REQUIRE(found.hits.size() == 2);
    CHECK(found.hits[0].message.id == newest);
    CHECK_FALSE(found.more);
    CHECK(search({"quick", two.a.id(), 1, {}}).more);
    CHECK(search({"quick", two.a.id(), 1, newest}).hits.at(0).message.text ==
          "the quick brown fox");
    CHECK(search({"absent", {}, 50, {}}).hits.empty());

    CHECK(code(two.b.call(model::Search{"", {}, 50, {}})) == "empty");
    CHECK(code(two.b.call(model::Search{std::string(257, 'x'), {}, 50, {}})) == "too_long");
    CHECK(code(two.b.call(model::Search{"\xff", {}, 50, {}})) == "bad_request");
    CHECK(code(two.b.call(model::Search{"x", {}, 0, {}})) == "bad_request");
    CHECK(code(two.b.call(model::Search{"x", {}, model::hits_max + 1, {}})) == "bad_request");
    CHECK(code(two.b.call(model::Search{"x", model::PeerId{}, 50, {}})) == "no_such_peer");
}

TEST_CASE("a conversation is deleted but for what still waits, which arrives all the same") {
    Friends two;
    two.deliver("one");
    two.deliver("two");
    two.b.crash(true);
    two.network.run_for(30s);
    two.write("waiting");
    const auto removed =
        std::get<model::Removed>(two.a.call(model::DeleteConversation{two.b.id()}).value());
    CHECK(removed.removed == 2);
    CHECK(removed.kept == 1);
    CHECK(texts(two.a.conversation(two.b)) == std::vector<std::string>{"waiting"});
    CHECK(events_of<model::MessagesRemoved>(two.a).back().messages.empty());
    two.b.start();
    REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 3; }));
    REQUIRE(two.b.call(model::DeleteConversation{two.a.id()}));
    CHECK(two.b.conversation(two.a).empty());
    CHECK(two.b.peer(two.a)->unread == 0);
    CHECK(two.b.peer(two.a)->last_text.empty());
    CHECK(code(two.b.call(model::DeleteConversation{{}})) == "no_such_peer");
}

TEST_CASE("the writer learns what was read, up to where") {
    Friends two;
    const auto first = two.deliver("one");
    const auto second = two.deliver("two");
    const auto third = two.deliver("three");
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), second}));
    CHECK(two.b.peer(two.a)->unread == 1);
    REQUIRE(two.until([&] { return read_there(two, first) && read_there(two, second); }));
    CHECK(two.here(third)->state == MessageState::delivered);
    std::set<model::MessageId> told;
    for (const auto& change : events_of<model::MessageStateChanged>(two.a)) {
        if (change.state == MessageState::read) told.insert(change.message);
    }
    CHECK(told == std::set{first, second});
}

TEST_CASE("a receipt that comes before the acknowledgement counts when that has come") {
    Friends two;
    two.network.set_latency(300ms, 300ms);
    const auto id = two.write("one");
    two.network.run_for(400ms);  // it has arrived, its acknowledgement is on the way
    REQUIRE(two.there(id));
    two.network.cut(two.a.host(), two.b.host());
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), id}));
    two.network.set_latency(1ms, 20ms);
    REQUIRE(two.until([&] {
        const auto changes = events_of<model::MessageStateChanged>(two.a);
        return !changes.empty() && changes.back().state == MessageState::read;
    }));
    CHECK(read_there(two, id));
}

TEST_CASE("nobody is told what was read when receipts are off") {
    Friends two;
    REQUIRE(two.b.call(model::ChangeSettings{.read_receipts = false}));
    const auto id = two.deliver("one");
    REQUIRE(two.b.call(model::MarkRead{two.a.id(), id}));
    two.network.run_for(10s);
    CHECK(two.b.peer(two.a)->unread == 0);
    CHECK(two.here(id)->state == MessageState::delivered);
    CHECK(code(two.b.call(model::MarkRead{two.a.id(), {}})) == "no_such_message");
    CHECK(code(two.b.call(model::MarkRead{{}, id})) == "no_such_peer");
}

TEST_CASE("writing shows at the other side until it stops, or says nothing more") {
    Friends two;
    const auto typing = [&] { return two.b.peer(two.a)->typing; };
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    REQUIRE(two.until(typing));
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), false}));
    REQUIRE(two.until([&] { return !typing(); }));
    const auto events = events_of<model::PeerTyping>(two.b);
    REQUIRE(events.size() == 2);
    CHECK(events[0].on);
    CHECK_FALSE(events[1].on);

    two.network.run_for(node::Typing::told_every);
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    REQUIRE(two.until(typing));
    two.network.run_for(node::Typing::fades_after - 100ms);
    CHECK(typing());
    two.network.run_for(200ms);
    CHECK_FALSE(typing());
    CHECK_FALSE(events_of<model::PeerTyping>(two.b).back().on);
}

TEST_CASE("a text ends the typing of who wrote it, and so does the end of the session") {
    Friends two;
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    REQUIRE(two.until([&] { return two.b.peer(two.a)->typing; }));
    two.deliver("done");
    CHECK_FALSE(two.b.peer(two.a)->typing);
    two.network.run_for(node::Typing::told_every);
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    REQUIRE(two.until([&] { return two.b.peer(two.a)->typing; }));
    two.a.crash();
    REQUIRE(two.until([&] { return two.b.presence(two.a) != model::Presence::online; }));
    CHECK_FALSE(two.b.peer(two.a)->typing);
    CHECK_FALSE(events_of<model::PeerTyping>(two.b).back().on);
}

TEST_CASE("typing is told at most every three seconds, and not at all when it is off") {
    Friends two;
    const auto out = [&] {
        return std::get<model::Stats>(two.a.call(model::GetStats{}).value()).messages_out;
    };
    two.network.run_for(1s);  // the cards are exchanged
    const auto before = out();
    for (int i = 0; i < 100; ++i) REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    CHECK(out() == before + 1);
    for (int i = 0; i < 100; ++i) {
        REQUIRE(two.a.call(model::SetTyping{two.b.id(), false}));
        REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    }
    CHECK(out() == before + 2);  // that it ended; it begins again when three seconds are over
    two.network.run_for(node::Typing::told_every);
    REQUIRE(two.a.call(model::ChangeSettings{.typing = false}));
    REQUIRE(two.a.call(model::SetTyping{two.b.id(), true}));
    CHECK(out() == before + 2);
    CHECK(code(two.a.call(model::SetTyping{{}, true})) == "no_such_peer");
}

TEST_CASE("settings are kept over a restart, all of them or none") {
    Friends two;
    const model::Settings wanted{"dark",
                                 1.5,
                                 false,
                                 false,
                                 30,
                                 false,
                                 false,
                                 "a.example:4711",
                                 "/srv/in coming",
                                 "{date}_{name}",
                                 1'000'000,
                                 500'000};
    REQUIRE(two.a.call(model::ChangeSettings{.theme = "dark",
                                             .zoom = 1.5,
                                             .read_receipts = false,
                                             .typing = false,
                                             .history_days = 30,
                                             .visible = false,
                                             .mapping = false,
                                             .public_address = "a.example:4711",
                                             .downloads = "/srv/in coming",
                                             .naming = "{date}_{name}",
                                             .rate_total = 1'000'000,
                                             .rate_each = 500'000}));
    CHECK(two.a.count<model::SettingsChanged>() == 1);
    two.a.crash();
    two.a.start();
    CHECK(settings_of(two.a) == wanted);
    two.a.fail_writes(true);
    CHECK(code(two.a.call(model::ChangeSettings{.typing = true})) == "disk_full");
    CHECK(settings_of(two.a) == wanted);
    two.a.fail_writes(false);
    CHECK(code(two.a.call(model::ChangeSettings{.history_days = model::history_days_max + 1})) ==
          "bad_request");
    CHECK(code(two.a.call(model::ChangeSettings{.public_address = "a.example"})) == "bad_address");
    CHECK(settings_of(two.a) == wanted);
}

TEST_CASE("settings that are changed at the same time are all changed") {
    Friends two;
    std::vector<model::Reply> replies;
    const auto keep = [&](model::Reply reply) { replies.push_back(std::move(reply)); };
    two.a.send(model::ChangeSettings{.typing = false}, keep);
    two.a.send(model::SetVisibility{false}, keep);
    two.a.send(model::ChangeSettings{.history_days = 30}, keep);
    REQUIRE(two.until([&] { return replies.size() == 3; }));
    const auto together = [](const model::Settings& settings) {
        return !settings.typing && !settings.visible && settings.history_days == 30;
    };
    CHECK(together(settings_of(two.a)));
    CHECK(together(std::get<model::Settings>(replies[2].value())));
    two.a.crash();
    two.a.start();
    CHECK(together(settings_of(two.a)));
}

TEST_CASE("a change of settings that could not be stored is not made by the next one") {
    Friends two;
    two.a.fail_writes(true);
    CHECK(code(two.a.call(model::ChangeSettings{.typing = false})) == "disk_full");
    two.a.fail_writes(false);
    REQUIRE(two.a.call(model::ChangeSettings{.zoom = 2.0}));
    CHECK(settings_of(two.a).typing);
    CHECK(settings_of(two.a).zoom == 2.0);
}

TEST_CASE("what belongs to the host is refused by the node") {
    Two two;
    CHECK(code(two.a.call(model::ExportHistory{})) == "not_supported");
    CHECK(code(two.a.call(model::SetPassword{})) == "not_supported");
    CHECK(code(two.a.call(model::CreateBackup{})) == "not_supported");
}

TEST_CASE("unread is exact after a crash at any moment") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        INFO("seed " << seed);
        Friends two(seed);
        auto& random = two.network.random();
        for (int i = 0; i < 40; ++i) {
            two.a.send(model::SendText{two.b.id(), std::to_string(i), {}}, [](auto) {});
            two.network.run_for(std::chrono::milliseconds(random() % 12));
            if (i % 10 == 9) {
                const auto all = two.b.conversation(two.a);
                if (!all.empty()) {
                    two.b.send(model::MarkRead{two.a.id(), all[random() % all.size()].id},
                               [](auto) {});
                }
                two.network.run_for(std::chrono::milliseconds(random() % 6));
                two.b.crash(random() % 2 == 0);
                two.b.start();
            }
        }
        REQUIRE(two.until([&] { return two.b.conversation(two.a).size() == 40; }));
        const auto counted = two.b.peer(two.a)->unread;
        two.b.crash();
        two.b.start();
        CHECK(two.b.peer(two.a)->unread == counted);
    }
}

TEST_CASE("an answer with the longest of texts stays in bounds, and one goes on behind it") {
    model::Messages page;
    for (std::uint8_t i = 0; i < 200; ++i) {
        model::Message message;
        message.id.bytes[15] = i;
        message.text.assign(model::text_max, 'x');
        page.messages.push_back(message);
    }
    constexpr std::size_t fitting = node::reply_text_max / model::text_max;
    const auto shortened = [&](std::size_t anchor) {
        auto part = page;
        node::shorten(part, anchor);
        CHECK(part.messages.size() == fitting);
        CHECK(part.more == (part.messages.front().id != page.messages.front().id));
        CHECK(part.more_newer == (part.messages.back().id != page.messages.back().id));
        return part.messages.front().id.bytes[15];
    };
    CHECK(shortened(0) == 0);
    CHECK(shortened(199) == 200 - fitting);
    const auto around = shortened(100);
    CHECK(around > 100 - fitting / 2 - 2);
    CHECK(around < 100 - fitting / 2 + 2);

    model::Messages one;
    one.messages.resize(1);
    one.messages[0].text.assign(node::reply_text_max + 1, 'x');
    node::shorten(one, 0);
    CHECK(one.messages.size() == 1);
    model::Messages none;
    node::shorten(none, 0);
    CHECK(none.messages.empty());

    model::Hits hits;
    for (const auto& message : page.messages) hits.hits.push_back({message, {}, {}});
    node::shorten(hits);
    CHECK(hits.hits.size() == fitting);
    CHECK(hits.more);
}
