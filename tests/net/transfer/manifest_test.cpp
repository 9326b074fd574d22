// SPDX-License-Identifier: MIT
#include "net/transfer/manifest.hpp"

#include <catch2/catch_test_macros.hpp>
#include <limits>

#include "tests/support/deterministic_random.hpp"

using namespace kith;
using net::Manifest;
using net::ManifestEntry;

namespace {

ManifestEntry file(std::string path, std::uint64_t size = 1) {
    return {std::move(path), false, false, size, 1'700'000'000'123};
}
ManifestEntry folder(std::string path) { return {std::move(path), true, false, 0, 0}; }

Manifest holiday() {
    return {{folder("Holiday"),
             file("Holiday/.hidden", 0),
             folder("Holiday/empty"),
             {"Holiday/run.sh", false, true, 12, -1},
             file("\u65c5\u884c.jpg", 5'000'000'000)}};
}

/// Why a manifest with these entries is refused; empty: it is not.
std::string refusal(const std::vector<ManifestEntry>& entries) {
    const auto decoded = net::decode_manifest(encode(Manifest{entries}));
    return decoded ? "" : decoded.error();
}

}  // namespace

TEST_CASE("a manifest comes back as it was") {
    const auto decoded = net::decode_manifest(encode(holiday()));
    REQUIRE(decoded);
    CHECK(*decoded == holiday());
    CHECK(decoded->files() == 3);
    CHECK(decoded->bytes() == 5'000'000'012);
}

TEST_CASE("the bytes of a manifest are those of the specification") {
    const Manifest manifest{{folder("a"), {"a/b", false, true, 258, 1}}};
    CHECK(encode(manifest) == *crypto::from_hex("01"
                                               "00000002"
                                               "01"
                                               "0001"
                                               "61"
                                               "02"
                                               "0003"
                                               "612f62"
                                               "0000000000000102"
                                               "0000000000000001"));
}

TEST_CASE("what is offered has a name") {
    CHECK(Manifest{{file("photo.jpg")}}.title() == "photo.jpg");
    CHECK(holiday().title() == "Holiday and 1 more");
    CHECK(Manifest{{folder("Holiday"), file("Holiday/a")}}.title() == "Holiday");
    std::string umlauts;
    for (int i = 0; i < 127; ++i) umlauts += "\u00fc";
    const auto title = Manifest{{file(umlauts), file("b")}}.title();
    CHECK(title.size() <= 255);
    CHECK(title.ends_with("\u00fc and 1 more"));
}

TEST_CASE("names that lead elsewhere are refused") {
    for (const char* path : {"", ".", "..", "/a", "a/", "a//b", "a/../b", "./a", "a/.", "\xff\xfe"})
        CHECK_FALSE(refusal({file(path)}).empty());
    CHECK_FALSE(refusal({file(std::string("a\0b", 3))}).empty());
    CHECK_FALSE(refusal({file(std::string(256, 'a'))}).empty());
    CHECK(refusal({file(std::string(255, 'a'))}).empty());
    std::vector<ManifestEntry> deep;
    std::string path = "d";
    for (std::size_t i = 0; i < net::manifest_depth_max; ++i, path += "/d")
        deep.push_back(folder(path));
    CHECK(refusal(deep).empty());
    deep.push_back(folder(path));
    CHECK_FALSE(refusal(deep).empty());
}

TEST_CASE("entries have to make a tree") {
    CHECK_FALSE(refusal({file("a/b")}).empty());
    CHECK_FALSE(refusal({file("a"), file("a/b")}).empty());
    CHECK_FALSE(refusal({file("a/b"), folder("a")}).empty());
    CHECK_FALSE(refusal({file("a"), file("a")}).empty());
    CHECK_FALSE(refusal({file("a"), folder("a")}).empty());
    CHECK_FALSE(refusal({}).empty());
}

TEST_CASE("sizes that lie are refused") {
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    CHECK(refusal({file("a", most)}).empty());
    CHECK_FALSE(refusal({file("a", most), file("b", 1)}).empty());
    CHECK_FALSE(refusal({file("a", std::numeric_limits<std::uint64_t>::max())}).empty());
    auto bomb = encode(Manifest{{file("a")}});
    bomb[1] = 0x7f;  // two billion entries
    CHECK_FALSE(net::decode_manifest(bomb));
    auto longer = encode(Manifest{{file("a")}});
    longer.push_back(0);
    CHECK_FALSE(net::decode_manifest(longer));
}

TEST_CASE("every manifest that is cut or has a byte changed is refused or another one") {
    const auto whole = encode(holiday());
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(net::decode_manifest(crypto::ByteView(whole).first(size)));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            auto changed = whole;
            changed[at] = static_cast<std::uint8_t>(changed[at] ^ (1 << bit));
            const auto decoded = net::decode_manifest(changed);
            if (decoded) CHECK(encode(*decoded) == changed);
            CHECK(net::manifest_hash(changed) != net::manifest_hash(whole));
        }
    }
}
