// SPDX-License-Identifier: MIT
#include "app/host/transfer_host.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/support.hpp"

using namespace kith;
using namespace kith::host::test;

TEST_CASE("only what was selected gets a folder") {
    Pump pump;
    TempFolder folder;
    host::TransferHost files(pump.worker, {(folder.path() / "journals").string(), {}, {}});
    node::WishedPlace place;
    place.folder = (folder.path() / "in").string();
    place.person = "Ada";
    place.manifest = std::make_shared<const net::Manifest>(net::Manifest{
        {{"one", true, false, 0, 0}, {"one/a", false, false, 1, 0}, {"two", true, false, 0, 0}}});
    place.selected = {0, 1};
    std::optional<tl::expected<files::Landing, model::Error>> landing;
    files.choose_landing(place, [&](auto chosen) { landing = std::move(chosen); });
    pump.until([&] { return landing.has_value(); });
    REQUIRE(*landing);
    CHECK((*landing)->names == std::vector<std::string>{"one", "two"});
    CHECK(fs::exists(folder.path() / "in" / "one"));
    CHECK_FALSE(fs::exists(folder.path() / "in" / "two"));
}
