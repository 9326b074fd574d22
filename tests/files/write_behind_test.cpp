// SPDX-License-Identifier: MIT
//
// Large files, written beside the thread that receives them: whole, in order, and what could not
// be written is never taken for written.
#include "app/files/write_behind.hpp"

#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <cerrno>

#include "app/files/received_state.hpp"
#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;

namespace {

constexpr std::uint64_t large = 6 << 20;
constexpr std::size_t step = 100'000;
static_assert(large >= behind_from);

crypto::ByteView view_of(const std::string& text) { return crypto::view(text); }

/// From where it goes on; the error, if one was given.
std::optional<net::FileError> receive_large(ReceivedFiles& files, const std::string& bytes) {
    const auto from = files.open(0);
    if (!from) return from.error();
    for (auto at = static_cast<std::size_t>(*from); at < bytes.size(); at += step) {
        const auto part = view_of(bytes).subspan(at, std::min(step, bytes.size() - at));
        if (const auto written = files.write(part); !written) return written.error();
    }
    if (const auto closed = files.close(); !closed) return closed.error();
    return std::nullopt;
}

}  // namespace

TEST_CASE("what is written behind is there when it was waited for") {
    const TempFolder folder;
    const auto& calls = system_calls();
    const Descriptor in(calls, calls.open_folder(folder.path().string()));
    const Descriptor file(calls, calls.open_at(in.get(), "file", Opening::create));
    std::string bytes(5'000'000, 0);
    for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 7 >> 3);
    WriteBehind behind(calls);
    for (std::size_t at = 0; at < bytes.size(); at += 333'333)
        behind.write(file.get(),
                     view_of(bytes).subspan(at, std::min<std::size_t>(333'333, bytes.size() - at)),
                     at);
    CHECK(behind.drain().error == 0);
    CHECK(contents(folder.path() / "file") == bytes);
}

TEST_CASE("a large file whose disk is full at any point keeps what was written, and goes on") {
    const int at = GENERATE(0, 1, 7, 20, 40);
    const Transfer transfer(one_file(large));
    const auto bytes = offered(transfer.manifest, 0);
    std::atomic<int> writes{-1000};  // the journal is begun first
    const HookedCalls calls(
        [&](char call, const char*) { return call == 'w' && writes++ >= at ? -ENOSPC : 0; });
    {
        auto files = transfer.open(calls);
        REQUIRE(files);
        writes = 0;
        const auto error = receive_large(**files, bytes);
        REQUIRE(error);
        CHECK(error->problem == net::FileProblem::full);
    }
    auto again = transfer.open();
    const auto there = (*again)->have().at(0).landed.durable;
    CHECK(there <= static_cast<std::uint64_t>(at) * step);
    REQUIRE_FALSE(receive_large(**again, bytes));
    const auto progress = (*again)->commit();
    REQUIRE(progress.size() == 1);
    CHECK(progress[0].landed.done);
    CHECK(contents(transfer.destination() / "photo.jpg") == bytes);
}

TEST_CASE("what is durable of a large file is what the disk has of it") {
    const Transfer transfer(one_file(large));
    const auto bytes = offered(transfer.manifest, 0);
    {
        auto files = transfer.open();
        REQUIRE((*files)->open(0));
        for (int i = 0; i < 20; ++i)
            REQUIRE(
                (*files)->write(view_of(bytes).subspan(static_cast<std::size_t>(i) * step, step)));
        const auto progress = (*files)->commit();
        REQUIRE(progress.size() == 1);
        CHECK(progress[0].landed.durable == 20 * step);
    }
    auto again = transfer.open();
    CHECK((*again)->have().at(0).landed.durable == 20 * step);
    REQUIRE_FALSE(receive_large(**again, bytes));
    REQUIRE((*again)->commit().at(0).landed.done);
    CHECK(contents(transfer.destination() / "photo.jpg") == bytes);
}
