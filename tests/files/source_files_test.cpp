// SPDX-License-Identifier: MIT
#include "app/files/source_files.hpp"

#include <sys/stat.h>

#include <array>
#include <catch2/catch_test_macros.hpp>
#include <cerrno>

#include "app/files/open_folders.hpp"
#include "app/files/walk.hpp"
#include "tests/files/forwarded_calls.hpp"
#include "tests/files/receiving.hpp"

using namespace kith;
using namespace kith::files;
using namespace kith::files::test;
using net::FileProblem;
namespace fs = std::filesystem;

namespace {

std::string long_text(std::size_t size) {
    std::string out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>((i * 7 + i / 251) % 253);
    return out;
}

/// Two folders and a file, as they are when they are offered.
struct Offer {
    Offer() {
        fs::create_directories(top.path() / "one" / "a" / "b");
        fs::create_directories(top.path() / "two" / "a");
        fs::create_directories(top.path() / "secret" / "b");
        write_contents(top.path() / "one" / "a" / "b" / "deep", "in the first");
        write_contents(top.path() / "one" / "a" / "empty", "");
        write_contents(top.path() / "one" / "a" / "large", large);
        write_contents(top.path() / "two" / "a" / "empty", "in the second");
        write_contents(top.path() / "single", "by itself");
        // As long as the real one.
        write_contents(top.path() / "secret" / "b" / "deep", "very secret!");
        offered = walk({(top.path() / "one" / "a").string(), (top.path() / "two" / "a").string(),
                        (top.path() / "single").string()},
                       [] { return false; });
    }
    [[nodiscard]] std::uint32_t entry(std::string_view path) const {
        const auto& all = offered.manifest.entries;
        for (std::uint32_t i = 0; i < all.size(); ++i)
            if (all[i].path == path) return i;
        FAIL("no entry " << path);
        return 0;
    }
    [[nodiscard]] std::unique_ptr<net::FileSource> source(
        const FileCalls& calls = system_calls()) const {
        return open_source(offered.manifest, offered.roots, calls);
    }
    [[nodiscard]] fs::path deep() const { return top.path() / "one" / "a" / "b" / "deep"; }

    TempFolder top{};
    std::string large = long_text(3'000'001);
    Walk offered{};
};

/// Read to its end, or what went wrong.
net::FileResult<std::string> sent(net::FileSource& source, std::uint32_t entry,
                                  std::uint64_t offset = 0, std::size_t step = 65536) {
    if (const auto opened = source.open(entry, offset); !opened)
        return tl::unexpected(opened.error());
    crypto::Bytes buffer(step);
    std::string out;
    for (std::size_t got = step; got == step;) {
        const auto read = source.read(buffer);
        if (!read) return tl::unexpected(read.error());
        got = *read;
        out.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got));
    }
    if (const auto closed = source.close(); !closed) return tl::unexpected(closed.error());
    return out;
}

std::optional<FileProblem> problem(const net::FileResult<std::string>& result) {
    if (result) return std::nullopt;
    CHECK_FALSE(result.error().text.empty());
    return result.error().problem;
}

void set_modified(const fs::path& path, std::int64_t ms) {
    const Descriptor folder(system_calls(),
                            system_calls().open_folder(path.parent_path().string()));
    const Descriptor file(
        system_calls(),
        system_calls().open_at(folder.get(), path.filename().c_str(), Opening::write));
    REQUIRE(system_calls().set_modified(file.get(), ms) == 0);
}

/// A link to `target` instead of what is at `path`, which is kept beside it.
void replace_by_link(const fs::path& path, const fs::path& target) {
    fs::rename(path, path.string() + ".old");
    fs::create_symlink(target, path);
}

bool never() { return false; }

}  // namespace

TEST_CASE("files are read as they were offered", "[files][source]") {
    const Offer offer;
    const auto source = offer.source();
    CHECK(sent(*source, offer.entry("a/b/deep")).value() == "in the first");
    CHECK(sent(*source, offer.entry("a (1)/empty")).value() == "in the second");
    CHECK(sent(*source, offer.entry("single")).value() == "by itself");
    CHECK(sent(*source, offer.entry("a/empty")).value().empty());
    const auto large = offer.entry("a/large");
    for (const std::size_t step : {1000U, 65536U, 4'000'000U}) {
        CHECK(sent(*source, large, 0, step).value() == offer.large);
        CHECK(sent(*source, large, 2'999'999, step).value() == offer.large.substr(2'999'999));
    }
    CHECK(sent(*source, large, 3'000'001).value().empty());
    CHECK(problem(sent(*source, large, 3'000'002)) == FileProblem::changed);
    CHECK(source->close());
    CHECK_FALSE(source->open(offer.entry("a"), 0));
    CHECK_FALSE(source->open(999, 0));
    std::array<std::uint8_t, 8> into{};
    CHECK_FALSE(source->read(into));
}

TEST_CASE("a source that has changed is not sent", "[files][source]") {
    const Offer offer;
    const auto source = offer.source();
    const auto entry = offer.entry("a/b/deep");
    REQUIRE(sent(*source, entry));
    const auto time = offer.offered.manifest.entries[entry].modified_ms;
    const auto check = [&](FileProblem expected) {
        CHECK(problem(sent(*source, entry)) == expected);
        const auto hash = source->hash(entry, 5, never);
        REQUIRE_FALSE(hash);
        CHECK(hash.error().problem == expected);
    };
    SECTION("another size") {
        write_contents(offer.deep(), "in the first, longer");
        set_modified(offer.deep(), time);
        check(FileProblem::changed);
    }
    SECTION("another time") {
        set_modified(offer.deep(), time + 1);
        check(FileProblem::changed);
    }
    SECTION("gone") {
        fs::remove(offer.deep());
        check(FileProblem::vanished);
    }
    SECTION("its folder is gone") {
        fs::remove_all(offer.top.path() / "one");
        check(FileProblem::vanished);
    }
    SECTION("a folder in its place") {
        fs::remove(offer.deep());
        fs::create_directory(offer.deep());
        check(FileProblem::changed);
    }
    SECTION("a pipe in its place, which nobody writes to") {
        fs::remove(offer.deep());
        REQUIRE(mkfifo(offer.deep().c_str(), 0600) == 0);
        check(FileProblem::changed);
    }
    SECTION("a file in its folder's place") {
        fs::remove_all(offer.deep().parent_path());
        write_contents(offer.deep().parent_path(), "x");
        check(FileProblem::changed);
    }
    SECTION("a link in its place, even to itself") {
        replace_by_link(offer.deep(), offer.deep().string() + ".old");
        check(FileProblem::changed);
    }
}

TEST_CASE("a time that was not offered is not compared", "[files][source]") {
    Offer offer;
    const auto entry = offer.entry("a/b/deep");
    offer.offered.manifest.entries[entry].modified_ms = 0;
    set_modified(offer.deep(), 1);
    CHECK(sent(*offer.source(), entry).value() == "in the first");
}

TEST_CASE("a folder that was made anew is found again", "[files][source]") {
    const Offer offer;
    const auto source = offer.source();
    const auto entry = offer.entry("a/b/deep");
    REQUIRE(sent(*source, entry));
    fs::rename(offer.deep().parent_path(), offer.top.path() / "b");
    fs::create_directory(offer.deep().parent_path());
    fs::rename(offer.top.path() / "b" / "deep", offer.deep());
    CHECK(sent(*source, entry).value() == "in the first");
}

TEST_CASE("no link that comes before any call leads a source elsewhere", "[files][source]") {
    for (const char* where : {"one/a/b/deep", "one/a/b", "one/a"}) {
        int calls_in_all = 0;
        for (int at = -1; at <= calls_in_all; ++at) {
            CAPTURE(where, at);
            const Offer offer;
            const auto entry = offer.entry("a/b/deep");
            const auto secret = offer.top.path() / "secret";
            set_modified(secret / "b" / "deep", offer.offered.manifest.entries[entry].modified_ms);
            const auto target = std::string(where) == "one/a/b/deep" ? secret / "b" / "deep"
                                : std::string(where) == "one/a/b"    ? secret / "b"
                                                                     : secret;
            int count = 0;
            const HookedCalls calls([&](char, const char*) {
                if (count++ == at) replace_by_link(offer.top.path() / where, target);
                return 0;
            });
            const auto source = offer.source(calls);
            if (at < 0) {
                CHECK(sent(*source, entry));
                calls_in_all = count;
                continue;
            }
            const auto result = sent(*source, entry);
            if (result) CHECK(*result == "in the first");
            if (!result) CHECK(problem(result) == FileProblem::changed);
        }
        CHECK(calls_in_all >= 4);
    }
}

TEST_CASE("a file that changes while it is read is noticed", "[files][source]") {
    const Offer offer;
    const auto source = offer.source();
    const auto path = offer.top.path() / "one" / "a" / "large";
    const auto entry = offer.entry("a/large");
    crypto::Bytes half(1'500'000);
    REQUIRE(source->open(entry, 0));
    REQUIRE(source->read(half).value() == half.size());
    SECTION("it grows: what was offered is sent, and said to be another") {
        write_contents(path, offer.large + "more");
        CHECK(source->read(half).value() == half.size());
        CHECK(source->read(half).value() == 1);
        CHECK(source->read(half).value() == 0);
    }
    SECTION("it becomes shorter") {
        fs::resize_file(path, 1'600'000);
        const auto read = source->read(half);
        REQUIRE_FALSE(read);
        CHECK(read.error().problem == FileProblem::changed);
    }
    SECTION("other bytes, as many") { set_modified(path, 1); }
    const auto closed = source->close();
    REQUIRE_FALSE(closed);
    CHECK(closed.error().problem == FileProblem::changed);
}

TEST_CASE("the beginning of a file is hashed for continuing", "[files][source]") {
    const Offer offer;
    const auto source = offer.source();
    const auto entry = offer.entry("a/large");
    for (const std::size_t size : {0UL, 1UL, 1'048'576UL, 1'048'577UL, 3'000'001UL}) {
        const crypto::Bytes begin(offer.large.begin(),
                                  offer.large.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(source->hash(entry, size, never).value() == crypto::sha256({begin}));
    }
    const auto more = source->hash(entry, 3'000'002, never);
    REQUIRE_FALSE(more);
    CHECK(more.error().problem == FileProblem::changed);
    int asked = 0;
    const auto off = source->hash(entry, 3'000'001, [&] { return ++asked == 2; });
    REQUIRE_FALSE(off);
    CHECK(off.error().problem == FileProblem::other);
    CHECK(asked == 2);
    CHECK(source->open(entry, 5));
    CHECK(source->hash(offer.entry("single"), 2, never));
    std::array<std::uint8_t, 1> into{};
    CHECK(source->read(into).value() == 1);
    CHECK(into[0] == static_cast<std::uint8_t>(offer.large[5]));
}

TEST_CASE("each call that fails is an error, and a retry goes through", "[files][source]") {
    const Offer offer;
    const auto entry = offer.entry("a/large");
    int fail_at = -1;
    int error = 0;
    int count = 0;
    const HookedCalls calls([&](char, const char*) { return count++ == fail_at ? -error : 0; });
    const auto both = [&](net::FileSource& source) {
        auto text = sent(source, entry);
        const auto hash = source.hash(entry, 100, never);
        if (text && !hash) text = tl::unexpected(hash.error());
        return text;
    };
    REQUIRE(both(*offer.source(calls)));
    const int all = count;
    REQUIRE(all > 8);
    for (const int one : {EIO, EACCES, ENOENT, EMFILE})
        for (int at = 0; at < all; ++at) {
            CAPTURE(one, at);
            const auto source = offer.source(calls);
            error = one;
            fail_at = at;
            count = 0;
            const auto result = both(*source);
            // What was opened before is opened once more.
            if (result) CHECK(*result == offer.large);
            fail_at = -1;
            CHECK(both(*source).value() == offer.large);
        }
    const auto fails_always = [&](int with) {
        const HookedCalls failing(
            [with](char call, const char*) { return call == 'o' ? -with : 0; });
        return problem(sent(*offer.source(failing), entry));
    };
    CHECK(fails_always(EACCES) == FileProblem::unreadable);
    CHECK(fails_always(EIO) == FileProblem::unreadable);
    CHECK(fails_always(ENOENT) == FileProblem::vanished);
    CHECK(fails_always(EMFILE) == FileProblem::other);
}

TEST_CASE("an interrupted or short read goes on", "[files][source]") {
    class Stutter final : public ForwardedCalls {
    public:
        int before(char, const char*) const override { return 0; }
        std::ptrdiff_t read(int file, crypto::MutableByteView into,
                            std::uint64_t offset) const override {
            if (++count_ % 2 == 0) return -EINTR;
            return ForwardedCalls::read(file, into.first((into.size() + 2) / 3), offset);
        }

    private:
        mutable int count_ = 0;
    } stutter;
    const Offer offer;
    const auto source = offer.source(stutter);
    CHECK(sent(*source, offer.entry("a/large")).value() == offer.large);
}

TEST_CASE("roots that do not fit the manifest find nothing", "[files][source]") {
    const Offer offer;
    for (const std::vector<std::string>& roots : {std::vector<std::string>{},
                                                  {"", "", ""},
                                                  {"single", "single", "single"},
                                                  {"/", "/", "/"}}) {
        const auto source = open_source(offer.offered.manifest, roots);
        CHECK_FALSE(source->open(offer.entry("a/b/deep"), 0));
        CHECK_FALSE(source->open(offer.entry("single"), 0));
    }
}
