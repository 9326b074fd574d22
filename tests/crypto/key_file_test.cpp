// SPDX-License-Identifier: MIT
#include "crypto/key_file.hpp"

#include <algorithm>
#include <chrono>

#include "tests/crypto/checks.hpp"
#include "tests/support/deterministic_random.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith::crypto;
using namespace kith::test;
using namespace std::string_view_literals;

namespace {

ProfileSecrets secrets() { return {test_identity_keys("alice"), SecretBytes(32, 0x5a)}; }

constexpr PasswordCost cheap = password_cost_min;
constexpr std::string_view password = "correct horse";

Bytes sealed() {
    DeterministicRandom random(1);
    return seal_key_file(secrets(), password, random, cheap);
}

Bytes clear() {
    DeterministicRandom random(1);
    return seal_key_file(secrets(), "", random);
}

bool same(const ProfileSecrets& a, const ProfileSecrets& b) {
    return a.identity.rsa_pkcs8 == b.identity.rsa_pkcs8 &&
           a.identity.ed25519_seed == b.identity.ed25519_seed && a.database_key == b.database_key;
}

bool contains(ByteView haystack, ByteView needle) {
    return std::search(haystack.begin(), haystack.end(), needle.begin(), needle.end()) !=
           haystack.end();
}

}  // namespace

TEST_CASE("key file: with and without a password") {
    CHECK(value(key_file_needs_password(sealed())));
    CHECK(same(value(open_key_file(sealed(), password)), secrets()));
    CHECK_FALSE(value(key_file_needs_password(clear())));
    CHECK(same(value(open_key_file(clear(), "")), secrets()));
}

TEST_CASE("key file: nothing secret is readable under a password") {
    const Bytes file = sealed();
    CHECK_FALSE(contains(file, Bytes(8, 0x5a)));
    CHECK_FALSE(contains(file, secrets().identity.ed25519_seed));
    CHECK_FALSE(contains(file, ByteView(secrets().identity.rsa_pkcs8).subspan(100, 16)));
    CHECK(contains(clear(), secrets().identity.ed25519_seed));  // the search itself works
}

TEST_CASE("key file: the same secrets are never sealed alike twice") {
    DeterministicRandom random(2);
    const Bytes first = seal_key_file(secrets(), password, random, cheap);
    const Bytes second = seal_key_file(secrets(), password, random, cheap);
    CHECK_FALSE(std::ranges::equal(ByteView(first).last(64), ByteView(second).last(64)));
}

TEST_CASE("key file: wrong passwords") {
    for (const std::string_view wrong :
         {""sv, "correct hors"sv, "Correct horse"sv, "correct horse "sv, "correct horse\0"sv})
        CHECK(refusal(open_key_file(sealed(), wrong)) == Errc::wrong_password);
}

TEST_CASE("key file: every flipped byte is refused") {
    for (const Bytes& file : {sealed(), clear()}) {
        const std::string_view with = value(key_file_needs_password(file)) ? password : "";
        for (std::size_t at = 0; at < file.size(); ++at)
            if (open_key_file(flipped(file, at), with))
                FAIL("accepted with byte " << at << " flipped");
    }
    SUCCEED("all refused");
}

TEST_CASE("key file: cut short, and with bytes behind it") {
    for (const Bytes& file : {sealed(), clear()}) {
        for (std::size_t size = 0; size < file.size(); size += size < 64 ? 1 : 97)
            CHECK_FALSE(open_key_file(ByteView(file).first(size), password).has_value());
        Bytes longer = file;
        longer.push_back(0);
        CHECK_FALSE(open_key_file(longer, password).has_value());
    }
    CHECK(refusal(open_key_file(Bytes(9000), "")) == Errc::malformed);
    CHECK(refusal(key_file_needs_password({})) == Errc::malformed);
}

TEST_CASE("key file: hostile Argon2 parameters are refused before they cost anything") {
    const Bytes file = sealed();
    const auto with = [&](std::size_t at, std::uint32_t number) {
        Bytes hostile = file;
        for (std::size_t i = 0; i < 4; ++i)
            hostile[at + i] = static_cast<std::uint8_t>(number >> (24 - 8 * i));
        return refusal(open_key_file(hostile, password));
    };
    const auto before = std::chrono::steady_clock::now();
    for (const std::uint32_t memory : {0U, 1023U, 1024U * 1024 + 1, 0x7fffffffU, 0xffffffffU})
        CHECK(with(10, memory) == Errc::limits);
    for (const std::uint32_t passes : {0U, 17U, 0xffffffffU})
        CHECK(with(14, passes) == Errc::limits);
    for (const std::uint32_t lanes : {0U, 5U, 0xffffffffU}) CHECK(with(18, lanes) == Errc::limits);
    // Generous: one derivation with any of these would take minutes or the machine down.
    CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(2));
}

TEST_CASE("key file: a newer version says so") {
    for (Bytes file : {sealed(), clear()}) {
        file[8] = 2;
        CHECK(refusal(key_file_needs_password(file)) == Errc::newer_version);
        CHECK(refusal(open_key_file(file, password)) == Errc::newer_version);
    }
}

TEST_CASE("key file: a cost out of bounds is brought within them") {
    DeterministicRandom random(3);
    const Bytes file = seal_key_file(secrets(), password, random, PasswordCost{1, 0, 0});
    CHECK(same(value(open_key_file(file, password)), secrets()));
}

TEST_CASE("key file: keys that Kith does not accept are refused though the file is whole") {
    DeterministicRandom random(4);
    ProfileSecrets bad = secrets();
    bad.identity.rsa_pkcs8.back() ^= 1;
    CHECK(refusal(open_key_file(seal_key_file(bad, "", random), "")) == Errc::bad_key);
    CHECK(refusal(open_key_file(seal_key_file(bad, password, random, cheap), password)) ==
          Errc::bad_key);
}
