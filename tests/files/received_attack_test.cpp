// SPDX-License-Identifier: MIT
//
// Somebody hostile sends the names, and somebody hostile has a hand in the folder meanwhile.
#include <sched.h>
#include <sys/mount.h>

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;

namespace {

net::Manifest tree() {
    net::Manifest out;
    out.entries = {folder_entry("Holiday"), folder_entry("Holiday/sub"),
                   file_entry("Holiday/sub/a", 2000), file_entry("Holiday/sub/b", 1'500'000),
                   file_entry("photo.jpg", 1000)};
    return out;
}

/// A place outside of the destination that nothing may reach.
class Outside {
public:
    explicit Outside(const fs::path& in) : path_(in / "outside") {
        fs::create_directory(path_);
        write_contents(path_ / "precious", "precious");
    }
    [[nodiscard]] const fs::path& path() const { return path_; }
    void check_untouched() const {
        CHECK(listing(path_) == std::vector<std::string>{"precious"});
        CHECK(contents(path_ / "precious") == "precious");
    }

private:
    fs::path path_;
};

/// Does it before each call in turn, and has the transfer run to its end, in one go and in two.
void at_each_call(const std::function<void(const Transfer&, const Outside&)>& mischief,
                  const std::function<void(const Transfer&)>& check) {
    for (int when = 0;; ++when) {
        INFO("before call " << when);
        const Transfer transfer(tree());
        const Outside outside(transfer.folder.path());
        int number = 0;
        const HookedCalls calls([&](char, const char*) {
            if (number++ == when) mischief(transfer, outside);
            return 0;
        });
        if (auto files = transfer.open(calls))
            (void)receive(transfer, **files, {.piece = 700'000, .pieces_per_commit = 1});
        outside.check_untouched();
        if (auto files = transfer.open()) (void)receive(transfer, **files, {});
        outside.check_untouched();
        check(transfer);
        if (number <= when) return;
    }
}

bool is_offered(const Transfer& transfer, const std::string& bytes) {
    for (std::uint32_t i = 0; i < transfer.manifest.entries.size(); ++i)
        if (!transfer.manifest.entries[i].folder && bytes == offered(transfer.manifest, i))
            return true;
    return false;
}

}  // namespace

TEST_CASE("names of strangers stay beneath the landing folder and look like what they are") {
    net::Manifest manifest;
    manifest.entries = {folder_entry("Top")};
    const std::vector<std::string> names = {
        "..\\..\\x",  "C:\\x",    "a\x01z",   "-rf",           "CON",
        "nul.tar.gz", "x.",       " x ",      "\xE2\x80\xAEx", "x\xE2\x80\x8B",
        "x",          "X:stream", "~",        "$(reboot)",     std::string(255, '\x02'),
        ".bashrc",    "x\ny",     "x\x1b[2J", "...",           "x.01234567.part",
    };
    for (const auto& name : names) manifest.entries.push_back(file_entry("Top/" + name, 10));
    const Transfer transfer(manifest);
    const Outside outside(transfer.folder.path());
    auto files = transfer.open();
    REQUIRE(files);
    REQUIRE_FALSE(receive(transfer, **files, {}));
    outside.check_untouched();
    const auto found = listing(transfer.destination());
    CHECK(found.size() == manifest.entries.size());  // those that became alike are told apart
    for (const auto& path : found)
        CHECK(path.find_first_of("\\:\x01\x02\n\x1b") == std::string::npos);
    CHECK(listing(transfer.folder.path()).size() == found.size() + 4);
}

TEST_CASE("a folder that becomes a link is not followed") {
    at_each_call(
        [](const Transfer& transfer, const Outside& outside) {
            const auto sub = transfer.destination() / "Holiday" / "sub";
            std::error_code ignored;
            fs::rename(sub, transfer.destination() / "moved", ignored);
            fs::create_directory_symlink(outside.path(), sub, ignored);
        },
        [](const Transfer&) {});
}

TEST_CASE("a folder at the top that becomes a link is not followed") {
    at_each_call(
        [](const Transfer& transfer, const Outside& outside) {
            const auto top = transfer.destination() / "Holiday";
            std::error_code ignored;
            fs::rename(top, transfer.destination() / "moved", ignored);
            fs::create_directory_symlink(outside.path(), top, ignored);
        },
        [](const Transfer&) {});
}

TEST_CASE("an unfinished file that becomes a link, or another's second name, is not written to") {
    for (const bool hard : {false, true})
        at_each_call(
            [hard](const Transfer& transfer, const Outside& outside) {
                for (const char* file : {"Holiday/sub/a", "Holiday/sub/b", "photo.jpg"}) {
                    const fs::path part =
                        (transfer.destination() / file).string() + "." + transfer.tag + ".part";
                    std::error_code ignored;
                    fs::remove(part, ignored);
                    if (hard)
                        fs::create_hard_link(outside.path() / "precious", part, ignored);
                    else
                        fs::create_symlink(outside.path() / "precious", part, ignored);
                }
            },
            [](const Transfer& transfer) {
                const auto files = transfer.open();
                for (const auto& [entry, landed] : (*files)->have()) {
                    const fs::path place = (*files)->path_of(entry);
                    CHECK(landed.done);
                    CHECK_FALSE(fs::is_symlink(place));
                    CHECK(contents(place) == offered(transfer.manifest, entry));
                }
            });
}

TEST_CASE("a file that takes the name at the last moment keeps it") {
    at_each_call(
        [](const Transfer& transfer, const Outside&) {
            const auto photo = transfer.destination() / "photo.jpg";
            if (!fs::exists(photo)) write_contents(photo, "mine");
        },
        [](const Transfer& transfer) {
            const auto photo = contents(transfer.destination() / "photo.jpg");
            CHECK((photo == "mine" || is_offered(transfer, photo)));
            if (photo == "mine")
                CHECK(is_offered(transfer, contents(transfer.destination() / "photo (1).jpg")));
            CHECK_FALSE(fs::exists(transfer.destination() / "photo (2).jpg"));
        });
}

TEST_CASE("a link that takes the name is not followed and not replaced") {
    at_each_call(
        [](const Transfer& transfer, const Outside& outside) {
            std::error_code ignored;
            fs::create_symlink(outside.path() / "new", transfer.destination() / "photo.jpg",
                               ignored);
        },
        [](const Transfer& transfer) {
            const auto photo = transfer.destination() / "photo.jpg";
            if (fs::is_symlink(photo))
                CHECK(is_offered(transfer, contents(transfer.destination() / "photo (1).jpg")));
            else
                CHECK(is_offered(transfer, contents(photo)));
        });
}

TEST_CASE("somebody who takes every name is given up on") {
    const Transfer transfer(tree());
    const HookedCalls calls([&](char call, const char* name) {
        if (call == 'm') write_contents(transfer.destination() / name, "mine");
        return 0;
    });
    auto files = transfer.open(calls);
    REQUIRE((*files)->open(4) == 0);
    REQUIRE((*files)->write(crypto::view(offered(transfer.manifest, 4))));
    REQUIRE((*files)->close());
    const auto progress = (*files)->commit();
    REQUIRE(progress.size() == 1);
    REQUIRE(progress[0].error);
    CHECK(progress[0].error->problem == net::FileProblem::unwritable);
    CHECK(contents(transfer.destination() / "photo.jpg") == "mine");
}

TEST_CASE("a disk that is full takes what fits, says so, and goes on when there is room") {
    const Transfer transfer(tree());
    // Its own mounts, so that nothing stays behind.
    const int code = in_another_process([&] {
        const auto& in = transfer.destination();
        if (unshare(CLONE_NEWNS) != 0 ||
            mount("none", "/", nullptr, MS_REC | MS_PRIVATE, "") != 0 ||
            mount("none", in.c_str(), "tmpfs", 0, "size=1m") != 0)
            std::_Exit(2);
        const auto landing = transfer.choose();
        const auto open = [&] {
            return ReceivedFiles::open(transfer.manifest, transfer.selected, *landing,
                                       transfer.journal(), transfer.tag);
        };
        auto files = open();
        const auto error = receive(transfer, **files, {});
        const auto done = [&](std::size_t i) { return (*files)->have()[i].landed.done; };
        bool good = error && error->problem == net::FileProblem::full &&
                    error->text == "Holiday/sub/b cannot be saved: the disk is full." && done(0) &&
                    !done(1) && done(2) &&
                    !fs::exists(in / "Holiday" / "sub" / ("b." + transfer.tag + ".part"));
        good = good && mount("none", in.c_str(), "tmpfs", MS_REMOUNT, "size=4m") == 0;
        good = good && !receive(transfer, **open(), {}) &&
               contents(in / "Holiday" / "sub" / "b") == offered(transfer.manifest, 3);
        std::_Exit(good ? 0 : 1);
    });
    if (code == 2) SKIP("needs the right to mount");
    CHECK(code == 0);
}
