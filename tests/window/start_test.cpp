// SPDX-License-Identifier: MIT
//
// Starting, unlocking, starting twice and closing, by mouse and keyboard.
#include <catch2/catch_test_macros.hpp>

#include "tests/window/kith_window.hpp"

using namespace kith::window;

TEST_CASE("a profile that runs comes to the front when it is started again") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada"), other(desktop, "Bob");
    ada.create_profile("Ada");
    other.wait_for("welcome/name");
    other.activate();
    REQUIRE_FALSE(ada.active());
    REQUIRE(ada.start_again() == 0);
    ada.wait_until("the window at the front", [&] { return ada.active(); });
    REQUIRE(ada.quit() == 0);
}

TEST_CASE("a window closed by its frame ends the program") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.create_profile("Ada");
    ada.key("alt+F4");
    REQUIRE(ada.wait() == 0);
}

TEST_CASE("a password protects a profile and unlocks it") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.click_into("welcome/name", "Ada");
    ada.click_into("welcome/password", "correct horse");
    ada.click_into("welcome/repeat", "correct house");
    ada.click("welcome/create");
    REQUIRE(ada.shows("welcome/create"));
    ada.click("welcome/repeat");
    ada.key("ctrl+a");
    ada.type("correct horse");
    ada.click("welcome/create");
    ada.wait_for("toolbar/copy-id");
    const std::string self = ada.fingerprint();
    REQUIRE(ada.ask({{"cmd", "whoami"}}).at("password_protected") == true);
    REQUIRE(ada.quit() == 0);

    ada.start();
    ada.click_into("unlock/password", "wrong");
    const auto alone = ada.wait_for("unlock/submit");
    ada.key("Return");
    // The sentence about the wrong password stands between field and button.
    ada.wait_until("the error", [&] {
        const auto map = ada.map();
        const auto at = map.find("unlock/submit");
        return at != map.end() && at->second.y > alone.y;
    });
    ada.click_into("unlock/password", "correct horse");
    ada.click("unlock/submit");
    ada.wait_for("toolbar/copy-id");
    REQUIRE(ada.fingerprint() == self);
    REQUIRE(ada.quit() == 0);
}
