// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "gui/search_feed.hpp"
#include "gui/widgets/marked_text.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui;
using namespace kith::gui::test;

namespace {

model::Hits hits_of(std::uint64_t newest, std::uint64_t count, bool more = false) {
    model::Hits hits{.hits = {}, .more = more};
    for (std::uint64_t n = newest; n > newest - count; --n)
        hits.hits.push_back(hit(message(1, n, "the word " + std::to_string(n)), "word"));
    return hits;
}

std::string bubble(std::uint64_t n) { return "message/" + model::to_string(message_id(n)); }

// Alice's conversation of 1,000, in which every message has the word.
void open_with_history(Harness& app) {
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (const auto* list = std::get_if<model::ListMessages>(&command))
            return page_of(list->peer == peer_id(1) ? 1 : 2, *list,
                           list->peer == peer_id(1) ? 1000 : 0);
        if (const auto* search = std::get_if<model::Search>(&command)) {
            if (search->text == "nothing") return model::Hits{};
            if (search->text == "bad")
                return tl::unexpected(model::Error{"io", "The disk is broken."});
            const auto newest = search->before ? number_of(*search->before) - 1 : 1000;
            return hits_of(newest, search->limit, true);
        }
        return std::nullopt;
    };
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
}

}  // namespace

TEST_CASE("one question is on its way and one waits, the latest") {
    SearchFeed feed;
    feed.want("h", std::nullopt);
    const auto first = feed.next_question();
    REQUIRE(first);
    CHECK(first->text == "h");
    feed.want("he", std::nullopt);
    feed.want("hel", peer_id(1));
    CHECK_FALSE(feed.next_question());
    feed.take(*first, hits_of(9, 3));
    CHECK(feed.hits().empty());  // an answer to what nobody wants to know any more
    const auto second = feed.next_question();
    REQUIRE(second);
    CHECK(second->text == "hel");
    CHECK(second->peer == peer_id(1));
    feed.take(*second, hits_of(9, 2));
    CHECK(feed.hits().size() == 2);
    CHECK_FALSE(feed.waiting());
    CHECK_FALSE(feed.next_question());
}

TEST_CASE("blank and unchanged texts ask nothing, and long ones are cut") {
    SearchFeed feed;
    feed.want("  ", std::nullopt);
    CHECK_FALSE(feed.next_question());
    feed.want(" a ", std::nullopt);
    CHECK(feed.next_question()->text == "a");
    feed.want("a", std::nullopt);
    feed.take({"a", std::nullopt, 50, std::nullopt}, hits_of(5, 1));
    CHECK_FALSE(feed.next_question());
    feed.want("", std::nullopt);
    CHECK(feed.hits().empty());
    feed.want(std::string(1000, 'x'), std::nullopt);
    CHECK(feed.next_question()->text.size() == model::query_max);
}

TEST_CASE("more hits are asked for behind the last one, up to a bound") {
    SearchFeed feed;
    feed.want("word", std::nullopt);
    feed.take(*feed.next_question(), hits_of(100'000, 50, true));
    for (int page = 0; page < 100; ++page) {
        feed.want_more();
        const auto asked = feed.next_question();
        if (!asked) break;
        REQUIRE(asked->before == feed.hits().back().message.id);
        feed.take(*asked, hits_of(number_of(*asked->before) - 1, 50, true));
    }
    CHECK(feed.hits().size() == SearchFeed::held_max);
    for (std::size_t i = 1; i < feed.hits().size(); ++i)
        REQUIRE(feed.hits()[i].message.position == feed.hits()[i - 1].message.position - 1);
}

TEST_CASE("typing on while more hits are on their way drops them") {
    SearchFeed feed;
    feed.want("w", std::nullopt);
    feed.take(*feed.next_question(), hits_of(100, 50, true));
    feed.want_more();
    const auto more = feed.next_question();
    feed.want("wo", std::nullopt);
    feed.take(*more, hits_of(50, 50, true));
    CHECK(feed.hits().size() == 50);
    feed.take(*feed.next_question(), hits_of(70, 2));
    CHECK(feed.hits().size() == 2);
}

TEST_CASE("what was found follows what happens to it") {
    SearchFeed feed;
    feed.want("word", std::nullopt);
    feed.take(*feed.next_question(), hits_of(10, 5));
    feed.apply(model::MessagesRemoved{peer_id(1), {message_id(9)}});
    CHECK(feed.hits().size() == 4);
    feed.apply(model::MessagesRemoved{peer_id(2), {}});
    CHECK(feed.hits().size() == 4);
    model::Message gone = message(1, 8, "");
    gone.deleted = true;
    feed.apply(model::MessageChanged{gone});
    CHECK(feed.hits().size() == 3);
    feed.apply(model::MessageChanged{message(1, 10, "the word 10")});  // a reaction, say
    CHECK_FALSE(feed.next_question());
    feed.apply(model::MessageChanged{message(1, 10, "other")});
    const auto again = feed.next_question();
    REQUIRE(again);
    CHECK(again->text == "word");
    feed.take(*again, hits_of(7, 2));
    feed.apply(model::MessagesRemoved{peer_id(1), {}});
    CHECK(feed.hits().empty());
}

TEST_CASE("a search that failed says so and can be tried again") {
    SearchFeed feed;
    feed.want("a", std::nullopt);
    feed.failed(*feed.next_question(), {"io", "The disk is broken."});
    CHECK(feed.error() == "The disk is broken.");
    feed.want("ab", std::nullopt);
    CHECK(feed.error().empty());
    CHECK(feed.next_question());
}

TEST_CASE("marks from the store are taken only where they make sense") {
    const auto texts = [](const MarkedText& text) {
        std::string all;
        for (const auto& piece : text) all += piece.marked ? "[" + piece.text + "]" : piece.text;
        return all;
    };
    CHECK(texts(marked_text("one two three", {{4, 3}})) == "one [two] three");
    CHECK(texts(marked_text("one two", {{0, 3}, {4, 3}})) == "[one] [two]");
    CHECK(texts(marked_text("one two", {{4, 3}, {0, 3}})) == "one [two]");
    CHECK(texts(marked_text("one", {{1, 99}, {5, 1}, {0, 0}})) == "one");
    CHECK(texts(marked_text("one", {{UINT32_MAX, UINT32_MAX}})) == "one");
    CHECK(texts(marked_text("a\x1b[31m b", {{0, 1}})).find('\x1b') == std::string::npos);
    CHECK(marked_text("", {}).empty());
}

TEST_CASE("Ctrl+Shift+F searches everywhere, and a hit opens its conversation at that place") {
    Harness app;
    open_with_history(app);
    app.press({ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiKey_F});
    CHECK_FALSE(app.sees("list/search"));
    app.type("word");
    REQUIRE_FALSE(app.sent<model::Search>().empty());
    CHECK_FALSE(app.sent<model::Search>().back().peer);
    REQUIRE(app.desk.view().search.hits().size() == SearchFeed::page_size);
    for (int i = 0; i < 4; ++i) app.press({ImGuiKey_DownArrow});
    app.press({ImGuiKey_UpArrow});
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().selected == peer_id(1));
    CHECK(app.sees(bubble(997)));
    CHECK(app.desk.ui().chats[peer_id(1)].highlight->message == message_id(997));
    // The keyboard stays here for the next hit.
    app.press({ImGuiKey_DownArrow});
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().chats[peer_id(1)].highlight->message == message_id(996));
    app.press({ImGuiKey_Escape});
    CHECK(app.sees("list/search"));
    CHECK(app.desk.ui().selected == peer_id(1));
}

TEST_CASE("Enter opens what is typed now, not what was found for the letters before") {
    Harness app;
    open_with_history(app);
    app.press({ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiKey_F});
    app.type("word");
    const auto rest = app.node;
    app.node = [](const model::Command&) -> std::optional<model::Reply> { return std::nullopt; };
    app.type("s");
    app.press({ImGuiKey_Enter});
    CHECK_FALSE(app.desk.ui().selected);
    app.node = rest;
    const auto& items = app.port.from_window;
    const auto ticket = std::get<model::Execute>(items.back()).ticket;
    app.arrive(model::ToWindow{model::Completed{ticket, model::Reply{hits_of(500, 1)}}});
    app.frames();
    CHECK(app.desk.ui().selected == peer_id(1));
    CHECK(app.sees(bubble(500)));
}

TEST_CASE("a click on a hit far up moves the window there, and one button leads back") {
    Harness app;
    open_with_history(app);
    app.press({ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiKey_F});
    app.type("word");
    app.move_to("search/hit/0");
    for (int i = 0; i < 200 && app.desk.view().search.hits().size() < 600; ++i) app.wheel(-20);
    REQUIRE(app.desk.view().search.hits().size() >= 600);
    std::string label;
    for (const auto& [name, rect] : app.recorder.items())
        if (name.starts_with("search/hit/") && rect.height > 70) label = name;
    const auto index = std::stoul(label.substr(11));
    const auto number = 1000 - index;
    app.click(label);
    CHECK(app.sees(bubble(number)));
    CHECK_FALSE(app.sees(bubble(1000)));
    const auto& chat = app.desk.view().conversations.at(peer_id(1));
    CHECK(chat.has_newer());
    app.click("chat/newest");
    CHECK(app.sees(bubble(1000)));
    CHECK_FALSE(chat.has_newer());
    CHECK_FALSE(app.sees("chat/newest"));
}

TEST_CASE("Ctrl+F searches in the open conversation, and can be widened") {
    Harness app;
    open_with_history(app);
    app.click(label_of("conversation", peer_id(1)));
    app.press({ImGuiMod_Ctrl, ImGuiKey_F});
    app.type("word");
    CHECK(app.sent<model::Search>().back().peer == peer_id(1));
    app.click("search/widen");
    CHECK_FALSE(app.sent<model::Search>().back().peer);
    app.click("search/close");
    CHECK_FALSE(app.sees("search/text"));
    app.click("chat/search");
    CHECK(app.sees("search/text"));
    CHECK(app.desk.ui().search.peer == peer_id(1));
}

TEST_CASE("the box over the list leads on to the messages") {
    Harness app;
    open_with_history(app);
    app.click("list/search");
    app.type("word");
    app.click("list/search-messages");
    CHECK(app.sent<model::Search>().back().text == "word");
    app.press({ImGuiKey_Escape});
    app.click("list/search");
    app.type("zzz");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::Search>().back().text == "zzz");
    app.press({ImGuiKey_Escape});
    app.click("list/search");
    app.type("bob");
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().selected == peer_id(2));
    CHECK(app.desk.ui().list.filter.empty());
}

TEST_CASE("nothing found and a failed search are said in place") {
    Harness app;
    open_with_history(app);
    app.press({ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiKey_F});
    app.type("nothing");
    CHECK(app.desk.view().search.hits().empty());
    app.press({ImGuiKey_Enter});
    CHECK_FALSE(app.desk.ui().selected);
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("bad");
    CHECK(app.desk.view().search.error() == "The disk is broken.");
    CHECK(app.desk.view().notices.empty());
}

TEST_CASE("a hit whose message is gone leaves the conversation readable") {
    Harness app;
    open_with_history(app);
    const auto rest = app.node;
    app.node = [rest](const model::Command& command) -> std::optional<model::Reply> {
        const auto* list = std::get_if<model::ListMessages>(&command);
        if (list && list->around)
            return tl::unexpected(model::Error{"no_such_message", "The message is gone."});
        return rest(command);
    };
    app.press({ImGuiMod_Ctrl, ImGuiMod_Shift, ImGuiKey_F});
    app.type("word");
    app.click("search/hit/0");
    CHECK(app.desk.view().notices.back().text == "The message is gone.");
    CHECK_FALSE(app.desk.ui().chats[peer_id(1)].jump);
    CHECK(app.sees(bubble(1000)));
}
