// SPDX-License-Identifier: MIT
//
// Two windows, two people, one desktop: from strangers to a conversation, by mouse and keyboard.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"
#include "tests/window/kith_window.hpp"
#include "tests/window/picture.hpp"

using namespace kith::window;
using kith::e2e::Instance;

namespace {

constexpr std::size_t colours_of_a_drawn_window = 200;  // an empty one has one, flat panels a few
constexpr int chat_width = 1000, chat_height = 700;

/// `from` gets the ID from the clipboard of the desktop, where `to` puts it.
void ask_for_contact(KithWindow& from, KithWindow& to, const std::string& greeting) {
    to.click("toolbar/copy-id");
    from.click("toolbar/add-contact");
    from.wait_for("add-contact/id");
    from.key("ctrl+v");
    from.click_into("add-contact/greeting", greeting);
    from.click("add-contact/submit");
    from.wait_gone("add-contact/submit");
}

Json requests(KithWindow& who) { return who.ask({{"cmd", "requests"}}).at("requests"); }

/// Typed by one, stored by both, seen by both.
void say(KithWindow& from, KithWindow& to, const std::string& text) {
    const std::string me = from.fingerprint(), you = to.fingerprint();
    from.click_into("composer/text", text);
    from.key("Return");
    to.wait_until("the text: " + text, [&] { return to.find_message(me, text).has_value(); });
    from.wait_until("delivery of: " + text, [&] {
        const auto sent = from.find_message(you, text);
        return sent && sent->at("state") == "delivered";
    });
    const Json received = *to.find_message(me, text);
    REQUIRE(received.at("from") == me);
    REQUIRE(received.at("state") == "received");
    const std::string label = "message/" + received.at("message").get<std::string>();
    from.wait_for(label);
    to.wait_for(label);
}

void say_two_lines(KithWindow& from, KithWindow& to) {
    from.click_into("composer/text", "One line");
    from.key("shift+Return");
    from.type("and another");
    from.key("Return");
    to.wait_until("two lines", [&] {
        return to.find_message(from.fingerprint(), "One line\nand another").has_value();
    });
}

/// Neither covers the other: where a click lands does not depend on who is in front yet.
void put_side_by_side(KithWindow& left, KithWindow& right) {
    constexpr int half = Desktop::width / 2, margin = 10;
    for (KithWindow* window : {&left, &right}) window->resize(half - 2 * margin, chat_height);
    left.move(0, 0);
    right.move(half, 0);
}

void check_picture(KithWindow& who) {
    const kith::e2e::TemporaryFolder folder;
    const auto file = folder.path() / "window.png";
    who.resize(chat_width, chat_height);
    who.ask({{"cmd", "screenshot"}, {"path", file.string()}});
    const Picture picture = read_png(file);
    REQUIRE(picture.width == chat_width);
    REQUIRE(picture.height == chat_height);
    REQUIRE(picture.colours() > colours_of_a_drawn_window);
}

void check_theme_switch(KithWindow& who) {
    const auto theme = [&] { return who.ask({{"cmd", "settings"}}).at("settings").at("theme"); };
    REQUIRE(theme() == "system");
    who.click("toolbar/theme");
    who.wait_until("the light theme", [&] { return theme() == "light"; });
    who.click("toolbar/theme");
    who.wait_until("the dark theme", [&] { return theme() == "dark"; });
}

}  // namespace

TEST_CASE("two people meet and chat, with mouse and keyboard") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada"), bob(desktop, "Bob");
    put_side_by_side(ada, bob);
    ada.create_profile("Ada");
    bob.create_profile("Bob");
    REQUIRE(ada.ask({{"cmd", "whoami"}}).at("name") == "Ada");

    ask_for_contact(bob, ada, "It is me, Bob");
    const std::string request = label_of("request", bob.fingerprint());
    ada.wait_for(request + "/accept");
    REQUIRE(requests(ada).at(0).at("name") == "Bob");
    REQUIRE(requests(ada).at(0).at("greeting") == "It is me, Bob");
    ada.click(request + "/accept");
    ada.wait_gone(request + "/accept");
    ada.click(label_of("conversation", bob.fingerprint()));
    bob.click(label_of("conversation", ada.fingerprint()));

    say(ada, bob, "Hello Bob!");
    say(bob, ada, "Hello Ada, how are you?");
    say(ada, bob, "Привет, Боб! Как дела?");
    say_two_lines(bob, ada);
    bob.wait_until("everything read",
                   [&] { return bob.peer(ada.fingerprint()).at("unread") == 0; });
    // Coming back is enough to have read what is in sight.
    REQUIRE(ada.peer(bob.fingerprint()).at("unread") == 1);
    ada.activate();
    ada.wait_until("everything read",
                   [&] { return ada.peer(bob.fingerprint()).at("unread") == 0; });

    check_theme_switch(ada);
    check_picture(ada);
    check_picture(bob);
    REQUIRE(ada.quit() == 0);
    REQUIRE(bob.quit() == 0);
}

TEST_CASE("two windows find each other, and one click asks") {
    constexpr std::uint16_t port = 52'300;  // nothing else listens there
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada", {.discovery_port = port});
    KithWindow bob(desktop, "Bob", {.discovery_port = port});
    put_side_by_side(ada, bob);
    ada.create_profile("Ada");
    bob.create_profile("Bob");
    ada.click(label_of("nearby", bob.fingerprint()) + "/add");
    const std::string request = label_of("request", ada.fingerprint());
    bob.click(request + "/accept");
    bob.wait_gone(request + "/accept");
    ada.click(label_of("conversation", bob.fingerprint()));
    bob.click(label_of("conversation", ada.fingerprint()));
    say(ada, bob, "Hello from next door");
    REQUIRE(ada.quit() == 0);
    REQUIRE(bob.quit() == 0);
}

TEST_CASE("one request is denied, another one blocked") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.create_profile("Ada");
    Instance dan("Dan"), eve("Eve");
    const std::string from_dan = label_of("request", dan.fingerprint());
    const std::string from_eve = label_of("request", eve.fingerprint());
    for (Instance* stranger : {&dan, &eve}) {
        stranger->ask({{"cmd", "add_contact"},
                       {"connection_id", ada.ask({{"cmd", "whoami"}}).at("connection_id")}});
    }

    // Each that comes or goes moves the other one.
    for (const std::string* from : {&from_dan, &from_eve}) ada.wait_for(*from + "/deny");
    ada.click(from_dan + "/deny");
    ada.wait_gone(from_dan + "/deny");
    ada.click(from_eve + "/block");
    ada.wait_gone(from_eve + "/block");
    ada.wait_until("the block", [&] {
        const Json entry = ada.peer(eve.fingerprint());
        return entry.is_object() && entry.at("state") == "blocked";
    });
    REQUIRE(requests(ada).empty());
    REQUIRE(ada.peer(dan.fingerprint()).is_null());
    REQUIRE(ada.quit() == 0);
}
