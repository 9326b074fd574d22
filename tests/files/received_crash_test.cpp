// SPDX-License-Identifier: MIT
//
// The disk fails, the process dies or the power is cut at each call of a transfer; then it goes on.
#include <sys/mman.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "tests/files/interrupted_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;
using End = InterruptedCalls::End;

namespace {

constexpr const char* in_the_way = "was here before";

net::Manifest small_manifest() {
    net::Manifest out;
    out.entries = {folder_entry("Holiday"),
                   file_entry("Holiday/a.txt", 5000),
                   folder_entry("Holiday/sub"),
                   file_entry("Holiday/sub/long.bin", 300'000),
                   file_entry("Holiday/sub/empty", 0),
                   file_entry("Holiday/sub/b.txt", 77),
                   file_entry("photo.jpg", 1234)};
    out.entries[5].modified_ms = 0;
    return out;
}

/// So many that the whole disk is flushed.
net::Manifest many_manifest() {
    net::Manifest out;
    out.entries = {folder_entry("Many")};
    for (int i = 0; i < 20; ++i)
        out.entries.push_back(file_entry("Many/" + std::to_string(i), 10 + i));
    out.entries.push_back(file_entry("photo.jpg", 1234));
    return out;
}

/// Memory that a child shares.
class SharedTold {
public:
    SharedTold()
        : told_(new (mmap(nullptr, sizeof(Told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                          -1, 0)) Told) {}
    ~SharedTold() { munmap(told_, sizeof(Told)); }
    SharedTold(const SharedTold&) = delete;
    SharedTold& operator=(const SharedTold&) = delete;
    Told* get() { return told_; }

private:
    Told* told_;
};

std::vector<std::string> expected_listing(const Transfer& transfer, const ReceivedFiles& files) {
    std::vector<std::string> out{"photo.jpg"};
    for (std::uint32_t i = 0; i < transfer.manifest.entries.size(); ++i) {
        const auto path = fs::path(files.path_of(i)).lexically_relative(transfer.destination());
        out.push_back(path.string() + (transfer.manifest.entries[i].folder ? "/" : ""));
    }
    std::ranges::sort(out);
    return out;
}

/// A new process looks at what is there.
void check_after_the_end(const Transfer& transfer, const Told& told) {
    CHECK(contents(transfer.destination() / "photo.jpg") == in_the_way);
    auto opened = transfer.open();
    REQUIRE(opened);
    for (const auto& [entry, landed] : (*opened)->have()) {
        INFO(transfer.manifest.entries[entry].path);
        const std::string all = offered(transfer.manifest, entry);
        const fs::path place = (*opened)->path_of(entry);
        CHECK(landed.done >= told.of.at(entry).done);
        CHECK(landed.durable >= told.of.at(entry).durable);
        if (landed.done) {
            CHECK(contents(place) == all);
            continue;
        }
        const std::string part = contents(place.string() + "." + transfer.tag + ".part");
        CHECK(part.substr(0, landed.durable) == all.substr(0, landed.durable));
    }
    // No name that stands for a whole file belongs to half of one.
    for (const auto& path : listing(transfer.destination())) {
        if (path.ends_with("/") || path.ends_with(".part") || path == "photo.jpg") continue;
        const std::string found = contents(transfer.destination() / path);
        bool whole = false;
        for (std::uint32_t i = 0; i < transfer.manifest.entries.size(); ++i)
            whole = whole || found == offered(transfer.manifest, i);
        INFO(path);
        CHECK(whole);
    }
    REQUIRE_FALSE(receive(transfer, **opened, {}));
    for (const auto& [entry, landed] : (*opened)->have()) {
        CHECK(landed.done);
        CHECK(contents((*opened)->path_of(entry)) == offered(transfer.manifest, entry));
    }
    CHECK(listing(transfer.destination()) == expected_listing(transfer, **opened));
}

/// Until a transfer comes to its end before the chosen call. Gives the number of calls.
int end_at_each_call(const net::Manifest& manifest, const Pace& pace, End end) {
    for (int last = 0;; ++last) {
        INFO("the end comes at call " << last);
        const Transfer transfer(manifest);
        write_contents(transfer.destination() / "photo.jpg", in_the_way);
        SharedTold told;
        const int code = in_another_process([&] {
            const InterruptedCalls calls(last, end);
            if (const auto opened = transfer.open(calls))
                (void)receive(transfer, **opened, pace, told.get());
            std::_Exit(calls.reached() ? 9 : 0);
        });
        REQUIRE((code == 0 || code == 9));
        check_after_the_end(transfer, *told.get());
        if (code == 0) return last;
    }
}

}  // namespace

TEST_CASE("a process that dies at any call leaves nothing half, nothing twice, nothing lost") {
    const Pace slow{.piece = 70'000, .pieces_per_commit = 1, .files_per_commit = 2};
    CHECK(end_at_each_call(small_manifest(), slow, End::die) > 80);
    CHECK(end_at_each_call(many_manifest(), {.files_per_commit = 30}, End::die) > 80);
}

TEST_CASE("a power cut at any call loses nothing that was said to be durable") {
    const Pace slow{.piece = 70'000, .pieces_per_commit = 1, .files_per_commit = 2};
    for (const End end : {End::lose_bytes, End::lose_names, End::lose_both}) {
        CHECK(end_at_each_call(small_manifest(), slow, end) > 80);
        CHECK(end_at_each_call(small_manifest(), {}, end) > 50);
        CHECK(end_at_each_call(many_manifest(), {.files_per_commit = 30}, end) > 80);
    }
}

TEST_CASE("a disk that fails at any call costs at most a retry") {
    const Pace slow{.piece = 70'000, .pieces_per_commit = 1, .files_per_commit = 2};
    for (const End end : {End::fail_once, End::fail}) {
        CHECK(end_at_each_call(small_manifest(), slow, end) > 80);
        CHECK(end_at_each_call(many_manifest(), {.files_per_commit = 30}, end) > 80);
    }
}
