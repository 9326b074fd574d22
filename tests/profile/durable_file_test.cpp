// SPDX-License-Identifier: MIT
#include "app/profile/durable_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "tests/profile/support.hpp"

using namespace kith::profile;
using kith::crypto::view;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t limit = 1000;

std::string read_text(const fs::path& file) {
    const auto bytes = read_bounded(file, limit);
    if (!bytes) return "error: " + bytes.error().text;
    return {bytes->begin(), bytes->end()};
}

Errc read_error(const fs::path& file) {
    const auto bytes = read_bounded(file, limit);
    REQUIRE_FALSE(bytes);
    INFO(bytes.error().text);
    CHECK(bytes.error().text.find(file.string()) != std::string::npos);
    return bytes.error().code;
}

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), {}));
}

}  // namespace

TEST_CASE("a file is written for its owner alone and nothing is left beside it") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    const mode_t before = umask(0);
    REQUIRE(write_durably(file, view("one"), Existing::refuse));
    umask(before);
    CHECK(test::mode(file) == 0600);
    CHECK(read_text(file) == "one");
    CHECK(entries(folder.path()) == 1);
    REQUIRE(write_durably(file, view("two"), Existing::replace));
    CHECK(read_text(file) == "two");
    CHECK(test::mode(file) == 0600);
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("creating refuses whatever is there, links to nowhere included") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    test::write_contents(file, "old");
    const auto refused = write_durably(file, view("new"), Existing::refuse);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::exists);
    CHECK(test::contents(file) == "old");
    const auto link = folder.path() / "link";
    fs::create_symlink(folder.path() / "nowhere", link);
    CHECK_FALSE(write_durably(link, view("new"), Existing::refuse));
    CHECK_FALSE(fs::exists(folder.path() / "nowhere"));
    CHECK(entries(folder.path()) == 2);
}

TEST_CASE("replacing a link replaces the link, not what it points at") {
    const test::TempFolder folder;
    const auto target = folder.path() / "target";
    const auto file = folder.path() / "key";
    test::write_contents(target, "precious");
    fs::create_symlink(target, file);
    REQUIRE(write_durably(file, view("new"), Existing::replace));
    CHECK(test::contents(target) == "precious");
    CHECK(read_text(file) == "new");
}

TEST_CASE("what an interrupted attempt left is cleared away, not followed or kept") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    const auto beside = folder.path() / "key.new";
    test::write_contents(beside, "half of a key");
    fs::permissions(beside, fs::perms(0644));
    REQUIRE(write_durably(file, view("whole"), Existing::refuse));
    CHECK(read_text(file) == "whole");
    CHECK(test::mode(file) == 0600);
    fs::create_symlink(folder.path() / "elsewhere", beside);
    REQUIRE(write_durably(file, view("again"), Existing::replace));
    CHECK_FALSE(fs::exists(folder.path() / "elsewhere"));
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file in the making is not there until it is committed, and never when it is not") {
    const test::TempFolder folder;
    const auto file = folder.path() / "export.json", part = folder.path() / "export.json.part";
    const auto begin = [&] {
        return DurableFile::create(file, part, DurableFile::Leftover::refuse);
    };
    {
        auto made = begin();
        REQUIRE(made);
        REQUIRE(made->append(view("one ")));
        REQUIRE(made->append(view("two")));
        CHECK_FALSE(fs::exists(file));
        CHECK(test::mode(part) == 0600);
        const auto second = begin();  // somebody else's file, as far as we know
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::exists);
        REQUIRE(made->commit(Existing::refuse));
        CHECK(read_text(file) == "one two");
    }
    CHECK(entries(folder.path()) == 1);
    {
        auto made = begin();
        REQUIRE(made);
        REQUIRE(made->append(view("three")));
        const auto refused = made->commit(Existing::refuse);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == Errc::exists);
    }
    CHECK(read_text(file) == "one two");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a write that fails leaves the old file whole and nothing beside it") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    REQUIRE(write_durably(file, view("old"), Existing::replace));
    const int code = test::in_another_process([&] {
        signal(SIGXFSZ, SIG_IGN);
        const rlimit small{100, 100};  // the write after the hundredth byte fails
        if (setrlimit(RLIMIT_FSIZE, &small) != 0) return false;
        return !write_durably(file, view(std::string(500, 'n')), Existing::replace) &&
               !write_durably(file.string() + "2", view(std::string(500, 'n')), Existing::refuse);
    });
    CHECK(code == 0);
    CHECK(read_text(file) == "old");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a writer killed at any moment leaves the old file or the new one") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    const std::string a(700, 'a'), b(900, 'b');
    REQUIRE(write_durably(file, view(a), Existing::replace));
    for (int round = 0; round < 20; ++round) {
        int ends[2];
        REQUIRE(pipe(ends) == 0);
        const int child = test::fork_process();
        if (child == 0) {
            for (;;) {
                (void)write_durably(file, view(b), Existing::replace);
                (void)write_durably(file, view(a), Existing::replace);
                if (write(ends[1], "x", 1) != 1) std::_Exit(1);
            }
        }
        char byte = 0;
        for (int i = 0; i <= round % 3; ++i) REQUIRE(read(ends[0], &byte, 1) == 1);
        kill(child, SIGKILL);
        (void)test::wait_for(child);
        close(ends[0]);
        close(ends[1]);
        const auto text = read_text(file);
        CHECK((text == a || text == b));
    }
}

TEST_CASE("reading is bounded in size") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    CHECK(read_error(file) == Errc::missing);
    test::write_contents(file, "");
    CHECK(read_text(file).empty());
    test::write_contents(file, std::string(limit, 'x'));
    CHECK(read_text(file).size() == limit);
    test::write_contents(file, std::string(limit + 1, 'x'));
    CHECK(read_error(file) == Errc::damaged);
    fs::resize_file(file, std::uintmax_t{1} << 40U);  // a terabyte of nothing
    CHECK(read_error(file) == Errc::damaged);
}

TEST_CASE("what is not a file is not read, and never waited for") {
    const test::TempFolder folder;
    const auto pipe_file = folder.path() / "pipe";
    REQUIRE(mkfifo(pipe_file.c_str(), 0600) == 0);
    CHECK(read_error(pipe_file) == Errc::damaged);
    CHECK(read_error(folder.path()) == Errc::damaged);
    CHECK(read_error("/dev/zero") == Errc::damaged);
    fs::create_symlink("/etc/passwd", folder.path() / "link");
    CHECK(read_error(folder.path() / "link") == Errc::bad_path);
}

TEST_CASE("a file that others may read is closed to them when it is read") {
    const test::TempFolder folder;
    const auto file = folder.path() / "key";
    test::write_contents(file, "x");
    fs::permissions(file, fs::perms(0644));
    CHECK(read_text(file) == "x");
    CHECK(test::mode(file) == 0600);
}
