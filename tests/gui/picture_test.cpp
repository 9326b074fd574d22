// SPDX-License-Identifier: MIT
//
// Pictures and paths from outside: what is read, and what is refused.
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>
#include <future>

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

using Bytes = std::vector<std::uint8_t>;

void add(Bytes& to, std::initializer_list<int> bytes) {
    for (const int byte : bytes) to.push_back(static_cast<std::uint8_t>(byte));
}

/// 36 megapixels in grey, all of them painted once for each ten bytes: a progressive JPEG.
Bytes jpeg_of_scans(std::size_t scans) {
    Bytes file{0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0};
    file.resize(file.size() + 64, 1);                                          // quantization
    add(file, {0xFF, 0xC2, 0, 11, 8, 0x17, 0x70, 0x17, 0x70, 1, 1, 0x11, 0});  // 6000 x 6000
    for (const int table : {0x00, 0x10}) {                                     // a bit for 0
        add(file, {0xFF, 0xC4, 0, 20, table, 1});
        file.resize(file.size() + 16, 0);
    }
    for (std::size_t i = 0; i < scans; ++i) add(file, {0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0});
    add(file, {0xFF, 0xD9});
    return file;
}

/// A GIF of one pixel whose codes stand for thousands of pixels each.
class GifOfChains {
public:
    explicit GifOfChains(std::size_t bytes) {
        add(file_, {'G', 'I', 'F', '8', '9', 'a', 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255});
        add(file_, {',', 0, 0, 0, 0, 1, 0, 1, 0, 0, 2});
        while (file_.size() < bytes) chain();
        if (!block_.empty()) end_block();
        add(file_, {0, ';'});
    }
    [[nodiscard]] const Bytes& file() const { return file_; }

private:
    /// Each code but the first stands for the one before and a pixel more; the longest 4,000 times.
    void chain() {
        put(4);
        width_ = 3;
        put(0);
        for (unsigned code = 6; code < 4095;) {
            put(code++);
            if ((code & ((1U << width_) - 1)) == 0 && width_ < 12) ++width_;
        }
        for (int i = 0; i < 4000; ++i) put(4000);
    }
    void put(unsigned code) {
        bits_ |= code << count_;
        for (count_ += width_; count_ >= 8; count_ -= 8, bits_ >>= 8) {
            block_.push_back(static_cast<std::uint8_t>(bits_));
            if (block_.size() == 255) end_block();
        }
    }
    void end_block() {
        file_.push_back(static_cast<std::uint8_t>(block_.size()));
        file_.insert(file_.end(), block_.begin(), block_.end());
        block_.clear();
    }

    Bytes file_, block_;
    unsigned bits_ = 0, count_ = 0, width_ = 3;
};

std::string save(const Folder& folder, const std::string& name, const Bytes& file) {
    std::ofstream(folder.path / name, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
    return (folder.path / name).string();
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

TEST_CASE("small files that would be unpacked for hours are given up") {
    // Whole, and worth nothing but time.
    CHECK(gui::decode_picture(jpeg_of_scans(1)));
    CHECK(gui::decode_picture(GifOfChains(10'000).file()));
    for (const Bytes& bomb : {jpeg_of_scans(100'000), GifOfChains(8 << 20).file()}) {
        int asked = 0;
        CHECK_FALSE(gui::decode_picture(bomb, [&] { return ++asked > 3; }));
        CHECK(asked == 4);
    }
    const Folder folder;
    const auto begun = std::chrono::steady_clock::now();
    CHECK_FALSE(gui::read_picture(save(folder, "bomb.jpg", jpeg_of_scans(100'000))));
    CHECK(std::chrono::steady_clock::now() - begun < 4 * gui::picture_time_max);
}

TEST_CASE("whoever closes the window does not wait for a picture") {
    const Folder folder;
    const std::string bomb = save(folder, "bomb.gif", GifOfChains(8 << 20).file());
    std::promise<void> first_done;
    auto errands = std::make_unique<gui::Errands>([&, told = false]() mutable {
        if (!told) first_done.set_value();
        told = true;
    });
    errands->give(gui::LookIntoFolder{"/", false});
    errands->give(gui::LoadPicture{{}, bomb});
    first_done.get_future().wait();  // the picture is next
    const auto begun = std::chrono::steady_clock::now();
    errands.reset();
    CHECK(std::chrono::steady_clock::now() - begun < gui::picture_time_max);
}

TEST_CASE("a PNG that claims more rows than it has is none") {
    const Folder folder;
    std::ifstream in(folder.png("whole.png", 50, 50), std::ios::binary);
    Bytes file((std::istreambuf_iterator<char>(in)), {});
    REQUIRE(gui::decode_picture(file));
    for (const std::size_t at : {16, 20}) {  // the width, the height
        Bytes claim = file;
        claim[at + 2] = 0x27;  // about 10,000: more rows than there are
        CHECK_FALSE(gui::decode_picture(claim));
        claim[at] = 0x7F;
        CHECK_FALSE(gui::decode_picture(claim));
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
