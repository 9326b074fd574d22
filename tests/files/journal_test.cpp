// SPDX-License-Identifier: MIT
#include "app/files/journal.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
using Kind = Journal::Kind;
using Records = std::vector<Journal::Record>;

namespace {

constexpr std::uint32_t binding = 0xC0FFEE;

const Records three = {{Kind::durable, 7, 1ULL << 40},
                       {Kind::naming, 199'999, Journal::naming_value({9999, 0x123456789ABC})},
                       {Kind::done, 0, 3}};

Records reopened(const std::string& path) {
    Records found;
    REQUIRE(Journal::open(path, binding, system_calls(), found));
    return found;
}

}  // namespace

TEST_CASE("a journal gives back what it was told") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    CHECK(reopened(path).empty());
    CHECK(mode(path) == 0600);
    Records found;
    auto journal = Journal::open(path, binding, system_calls(), found);
    REQUIRE(journal);
    REQUIRE(journal->append(three));
    REQUIRE(journal->append({{Kind::durable, 1, 2}}));
    CHECK(std::filesystem::file_size(path) == 5 * 16);
    found = reopened(path);
    REQUIRE(found.size() == 4);
    CHECK(Records(found.begin(), found.begin() + 3) == three);
    CHECK(Journal::naming(found[1].value).number == 9999);
    CHECK(Journal::naming(found[1].value).inode == 0x123456789ABC);
    CHECK(Journal::read(path, binding, system_calls()) == found);
    CHECK(Journal::read(path, binding + 1, system_calls()).empty());
    CHECK(Journal::read(path + "x", binding, system_calls()).empty());
    Journal::remove(path, system_calls());
    CHECK(listing(temp.path()).empty());
}

TEST_CASE("its bytes are these") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    Records found;
    auto journal = Journal::open(path, 0x01020304, system_calls(), found);
    REQUIRE(journal);
    REQUIRE(journal->append({{Kind::done, 0x0A0B0C, 0x11}}));
    const auto bytes = contents(path);
    REQUIRE(bytes.size() == 32);
    // magic, binding, CRC of the twelve
    CHECK(crypto::to_hex(crypto::view(bytes).first(12)) == "4b54484a524e4c3101020304");
    // done, entry, number; then the CRC of the one before and the twelve
    CHECK(crypto::to_hex(crypto::view(bytes).subspan(16, 12)) == "030a0b0c0000000000000011");
    CHECK(crypto::to_hex(crypto::view(bytes).subspan(12, 4)) == "44063095");
    CHECK(crypto::to_hex(crypto::view(bytes).subspan(28, 4)) == "c8f6f856");
}

TEST_CASE("what is torn is left out, with all that follows") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    {
        Records found;
        auto journal = Journal::open(path, binding, system_calls(), found);
        REQUIRE(journal);
        REQUIRE(journal->append(three));
    }
    const std::string whole = contents(path);
    for (std::size_t at = 0; at < whole.size(); ++at) {
        INFO("byte " << at);
        auto torn = whole;
        torn[at] = static_cast<char>(torn[at] ^ 1);
        write_contents(path, torn);
        const std::size_t left = at < 16 ? 0 : at / 16 - 1;
        CHECK(reopened(path) == Records(three.begin(), three.begin() + static_cast<long>(left)));
        CHECK(std::filesystem::file_size(path) == (left + 1) * 16);
        write_contents(path, whole.substr(0, at));
        CHECK(reopened(path).size() == left);
    }
    // A record that stood behind a torn one does not come back behind another.
    write_contents(path, whole.substr(0, 16));
    Records found;
    auto journal = Journal::open(path, binding, system_calls(), found);
    REQUIRE(journal);
    REQUIRE(journal->append({{Kind::durable, 5, 5}}));
    write_contents(path, contents(path) + whole.substr(32));
    CHECK(reopened(path) == Records{{Kind::durable, 5, 5}});
}

TEST_CASE("a journal of another transfer is refused") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    CHECK(reopened(path).empty());
    const std::string before = contents(path);
    Records found;
    CHECK_FALSE(Journal::open(path, binding + 1, system_calls(), found));
    CHECK(contents(path) == before);
    CHECK_FALSE(Journal::open(temp.path() / "no" / "journal", binding, system_calls(), found));
}

TEST_CASE("a journal is written anew when most of it is outdated") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    Records found;
    auto journal = Journal::open(path, binding, system_calls(), found);
    REQUIRE(journal);
    const Records many(5000, {Kind::durable, 1, 1});
    CHECK_FALSE(journal->large());
    REQUIRE(journal->append(many));
    CHECK(journal->large());
    REQUIRE(journal->rewrite(three));
    CHECK_FALSE(journal->large());
    REQUIRE(journal->append({{Kind::done, 9, 0}}));
    CHECK(std::filesystem::file_size(path) == 5 * 16);
    CHECK(reopened(path).size() == 4);
    CHECK(listing(temp.path()) == std::vector<std::string>{"journal"});
}

TEST_CASE("a journal goes on after the disk has failed") {
    const TempFolder temp;
    const std::string path = temp.path() / "journal";
    for (const char failing : {'w', 'f', 'F', 'p', 'c'}) {
        Journal::remove(path, system_calls());
        bool on = false;
        const HookedCalls calls(
            [&](char call, const char*) { return on && call == failing ? -ENOSPC : 0; });
        Records found;
        auto journal = Journal::open(path, binding, calls, found);
        REQUIRE(journal);
        on = true;
        const bool appended = journal->append(three).has_value();
        const auto rewritten = journal->rewrite(three);
        CHECK_FALSE(rewritten);
        CHECK(rewritten.error().problem == net::FileProblem::full);
        on = false;
        REQUIRE(journal->append({{Kind::done, 9, 0}}));
        found = reopened(path);
        REQUIRE_FALSE(found.empty());
        CHECK(found.back() == Journal::Record{Kind::done, 9, 0});
        CHECK(found.size() == (appended || failing == 'F' ? 4 : 1));
    }
}
