// SPDX-License-Identifier: MIT
#include "app/files/landing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;
using net::FileProblem;

namespace {

net::Manifest two_tops() {
    net::Manifest out;
    out.entries = {folder_entry("Holiday"), file_entry("Holiday/a", 1), file_entry("photo.jpg", 1)};
    return out;
}

using Listing = std::vector<std::string>;

}  // namespace

TEST_CASE("a landing makes its folder, those of the template and those of the transfer") {
    const TempFolder temp;
    const fs::path into = temp.path() / "Downloads" / "Kith";
    const auto landing = choose_landing({into / "", {"Ada/Holiday", "Ada/photo.jpg"}}, two_tops());
    REQUIRE(landing);
    CHECK(landing->folder == into);
    CHECK(landing->names == Listing{"Ada/Holiday", "Ada/photo.jpg"});
    CHECK(listing(into) == Listing{"Ada/", "Ada/Holiday/"});
}

TEST_CASE("a folder whose name is taken gets a number at once, a file does not") {
    const TempFolder temp;
    fs::create_directory(temp.path() / "Holiday");
    write_contents(temp.path() / "Holiday (1)", "a file");
    write_contents(temp.path() / "photo.jpg", "old");
    const auto landing = choose_landing({temp.path(), {"Holiday", "photo.jpg"}}, two_tops());
    REQUIRE(landing);
    CHECK(landing->names == Listing{"Holiday (2)", "photo.jpg"});
    CHECK(listing(temp.path()) == Listing{"Holiday (1)", "Holiday (2)/", "Holiday/", "photo.jpg"});
    const auto again = choose_landing({temp.path(), {"Holiday", "photo.jpg"}}, two_tops());
    REQUIRE(again);
    CHECK(again->names == Listing{"Holiday (3)", "photo.jpg"});
}

TEST_CASE("folders that were not accepted are not made") {
    const TempFolder temp;
    const std::vector<std::string> wished{"Holiday", "photo.jpg"};
    REQUIRE(choose_landing({temp.path(), wished, {2}}, two_tops()));
    CHECK(listing(temp.path()).empty());
    REQUIRE(choose_landing({temp.path(), wished, {1}}, two_tops()));
    CHECK(listing(temp.path()) == Listing{"Holiday/"});
}

TEST_CASE("places that a template makes alike are told apart") {
    const TempFolder temp;
    net::Manifest manifest;
    manifest.entries = {file_entry("a", 1), file_entry("b", 1), folder_entry("c"),
                        folder_entry("d")};
    const auto landing =
        choose_landing({temp.path(), {"x/same.txt", "x/same.txt", "x/same", "x/same"}}, manifest);
    REQUIRE(landing);
    CHECK(landing->names == Listing{"x/same.txt", "x/same (1).txt", "x/same", "x/same (1)"});
}

TEST_CASE("what is no place is refused, and nothing is made") {
    const TempFolder temp;
    const std::vector<std::vector<std::string>> refused = {
        {"../Holiday", "p"}, {"/Holiday", "p"}, {"x/../../Holiday", "p"},
        {"", "p"},           {"x//y", "p"},     {"NUL", "p"},
        {"Holiday", "p "},   {"Holiday"},       {"a", "b", "c"},
        {".", "p"},          {"x/", "p"}};
    for (const auto& wished : refused) {
        INFO(wished.front());
        CHECK_FALSE(choose_landing({temp.path(), wished}, two_tops()));
    }
    CHECK_FALSE(choose_landing({temp.path(), {"a", "b"}, {3}}, two_tops()));
    CHECK_FALSE(choose_landing({temp.path(), {"a", "b"}, {1, 1}}, two_tops()));
    const auto relative = choose_landing({"Downloads", {"a", "b"}}, two_tops());
    REQUIRE_FALSE(relative);
    CHECK(relative.error().text == "Downloads is not the full path of a folder.");
    CHECK(listing(temp.path()).empty());
}

TEST_CASE("a link in the way is not followed, one to the folder itself is") {
    const TempFolder temp;
    fs::create_directory(temp.path() / "elsewhere");
    fs::create_directory(temp.path() / "real");
    fs::create_directory_symlink(temp.path() / "real", temp.path() / "in");
    fs::create_directory_symlink(temp.path() / "elsewhere", temp.path() / "real" / "Ada");
    const auto refused =
        choose_landing({temp.path() / "in", {"Ada/Holiday", "Ada/photo.jpg"}}, two_tops());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().problem == FileProblem::unwritable);
    CHECK(listing(temp.path() / "elsewhere").empty());
    REQUIRE(choose_landing({temp.path() / "in", {"Bob/Holiday", "photo.jpg"}}, two_tops()));
    CHECK(fs::is_directory(temp.path() / "real" / "Bob" / "Holiday"));
}

TEST_CASE("what cannot be made is said in a sentence") {
    const TempFolder temp;
    struct Case {
        int error;
        FileProblem problem;
        const char* words;
    };
    for (const auto& [error, problem, words] :
         {Case{ENOSPC, FileProblem::full, "the disk is full"},
          Case{EDQUOT, FileProblem::full, "your quota"},
          Case{EROFS, FileProblem::unwritable, "read-only"},
          Case{EACCES, FileProblem::unwritable, "you may not write"},
          Case{EIO, FileProblem::other, "Input/output error"}}) {
        const HookedCalls calls(
            [error = error](char call, const char*) { return call == 'k' ? -error : 0; });
        const auto failed =
            choose_landing({temp.path() / "new", {"Holiday", "p"}}, two_tops(), calls);
        REQUIRE_FALSE(failed);
        CHECK(failed.error().problem == problem);
        CHECK(failed.error().text.find(words) != std::string::npos);
        CHECK(failed.error().text.starts_with((temp.path() / "new").string()));
    }
}

TEST_CASE("free room is that of the nearest folder there is") {
    const TempFolder temp;
    write_contents(temp.path() / "file", "x");
    for (const char* path : {"", "not/there/yet", "file/below"}) {
        const auto bytes = free_bytes(temp.path() / path);
        REQUIRE(bytes);
        CHECK(*bytes > 0);
    }
    const HookedCalls calls([](char call, const char*) { return call == 'i' ? -EIO : 0; });
    CHECK_FALSE(free_bytes(temp.path(), calls));
}
