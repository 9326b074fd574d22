// SPDX-License-Identifier: MIT
#include "app/profile/profile_folder.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/profile/support.hpp"

using namespace kith::profile;
namespace fs = std::filesystem;

TEST_CASE("a folder is made for its owner alone, with what leads to it") {
    const test::TempFolder folder;
    const mode_t before = umask(0);
    const ProfilePaths paths{folder.path() / "a" / "b" / "c"};
    REQUIRE(prepare_folder(paths));
    umask(before);
    CHECK(test::mode(paths.folder) == 0700);
    CHECK(test::mode(folder.path() / "a") == 0700);
    CHECK(prepare_folder(paths));
}

TEST_CASE("an empty folder or a profile that others may enter is closed to them") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    fs::create_directory(paths.folder);
    fs::permissions(paths.folder, fs::perms(0755));
    REQUIRE(prepare_folder(paths));
    CHECK(test::mode(paths.folder) == 0700);
    for (const auto& file : {paths.lock_file(), paths.key_file()}) {
        test::write_contents(file, "x");
        fs::permissions(paths.folder, fs::perms(0777));
        REQUIRE(prepare_folder(paths));
        CHECK(test::mode(paths.folder) == 0700);
    }
}

TEST_CASE("a folder of other things that others may enter is refused and stays as it is") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    fs::create_directory(paths.folder);
    test::write_contents(paths.folder / "thesis.txt", "x");
    fs::permissions(paths.folder, fs::perms(0755));
    const auto refused = prepare_folder(paths);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::not_private);
    CHECK(test::mode(paths.folder) == 0755);
    fs::permissions(paths.folder, fs::perms(0700));
    CHECK(prepare_folder(paths));  // private already: the person's own choice
}

TEST_CASE("a file in place of the folder, or above it") {
    const test::TempFolder folder;
    const auto paths = folder.profile();
    test::write_contents(paths.folder, "x");
    for (const auto& where : {paths, ProfilePaths{paths.folder / "below"}}) {
        const auto refused = prepare_folder(where);
        REQUIRE_FALSE(refused);
        INFO(refused.error().text);
        CHECK(refused.error().code == Errc::bad_path);
    }
}

TEST_CASE("folders of others, and folders that cannot be written") {
    if (geteuid() != 0) SKIP("only root can make a folder that belongs to somebody else");
    const test::TempFolder folder;
    fs::permissions(folder.path(), fs::perms(0755));
    const auto paths = folder.profile();
    const ProfilePaths missing{folder.path() / "missing"};
    REQUIRE(create_folder(paths));
    fs::permissions(paths.folder, fs::perms(0777));
    const int code = test::in_another_process([&] {
        if (setresuid(65534, 65534, 65534) != 0) return false;
        const auto foreign = prepare_folder(paths);
        const auto unwritable = prepare_folder(missing);
        return !foreign && foreign.error().code == Errc::not_private && !unwritable &&
               unwritable.error().code == Errc::denied;
    });
    CHECK(code == 0);
}
