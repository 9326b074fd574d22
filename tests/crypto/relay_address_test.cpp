// SPDX-License-Identifier: MIT
#include "crypto/relay_address.hpp"

#include "crypto/kdf.hpp"
#include "tests/crypto/checks.hpp"

using namespace kith::crypto;
using namespace kith::test;

namespace {

RelayAddress example() {
    RelayAddress address;
    for (std::size_t i = 0; i < 32; ++i) address.relay.bytes[i] = static_cast<std::uint8_t>(i * 7);
    address.secret = {1, 2, 3, 4, 5, 6, 7, 8};
    address.host = "relay.example.org";
    address.port = 47475;
    return address;
}

std::string signed_off(Bytes body) {
    const Digest256 digest = sha256({body});
    body.insert(body.end(), digest.begin(), digest.begin() + 4);
    return "kith-relay1" + to_base64url(body);
}

/// version || fingerprint || secret || host || port
Bytes fields(std::uint8_t version, std::string_view host, std::uint16_t port) {
    Bytes out{version};
    out.resize(1 + 32 + 8, 0x11);
    out.insert(out.end(), host.begin(), host.end());
    out.push_back(static_cast<std::uint8_t>(port >> 8));
    out.push_back(static_cast<std::uint8_t>(port & 0xFF));
    return out;
}

Errc refused(std::string_view text) { return refusal(parse_relay_address(text)); }

}  // namespace

TEST_CASE("relay address: what is written can be read, with white space in it") {
    CHECK(value(parse_relay_address(format(example()))) == example());
    RelayAddress numeric = example();
    for (const auto* host : {"192.0.2.1", "2001:db8::1", "x"}) {
        numeric.host = host;
        const std::string text = format(numeric);
        CHECK(value(parse_relay_address(" " + text.substr(0, 20) + "\n\t" + text.substr(20))) ==
              numeric);
    }
    numeric.host = std::string(relay_host_max, 'a');
    CHECK(value(parse_relay_address(format(numeric))) == numeric);
}

TEST_CASE("relay address: golden") {
    RelayAddress address = example();
    Bytes body{1};
    body.insert(body.end(), address.relay.bytes.begin(), address.relay.bytes.end());
    // secret, "relay.example.org", port b973
    const Bytes rest = hex("010203040506070872656c61792e6578616d706c652e6f7267b973");
    body.insert(body.end(), rest.begin(), rest.end());
    CHECK(format(address) == signed_off(body));
}

TEST_CASE("relay address: every damaged character is noticed") {
    const std::string good = format(example());
    for (std::size_t at = 11; at < good.size(); ++at) {
        std::string bad = good;
        bad[at] = bad[at] == 'A' ? 'B' : 'A';
        INFO(at);
        CHECK_FALSE(parse_relay_address(bad));
    }
}

TEST_CASE("relay address: what is refused, and why") {
    CHECK(refused("") == Errc::malformed);
    CHECK(refused("kith1AAAA") == Errc::malformed);
    CHECK(refused(signed_off(fields(1, "", 1))) == Errc::malformed);
    CHECK(refused(signed_off(fields(1, "a", 0))) == Errc::malformed);
    CHECK(refused(signed_off(fields(2, "a", 1))) == Errc::newer_version);
    CHECK(refused(signed_off(fields(1, std::string(101, 'a'), 1))) == Errc::malformed);
    CHECK(refused("kith-relay1" + std::string(400, 'A')) == Errc::limits);
    for (const auto* host : {"a b", "a/b", "a\x1b[2J", "ä.example", "a\0b", "-\n"})
        CHECK(refused(signed_off(fields(1, std::string_view(host, 3), 1))) == Errc::malformed);
}

TEST_CASE("relay address: places stand where addresses do") {
    const RelayAddress address = example();
    const Bytes place = place_of(address);
    CHECK(is_relay_place(place));
    CHECK(relay_at(place, address.port) == address);
    CHECK_FALSE(relay_at(place, 0));
    CHECK_FALSE(is_relay_place(Bytes(4)));
    CHECK_FALSE(is_relay_place(Bytes(16)));
    CHECK_FALSE(relay_at(Bytes(40), 1));
    CHECK_FALSE(relay_at(Bytes(16), 1));
}
