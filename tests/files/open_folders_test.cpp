// SPDX-License-Identifier: MIT
#include "app/files/open_folders.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;

namespace {

std::size_t open_descriptors() {
    const fs::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// A system without openat2(2), or one whose filter refuses it.
auto without_openat2(int error) {
    return HookedCalls([error](char call, const char*) { return call == 'b' ? -error : 0; });
}

struct Tree {
    Tree() {
        fs::create_directories(top.path() / "in" / "a" / "b");
        fs::create_directories(top.path() / "out");
        write_contents(top.path() / "in" / "a" / "b" / "file", "inside");
        write_contents(top.path() / "out" / "file", "outside");
        fs::create_directory_symlink(top.path() / "out", top.path() / "in" / "away");
        fs::create_directory_symlink("a", top.path() / "in" / "near");
        fs::create_symlink("../out/file", top.path() / "in" / "a" / "link");
        root = Descriptor(system_calls(), system_calls().open_folder((top.path() / "in").string()));
    }
    TempFolder top{};
    Descriptor root{};
};

int opened(const FileCalls& calls, const Tree& tree, const char* path, Opening how) {
    const int result = open_beneath(calls, tree.root.get(), path, how);
    if (result >= 0) system_calls().close(result);
    return result < 0 ? result : 0;
}

void check_that_links_are_not_followed(const FileCalls& calls) {
    const Tree tree;
    CHECK(opened(calls, tree, "a/b/file", Opening::read) == 0);
    CHECK(opened(calls, tree, "a/b", Opening::folder) == 0);
    CHECK(opened(calls, tree, "a/none", Opening::read) == -ENOENT);
    for (const char* path : {"away/file", "near/b/file", "a/link", "away", "../out/file",
                             "a/../../out/file", "/etc/passwd"})
        for (const auto how : {Opening::read, Opening::write, Opening::folder}) {
            CAPTURE(path, how);
            CHECK(opened(calls, tree, path, how) < 0);
        }
    CHECK(opened(calls, tree, "away/new", Opening::create) < 0);
    CHECK(opened(calls, tree, "a/link", Opening::create) < 0);
    CHECK(contents(tree.top.path() / "out" / "file") == "outside");
    CHECK_FALSE(fs::exists(tree.top.path() / "out" / "new"));
}

}  // namespace

TEST_CASE("beneath a folder no link is followed and no way leads out", "[files]") {
    check_that_links_are_not_followed(system_calls());
}

TEST_CASE("the same holds name by name, where openat2 is missing or filtered", "[files]") {
    check_that_links_are_not_followed(without_openat2(ENOSYS));
    check_that_links_are_not_followed(without_openat2(EPERM));
}

TEST_CASE("folders stay open, within a bound", "[files]") {
    const TempFolder top;
    const Descriptor root(system_calls(), system_calls().open_folder(top.path().string()));
    int asked = 0;
    const HookedCalls calls([&](char call, const char*) {
        if (call == 'b') ++asked;
        return 0;
    });
    OpenFolders folders(calls, root.get());
    std::vector<std::string> made_in;
    const auto note = [&](const std::string& in) { made_in.push_back(in); };
    CHECK(folders.get("") == root.get());
    CHECK(folders.get("x/y") == -ENOENT);
    REQUIRE(folders.get_or_make("x/y", note) >= 0);
    CHECK(made_in == std::vector<std::string>{"", "x"});
    const int before = asked;
    CHECK(folders.get("x/y") >= 0);
    CHECK(asked == before);

    const auto open_now = open_descriptors();
    for (int i = 0; i < 200; ++i)
        REQUIRE(folders.get_or_make("many/" + std::to_string(i), note) >= 0);
    CHECK(open_descriptors() <= open_now + 32);
}

TEST_CASE("a folder that was replaced by a link is not entered again", "[files]") {
    const Tree tree;
    OpenFolders folders(system_calls(), tree.root.get());
    REQUIRE(folders.get("a/b") >= 0);
    fs::rename(tree.top.path() / "in" / "a", tree.top.path() / "in" / "old");
    fs::create_directory_symlink(tree.top.path() / "out", tree.top.path() / "in" / "a");
    folders.forget("a");
    CHECK(folders.get("a/b") < 0);
    CHECK(folders.get("a") < 0);
    CHECK(folders.get_or_make("a/c", [](const std::string&) {}) < 0);
    CHECK_FALSE(fs::exists(tree.top.path() / "out" / "c"));
}
