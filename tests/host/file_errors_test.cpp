// SPDX-License-Identifier: MIT
#include "app/host/file_errors.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/host/support.hpp"

using namespace kith::host;

namespace {

std::string code_of(const std::filesystem::path& file) {
    const auto usable = check_new_file(file);
    if (usable) return "usable";
    CHECK(usable.error().text.ends_with('.'));
    return usable.error().code;
}

}  // namespace

TEST_CASE("a new file needs a whole path, a folder and a free name") {
    const test::TempFolder folder;
    const auto here = folder.path();
    CHECK(code_of(here / "new.json") == "usable");
    CHECK(code_of("new.json") == "bad_path");
    CHECK(code_of("~/new.json") == "bad_path");
    CHECK(code_of("") == "bad_path");
    CHECK(code_of("/") == "bad_path");
    CHECK(code_of(here / "") == "bad_path");
    CHECK(code_of(std::string("/tmp/a\0b", 8)) == "bad_path");
    CHECK(code_of(here / "missing" / "new.json") == "no_such_folder");
    CHECK(code_of(here) == "exists");
    test::write_contents(here / "old.json", "");
    CHECK(code_of(here / "old.json") == "exists");
    CHECK(code_of(here / "old.json" / "new.json") == "no_such_folder");
    std::filesystem::create_symlink(here / "nowhere", here / "link.json");
    CHECK(code_of(here / "link.json") == "exists");
}
