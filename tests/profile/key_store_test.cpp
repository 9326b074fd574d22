// SPDX-License-Identifier: MIT
#include "app/profile/key_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/profile/profile_folder.hpp"
#include "tests/profile/support.hpp"

using namespace kith;
using namespace kith::profile;

namespace {

constexpr crypto::PasswordCost cheap = crypto::password_cost_min;

/// Generated once: it takes a second.
const crypto::ProfileSecrets& secrets() {
    static const crypto::ProfileSecrets made = [] {
        crypto::SystemRandom random;
        return crypto::ProfileSecrets{crypto::Identity::generate(random).keys(),
                                      crypto::SecretBytes(32, 5)};
    }();
    return made;
}

struct Fixture {
    test::TempFolder folder;
    ProfilePaths paths = folder.profile();
    crypto::SystemRandom random;
    Fixture() { REQUIRE(create_folder(paths)); }

    Errc load_error(std::string_view password = "") {
        const auto loaded = load_key(paths, password);
        REQUIRE_FALSE(loaded);
        INFO(loaded.error().text);
        CHECK_FALSE(loaded.error().text.empty());
        return loaded.error().code;
    }
    void check_loads(std::string_view password) {
        const auto loaded = load_key(paths, password);
        REQUIRE(loaded);
        CHECK(loaded->identity.rsa_pkcs8 == secrets().identity.rsa_pkcs8);
        CHECK(loaded->identity.ed25519_seed == secrets().identity.ed25519_seed);
        CHECK(loaded->database_key == secrets().database_key);
    }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "a key comes back as it was put in") {
    CHECK_FALSE(has_key(paths));
    REQUIRE(create_key(paths, secrets(), "", random));
    CHECK(has_key(paths));
    CHECK(test::mode(paths.key_file()) == 0600);
    CHECK(key_needs_password(paths) == false);
    check_loads("");
}

TEST_CASE_METHOD(Fixture, "a password is needed where there is one") {
    REQUIRE(create_key(paths, secrets(), "correct horse", random, cheap));
    CHECK(key_needs_password(paths) == true);
    CHECK(load_error("") == Errc::wrong_password);
    CHECK(load_error("correct horsf") == Errc::wrong_password);
    check_loads("correct horse");
    const auto file = test::contents(paths.key_file());
    const auto& seed = secrets().identity.ed25519_seed;
    CHECK(file.find(std::string(seed.begin(), seed.end())) == std::string::npos);
    CHECK(file.find(std::string(32, 5)) == std::string::npos);
}

TEST_CASE_METHOD(Fixture, "a key is never overwritten by another creation") {
    REQUIRE(create_key(paths, secrets(), "", random));
    const auto before = test::contents(paths.key_file());
    const auto again = create_key(paths, secrets(), "other", random, cheap);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == Errc::exists);
    CHECK(test::contents(paths.key_file()) == before);
}

TEST_CASE_METHOD(Fixture, "the password can be changed and taken away") {
    REQUIRE(create_key(paths, secrets(), "first", random, cheap));
    REQUIRE(replace_key(paths, secrets(), "second", random, cheap));
    CHECK(load_error("first") == Errc::wrong_password);
    check_loads("second");
    REQUIRE(replace_key(paths, secrets(), "", random));
    check_loads("");
}

TEST_CASE_METHOD(Fixture, "a key file of hostile size or content is an error, never a crash") {
    CHECK(load_error() == Errc::missing);
    REQUIRE(create_key(paths, secrets(), "", random));
    const auto good = test::contents(paths.key_file());
    REQUIRE(good.size() < key_file_max);
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{7}, good.size() / 2, good.size() - 1}) {
        test::write_contents(paths.key_file(), good.substr(0, size));
        CHECK(load_error() == Errc::damaged);
    }
    for (const std::size_t size : {key_file_max, key_file_max + 1, std::size_t{1} << 30U}) {
        test::write_contents(paths.key_file(), good);
        std::filesystem::resize_file(paths.key_file(), size);
        CHECK(load_error() == Errc::damaged);
        const auto needed = key_needs_password(paths);
        if (size > key_file_max) CHECK_FALSE(needed);
    }
    for (std::size_t at = 0; at < good.size(); at += 7) {
        auto bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ 0x80);
        test::write_contents(paths.key_file(), bytes);
        CHECK_FALSE(load_key(paths, ""));
    }
}
