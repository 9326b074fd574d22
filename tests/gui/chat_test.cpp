// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

constexpr std::uint64_t many = 100'000;

// A conversation of `total` messages, answered as the store would.
void open_chat(Harness& app, std::uint64_t total, std::uint32_t unread = 0) {
    app.node = [total](const model::Command& command) -> std::optional<model::Reply> {
        const auto* list = std::get_if<model::ListMessages>(&command);
        if (!list) return std::nullopt;
        return page_of(1, *list, total);
    };
    model::Peer alice = contact(1, "Alice");
    alice.unread = unread;
    app.run_with({alice, contact(2, "Bob")});
    app.click(label_of("conversation", peer_id(1)));
}

std::string bubble(std::uint64_t n) { return "message/" + model::to_string(message_id(n)); }

const gui::Conversation& held(const Harness& app) {
    return app.desk.view().conversations.at(peer_id(1));
}

}  // namespace

TEST_CASE("Enter sends, Shift+Enter breaks the line") {
    Harness app;
    open_chat(app, 0);
    app.type("one");
    app.press({ImGuiMod_Shift, ImGuiKey_Enter});
    app.type("two");
    CHECK(app.sent<model::SendText>().empty());
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SendText>().size() == 1);
    CHECK(app.sent<model::SendText>()[0].text == "one\ntwo");
    CHECK(app.desk.ui().chats[peer_id(1)].draft.empty());
    app.type("three");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SendText>().size() == 2);
    CHECK(app.sent<model::SendText>()[1].text == "three");
}

TEST_CASE("keys struck faster than frames are drawn keep their modifiers") {
    Harness app;
    open_chat(app, 0);
    app.type("one");
    ImGuiIO& io = ImGui::GetIO();
    for (const ImGuiKey key : {ImGuiMod_Shift, ImGuiKey_LeftShift, ImGuiKey_Enter})
        io.AddKeyEvent(key, true);
    for (const ImGuiKey key : {ImGuiMod_Shift, ImGuiKey_LeftShift, ImGuiKey_Enter})
        io.AddKeyEvent(key, false);
    app.frames();
    CHECK(app.sent<model::SendText>().empty());
}

TEST_CASE("blank texts are not sent") {
    Harness app;
    open_chat(app, 0);
    app.type("  ");
    app.press({ImGuiKey_Enter});
    app.click("composer/send");
    CHECK(app.sent<model::SendText>().empty());
}

TEST_CASE("several pasted lines stay one message") {
    Harness app;
    open_chat(app, 0);
    app.context.clipboard = "a\nb\nc";
    app.press({ImGuiMod_Ctrl, ImGuiKey_V});
    CHECK(app.sent<model::SendText>().empty());
    app.click("composer/send");
    REQUIRE(app.sent<model::SendText>().size() == 1);
    CHECK(app.sent<model::SendText>()[0].text == "a\nb\nc");
}

TEST_CASE("a text above the limit stays in the field") {
    Harness app;
    open_chat(app, 0);
    app.context.clipboard = std::string(model::text_max + 1, 'x');
    app.press({ImGuiMod_Ctrl, ImGuiKey_V});
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::SendText>().empty());
    CHECK(app.desk.ui().chats[peer_id(1)].draft.size() == model::text_max + 1);
}

TEST_CASE("each conversation keeps its draft") {
    Harness app;
    open_chat(app, 0);
    app.type("for Alice");
    app.click(label_of("conversation", peer_id(2)));
    app.type("for Bob");
    app.click(label_of("conversation", peer_id(1)));
    CHECK(app.desk.ui().chats[peer_id(1)].draft == "for Alice");
    CHECK(app.desk.ui().chats[peer_id(2)].draft == "for Bob");
}

TEST_CASE("a refused text returns to the field") {
    Harness app;
    open_chat(app, 0);
    const auto rest = app.node;
    app.node = [rest](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::SendText>(command))
            return tl::unexpected(model::Error{"full", "The disk is full."});
        return rest(command);
    };
    app.type("precious");
    app.press({ImGuiKey_Enter});
    app.frames();
    CHECK(app.desk.ui().chats[peer_id(1)].draft == "precious");
    CHECK(app.desk.view().notices.back().text == "The disk is full.");
}

TEST_CASE("the newest message is in view, and stays so when another comes") {
    Harness app;
    open_chat(app, 500);
    CHECK(app.sees(bubble(500)));
    app.arrive(model::Event{model::MessageAdded{message(1, 501, "new")}});
    app.frames();
    CHECK(app.sees(bubble(501)));
}

TEST_CASE("one who reads above stays there when a message comes, and can jump back") {
    Harness app;
    open_chat(app, 90);
    app.move_to(bubble(89));
    app.wheel(10);
    app.wheel(10);
    REQUIRE_FALSE(app.sees(bubble(90)));
    const auto before = app.recorder.items();
    app.arrive(model::Event{model::MessageAdded{message(1, 91, "new")}});
    app.frames();
    for (const auto& [label, rect] : before)
        if (label.starts_with("message/")) CHECK(app.recorder.find(label) == rect);
    app.click("chat/newest");
    CHECK(app.sees(bubble(91)));
}

TEST_CASE("scrolling up brings older pages without moving what is read") {
    Harness app;
    open_chat(app, 1000);
    app.move_to(bubble(1000));
    REQUIRE(app.sent<model::ListMessages>().size() == 1);
    for (int i = 0; i < 40 && app.sent<model::ListMessages>().size() < 2; ++i) app.wheel(5);
    REQUIRE(app.sent<model::ListMessages>().size() == 2);
    CHECK(app.sent<model::ListMessages>()[1].before == message_id(901));
    CHECK(held(app).messages().size() == 200);
    app.frames();
    const bool near_the_seam = app.sees(bubble(905)) || app.sees(bubble(910)) ||
                               app.sees(bubble(915)) || app.sees(bubble(920));
    CHECK(near_the_seam);
}

TEST_CASE("a long history costs no more than a short one") {
    Harness app;
    open_chat(app, many);
    app.move_to(bubble(many));
    // Far up, through more pages than are kept.
    while (held(app).messages().front().position > many - 2500) app.press({ImGuiKey_PageUp});
    CHECK(held(app).messages().size() <= gui::Conversation::held_max);
    CHECK(held(app).has_newer());
    CHECK(app.desk.ui().chats[peer_id(1)].scroll.rows_drawn < 40);
    // And the whole way back, each message once.
    for (int i = 0; i < 400 && (held(app).has_newer() || !app.sees(bubble(many))); ++i)
        app.press({ImGuiKey_PageDown});
    CHECK(app.sees(bubble(many)));
    const auto& messages = held(app).messages();
    for (std::size_t i = 1; i < messages.size(); ++i)
        REQUIRE(messages[i].position == messages[i - 1].position + 1);
}

TEST_CASE("what is seen is marked as read, once") {
    Harness app;
    open_chat(app, 50, 3);
    REQUIRE(app.sent<model::MarkRead>().size() == 1);
    CHECK(app.sent<model::MarkRead>()[0].message == message_id(50));
    app.frames(10);
    CHECK(app.sent<model::MarkRead>().size() == 1);
}

TEST_CASE("one who is at the end has read what is further up, too") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (!std::holds_alternative<model::ListMessages>(command)) return std::nullopt;
        model::Messages page{.peer = peer_id(1), .messages = {message(1, 1, "theirs")}};
        for (std::uint64_t n = 2; n < 60; ++n) page.messages.push_back(message(1, n, "mine", true));
        return page;
    };
    model::Peer alice = contact(1, "Alice");
    app.run_with({alice});
    app.click(label_of("conversation", peer_id(1)));
    REQUIRE_FALSE(app.sees(bubble(1)));
    alice.unread = 1;
    app.arrive(model::Event{model::PeerChanged{alice}});
    app.frames();
    REQUIRE(app.sent<model::MarkRead>().size() == 1);
    CHECK(app.sent<model::MarkRead>()[0].message == message_id(59));
}

TEST_CASE("what is not seen is not marked") {
    Harness app;
    open_chat(app, 50);
    app.move_to(bubble(50));
    app.wheel(30);
    model::Peer alice = contact(1, "Alice");
    alice.unread = 1;
    app.arrive(model::Event{model::MessageAdded{message(1, 52, "later")}});
    app.arrive(model::Event{model::PeerChanged{alice}});
    app.frames();
    for (const auto& mark : app.sent<model::MarkRead>()) CHECK(mark.message != message_id(52));
}

TEST_CASE("the text of a message is copied from its menu") {
    Harness app;
    open_chat(app, 5);
    app.right_click(bubble(5));
    app.click("message-menu/copy");
    CHECK(app.context.clipboard == "message 5");
}
