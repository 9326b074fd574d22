// SPDX-License-Identifier: MIT
//
// "name@relay" as people type it, and which relay is meant.
#include "app/node/names_text.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/support/test_relays.hpp"

using namespace kith;
using namespace kith::node;
using test::relay;

namespace {

template <typename T>
std::string code(const tl::expected<T, model::Error>& result) {
    return result ? "ok" : result.error().code;
}

using List = std::vector<crypto::RelayAddress>;

}  // namespace

TEST_CASE("names of relays are 3 to 32 small letters, digits and what may stand between them") {
    CHECK(parse_relay_name("bob").value() == "bob");
    CHECK(parse_relay_name(" Bob.B-2_x\n").value() == "bob.b-2_x");
    CHECK(parse_relay_name(std::string(32, 'a')).value() == std::string(32, 'a'));
    for (const std::string& bad :
         {std::string(), std::string("  "), std::string("ab"), std::string(33, 'a'),
          std::string("-bob"), std::string("bob."), std::string("b b b"),
          std::string("b\xC3\xB6"
                      "b"),
          std::string("bob@x"), std::string("bo\0b", 4)}) {
        INFO(bad);
        CHECK(code(parse_relay_name(bad)) == "bad_name");
    }
}

TEST_CASE("name@relay is taken apart") {
    const auto whole = parse_name_at(" Bob@Relay.example.org:4720\n").value();
    CHECK(whole.name == "bob");
    CHECK(whole.relay == "Relay.example.org:4720");
    const auto address = crypto::format(relay(1));
    const auto broken = address.substr(0, 40) + "\n" + address.substr(40);
    CHECK(parse_name_at("bob@" + broken).value().relay == address);
    for (const std::string& bad :
         {std::string("bob"), std::string("bob@"), std::string("@relay"), std::string("@"),
          std::string("b@relay"), "bob@" + std::string(2000, 'x')}) {
        INFO(bad);
        CHECK(code(parse_name_at(bad)) == "bad_name");
    }
    CHECK(looks_like_name("a@b"));
    CHECK_FALSE(looks_like_name("kith1abc"));
}

TEST_CASE("a relay is found by its host among those whose key is known") {
    List own{relay(1), relay(2, "other.example.org"), relay(3, "2001:db8::1")};
    CHECK(find_relay("relay.example.org", own, {}).value() == relay(1));
    CHECK(find_relay("RELAY.Example.org:4720", own, {}).value() == relay(1));
    CHECK(find_relay(" other.example.org\n", own, {}).value().relay == own[1].relay);
    CHECK(find_relay("2001:db8::1", own, {}).value() == own[2]);
    CHECK(find_relay("[2001:DB8::1]", own, {}).value() == own[2]);
    CHECK(find_relay("[2001:db8::1]:4720", own, {}).value() == own[2]);
    for (const auto* unknown : {"relay.example.org:4721", "example.org", "", "relay", "\x1b[31m"}) {
        INFO(unknown);
        const auto found = find_relay(unknown, own, {});
        CHECK(code(found) == "unknown_relay");
        CHECK(found.error().text.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("nobody's word beats one's own relays, and where two stand at one host neither is it") {
    const List own{relay(1)}, contacts{relay(6), relay(7, "else.example.org")};
    CHECK(find_relay("relay.example.org", own, contacts).value() == relay(1));
    CHECK(find_relay("else.example.org", own, contacts).value() == contacts[1]);
    const List two{relay(6), relay(7)};
    CHECK(code(find_relay("relay.example.org", {}, two)) == "ambiguous_relay");
    CHECK(code(find_relay("relay.example.org:4720", {}, two)) == "ambiguous_relay");
    // The same one twice, also with another secret, is one.
    auto again = relay(6);
    again.secret.fill(9);
    CHECK(find_relay("relay.example.org", {}, List{relay(6), again}).value() == relay(6));
    auto next_door = relay(6);
    next_door.port = 4721;
    const List ports{relay(6), next_door};
    CHECK(code(find_relay("relay.example.org", {}, ports)) == "ambiguous_relay");
    CHECK(find_relay("relay.example.org:4721", {}, ports).value() == next_door);
}

TEST_CASE("a full address is told from a host") {
    CHECK(looks_like_relay_address(crypto::format(relay(1))));
    CHECK(looks_like_relay_address("Kith-Relay1x"));
    CHECK_FALSE(looks_like_relay_address("relay.example.org:4720"));
    CHECK_FALSE(looks_like_relay_address("kith-relay.example.org"));
    CHECK_FALSE(looks_like_relay_address(""));
}
