// SPDX-License-Identifier: MIT
#include "app/profile/profile_paths.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "tests/profile/support.hpp"

using namespace kith::profile;
using test::environment;

TEST_CASE("names of profiles") {
    for (const std::string name : {"a", "default", "Ann-2_b.c", "x..", "0"})
        CHECK(valid_profile_name(name));
    CHECK(valid_profile_name(std::string(64, 'a')));
    CHECK_FALSE(valid_profile_name(std::string(65, 'a')));
    for (const std::string name :
         {"", ".", "..", ".hidden", "a/b", "../a", "a\\b", "a b", "a\n", "\xC3\xA4", "a:b"})
        CHECK_FALSE(valid_profile_name(name));
    CHECK_FALSE(valid_profile_name(std::string_view("a\0b", 3)));
}

TEST_CASE("a name is a folder below the data folder") {
    const auto home = environment({{"HOME", "/home/ann"}});
    CHECK(resolve_profile({}, home)->folder == "/home/ann/.local/share/kith/profiles/default");
    CHECK(resolve_profile({"work", {}}, home)->folder ==
          "/home/ann/.local/share/kith/profiles/work");
    const auto moved = environment({{"HOME", "/home/ann"}, {"XDG_DATA_HOME", "/data"}});
    CHECK(resolve_profile({"work", {}}, moved)->folder == "/data/kith/profiles/work");
    const auto refused = resolve_profile({"../work", {}}, home);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::bad_name);
}

TEST_CASE("a folder is taken as given, made absolute") {
    const auto none = environment({});
    CHECK(resolve_profile({{}, "/tmp/p"}, none)->folder == "/tmp/p");
    CHECK(resolve_profile({{}, "/tmp/p/"}, none)->folder == "/tmp/p");
    CHECK(resolve_profile({{}, "/tmp/x/../p"}, none)->folder == "/tmp/p");
    CHECK(resolve_profile({{}, "p"}, none)->folder == std::filesystem::current_path() / "p");
    CHECK(resolve_profile({"ignored", "/tmp/p"}, none)->folder == "/tmp/p");
    CHECK_FALSE(resolve_profile({{}, ""}, none));
}

TEST_CASE("the files of a profile") {
    const ProfilePaths paths{"/p"};
    CHECK(paths.key_file() == "/p/key");
    CHECK(paths.database() == "/p/history.db");
    CHECK(paths.lock_file() == "/p/lock");
    CHECK(paths.control_socket() == "/p/control.sock");
}

TEST_CASE("a folder whose path a socket address cannot hold is refused early") {
    const std::string longest =
        "/" + std::string(107 - 1 - std::string("/control.sock").size(), 'a');
    CHECK(resolve_profile({{}, longest}, environment({})));
    const auto refused = resolve_profile({{}, longest + "a"}, environment({}));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::bad_path);
    CHECK(refused.error().text.find("--profile-dir") != std::string::npos);
}

TEST_CASE("fresh profiles are all different, also when asked for at once") {
    const test::TempFolder folder;
    const auto home = environment({{"HOME", folder.path().string()}});
    CHECK(create_fresh_profile(home).value() == "instance-2");
    CHECK(create_fresh_profile(home).value() == "instance-3");
    constexpr int processes = 4, each = 10;
    int children[processes];
    for (int& child : children) {
        child = test::fork_process();
        if (child != 0) continue;
        bool good = true;
        for (int i = 0; i < each; ++i) good = good && create_fresh_profile(home).has_value();
        std::_Exit(good ? 0 : 1);
    }
    for (const int child : children) CHECK(test::wait_for(child) == 0);
    std::size_t count = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator(resolve_profile({}, home)->folder.parent_path())) {
        CHECK(test::mode(entry.path()) == 0700);
        ++count;
    }
    CHECK(count == 2 + processes * each);
}
