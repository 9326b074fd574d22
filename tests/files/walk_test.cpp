// SPDX-License-Identifier: MIT
#include "app/files/walk.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "app/files/open_folders.hpp"
#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
namespace fs = std::filesystem;

namespace {

bool never() { return false; }

Walk walk_of(const std::vector<std::string>& paths, const FileCalls& calls = system_calls()) {
    return walk(paths, never, calls);
}

std::vector<std::string> paths_of(const Walk& walk) {
    std::vector<std::string> out;
    for (const auto& entry : walk.manifest.entries)
        out.push_back(entry.path + (entry.folder ? "/" : ""));
    return out;
}

/// "name: is a symbolic link".
std::vector<std::string> skipped_of(const Walk& walk) {
    std::vector<std::string> out;
    for (const auto& [path, why] : walk.skipped)
        out.push_back(fs::path(path).filename().string() + ": " + reason(why));
    return out;
}

using Lines = std::vector<std::string>;

bool decodable(const Walk& walk) {
    const auto decoded = net::decode_manifest(net::encode(walk.manifest));
    return decoded && *decoded == walk.manifest;
}

int make_socket(const fs::path& path) {
    const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.string().copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    const int bound =
        bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address);  // NOLINT
    close(made);
    return bound;
}

}  // namespace

TEST_CASE("what is chosen is offered in one order, whatever the disk's is", "[files]") {
    const TempFolder top;
    const auto holiday = top.path() / "Holiday";
    fs::create_directories(holiday / "empty");
    fs::create_directories(holiday / "b" / "deep");
    for (const char* name :
         {"z.txt", ".hidden", "\u65c5\u884c.txt", "a", "b/2", "b/10", "b/deep/x"})
        write_contents(holiday / name, std::string("contents of ") + name);
    write_contents(holiday / "nothing", "");
    write_contents(top.path() / "run.sh", "#!");
    fs::permissions(top.path() / "run.sh", fs::perms::owner_all);

    const auto found = walk_of({(top.path() / "run.sh").string(), holiday.string() + "/"});
    CHECK(paths_of(found) == Lines{"run.sh", "Holiday/", "Holiday/.hidden", "Holiday/a",
                                   "Holiday/b/", "Holiday/b/10", "Holiday/b/2", "Holiday/b/deep/",
                                   "Holiday/b/deep/x", "Holiday/empty/", "Holiday/nothing",
                                   "Holiday/z.txt", "Holiday/\u65c5\u884c.txt"});
    CHECK(found.roots == Lines{(top.path() / "run.sh").string(), holiday.string()});
    CHECK(found.skipped_count == 0);
    CHECK_FALSE(found.cancelled);
    CHECK(decodable(found));
    const auto& entries = found.manifest.entries;
    CHECK(entries[0].executable);
    CHECK_FALSE(entries[3].executable);
    CHECK(entries[3].size == std::string("contents of a").size());
    CHECK(entries[10].size == 0);
    CHECK(entries[1].size == 0);
}

TEST_CASE("times are whole milliseconds, before 1970 too", "[files]") {
    const TempFolder top;
    const auto set = [&](const char* name, time_t seconds, long nanoseconds) {
        write_contents(top.path() / name, "x");
        const timespec times[2]{{0, UTIME_OMIT}, {seconds, nanoseconds}};
        const auto path = top.path() / name;
        REQUIRE(utimensat(AT_FDCWD, path.c_str(), static_cast<const timespec*>(times), 0) == 0);
        return walk_of({path.string()}).manifest.entries.at(0).modified_ms;
    };
    CHECK(set("new", 1'700'000'000, 123'999'999) == 1'700'000'000'123);
    CHECK(set("old", -2, 500'900'000) == -1500);
}

TEST_CASE("links, sockets, pipes and names that are no text are said and left out", "[files]") {
    const TempFolder top;
    const auto folder = top.path() / "f";
    fs::create_directories(folder / "real");
    write_contents(folder / "real" / "file", "x");
    write_contents(folder / "bad\xff", "x");
    fs::create_symlink("real/file", folder / "link");
    fs::create_directory_symlink("/etc", folder / "linked folder");
    fs::create_symlink("nowhere", folder / "dangling");
    REQUIRE(mkfifo((folder / "pipe").c_str(), 0600) == 0);
    REQUIRE(make_socket(folder / "socket") == 0);

    const auto found = walk_of({folder.string()});
    CHECK(paths_of(found) == Lines{"f/", "f/real/", "f/real/file"});
    CHECK(skipped_of(found) ==
          Lines{"bad\xff: has a name that is not text (UTF-8)", "dangling: is a symbolic link",
                "link: is a symbolic link", "linked folder: is a symbolic link",
                "pipe: is not a file or folder", "socket: is not a file or folder"});
    CHECK(found.skipped_count == 6);
    CHECK(found.skipped.front().path == (folder / "bad\xff").string());

    const auto chosen =
        walk_of({(folder / "link").string(), (folder / "pipe").string(), (folder / "none").string(),
                 "relative", "/", "", (folder / "bad\xff").string()});
    CHECK(chosen.manifest.entries.empty());
    CHECK(chosen.roots.empty());
    CHECK(chosen.skipped_count == 7);
    CHECK(chosen.skipped[2].why == Skipped::missing);
    CHECK(chosen.skipped[3].why == Skipped::bad_path);
    CHECK(chosen.skipped[4].why == Skipped::bad_path);
    CHECK(chosen.skipped[5].why == Skipped::bad_path);
}

TEST_CASE("a folder that becomes a link while it is looked through is not followed", "[files]") {
    const TempFolder top;
    const auto folder = top.path() / "f";
    fs::create_directories(folder / "sub");
    fs::create_directories(top.path() / "secret");
    write_contents(top.path() / "secret" / "key", "x");
    const HookedCalls calls([&](char call, const char* name) {
        if (call == 'c' && std::string_view(name) == "sub") {
            fs::remove(folder / "sub");
            fs::create_directory_symlink(top.path() / "secret", folder / "sub");
        }
        return 0;
    });
    const auto found = walk_of({folder.string()}, calls);
    CHECK(paths_of(found) == Lines{"f/"});
    CHECK(skipped_of(found) == Lines{"sub: cannot be read"});
}

TEST_CASE("two of one name are told apart", "[files]") {
    const TempFolder top;
    for (const char* in : {"1", "2", "3"}) {
        fs::create_directories(top.path() / in / "a");
        write_contents(top.path() / in / "a" / in, "x");
        write_contents(top.path() / in / "p.jpg", in);
    }
    fs::create_symlink("p.jpg", top.path() / "1" / "l.jpg");
    fs::create_directories(top.path() / "l.jpg");
    Lines chosen{(top.path() / "1/l.jpg").string(), (top.path() / "l.jpg").string()};
    for (const char* in : {"1", "2", "3"}) {
        chosen.push_back((top.path() / in / "p.jpg").string());
        chosen.push_back((top.path() / in / "a").string());
    }
    const auto found = walk_of(chosen);
    CHECK(paths_of(found) == Lines{"l.jpg/", "p.jpg", "a/", "a/1", "p (1).jpg", "a (1)/", "a (1)/2",
                                   "p (2).jpg", "a (2)/", "a (2)/3"});
    CHECK(found.roots == Lines(chosen.begin() + 1, chosen.end()));
    CHECK(decodable(found));
}

TEST_CASE("what cannot be read is said, and the rest is offered", "[files]") {
    const TempFolder top;
    const auto folder = top.path() / "f";
    for (const char* name : {"closed", "broken", "gone", "open"}) {
        fs::create_directories(folder / name);
        write_contents(folder / name / "file", "x");
    }
    write_contents(folder / "secret", "x");
    const HookedCalls calls([](char call, const char* name) {
        const std::string_view about = name;
        if (call == 'c' && about == "closed") return -EACCES;
        if (call == 'a' && about == "broken") return -EIO;
        if (call == 'a' && about == "gone") return -ENOENT;
        if (call == 'e' && about == "secret") return -EACCES;
        return 0;
    });
    const auto found = walk_of({folder.string()}, calls);
    CHECK(paths_of(found) == Lines{"f/", "f/open/", "f/open/file"});
    CHECK(skipped_of(found) == Lines{"broken: cannot be read", "closed: cannot be read",
                                     "gone: is not there", "secret: cannot be read"});

    const HookedCalls unlistable([](char call, const char*) { return call == 'l' ? -EIO : 0; });
    const auto nothing = walk_of({folder.string()}, unlistable);
    CHECK(nothing.manifest.entries.empty());
    CHECK(skipped_of(nothing) == Lines{"f: cannot be read"});
}

TEST_CASE("folders in folders end at the depth a manifest holds", "[files]") {
    const TempFolder top;
    fs::path path = top.path() / "d";
    for (std::size_t i = 1; i < net::manifest_depth_max + 3; ++i) path /= "d";
    fs::create_directories(path);
    const auto found = walk_of({(top.path() / "d").string()});
    CHECK(found.manifest.entries.size() == net::manifest_depth_max);
    CHECK(skipped_of(found) == Lines{"d: lies too deep in folders"});
    CHECK(decodable(found));
}

TEST_CASE("a path ends at the length a manifest holds", "[files]") {
    const TempFolder top;
    const std::string name(200, 'n');
    // Beyond what a path may have: from folder to folder.
    Descriptor at(system_calls(), system_calls().open_folder(top.path().string()));
    for (int i = 0; i < 22; ++i) {
        REQUIRE(system_calls().make_folder(at.get(), name.c_str()) == 0);
        at = Descriptor(system_calls(),
                        system_calls().open_at(at.get(), name.c_str(), Opening::folder));
        REQUIRE(at);
    }
    const auto found = walk_of({(top.path() / name).string()});
    CHECK(found.manifest.entries.size() == 20);  // 20 * 201 - 1 <= 4096 < 21 * 201 - 1
    REQUIRE(found.skipped_count == 1);
    CHECK(found.skipped[0].why == Skipped::too_deep);
    CHECK(decodable(found));
}

namespace {

/// A disk with more than there is room for, that costs nothing.
class Endless final : public ForwardedCalls {
public:
    explicit Endless(std::size_t name_size, std::uint64_t file_size)
        : name_size_(name_size), file_size_(file_size) {}
    int before(char, const char*) const override { return 0; }
    int list(int, std::size_t max, std::vector<std::string>& out) const override {
        for (std::size_t i = 0; i < std::min<std::size_t>(max, 300'000); ++i) {
            std::string name = std::to_string(i);
            out.push_back(std::string(name_size_ - name.size(), '0') + name);
        }
        return 0;
    }
    int status_at(int folder, const char* name, FileStatus& out) const override {
        if (std::string_view(name) == "f") return system_calls().status_at(folder, name, out);
        out = {};
        out.kind = FileStatus::Kind::file;
        out.size = file_size_;
        return 0;
    }
    int readable_at(int, const char*) const override { return 0; }

private:
    std::size_t name_size_;
    std::uint64_t file_size_;
};

Walk endless_walk(std::size_t name_size, std::uint64_t file_size) {
    const TempFolder top;
    fs::create_directories(top.path() / "f");
    fs::create_directories(top.path() / "g");
    return walk_of({(top.path() / "f").string(), (top.path() / "g").string()},
                   Endless(name_size, file_size));
}

}  // namespace

TEST_CASE("what does not fit into one manifest is said once", "[files]") {
    const auto count = endless_walk(6, 1);
    CHECK(count.manifest.entries.size() == net::manifest_entries_max);
    REQUIRE(count.skipped_count == 1);
    CHECK(count.skipped[0].why == Skipped::too_many);
    CHECK(decodable(count));

    const auto bytes = endless_walk(200, 1);
    const auto encoded = net::encode(bytes.manifest).size();
    CHECK(encoded <= net::manifest_bytes_max);
    CHECK(encoded + 300 > net::manifest_bytes_max);
    REQUIRE(bytes.skipped_count == 1);
    CHECK(bytes.skipped[0].why == Skipped::too_many);

    const auto sizes = endless_walk(6, std::uint64_t{1} << 62);
    CHECK(paths_of(sizes) == Lines{"f/", "f/000000"});
    REQUIRE(sizes.skipped_count == 1);
    CHECK(sizes.skipped[0].why == Skipped::too_many);
    CHECK(decodable(sizes));
}

TEST_CASE("the list of what was skipped is bounded, the count is not", "[files]") {
    const TempFolder top;
    fs::create_directories(top.path() / "f");
    for (std::size_t i = 0; i < skipped_listed_max + 5; ++i)
        fs::create_symlink("x", top.path() / "f" / std::to_string(i));
    const auto found = walk_of({(top.path() / "f").string()});
    CHECK(found.skipped.size() == skipped_listed_max);
    CHECK(found.skipped_count == skipped_listed_max + 5);
}

TEST_CASE("looking through folders can be called off", "[files]") {
    const TempFolder top;
    fs::create_directories(top.path() / "f");
    for (int i = 0; i < 20; ++i) write_contents(top.path() / "f" / std::to_string(i), "x");
    int asked = 0;
    const auto found = walk({(top.path() / "f").string(), (top.path() / "f").string()},
                            [&] { return ++asked == 5; });
    CHECK(found.cancelled);
    CHECK(found.manifest.entries.size() == 4);
    CHECK(asked == 5);
}
