// SPDX-License-Identifier: MIT
#include "app/files/naming.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>

using namespace kith::files;

namespace {

constexpr std::int64_t at = 1'700'000'000'000;  // 2023-11-14 22:13:20 UTC

struct Utc {
    Utc() {
        setenv("TZ", "UTC", 1);
        tzset();
    }
};

std::string place(std::string_view naming, std::string_view name, std::string_view person = "Bob") {
    const Utc utc;
    const auto parsed = parse_naming(naming);
    REQUIRE(parsed);
    return place_of(*parsed, {name, person, at});
}

std::string problem(std::string_view naming) {
    const auto parsed = parse_naming(naming);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().back() == '.');
    return parsed.error();
}

/// A home with this line in its user-dirs.dirs.
std::string downloads(const std::string& line) {
    auto name = (std::filesystem::temp_directory_path() / "kith-naming-XXXXXX").string();
    const std::filesystem::path home = mkdtemp(name.data());
    std::filesystem::create_directory(home / ".config");
    std::ofstream(home / ".config/user-dirs.dirs") << "# comment\n" << line << "\n";
    auto folder = downloads_folder(home.string());
    std::filesystem::remove_all(home);
    if (!folder.starts_with(home.string())) return folder;
    return std::string("~").append(folder, home.string().size());
}

}  // namespace

TEST_CASE("files get the names the template says") {
    CHECK(place(default_naming, "photo.jpg") == "Bob/photo.jpg");
    CHECK(place("{date}_{time}_from_{person}_{stem}{ext}", "photo.jpg") ==
          "20231114_221320_from_Bob_photo.jpg");
    CHECK(place("{date}_{time}_from_{name}", "photo.jpg") == "20231114_221320_from_photo.jpg");
    CHECK(place("{date}/{stem}-{person}{ext}", ".hidden") == "20231114/.hidden-Bob");
    CHECK(place("{name}", "archive.tar.gz") == "archive.tar.gz");
}

TEST_CASE("names of strangers do not lead out of the folder") {
    for (const std::string_view bad : {"..", ".", "/", "../../etc/passwd", "a/../b", "C:\\x", ""}) {
        INFO(bad);
        const auto one = place(default_naming, "x", bad);
        CHECK(std::count(one.begin(), one.end(), '/') == 1);
        CHECK_FALSE(one.starts_with("/"));
        CHECK_FALSE(one.starts_with("../"));
        CHECK(place("{name}", bad).find('/') == std::string::npos);
        CHECK(place("{stem}{ext}", bad) != "..");
    }
}

TEST_CASE("templates that would lose or misplace files are refused with a sentence") {
    problem("");
    problem("{date}");
    problem("{name}/{date}");
    problem("/{name}");
    problem("{name}/");
    problem("a//{name}");
    problem("../{name}");
    problem("./{name}");
    problem("{naem}");
    problem("{name");
    problem("name}");
    problem("a/b/c/d/e/f/g/h/{name}");
    CHECK(parse_naming("..{name}"));
    CHECK(parse_naming("a/b/c/d/e/f/g/{name}"));
}

TEST_CASE("the folder for downloads is the one of the desktop") {
    CHECK(downloads("XDG_DOWNLOAD_DIR=\"$HOME/Heruntergeladen\"") == "~/Heruntergeladen");
    CHECK(downloads("  XDG_DOWNLOAD_DIR=\"/srv/in coming/\"") == "/srv/in coming");
    CHECK(downloads("XDG_DOWNLOAD_DIR=\"$HOME/a \\\"b\\\"\"") == "~/a \"b\"");
    CHECK(downloads("XDG_MUSIC_DIR=\"$HOME/Music\"") == "~/Downloads");
    CHECK(downloads("XDG_DOWNLOAD_DIR=\"$HOME/\"") == "~/Downloads");
    CHECK(downloads("XDG_DOWNLOAD_DIR=\"relative\"") == "~/Downloads");
    CHECK(downloads("XDG_DOWNLOAD_DIR=\"/unclosed") == "~/Downloads");
    CHECK(downloads_folder("/nowhere/at/all") == "/nowhere/at/all/Downloads");
    CHECK(downloads_folder("").empty());
}
