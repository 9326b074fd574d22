// SPDX-License-Identifier: MIT
#include "app/model/types.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith::model;

TEST_CASE("a fingerprint is spelled with 64 hex digits and read back") {
    PeerId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(i * 9);
    const std::string text = to_hex(id);
    CHECK(text.size() == 64);
    CHECK(text.starts_with("0009121b"));
    CHECK(parse_peer_id(text) == id);
    CHECK_FALSE(parse_peer_id(text.substr(1)));
    CHECK_FALSE(parse_peer_id("g" + text.substr(1)));
}

TEST_CASE("a message id is spelled as a UUID and read back") {
    const std::string text = "01890a5d-ac96-774b-bcce-b302099a8057";
    const auto id = parse_message_id(text);
    REQUIRE(id);
    CHECK(id->bytes[0] == 0x01);
    CHECK(id->bytes[15] == 0x57);
    CHECK(to_string(*id) == text);
    CHECK_FALSE(parse_message_id("01890a5dac96774bbcceb302099a8057"));
    CHECK_FALSE(parse_message_id("01890a5d-ac96-774b-bcce-b302099a805"));
    CHECK_FALSE(parse_message_id("01890a5d-ac96-774b-bcceb-302099a8057"));
}

TEST_CASE("times are RFC 3339 in UTC with milliseconds") {
    CHECK(to_rfc3339(0) == "1970-01-01T00:00:00.000Z");
    CHECK(to_rfc3339(1'709'210'096'789) == "2024-02-29T12:34:56.789Z");
    CHECK(to_rfc3339(-1) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("the contract's words for states") {
    CHECK(to_string(Presence::pending_in) == "pending_in");
    CHECK(to_string(Presence::blocked) == "blocked");
    CHECK(to_string(PathKind::direct) == "direct");
    CHECK(to_string(MessageState::delivered) == "delivered");
    CHECK(to_string(MessageState::received) == "received");
}
