// SPDX-License-Identifier: MIT
//
// Disks that are full, gone, or unlike others.
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;
using net::FileProblem;
using Listing = std::vector<std::string>;

TEST_CASE("a destination that is gone is said, and not made again") {
    const Transfer transfer(holiday());
    auto files = transfer.open();
    fs::remove_all(transfer.destination());
    const auto error = receive(transfer, **files, {});
    REQUIRE(error);
    CHECK(error->problem == FileProblem::unwritable);
    const auto opened = transfer.open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().problem == FileProblem::vanished);
    CHECK(opened.error().text ==
          "The folder " + transfer.destination().string() + " is not there any more.");
    CHECK_FALSE(fs::exists(transfer.destination()));
}

TEST_CASE("a folder of the transfer that is removed meanwhile is made again for what comes") {
    const Transfer transfer(holiday());
    auto files = transfer.open();
    fs::remove_all(transfer.destination() / "Holiday");
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK(fs::exists(transfer.destination() / "Holiday" / "run.sh"));
}

TEST_CASE("a file that does not fit shows at once, and the others land") {
    for (const int error : {ENOSPC, EDQUOT, EFBIG}) {
        const Transfer transfer(holiday());
        const HookedCalls calls([&](char call, const char*) { return call == 'R' ? -error : 0; });
        auto files = transfer.open(calls);
        const auto refused = (*files)->open(3);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().problem ==
              (error == EFBIG ? FileProblem::unwritable : FileProblem::full));
        CHECK(refused.error().text.starts_with("Holiday/run.sh cannot be saved: "));
        CHECK(receive(transfer, **files, {}));
        CHECK(listing(transfer.destination()) == Listing{"Holiday/", "Holiday/.hidden",
                                                         "Holiday/empty/", "Holiday/nothing",
                                                         "photo.jpg"});
        CHECK_FALSE(receive(transfer, **transfer.open(), {}));  // there is room now
        CHECK(fs::exists(transfer.destination() / "Holiday" / "run.sh"));
    }
}

TEST_CASE("a file system that cannot set room aside takes files all the same") {
    const Transfer transfer(holiday());
    class NoRoom final : public ForwardedCalls {
    public:
        explicit NoRoom(std::uint64_t free) : free_(free) {}
        int before(char call, const char*) const override { return call == 'R' ? -EOPNOTSUPP : 0; }
        int free_space(int, std::uint64_t& out) const override { return out = free_, 0; }

    private:
        std::uint64_t free_;
    };
    const NoRoom little(2'999'999), enough(3'000'000), silent(0);
    const auto refused = (*transfer.open(little))->open(3);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == FileProblem::full);
    CHECK((*transfer.open(enough))->open(3) == 0);
    CHECK_FALSE(receive(transfer, **transfer.open(silent), {}));
}

TEST_CASE("a folder that cannot be made is reported, and the others are") {
    const Transfer transfer(holiday());
    const HookedCalls calls([](char call, const char* name) {
        return call == 'k' && std::string_view(name) == "empty" ? -EACCES : 0;
    });
    auto files = transfer.open(calls);
    REQUIRE(files);
    REQUIRE((*files)->missing_folders().size() == 1);
    CHECK((*files)->missing_folders()[0].text ==
          "Holiday/empty cannot be saved: you may not write into its folder.");
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK_FALSE(fs::exists(transfer.destination() / "Holiday" / "empty"));
    REQUIRE(transfer.open());
    CHECK(fs::exists(transfer.destination() / "Holiday" / "empty"));
}

TEST_CASE("where the whole disk cannot be flushed, each file is") {
    net::Manifest manifest;
    manifest.entries = {folder_entry("F")};
    for (int i = 0; i < 20; ++i)
        manifest.entries.push_back(file_entry("F/" + std::to_string(i), 9));
    const Transfer transfer(manifest);
    int flushed = 0;
    const HookedCalls calls([&](char call, const char*) {
        flushed += call == 'f' ? 1 : 0;
        return call == 'S' ? -EIO : 0;
    });
    auto files = transfer.open(calls);
    flushed = 0;
    CHECK_FALSE(receive(transfer, **files, {.files_per_commit = 20}));
    CHECK(flushed == 20 + 2);
}

TEST_CASE("two names that are one on this disk are not mixed") {
    class LowerCase final : public ForwardedCalls {
    public:
        int before(char, const char*) const override { return 0; }
        int open_at(int folder, const char* name, Opening how) const override {
            return ForwardedCalls::open_at(folder, lower(name).c_str(), how);
        }
        int status_at(int folder, const char* name, FileStatus& out) const override {
            return ForwardedCalls::status_at(folder, lower(name).c_str(), out);
        }
        int remove(int folder, const char* name) const override {
            return ForwardedCalls::remove(folder, lower(name).c_str());
        }
        int rename_without_replacing(int folder, const char* from, const char* to) const override {
            return ForwardedCalls::rename_without_replacing(folder, lower(from).c_str(),
                                                            lower(to).c_str());
        }

    private:
        static std::string lower(std::string name) {
            std::ranges::replace(name, 'A', 'a');
            return name;
        }
    } calls;
    net::Manifest manifest;
    manifest.entries = {file_entry("A", 500), file_entry("a", 500)};
    const Transfer transfer(manifest);
    auto files = transfer.open(calls);
    const auto error = receive(transfer, **files, {});
    REQUIRE(error);
    CHECK(error->text == "a cannot be saved: something else has its name.");
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK(contents(transfer.destination() / "a") == offered(manifest, 0));
    CHECK(contents(transfer.destination() / "a (1)") == offered(manifest, 1));
}

TEST_CASE("a renaming that ended between its two halves is one file") {
    const Transfer transfer(one_file(1000));
    class LinkOnly final : public ForwardedCalls {
    public:
        int before(char, const char*) const override { return 0; }
        int rename_without_replacing(int folder, const char* from, const char* to) const override {
            return linkat(folder, from, folder, to, 0) == 0 ? -EIO : -errno;
        }
    } calls;
    CHECK(receive(transfer, **transfer.open(calls), {}));
    CHECK(listing(transfer.destination()) == Listing{"photo.jpg", "photo.jpg.0123abcd.part"});
    const auto files = transfer.open();
    CHECK((*files)->have()[0].landed.done);
    CHECK(listing(transfer.destination()) == Listing{"photo.jpg"});
}

TEST_CASE("a file that got its name is known again where inode numbers change") {
    for (const bool same_time : {true, false}) {
        const Transfer transfer(one_file(1000));
        bool renamed = false;
        const HookedCalls calls([&](char call, const char*) {
            renamed = renamed || call == 'm';
            return renamed && call == 'w' ? -ENOSPC : 0;  // "done" is not recorded
        });
        CHECK(receive(transfer, **transfer.open(calls), {}));
        if (!same_time) fs::last_write_time(transfer.destination() / "photo.jpg", {});
        class Renumbering final : public ForwardedCalls {
        public:
            int before(char, const char*) const override { return 0; }
            int status_at(int folder, const char* name, FileStatus& out) const override {
                const int result = ForwardedCalls::status_at(folder, name, out);
                out.inode += 1000;
                return result;
            }
        } other_numbers;
        CHECK((*transfer.open(other_numbers))->have()[0].landed.done == same_time);
    }
}
