// SPDX-License-Identifier: MIT
//
// Pictures and paths from outside: what is read, and what is refused.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "gui/errands.hpp"
#include "gui/pasted_paths.hpp"
#include "gui/picture_file.hpp"
#include "gui/portal/show_in_folder.hpp"
#include "gui/screenshot.hpp"

using namespace kith;
namespace fs = std::filesystem;

namespace {

struct Folder {
    fs::path path = fs::temp_directory_path() / ("kith-gui-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    [[nodiscard]] std::string png(const std::string& name, int width, int height) const {
        const std::string file = (path / name).string();
        const auto side = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
        REQUIRE(
            gui::write_png(file, width, height, std::vector<std::uint8_t>(side * 3, 0x80)).empty());
        return file;
    }
    void write(const std::string& name, std::size_t size) const {
        std::ofstream(path / name) << std::string(size, 'x');
    }
};

/// A BMP header of 54 bytes that claims to be so large.
std::vector<std::uint8_t> claims(std::int32_t width, std::int32_t height) {
    std::vector<std::uint8_t> file(54);
    file[0] = 'B', file[1] = 'M';
    file[10] = 54, file[14] = 40, file[26] = 1, file[28] = 24;
    for (std::size_t i = 0; i < 4; ++i) {
        file[18 + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(width) >> (8 * i));
        file[22 + i] = static_cast<std::uint8_t>(static_cast<std::uint32_t>(height) >> (8 * i));
    }
    return file;
}

}  // namespace

TEST_CASE("a picture is read and made small") {
    const Folder folder;
    const auto pixels = gui::read_picture(folder.png("large.png", 960, 480));
    REQUIRE(pixels);
    CHECK(pixels->width == 480);
    CHECK(pixels->height == 240);
    CHECK(pixels->rgba.size() == 480 * 240 * 4);
    CHECK(pixels->rgba[0] == 0x80);
    CHECK(pixels->rgba[3] == 0xFF);
    const auto small = gui::read_picture(folder.png("small.png", 7, 3));
    REQUIRE(small);
    CHECK(small->width == 7);
}

TEST_CASE("a picture that claims too many pixels is not unpacked") {
    CHECK_FALSE(gui::decode_picture(claims(10'000, 10'000)));
    CHECK_FALSE(gui::decode_picture(claims(1 << 30, 1)));
    CHECK_FALSE(gui::decode_picture(claims(-5, 5)));
    CHECK_FALSE(gui::decode_picture({}));
}

TEST_CASE("a picture that is cut off or damaged is none, or a picture") {
    const Folder folder;
    const std::string path = folder.png("whole.png", 50, 50);
    std::ifstream in(path, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::size_t size = 0; size < whole.size(); size += 3) {
        const std::vector<std::uint8_t> part(whole.begin(),
                                             whole.begin() + static_cast<std::ptrdiff_t>(size));
        // Without its end marks a file may have all of its pixels.
        if (const auto pixels = gui::decode_picture(part)) CHECK(pixels->rgba.size() == 10'000);
        if (size < whole.size() / 2) CHECK_FALSE(gui::decode_picture(part));
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::vector<std::uint8_t> damaged(whole.begin(), whole.end());
        damaged[at] ^= 0xFF;
        const auto pixels = gui::decode_picture(damaged);
        if (pixels) CHECK(pixels->rgba.size() % 4 == 0);
    }
}

TEST_CASE("links, folders and large files are no pictures") {
    const Folder folder;
    const std::string picture = folder.png("real.png", 5, 5);
    fs::create_symlink(picture, folder.path / "link.png");
    CHECK_FALSE(gui::read_picture((folder.path / "link.png").string()));
    CHECK_FALSE(gui::read_picture(folder.path.string()));
    CHECK_FALSE(gui::read_picture((folder.path / "none.png").string()));
    fs::resize_file(picture, gui::picture_file_max + 1);
    CHECK_FALSE(gui::read_picture(picture));
}

TEST_CASE("what is to be sent is counted, links not followed") {
    const Folder folder;
    folder.write("one", 10);
    fs::create_directory(folder.path / "deep");
    folder.write("deep/two", 20);
    fs::create_symlink("/", folder.path / "deep/everything");
    const auto done = gui::run(
        gui::MeasurePaths{7, {folder.path.string(), (folder.path / "one").string(), "/not/there"}});
    const auto& sum = std::get<gui::Measured>(done);
    CHECK(sum.ticket == 7);
    CHECK(sum.paths.size() == 2);
    CHECK(sum.files == 3);
    CHECK(sum.bytes == 40);
    CHECK_FALSE(sum.more);
}

TEST_CASE("a path that is typed is completed") {
    const Folder folder;
    fs::create_directory(folder.path / "pictures");
    fs::create_directory(folder.path / "plans");
    folder.write("plain", 1);
    const std::string typed = (folder.path / "pl").string();
    auto seen = std::get<gui::FolderSeen>(gui::run(gui::LookIntoFolder{typed, false}));
    CHECK_FALSE(seen.there);
    CHECK(seen.free_bytes);
    CHECK(seen.names == std::vector{(folder.path / "plans/").string()});
    seen = std::get<gui::FolderSeen>(gui::run(gui::LookIntoFolder{typed, true}));
    CHECK(seen.names.size() == 2);
    seen = std::get<gui::FolderSeen>(gui::run(gui::LookIntoFolder{"relative", true}));
    CHECK(seen.names.empty());
}

TEST_CASE("paths in pasted texts") {
    using Paths = std::vector<std::string>;
    CHECK(gui::pasted_paths("/home/me/a b.txt") == Paths{"/home/me/a b.txt"});
    CHECK(gui::pasted_paths("file:///a%20b\r\nfile://localhost/c\n") == Paths{"/a b", "/c"});
    CHECK(gui::pasted_paths("file://elsewhere/a").empty());
    CHECK(gui::pasted_paths("file:///a%00b").empty());
    CHECK(gui::pasted_paths("file:///a%zz").empty());
    CHECK(gui::pasted_paths("/").empty());
    CHECK(gui::pasted_paths("look: /home/me").empty());
    CHECK(gui::pasted_paths("/home/me\nand more").empty());
    CHECK(gui::pasted_paths("").empty());
    CHECK(gui::file_uri("/a b/ü%") == "file:///a%20b/%C3%BC%25");
    CHECK(gui::pasted_paths(gui::file_uri("/a b/ü%\nc")) == Paths{"/a b/ü%\nc"});
}
