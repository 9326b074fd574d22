// SPDX-License-Identifier: MIT
#include "app/relay/data_folder.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/profile/support.hpp"

using namespace kith;
using namespace kith::relay;
using profile::test::contents;
using profile::test::mode;
using profile::test::TempFolder;
using profile::test::write_contents;

TEST_CASE("the first start makes a key and a secret, later ones find them") {
    const TempFolder temporary;
    const auto folder = temporary.path() / "deep" / "relay";
    crypto::SystemRandom random;
    bool made = false;
    crypto::SecretBytes seed;
    crypto::InviteToken secret{};
    {
        auto data = DataFolder::open(folder);
        REQUIRE(data);
        seed = data->identity(random, made).value().ed25519_seed;
        CHECK(made);
        secret = data->secret(SecretChoice::keep, random).value();
        CHECK(secret != crypto::InviteToken{});
        CHECK(mode(folder) == 0700);
        CHECK(mode(data->key_file()) == 0600);
        CHECK(mode(data->secret_file()) == 0600);
    }
    auto data = DataFolder::open(folder.string() + "/");
    REQUIRE(data);
    CHECK(data->identity(random, made).value().ed25519_seed == seed);
    CHECK_FALSE(made);
    CHECK(data->secret(SecretChoice::keep, random).value() == secret);
    CHECK(data->secret(SecretChoice::none, random).value() == crypto::InviteToken{});
    CHECK(data->secret(SecretChoice::keep, random).value() == secret);
    const auto fresh = data->secret(SecretChoice::fresh, random).value();
    CHECK(fresh != secret);
    CHECK(data->secret(SecretChoice::keep, random).value() == fresh);
}

TEST_CASE("a folder has one relay") {
    const TempFolder temporary;
    const auto first = DataFolder::open(temporary.path() / "relay");
    REQUIRE(first);
    const auto second = DataFolder::open(temporary.path() / "relay");
    REQUIRE_FALSE(second);
    CHECK(second.error().locked);
    CHECK(second.error().text.find("--data") != std::string::npos);
}

TEST_CASE("damaged files are errors and stay as they are") {
    const TempFolder temporary;
    auto data = DataFolder::open(temporary.path() / "relay");
    REQUIRE(data);
    crypto::SystemRandom random;
    bool made = false;
    write_contents(data->key_file(), "KITHKEY");
    const auto identity = data->identity(random, made);
    REQUIRE_FALSE(identity);
    CHECK(identity.error().text.find("relay.key") != std::string::npos);
    CHECK(contents(data->key_file()) == "KITHKEY");

    const std::string text = GENERATE("", "0011", "0000000000000000\n", "00112233445566zz\n");
    write_contents(data->secret_file(), text);
    const auto secret = data->secret(SecretChoice::keep, random);
    REQUIRE_FALSE(secret);
    CHECK_FALSE(secret.error().locked);
    CHECK(secret.error().text.find("--secret new") != std::string::npos);
    CHECK(contents(data->secret_file()) == text);
}

TEST_CASE("no sentence speaks of profiles") {
    const TempFolder temporary;
    write_contents(temporary.path() / "file", "");
    const auto data = DataFolder::open(temporary.path() / "file" / "relay");
    REQUIRE_FALSE(data);
    CHECK(data.error().text.find("--profile") == std::string::npos);
    CHECK(data.error().text.find("--data") != std::string::npos);
}
