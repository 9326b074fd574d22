// SPDX-License-Identifier: MIT
#include "app/profile/profile_lock.hpp"

#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "app/profile/profile_folder.hpp"
#include "tests/profile/support.hpp"

using namespace kith::profile;

namespace {

bool refused_in_another_process(const ProfilePaths& paths) {
    return test::in_another_process([&] {
               const auto lock = ProfileLock::acquire(paths);
               return !lock && lock.error().code == Errc::locked &&
                      lock.error().text.find(std::to_string(getppid())) != std::string::npos &&
                      lock.error().text.find(paths.folder.string()) != std::string::npos;
           }) == 0;
}

}  // namespace

TEST_CASE("one process holds a profile, and the next is told which") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    REQUIRE(create_folder(paths));
    {
        auto lock = ProfileLock::acquire(paths);
        REQUIRE(lock);
        CHECK(test::mode(paths.lock_file()) == 0600);
        CHECK(refused_in_another_process(paths));
        const ProfileLock moved = std::move(*lock);
        CHECK(refused_in_another_process(paths));
    }
    CHECK(test::in_another_process([&] { return ProfileLock::acquire(paths).has_value(); }) == 0);
}

TEST_CASE("two holders in one process exclude each other as well") {
    const test::TempFolder folder;
    REQUIRE(create_folder(folder.profile()));
    const auto first = ProfileLock::acquire(folder.profile());
    REQUIRE(first);
    CHECK_FALSE(ProfileLock::acquire(folder.profile()));
}

TEST_CASE("the lock ends with its process, however that ends") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    REQUIRE(create_folder(paths));
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const int child = test::fork_process();
    if (child == 0) {
        const auto lock = ProfileLock::acquire(paths);
        const char byte = lock ? 'y' : 'n';
        if (write(ends[1], &byte, 1) != 1) std::_Exit(1);
        for (;;) pause();
    }
    char byte = 0;
    REQUIRE(read(ends[0], &byte, 1) == 1);
    REQUIRE(byte == 'y');
    CHECK_FALSE(ProfileLock::acquire(paths));
    kill(child, SIGKILL);
    (void)test::wait_for(child);
    CHECK(ProfileLock::acquire(paths));
    close(ends[0]);
    close(ends[1]);
}

TEST_CASE("a lock file with anything in it does not hinder") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    REQUIRE(create_folder(paths));
    test::write_contents(paths.lock_file(), "\x1b]0;evil\x07 999999999999999999999999");
    CHECK(ProfileLock::acquire(paths));
}

TEST_CASE("a lock needs the folder, and is not taken through a link") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    const auto missing = ProfileLock::acquire(paths);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == Errc::missing);
    REQUIRE(create_folder(paths));
    std::filesystem::create_symlink(folder.path() / "elsewhere", paths.lock_file());
    CHECK_FALSE(ProfileLock::acquire(paths));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "elsewhere"));
}
