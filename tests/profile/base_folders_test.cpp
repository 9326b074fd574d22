// SPDX-License-Identifier: MIT
#include "app/profile/base_folders.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/profile/support.hpp"

using namespace kith::profile;
using test::environment;

TEST_CASE("without XDG variables the folders are below the home folder") {
    const auto folders = base_folders(environment({{"HOME", "/home/ann"}}));
    REQUIRE(folders);
    CHECK(folders->config == "/home/ann/.config");
    CHECK(folders->data == "/home/ann/.local/share");
    CHECK(folders->state == "/home/ann/.local/state");
}

TEST_CASE("XDG variables win, each for itself; empty and relative ones do not count") {
    const auto folders = base_folders(environment({{"HOME", "/home/ann"},
                                                   {"XDG_CONFIG_HOME", "/c"},
                                                   {"XDG_DATA_HOME", "data"},
                                                   {"XDG_STATE_HOME", ""}}));
    REQUIRE(folders);
    CHECK(folders->config == "/c");
    CHECK(folders->data == "/home/ann/.local/share");
    CHECK(folders->state == "/home/ann/.local/state");
}

TEST_CASE("without HOME the account's own home is taken") {
    const auto folders = base_folders(environment({}));
    if (!folders) SKIP("this account has no home folder");
    CHECK(folders->data.is_absolute());
    CHECK(folders->data.string().ends_with("/.local/share"));
}
