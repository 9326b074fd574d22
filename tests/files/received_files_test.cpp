// SPDX-License-Identifier: MIT
#include "app/files/received_files.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "app/files/journal.hpp"
#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;
using net::FileProblem;

namespace {

using Listing = std::vector<std::string>;

constexpr const char* part = "photo.jpg.0123abcd.part";

/// The first `size` bytes come and are committed, and more that are not.
void begin(const Transfer& transfer, std::size_t size, std::size_t more = 0) {
    auto files = transfer.open();
    REQUIRE(files);
    const auto bytes = offered(transfer.manifest, 0);
    REQUIRE((*files)->open(0));
    REQUIRE((*files)->write(crypto::view(bytes).first(size)));
    const auto progress = (*files)->commit();
    REQUIRE(progress.size() == 1);
    CHECK(progress[0].landed.durable == size);
    CHECK_FALSE(progress[0].landed.done);
    REQUIRE((*files)->write(crypto::view(bytes).subspan(size, more)));
}

std::int64_t modified_ms(const fs::path& path) {
    struct stat status {};
    REQUIRE(lstat(path.c_str(), &status) == 0);
    return status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1'000'000;
}

}  // namespace

TEST_CASE("a transfer lands as it was offered") {
    const mode_t before = umask(027);
    const Transfer transfer(holiday());
    auto files = transfer.open();
    REQUIRE(files);
    CHECK(listing(transfer.destination()) == Listing{"Holiday/", "Holiday/empty/"});
    REQUIRE_FALSE(receive(transfer, **files, {}));
    umask(before);
    CHECK(listing(transfer.destination()) == Listing{"Holiday/", "Holiday/.hidden",
                                                     "Holiday/empty/", "Holiday/nothing",
                                                     "Holiday/run.sh", "photo.jpg"});
    for (const auto& [entry, landed] : (*files)->have()) {
        const fs::path path = (*files)->path_of(entry);
        CHECK(path == transfer.destination() / transfer.manifest.entries[entry].path);
        CHECK(landed.done);
        CHECK(landed.durable == transfer.manifest.entries[entry].size);
        CHECK(contents(path) == offered(transfer.manifest, entry));
        CHECK(modified_ms(path) == transfer.manifest.entries[entry].modified_ms);
        CHECK(mode(path) == (entry == 3 ? 0750U : 0640U));
    }
}

TEST_CASE("what has a name keeps it") {
    const Transfer transfer(one_file(10));
    write_contents(transfer.destination() / "photo.jpg", "old");
    fs::create_directory(transfer.destination() / "photo (1).jpg");
    fs::create_symlink("nowhere", transfer.destination() / "photo (2).jpg");
    auto files = transfer.open();
    REQUIRE(files);
    REQUIRE_FALSE(receive(transfer, **files, {}));
    CHECK((*files)->path_of(0) == (transfer.destination() / "photo (3).jpg").string());
    CHECK(contents(transfer.destination() / "photo.jpg") == "old");
    CHECK(listing(transfer.destination()) ==
          Listing{"photo (1).jpg/", "photo (2).jpg", "photo (3).jpg", "photo.jpg"});
    // Another process knows it, too.
    CHECK((*transfer.open())->path_of(0) == (*files)->path_of(0));
}

TEST_CASE("when every number is taken the file stays unfinished, and nothing is replaced") {
    const Transfer transfer(one_file(10));
    // Only the disk knows what is there: everything.
    class Taken final : public ForwardedCalls {
    public:
        int before(char call, const char*) const override { return call == 'm' ? -EEXIST : 0; }
        int status_at(int folder, const char* name, FileStatus& out) const override {
            ++asked;
            const int result = ForwardedCalls::status_at(folder, name, out);
            return std::string_view(name).ends_with(".part") ? result : 0;
        }
        mutable int asked = 0;
    } taken;
    auto files = transfer.open(taken);
    REQUIRE(files);
    const auto error = receive(transfer, **files, {});
    REQUIRE(error);
    CHECK(error->problem == FileProblem::unwritable);
    CHECK(taken.asked < 10'050);
    CHECK((*files)->have()[0].landed.durable == 10);
    CHECK(listing(transfer.destination()) == Listing{part});
    CHECK_FALSE(receive(transfer, **transfer.open(), {}));
    CHECK(listing(transfer.destination()) == Listing{"photo.jpg"});
}

TEST_CASE("long names that are the same once they are numbered all find one") {
    net::Manifest manifest;
    for (int i = 0; i < 100; ++i)
        manifest.entries.push_back(
            file_entry(std::string(250, 'x') + std::to_string(10'000 + i), 3));
    const Transfer transfer(manifest);
    for (const auto& entry : manifest.entries)
        write_contents(transfer.destination() / entry.path, "old");
    class Counted final : public ForwardedCalls {
    public:
        int before(char, const char*) const override { return 0; }
        int status_at(int folder, const char* name, FileStatus& out) const override {
            ++asked;
            return ForwardedCalls::status_at(folder, name, out);
        }
        mutable int asked = 0;
    } counted;
    auto files = transfer.open(counted);
    REQUIRE(files);
    REQUIRE_FALSE(receive(transfer, **files, {.files_per_commit = 1000}));
    CHECK(counted.asked < 1000);
    for (std::uint32_t i = 0; i < 100; ++i)
        CHECK(contents((*files)->path_of(i)) == offered(manifest, i));
    CHECK(listing(transfer.destination()).size() == 200);
}

TEST_CASE("a file goes on where it is durable") {
    const Transfer transfer(one_file(50'000));
    begin(transfer, 20'000, 5'000);
    CHECK(fs::file_size(transfer.destination() / part) == 25'000);
    auto files = transfer.open();
    REQUIRE(files);
    CHECK((*files)->have()[0].landed.durable == 20'000);
    CHECK((*files)->path_of(0) == (transfer.destination() / "photo.jpg").string());
    CHECK((*files)->open(0) == 20'000);
    CHECK(fs::file_size(transfer.destination() / part) == 20'000);  // what follows is unknown
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK(contents(transfer.destination() / "photo.jpg") == offered(transfer.manifest, 0));
}

TEST_CASE("an unfinished file that is not what it was begins anew") {
    const Transfer transfer(one_file(50'000));
    const fs::path unfinished = transfer.destination() / part;
    const fs::path precious = transfer.folder.path() / "precious";
    write_contents(precious, std::string(30'000, 'p'));
    begin(transfer, 20'000);
    const std::vector<std::function<void()>> changes = {
        [&] { fs::resize_file(unfinished, 19'999); },
        [&] { fs::remove(unfinished); },
        [&] { fs::remove(unfinished), fs::create_symlink(precious, unfinished); },
        [&] { fs::remove(unfinished), fs::create_hard_link(precious, unfinished); },
        [&] { fs::remove(unfinished), (void)mkfifo(unfinished.c_str(), 0600); },
    };
    for (const auto& change : changes) {
        const auto files = transfer.open();  // finds it as it should be
        REQUIRE((*files)->have()[0].landed.durable == 20'000);
        change();
        CHECK((*transfer.open())->have()[0].landed.durable == 0);
        CHECK_FALSE((*files)->hash(0, 20'000, [] { return false; }));
        CHECK((*files)->open(0) == 0);
        CHECK(fs::is_regular_file(fs::symlink_status(unfinished)));
        // The journal does not claim for the new one what was true of the old one.
        REQUIRE((*files)->write(crypto::view(std::string(25'000, 'n'))));
        const auto again = transfer.open();
        CHECK((*again)->have()[0].landed.durable == 0);
        CHECK(contents(precious) == std::string(30'000, 'p'));
        begin(transfer, 20'000);
    }
    fs::remove(unfinished);
    fs::create_directory(unfinished);
    const auto files = transfer.open();
    const auto opened = (*files)->open(0);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().text == "photo.jpg cannot be saved: something else has its name.");
}

TEST_CASE("what has landed is not fetched again when somebody takes it away") {
    const Transfer transfer(holiday());
    CHECK_FALSE(receive(transfer, **transfer.open(), {}));
    fs::remove_all(transfer.destination() / "Holiday");
    fs::remove(transfer.destination() / "photo.jpg");
    const auto files = transfer.open();
    REQUIRE(files);
    CHECK(std::ranges::all_of((*files)->have(), [](const auto& one) { return one.landed.done; }));
    CHECK(listing(transfer.destination()).empty());
    CHECK_FALSE((*files)->open(5));
    CHECK_FALSE((*files)->discard(5));
}

TEST_CASE("a hash is that of what is durable") {
    const Transfer transfer(one_file(3'000'000));
    begin(transfer, 2'500'000, 1000);
    const auto files = transfer.open();
    const auto bytes = offered(transfer.manifest, 0);
    int asked = 0;
    const auto never = [&] { return ++asked > 100; };
    CHECK((*files)->hash(0, 2'500'000, never) ==
          crypto::sha256({crypto::view(bytes).first(2'500'000)}));
    CHECK(asked == 3);
    CHECK((*files)->hash(0, 5, never) == crypto::sha256({crypto::view(bytes).first(5)}));
    CHECK((*files)->hash(0, 2'500'001, never).error().problem == FileProblem::differs);
    CHECK_FALSE((*files)->hash(0, 2'500'000, [] { return true; }));
    CHECK_FALSE((*files)->hash(1, 1, never));
}

TEST_CASE("what is discarded begins from nothing") {
    const Transfer transfer(one_file(50'000));
    begin(transfer, 20'000);
    auto files = transfer.open();
    REQUIRE((*files)->discard(0));
    CHECK((*files)->have()[0].landed.durable == 0);
    CHECK(listing(transfer.destination()).empty());
    CHECK((*transfer.open())->have()[0].landed.durable == 0);
    // One that is open, and one that waits for its name.
    REQUIRE((*files)->open(0) == 0);
    REQUIRE((*files)->discard(0));
    CHECK_FALSE((*files)->write(crypto::view("x")));
    REQUIRE((*files)->open(0) == 0);
    REQUIRE((*files)->write(crypto::view(offered(transfer.manifest, 0))));
    REQUIRE((*files)->close());
    REQUIRE((*files)->discard(0));
    CHECK((*files)->commit().empty());
    CHECK(listing(transfer.destination()).empty());
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK(contents(transfer.destination() / "photo.jpg") == offered(transfer.manifest, 0));
}

TEST_CASE("a sender whose sizes lie gets no name") {
    const Transfer transfer(one_file(100));
    auto files = transfer.open();
    REQUIRE((*files)->open(0) == 0);
    CHECK((*files)->write(crypto::view(std::string(101, 'x'))).error().problem ==
          FileProblem::changed);
    REQUIRE((*files)->write(crypto::view(std::string(99, 'x'))));
    CHECK((*files)->close().error().problem == FileProblem::changed);
    CHECK((*files)->write(crypto::view("xx")).error().problem == FileProblem::changed);
    (void)(*files)->commit();
    CHECK(listing(transfer.destination()) == Listing{part});
    CHECK(fs::file_size(transfer.destination() / part) == 99);
}

TEST_CASE("what is not to be received is refused") {
    Transfer transfer(holiday());
    transfer.selected = {0, 1};
    auto files = transfer.open();
    REQUIRE(files);
    CHECK((*files)->have().size() == 1);
    for (const std::uint32_t entry : {0U, 2U, 3U, 5U, 6U, ~0U}) CHECK_FALSE((*files)->open(entry));
    CHECK_FALSE((*files)->write(crypto::view("x")));
    CHECK_FALSE((*files)->close());
    CHECK((*files)->path_of(6).empty());
    CHECK_FALSE(receive(transfer, **files, {}));
    CHECK(listing(transfer.destination()) == Listing{"Holiday/", "Holiday/.hidden"});
    transfer.selected = {1, 0};
    CHECK_FALSE(transfer.open());
    transfer.selected = {6};
    CHECK_FALSE(transfer.open());
    transfer.selected = {0};
    transfer.tag = "../../..";
    CHECK_FALSE(transfer.open());
}

TEST_CASE("a journal is of its transfer alone") {
    const Transfer transfer(one_file(50'000));
    begin(transfer, 20'000);
    Transfer other(one_file(50'001));
    const auto open = [&] {
        return ReceivedFiles::open(other.manifest, {0}, transfer.landing, transfer.journal(),
                                   other.tag);
    };
    CHECK_FALSE(open());
    other.manifest = transfer.manifest;
    CHECK(open());
    other.tag = "0123abce";
    CHECK_FALSE(open());
}

TEST_CASE("a small file costs few calls, and many are flushed at once") {
    net::Manifest manifest;
    manifest.entries = {folder_entry("F")};
    for (int i = 0; i < 256; ++i)
        manifest.entries.push_back(file_entry("F/" + std::to_string(i), 9));
    const Transfer transfer(manifest);
    std::string log;
    const HookedCalls calls([&](char call, const char*) { return log += call, 0; });
    auto files = transfer.open(calls);
    log.clear();
    CHECK_FALSE(receive(transfer, **files, {.files_per_commit = 256}));
    // Opened, looked at, written, its time set; looked at again and renamed.
    CHECK(log.size() < 256 * 6 + 20);
    CHECK(std::ranges::count(log, 'S') == 1);
    CHECK(std::ranges::count(log, 'f') == 2);  // the journal
    CHECK(std::ranges::count(log, 'F') == 1);  // the folder
}

TEST_CASE("the journal of a long transfer stays small") {
    const Transfer transfer(one_file(6000));
    {
        auto files = transfer.open();
        REQUIRE((*files)->open(0) == 0);
        const auto bytes = offered(transfer.manifest, 0);
        for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
            REQUIRE((*files)->write(crypto::view(bytes).subspan(i, 1)));
            REQUIRE((*files)->commit().size() == 1);
            REQUIRE(fs::file_size(transfer.journal()) < 70'000);
        }
    }
    CHECK((*transfer.open())->have()[0].landed.durable == 5999);
}

TEST_CASE("a cancelled transfer leaves what has landed and nothing else") {
    const Transfer transfer(holiday());
    {
        auto files = transfer.open();
        REQUIRE((*files)->open(1) == 0);
        REQUIRE((*files)->write(crypto::view(offered(transfer.manifest, 1))));
        REQUIRE((*files)->close());
        REQUIRE((*files)->open(3) == 0);
        REQUIRE((*files)->write(crypto::view("half")));
        (void)(*files)->commit();
        REQUIRE((*files)->open(5) == 0);
        REQUIRE((*files)->write(crypto::view("half")));
    }
    write_contents(transfer.destination() / "somebody else's", "x");
    discard_received(transfer.manifest, transfer.selected, transfer.landing, transfer.journal(),
                     transfer.tag);
    CHECK(listing(transfer.destination()) ==
          Listing{"Holiday/", "Holiday/.hidden", "somebody else's"});
    CHECK_FALSE(fs::exists(transfer.journal()));
    // Nothing at all has come; folders of others are left alone.
    const Transfer other(holiday());
    REQUIRE(other.open());
    fs::create_directory(other.destination() / "not ours");
    discard_received(other.manifest, other.selected, other.landing, other.journal(), other.tag);
    CHECK(listing(other.destination()) == Listing{"not ours/"});
}

TEST_CASE(
    "a cancelled transfer takes the folders of the naming template along, unless they are used") {
    Transfer transfer(holiday());
    transfer.landing.names = {"Ada/2026/Holiday", "Ada/photos/photo.jpg"};
    fs::create_directories(transfer.destination() / "Ada" / "2026" / "Holiday");
    bool used = false;
    SECTION("nothing else is in them") { REQUIRE(transfer.open()); }
    SECTION("something landed") {
        used = true;
        const auto files = transfer.open();
        CHECK_FALSE(receive(transfer, **files, {}));
    }
    discard_received(transfer.manifest, transfer.selected, transfer.landing, transfer.journal(),
                     transfer.tag);
    CHECK(fs::exists(transfer.destination()));
    CHECK(fs::exists(transfer.destination() / "Ada") == used);
    CHECK(fs::exists(transfer.destination() / "Ada" / "photos" / "photo.jpg") == used);
}

TEST_CASE("the journal of a complete transfer can be forgotten") {
    const Transfer transfer(holiday());
    CHECK_FALSE(receive(transfer, **transfer.open(), {}));
    forget_journal(transfer.journal());
    CHECK_FALSE(fs::exists(transfer.journal()));
    CHECK(fs::exists(transfer.destination() / "Holiday" / "empty"));
}
