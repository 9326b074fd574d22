// SPDX-License-Identifier: MIT
#include "app/files/places.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

#include "app/files/safe_name.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;

TEST_CASE("every entry has a safe place of its own beneath the landing folder") {
    net::Manifest manifest;
    const std::string long_name(255, 'x');
    manifest.entries = {folder_entry("Top"),
                        folder_entry("Top/..."),
                        file_entry("Top/.../inner", 1),
                        file_entry("Top/a\\b", 1),
                        file_entry("Top/a:b", 1),
                        file_entry("Top/a_b", 1),
                        file_entry("Top/nul.txt", 1),
                        file_entry("Top/x\xE2\x80\xAEgpj.exe", 1),
                        file_entry("Top/.0123abcd.part", 1),
                        file_entry("Top/" + long_name, 1),
                        file_entry("photo.jpg", 1)};
    const auto places = Places::of(manifest, {"Ada/Top (1)", "Ada/photo.jpg"});
    REQUIRE(places);
    std::set<std::string> seen;
    for (std::uint32_t i = 0; i < manifest.entries.size(); ++i) {
        INFO(places->path(i));
        CHECK(is_safe_path(places->path(i)));
        CHECK(places->path(i).starts_with("Ada/"));
        CHECK(places->base(i) == "Ada");
        CHECK(seen.insert(places->path(i)).second);
    }
    CHECK(places->path(2) == "Ada/Top (1)/_/inner");
    CHECK(places->path(3) == "Ada/Top (1)/a_b");
    CHECK(places->path(4) == "Ada/Top (1)/a_b (1)");
    CHECK(places->path(5) == "Ada/Top (1)/a_b (2)");
    CHECK(places->path(10, 3) == "Ada/photo (3).jpg");
    CHECK(places->with_parents({2}) == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("unfinished names fit, and no two are alike") {
    net::Manifest manifest;
    const std::string stem(232, 'x');
    // The last one looks like what becomes of the first.
    const std::vector<std::string> names = {stem + "aaaaaaaaaaaaaaaaaaaa",
                                            stem + "bbbbbbbb",
                                            stem,
                                            stem.substr(0, 223) + ".00000000",
                                            stem.substr(0, 223) + ".00000001",
                                            "short.txt"};
    std::set<std::string> seen;
    for (const auto& name : names) manifest.entries.push_back(file_entry(name, 1));
    const auto places = Places::of(manifest, names);
    REQUIRE(places);
    for (std::uint32_t i = 0; i < names.size(); ++i) {
        const auto part = places->part_name(i, "0123abcd");
        CHECK(part.size() <= name_max);
        CHECK(part.ends_with(".0123abcd.part"));
        CHECK(safe_name(part) != part);  // nobody's file has this name
        CHECK(seen.insert(part).second);
    }
    CHECK(places->part_name(5, "0123abcd") == "short.txt.0123abcd.part");
}

TEST_CASE("places that are not those of the manifest are none") {
    net::Manifest manifest;
    manifest.entries = {folder_entry("a"), file_entry("a/b", 1), file_entry("c", 1)};
    CHECK(Places::of(manifest, {"a", "c"}));
    CHECK_FALSE(Places::of(manifest, {"a"}));
    CHECK_FALSE(Places::of(manifest, {"a", "c", "d"}));
    CHECK_FALSE(Places::of(manifest, {"a", "a"}));
    CHECK_FALSE(Places::of(manifest, {"a", "../c"}));
    CHECK_FALSE(Places::of(manifest, {"/a", "c"}));
    manifest.entries[1].path = "x/b";
    CHECK_FALSE(Places::of(manifest, {"a", "c"}));
}
