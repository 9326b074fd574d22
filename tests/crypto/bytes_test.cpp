// SPDX-License-Identifier: MIT
#include "crypto/bytes.hpp"

#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"

using namespace kith::crypto;
using namespace kith::test;

TEST_CASE("base64url: the vectors of RFC 4648, without padding") {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},         {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}};
    for (const auto& [plain, encoded] : vectors) {
        CHECK(to_base64url(view(plain)) == encoded);
        CHECK(from_base64url(encoded) == Bytes(plain.begin(), plain.end()));
    }
    CHECK(to_base64url(hex("fbff")) == "-_8");
}

TEST_CASE("base64url: one spelling per value") {
    for (const std::string_view refused :
         {"Z", "Zg==", "Zg=", "Zh", "Zm9", "Z g", "Zg\n", "+_8", "-/8", "Zm9vZ", "\xc3\xa4"})
        CHECK_FALSE(from_base64url(refused).has_value());
}

TEST_CASE("base64url and hex: what is encoded comes back, for every length") {
    DeterministicRandom random(7);
    for (std::size_t size = 0; size < 70; ++size) {
        Bytes bytes(size);
        random.fill(bytes);
        CHECK(from_base64url(to_base64url(bytes)) == bytes);
        CHECK(from_hex(to_hex(bytes)) == bytes);
    }
}

TEST_CASE("hex: lower case out, both cases in, nothing else") {
    CHECK(to_hex(Bytes{0x00, 0xaf, 0x10}) == "00af10");
    CHECK(from_hex("00aF10") == Bytes{0x00, 0xaf, 0x10});
    for (const std::string_view refused : {"0", "0g", " 00", "0x00", "00 "})
        CHECK_FALSE(from_hex(refused).has_value());
}

TEST_CASE("equal_constant_time compares contents and lengths") {
    CHECK(equal_constant_time({}, {}));
    CHECK(equal_constant_time(Bytes{1, 2}, Bytes{1, 2}));
    CHECK_FALSE(equal_constant_time(Bytes{1, 2}, Bytes{1, 3}));
    CHECK_FALSE(equal_constant_time(Bytes{1, 2}, Bytes{1, 2, 3}));
}

TEST_CASE("wipe overwrites") {
    Bytes secret{1, 2, 3};
    wipe(secret);
    CHECK(secret == Bytes{0, 0, 0});
}
