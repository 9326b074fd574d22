// SPDX-License-Identifier: MIT
//
// Files in the window: what is offered is accepted by a click, lands, and is shown.
#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/file_trees.hpp"
#include "tests/e2e/instance.hpp"
#include "tests/window/kith_window.hpp"

using namespace kith::window;
using kith::e2e::Instance;

namespace {

std::string state_of(KithWindow& who, const std::string& transfer) {
    const Json reply = who.ask({{"cmd", "transfers"}});
    for (const auto& one : reply.at("transfers")) {
        if (one.at("transfer") == transfer) return one.at("state");
    }
    return "unknown";
}

}  // namespace

TEST_CASE("an offer is accepted in the window, another one declined") {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada");
    ada.create_profile("Ada");
    Instance bob("Bob");
    befriend(ada, bob);
    ada.click(label_of("conversation", bob.fingerprint()));

    const kith::e2e::TemporaryFolder folder;
    std::mt19937_64 random(1);
    const auto file = folder.path() / "report.pdf";
    kith::e2e::write_random(file, 2'000'000, random);
    const auto offer = [&] {
        return bob
            .ask({{"cmd", "send_files"}, {"peer", ada.fingerprint()}, {"paths", {file.string()}}})
            .at("transfer")
            .get<std::string>();
    };
    const auto wanted = offer();
    ada.click(label_of_transfer(wanted, "accept"));
    ada.wait_until("the file", [&] { return state_of(ada, wanted) == "done"; });
    CHECK(kith::e2e::read_file(ada.downloads() / "Bob" / "report.pdf") ==
          kith::e2e::read_file(file));
    ada.wait_for(label_of_transfer(wanted, "open"));

    const auto other = offer();
    ada.click(label_of_transfer(other, "decline"));
    ada.wait_until("the answer", [&] { return state_of(ada, other) == "declined"; });
    REQUIRE(ada.quit() == 0);
}
