// SPDX-License-Identifier: MIT
//
// A conversation people can live in, by mouse and keyboard: reply, edit, react, delete, search. The
// other side is a headless instance.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"
#include "tests/window/kith_window.hpp"

using namespace kith::window;
using kith::e2e::Instance;

namespace {

struct Talk {
    Desktop desktop;
    KithWindow ada{desktop, "Ada"};
    Instance bob{"Bob"};
    std::string me, you;

    Talk() {
        ada.create_profile("Ada");
        befriend(ada, bob);
        me = ada.fingerprint();
        you = bob.fingerprint();
        ada.click(label_of("conversation", you));
        ada.wait_for("composer/text");
    }

    /// Bob says something; the label of its bubble once Ada sees it.
    std::string hear(const std::string& text) {
        const std::string label = "message/" + bob.say(me, text);
        ada.wait_for(label);
        return label;
    }

    /// Ada says something, by hand; the id once Bob has it.
    std::string say(const std::string& text) {
        ada.click_into("composer/text", text);
        ada.key("Return");
        std::string id;
        bob.wait_until(text, [&] {
            for (const Json& message : bob.history(me))
                if (message.at("text") == text) id = message.at("message");
            return !id.empty();
        });
        ada.wait_for("message/" + id);
        return id;
    }

    Json at_bob(const std::string& id) { return bob.message(me, id); }
};

}  // namespace

TEST_CASE("a message is answered, and what was written is edited and deleted, by hand") {
    Talk talk;
    INFO("a picture of the desktop: " << talk.desktop.picture_file());
    const std::string question = talk.hear("Shall we go to the lake?");
    talk.ada.right_click(question);
    talk.ada.click("message-menu/reply");
    talk.ada.wait_for("composer/leave");
    const std::string answer = talk.say("Yes, on Sunday");
    CHECK("message/" + talk.at_bob(answer).at("reply_to").get<std::string>() == question);
    talk.ada.wait_for("message/" + answer + "/quote");

    talk.ada.click("composer/text");
    talk.ada.key("Up");
    talk.ada.wait_for("composer/leave");
    talk.ada.type(" morning");
    talk.ada.key("Return");
    talk.bob.wait_for_message(talk.me, answer, [](const Json& message) {
        return message.at("text") == "Yes, on Sunday morning" && message.at("edited") == true;
    });

    talk.ada.right_click("message/" + answer);
    talk.ada.click("message-menu/delete");
    talk.ada.click("delete/both");
    talk.bob.wait_for_message(talk.me, answer,
                              [](const Json& message) { return message.at("deleted") == true; });
    talk.ada.wait_gone("message/" + answer + "/quote");
    REQUIRE(talk.ada.quit() == 0);
}

TEST_CASE("a reaction is given by the menu and taken back by a click, with keys alone too") {
    Talk talk;
    INFO("a picture of the desktop: " << talk.desktop.picture_file());
    const std::string label = talk.hear("I baked a cake");
    const std::string id = label.substr(std::string("message/").size());
    const auto reactions = [&] { return talk.at_bob(id).at("reactions").size(); };
    talk.ada.right_click(label);
    talk.ada.click("message-menu/emoji/1");
    talk.bob.wait_until("a reaction", [&] { return reactions() == 1; });
    talk.ada.click(label + "/reaction/0");
    talk.bob.wait_until("no reaction", [&] { return reactions() == 0; });

    talk.ada.click("composer/text");
    talk.ada.key("ctrl+Up");
    talk.ada.key("Return");
    talk.ada.wait_for("message-menu/reply");
    talk.ada.key("Return");
    talk.ada.wait_for("composer/leave");
    talk.ada.key("Escape");
    talk.ada.wait_gone("composer/leave");
    REQUIRE(talk.ada.quit() == 0);
}

TEST_CASE("a text that waits for somebody who is away is taken back") {
    Talk talk;
    INFO("a picture of the desktop: " << talk.desktop.picture_file());
    talk.bob.quit();
    talk.ada.wait_until("Bob away",
                        [&] { return talk.ada.peer(talk.you).at("state") == "offline"; });
    talk.ada.click_into("composer/text", "better not");
    talk.ada.key("Return");
    talk.ada.wait_until("the text",
                        [&] { return talk.ada.find_message(talk.you, "better not").has_value(); });
    const std::string id = talk.ada.find_message(talk.you, "better not")->at("message");
    talk.ada.right_click("message/" + id);
    talk.ada.click("message-menu/cancel");
    talk.ada.wait_gone("message/" + id);
    REQUIRE_FALSE(talk.ada.find_message(talk.you, "better not"));
    REQUIRE(talk.ada.quit() == 0);
}

TEST_CASE("words are found far up, and one button leads back to the newest") {
    constexpr int later = 400;
    Talk talk;
    INFO("a picture of the desktop: " << talk.desktop.picture_file());
    const std::string wanted = talk.hear("The treasure lies under the old oak");
    std::string newest;
    for (int i = 0; i < later; ++i)
        newest = "message/" + talk.bob.say(talk.me, "line " + std::to_string(i));
    talk.ada.wait_for(newest);
    REQUIRE_FALSE(talk.ada.shows(wanted));

    talk.ada.key("ctrl+shift+f");
    talk.ada.wait_for("search/text");
    talk.ada.type("treas oak");
    talk.ada.wait_for("search/hit/0");
    talk.ada.key("Return");
    talk.ada.wait_for(wanted);
    REQUIRE_FALSE(talk.ada.shows(newest));
    talk.ada.click("chat/newest");
    talk.ada.wait_for(newest);
    talk.ada.key("Escape");
    talk.ada.wait_for("list/search");
    REQUIRE(talk.ada.quit() == 0);
}

TEST_CASE("each side sees that the other one is typing, and what was read") {
    Talk talk;
    INFO("a picture of the desktop: " << talk.desktop.picture_file());
    const std::string id = talk.say("Hello Bob");
    talk.ada.type("And");
    talk.bob.wait_until("typing", [&] { return talk.bob.peer(talk.me).at("typing") == true; });
    talk.ada.key("BackSpace");
    talk.ada.key("BackSpace");
    talk.ada.key("BackSpace");
    talk.bob.wait_until("no typing", [&] { return talk.bob.peer(talk.me).at("typing") == false; });
    talk.bob.ask({{"cmd", "mark_read"}, {"peer", talk.me}, {"message", id}});
    talk.ada.wait_until("read", [&] {
        return talk.ada.find_message(talk.you, "Hello Bob")->at("state") == "read";
    });
    REQUIRE(talk.ada.quit() == 0);
}
