// SPDX-License-Identifier: MIT
//
// Starting, unlocking, starting twice and closing, by mouse and keyboard.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

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
    ada.key("Return");
    REQUIRE(ada.shows("welcome/create"));
    ada.click("welcome/repeat");
    ada.key("ctrl+a");
    ada.type("correct horse");
    ada.key("Return");  // the button moves when the words below the fields go
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
    ada.key("Return");  // the sentence goes with the first letter, and the button moves
    ada.wait_for("toolbar/copy-id");
    REQUIRE(ada.fingerprint() == self);
    REQUIRE(ada.quit() == 0);
}

TEST_CASE("a password is set in the settings, asked for at the next start, and removed again") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.create_profile("Ada");
    const auto is_protected = [&] {
        return ada.ask({{"cmd", "whoami"}}).at("password_protected") == true;
    };
    REQUIRE_FALSE(is_protected());
    ada.key("ctrl+comma");
    ada.click("settings/password");
    ada.click_into("password/new", "correct horse");
    ada.click_into("password/repeat", "correct horse");
    ada.key("Return");  // the button moves when the words below the fields go
    ada.wait_until("the password", is_protected);
    ada.click("settings/close");
    REQUIRE(ada.quit() == 0);

    ada.start();
    ada.click_into("unlock/password", "correct horse");
    ada.click("unlock/submit");
    ada.wait_for("toolbar/copy-id");
    ada.click("toolbar/settings");
    ada.click("settings/password");
    ada.click("password/other");
    ada.click_into("password/current", "correct horse");
    ada.click("password/submit");
    ada.wait_until("no password", [&] { return !is_protected(); });
    REQUIRE(ada.quit() == 0);
    ada.start();
    ada.wait_for("toolbar/copy-id");
    REQUIRE(ada.quit() == 0);
}

TEST_CASE("a damaged history is said in the window, and set aside by a button there") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.create_profile("Ada");
    const std::string self = ada.fingerprint();
    REQUIRE(ada.quit() == 0);
    const std::string rubbish(4096, 'x');
    std::fstream(ada.profile() / "history.db", std::ios::in | std::ios::out | std::ios::binary)
        .write(rubbish.data(), static_cast<std::streamsize>(rubbish.size()));

    ada.start();
    ada.wait_for("failed/quit");
    ada.click("failed/set-aside");
    ada.wait_for("toolbar/copy-id");
    REQUIRE(ada.fingerprint() == self);
    const auto kept = [&](const auto& entry) {
        return entry.path().filename().string().starts_with("history-damaged-");
    };
    const std::filesystem::directory_iterator files(ada.profile());
    REQUIRE(std::count_if(begin(files), end(files), kept) == 1);
    REQUIRE(ada.quit() == 0);
}

TEST_CASE("a backup made in the settings is restored at a first run") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    const kith::e2e::TemporaryFolder folder;
    const std::string file = (folder.path() / "ada.kithbackup").string();
    std::string self;
    {
        KithWindow ada(desktop, "Ada");
        ada.create_profile("Ada");
        self = ada.fingerprint();
        ada.key("ctrl+comma");
        ada.click("settings/backup");
        ada.click("backup/path");
        ada.key("ctrl+a");
        ada.type(file);
        ada.click_into("backup/password", "on another disk");
        ada.click_into("backup/repeat", "on another disk");
        ada.key("Return");  // the button moves when the words below the fields go
        ada.wait_until("the backup", [&] { return std::filesystem::exists(file); });
        REQUIRE(ada.quit() == 0);
    }
    KithWindow restored(desktop, "Ada again");
    restored.click("welcome/restore");
    restored.click_into("restore/path", file);
    restored.click_into("restore/password", "on another disk");
    restored.click("restore/submit");
    restored.wait_for("toolbar/copy-id");
    REQUIRE(restored.fingerprint() == self);
    REQUIRE(restored.quit() == 0);
}
