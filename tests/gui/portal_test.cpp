// SPDX-License-Identifier: MIT
//
// The desktop's file chooser, played by fake_portal.py on a bus of its own. Run by run_portal_test,
// which starts both; KITH_PORTAL says how the other side behaves.
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "gui/portal/portal_chooser.hpp"
#include "gui/portal/show_in_folder.hpp"

using namespace kith;
using namespace std::chrono_literals;

namespace {

std::string behaviour() {
    const char* text = std::getenv("KITH_PORTAL");
    return text ? text : "";
}

/// Asks, and waits for the answer.
gui::ChooserAnswer answer_of(gui::PathsFor what) {
    std::mutex mutex;
    std::condition_variable changed;
    bool woken = false;
    gui::PortalChooser chooser([&] {
        const std::lock_guard lock(mutex);
        woken = true;
        changed.notify_one();
    });
    chooser.choose({what, {}, {}}, "Choose");
    std::unique_lock lock(mutex);
    REQUIRE(changed.wait_for(lock, 60s, [&] { return woken; }));
    const auto answer = chooser.next();
    REQUIRE(answer);
    CHECK_FALSE(chooser.next());
    return *answer;
}

}  // namespace

TEST_CASE("the portal is asked, and its answer comes back") {
    const std::string how = behaviour();
    const auto answer = answer_of(gui::PathsFor::send_files);
    CHECK(answer.asked.what == gui::PathsFor::send_files);
    CHECK(answer.unavailable == (how == "none"));
    const bool chooses = how.starts_with("choose:");
    CHECK(answer.paths ==
          (chooses ? std::vector<std::string>{"/home/me/a b", "/c"} : std::vector<std::string>{}));
}

TEST_CASE("a window that closes does not wait for the person") {
    if (behaviour() != "silent") SKIP("only when nobody answers");
    bool woken = false;
    {
        gui::PortalChooser chooser([&] { woken = true; });
        chooser.choose({gui::PathsFor::downloads, {}, {}}, "Choose");
    }
    SUCCEED();
}

TEST_CASE("the file manager is shown where a file is") {
    if (!behaviour().starts_with("choose:")) SKIP("only with a file manager");
    CHECK(gui::show_in_file_manager(std::filesystem::temp_directory_path().string()));
    CHECK(gui::show_in_file_manager("/etc/passwd"));
    CHECK_FALSE(gui::show_in_file_manager("/not/there"));
    CHECK_FALSE(gui::show_in_file_manager("relative"));
}
