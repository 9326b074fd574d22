// SPDX-License-Identifier: MIT
//
// What can be done to a message, by mouse and by keys.
#include <catch2/catch_test_macros.hpp>

#include "gui/panels/bubble.hpp"
#include "tests/gui/talk.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

std::string bubble(std::uint64_t n, std::string_view part = {}) {
    return gui::message_label(message_id(n), part);
}

gui::ChatState& chat(Harness& app) { return app.desk.ui().chats[peer_id(1)]; }

const gui::MessageBox& box(Harness& app, std::uint64_t n) {
    return chat(app).layout.cache.boxes.at(message_id(n));
}

}  // namespace

TEST_CASE("a reply carries what it answers, once") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    app.click("message-menu/reply");
    REQUIRE(chat(app).reply);
    app.type("hi");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SendText>().size() == 1);
    CHECK(app.sent<model::SendText>()[0].reply_to == message_id(1));
    app.type("again");
    app.press({ImGuiKey_Enter});
    CHECK_FALSE(app.sent<model::SendText>()[1].reply_to);
}

TEST_CASE("Esc or the cross leaves a reply, and keeps what was typed") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    app.click("message-menu/reply");
    app.type("half a sen");
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(chat(app).reply);
    CHECK(chat(app).draft == "half a sen");
    CHECK(app.desk.ui().selected == peer_id(1));
    app.right_click(bubble(1));
    app.click("message-menu/reply");
    app.click("composer/leave");
    CHECK_FALSE(chat(app).reply);
}

TEST_CASE("Esc in the composer keeps the draft and leaves the field, then the chat") {
    Harness app;
    open_chat(app);
    app.type("precious");
    app.press({ImGuiKey_Escape});
    CHECK(chat(app).draft == "precious");
    CHECK(app.desk.ui().selected == peer_id(1));
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.desk.ui().selected);
}

TEST_CASE("a quote leads to what it quotes") {
    Harness app;
    open_chat(app);
    CHECK(box(app, 4).quote_name == "You");
    CHECK(box(app, 4).quote_text == "good morning");
    app.click(bubble(4, "quote"));
    REQUIRE(chat(app).highlight);
    CHECK(chat(app).highlight->message == message_id(2));
}

TEST_CASE("a quote whose message is gone says so and leads nowhere") {
    Harness app;
    auto messages = talk();
    messages[3].quote.reset();
    open_chat(app, messages);
    CHECK_FALSE(box(app, 4).quote_text.empty());
    app.click(bubble(4, "quote"));
    CHECK_FALSE(chat(app).highlight);
    CHECK(app.sent<model::ListMessages>().size() == 1);
}

TEST_CASE("one's own text is edited, and the draft comes back afterwards") {
    Harness app;
    open_chat(app);
    app.type("draft");
    app.right_click(bubble(2));
    app.click("message-menu/edit");
    CHECK(chat(app).draft == "good morning");
    app.press({ImGuiKey_End});
    app.type("!");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::EditMessage>().size() == 1);
    CHECK(app.sent<model::EditMessage>()[0].message == message_id(2));
    CHECK(app.sent<model::EditMessage>()[0].text == "good morning!");
    CHECK(app.sent<model::SendText>().empty());
    CHECK(chat(app).draft == "draft");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SendText>().size() == 1);
    CHECK(app.sent<model::SendText>()[0].text == "draft");
}

TEST_CASE("Esc leaves an edit, and an edit without a change sends nothing") {
    Harness app;
    open_chat(app);
    app.press({ImGuiKey_UpArrow});
    REQUIRE(chat(app).edit);
    CHECK(chat(app).edit->message == message_id(3));
    app.press({ImGuiKey_Enter});
    CHECK_FALSE(chat(app).edit);
    app.press({ImGuiKey_UpArrow});
    app.type("changed");
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(chat(app).edit);
    CHECK(chat(app).draft.empty());
    CHECK(app.sent<model::EditMessage>().empty());
    CHECK(app.sent<model::SendText>().empty());
}

TEST_CASE("Up in a field with text moves the caret only") {
    Harness app;
    open_chat(app);
    app.type("text");
    app.press({ImGuiKey_UpArrow});
    CHECK_FALSE(chat(app).edit);
}

TEST_CASE("what others wrote cannot be edited, and what was sent not cancelled") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    CHECK(app.sees("message-menu/reply"));
    CHECK_FALSE(app.sees("message-menu/edit"));
    CHECK_FALSE(app.sees("message-menu/cancel"));
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.sees("message-menu/reply"));
    CHECK(app.desk.ui().selected == peer_id(1));
    app.right_click(bubble(2));
    CHECK(app.sees("message-menu/edit"));
    CHECK_FALSE(app.sees("message-menu/cancel"));
}

TEST_CASE("a refused edit is there again, to be tried once more") {
    Harness app;
    open_chat(app);
    const auto rest = app.node;
    app.node = [rest](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::EditMessage>(command))
            return tl::unexpected(model::Error{"full", "The disk is full."});
        return rest(command);
    };
    app.press({ImGuiKey_UpArrow});
    app.type(" and there");
    app.press({ImGuiKey_Enter});
    app.frames();
    REQUIRE(chat(app).edit);
    CHECK(chat(app).draft == "still here and there");
    CHECK(app.desk.view().notices.back().text == "The disk is full.");
}

TEST_CASE("a message that waits is cancelled, and has nothing else to be deleted by") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(3));
    CHECK_FALSE(app.sees("message-menu/delete"));
    app.click("message-menu/cancel");
    REQUIRE(app.sent<model::CancelMessage>().size() == 1);
    CHECK(app.sent<model::CancelMessage>()[0].message == message_id(3));
    app.arrive(model::Event{model::MessagesRemoved{peer_id(1), {message_id(3)}}});
    app.frames();
    CHECK_FALSE(app.sees(bubble(3)));
}

TEST_CASE("deleting asks, and one's own can be deleted for both") {
    const auto remove = [](std::uint64_t n, std::string_view button) {
        auto app = std::make_unique<Harness>();
        open_chat(*app);
        app->right_click(bubble(n));
        app->click("message-menu/delete");
        CHECK(app->sent<model::DeleteMessage>().empty());
        CHECK(app->sees("delete/both") == (n == 2));
        app->click(button);
        CHECK(app->desk.ui().dialog == gui::Dialog::none);
        return app->sent<model::DeleteMessage>();
    };
    CHECK(remove(2, "delete/no").empty());
    const auto both = remove(2, "delete/both");
    REQUIRE(both.size() == 1);
    CHECK(both[0].message == message_id(2));
    CHECK(both[0].whom == model::DeleteFor::both);
    const auto own = remove(2, "delete/me");
    REQUIRE(own.size() == 1);
    CHECK(own[0].whom == model::DeleteFor::me);
    const auto other = remove(1, "delete/me");
    REQUIRE(other.size() == 1);
    CHECK(other[0].message == message_id(1));
    CHECK(other[0].whom == model::DeleteFor::me);
}

TEST_CASE("of a deleted message a line without text stays, which can be taken away here") {
    Harness app;
    open_chat(app);
    model::Message gone = talk()[0];
    gone.text.clear();
    gone.deleted = true;
    gone.reactions = {{"👍", true}};
    app.arrive(model::Event{model::MessageChanged{gone}});
    app.frames();
    CHECK(box(app, 1).deleted);
    CHECK(box(app, 1).chips.empty());
    app.right_click(bubble(1));
    CHECK_FALSE(app.sees("message-menu/reply"));
    CHECK_FALSE(app.sees("message-menu/emoji/0"));
    app.click("message-menu/delete");
    CHECK_FALSE(app.sees("delete/both"));
}

TEST_CASE("what is being answered or edited ends when it is withdrawn") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    app.click("message-menu/reply");
    model::Message gone = talk()[0];
    gone.deleted = true;
    app.arrive(model::Event{model::MessageChanged{gone}});
    app.frames();
    CHECK_FALSE(chat(app).reply);
    app.type("draft");
    app.right_click(bubble(2));
    app.click("message-menu/edit");
    app.arrive(model::Event{model::MessagesRemoved{peer_id(1), {message_id(2)}}});
    app.frames();
    CHECK_FALSE(chat(app).edit);
    CHECK(chat(app).draft == "draft");
}

TEST_CASE("an emoji of the menu is given, and taken back") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    app.click("message-menu/emoji/1");
    REQUIRE(app.sent<model::React>().size() == 1);
    const model::React given = app.sent<model::React>()[0];
    CHECK(given.message == message_id(1));
    CHECK(given.on);
    model::Message now = talk()[0];
    now.reactions = {{given.emoji, true}};
    app.arrive(model::Event{model::MessageChanged{now}});
    app.frames();
    app.right_click(bubble(1));
    app.click("message-menu/emoji/1");
    REQUIRE(app.sent<model::React>().size() == 2);
    CHECK_FALSE(app.sent<model::React>()[1].on);
}

TEST_CASE("more emojis show when asked for") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(1));
    CHECK_FALSE(app.sees("message-menu/emoji/20"));
    app.click("message-menu/more");
    app.click("message-menu/emoji/20");
    REQUIRE(app.sent<model::React>().size() == 1);
    CHECK_FALSE(app.sent<model::React>()[0].emoji.empty());
    CHECK(app.sent<model::React>()[0].emoji.size() <= model::emoji_max);
}

TEST_CASE("a menu that grows stays inside the window") {
    Harness app;
    open_chat(app);
    app.right_click(bubble(4));
    app.click("message-menu/more");
    const auto last = app.recorder.find("message-menu/emoji/41");
    REQUIRE(last.has_value());
    CHECK(last->height == app.recorder.find("message-menu/emoji/0")->height);
    CHECK(last->y + last->height <= ImGui::GetIO().DisplaySize.y);
}

TEST_CASE("after a click in the menu one goes on writing where one was") {
    Harness app;
    open_chat(app);
    app.type("dra");
    app.right_click(bubble(1));
    app.click("message-menu/emoji/0");
    app.type("ft");
    CHECK(chat(app).draft == "draft");
    app.right_click(bubble(1));
    app.click("message-menu/copy");
    app.type("!");
    CHECK(chat(app).draft == "draft!");
}

TEST_CASE("the caret of an edit stands at the end, whatever had the keyboard before") {
    Harness app;
    open_chat(app);
    app.click("list/search");
    app.right_click(bubble(2));
    app.click("message-menu/edit");
    app.type("!");
    CHECK(chat(app).draft == "good morning!");
}

TEST_CASE("a reaction under a bubble is joined and left by a click") {
    Harness app;
    auto messages = talk();
    messages[0].reactions = {{"👍", false}, {"😂", true}, {"👍", true}};
    open_chat(app, messages);
    REQUIRE(box(app, 1).chips.size() == 2);
    CHECK(box(app, 1).chips[0].label == "👍 2");
    CHECK(box(app, 1).chips[0].mine);
    app.click(bubble(1, "reaction/1"));
    REQUIRE(app.sent<model::React>().size() == 1);
    CHECK(app.sent<model::React>()[0].emoji == "😂");
    CHECK_FALSE(app.sent<model::React>()[0].on);
    messages[0].reactions = {{"👍", false}};
    app.arrive(model::Event{model::MessageChanged{messages[0]}});
    app.frames();
    app.click(bubble(1, "reaction/0"));
    REQUIRE(app.sent<model::React>().size() == 2);
    CHECK(app.sent<model::React>()[1].emoji == "👍");
    CHECK(app.sent<model::React>()[1].on);
}

TEST_CASE("a reaction that is no emoji does no harm") {
    Harness app;
    auto messages = talk();
    messages[0].reactions = {
        {"\x1b[2J\u202E", false}, {std::string(64, 'W'), false}, {"\xff", true}};
    open_chat(app, messages);
    for (const auto& chip : box(app, 1).chips) {
        CHECK(chip.label.find('\x1b') == std::string::npos);
        CHECK(chip.label.size() <= 40);
        CHECK_FALSE(chip.label.empty());
    }
}

TEST_CASE("the button beside a bubble opens its menu") {
    Harness app;
    open_chat(app);
    CHECK_FALSE(app.sees(bubble(2, "menu")));
    app.move_to(bubble(2));
    app.click(bubble(2, "menu"));
    CHECK(app.sees("message-menu/edit"));
}

TEST_CASE("messages are chosen and their menu is used by keys alone") {
    Harness app;
    open_chat(app);
    app.press({ImGuiMod_Ctrl, ImGuiKey_UpArrow});
    CHECK(chat(app).chosen == message_id(4));
    app.press({ImGuiMod_Ctrl, ImGuiKey_UpArrow});
    app.press({ImGuiKey_UpArrow});
    CHECK(chat(app).chosen == message_id(2));
    app.press({ImGuiKey_UpArrow});
    app.press({ImGuiKey_UpArrow});
    CHECK(chat(app).chosen == message_id(1));
    app.press({ImGuiKey_DownArrow});
    CHECK(chat(app).chosen == message_id(2));
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sees("message-menu/reply"));
    app.press({ImGuiKey_DownArrow});  // from Reply to Copy
    app.press({ImGuiKey_Enter});
    CHECK(app.context.clipboard == "good morning");
    CHECK_FALSE(app.sees("message-menu/reply"));
    app.press({ImGuiKey_Enter});
    app.press({ImGuiKey_Enter});
    REQUIRE(chat(app).reply);
    CHECK(chat(app).reply->message == message_id(2));
    app.type("by keys");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::SendText>().size() == 1);
}

TEST_CASE("Delete asks about the chosen message, and Esc goes back to writing") {
    Harness app;
    open_chat(app);
    app.press({ImGuiMod_Ctrl, ImGuiKey_UpArrow});
    app.press({ImGuiKey_Delete});
    CHECK(app.sees("delete/me"));
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.sees("delete/me"));
    CHECK(app.desk.ui().selected == peer_id(1));
    app.press({ImGuiMod_Ctrl, ImGuiKey_UpArrow});
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(chat(app).chosen);
    CHECK(app.desk.ui().selected == peer_id(1));
    app.type("x");
    CHECK(chat(app).draft == "x");
}

TEST_CASE("an edited text of the same length is measured anew") {
    Harness app;
    open_chat(app);
    model::Message edited = talk()[0];
    edited.text = "HELLO";
    edited.edited = true;
    app.arrive(model::Event{model::MessageChanged{edited}});
    app.frames();
    CHECK(box(app, 1).text == "HELLO");
    CHECK(box(app, 1).meta.starts_with("edited"));
}

TEST_CASE("messages that come while one reads above are counted on the way down") {
    Harness app;
    std::vector<model::Message> many;
    for (std::uint64_t n = 1; n <= 90; ++n) many.push_back(message(1, n, "m"));
    open_chat(app, many);
    app.move_to(bubble(90));
    app.wheel(20);
    const auto missed = [&] {
        return app.desk.view().conversations.at(peer_id(1)).arrived() - chat(app).arrived_seen;
    };
    CHECK(missed() == 0);
    app.arrive(model::Event{model::MessageAdded{message(1, 91, "new")}});
    app.arrive(model::Event{model::MessageAdded{message(1, 92, "own", true)}});
    app.arrive(model::Event{model::MessageAdded{message(1, 93, "new")}});
    app.frames();
    CHECK(missed() == 2);
    app.click("chat/newest");
    CHECK(missed() == 0);
    CHECK(app.sees(bubble(93)));
}

TEST_CASE("a deleted conversation is read anew") {
    Harness app;
    open_chat(app);
    app.arrive(model::Event{model::MessagesRemoved{peer_id(1), {}}});
    app.frames();
    CHECK(app.sent<model::ListMessages>().size() == 2);
}

TEST_CASE("a suggestion to let messages disappear is agreed to in the chat") {
    Harness app;
    open_chat(app);
    CHECK_FALSE(app.sees("chat/agree-timer"));
    model::Peer alice = contact(1, "Alice");
    alice.timer_theirs = 3600;
    app.arrive(model::Event{model::PeerChanged{alice}});
    app.frames();
    app.click("chat/agree-timer");
    REQUIRE(app.sent<model::SetDisappearing>().size() == 1);
    CHECK(app.sent<model::SetDisappearing>()[0].seconds == 3600);
    alice.timer_mine = 3600;
    app.arrive(model::Event{model::PeerChanged{alice}});
    app.frames();
    CHECK_FALSE(app.sees("chat/agree-timer"));
}
