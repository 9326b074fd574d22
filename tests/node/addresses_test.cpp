// SPDX-License-Identifier: MIT
#include "app/node/addresses.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;
using crypto::Bytes;
using node::parse_host_port;

namespace {

Bytes v6(std::uint16_t first, std::uint8_t last) {
    Bytes address(16, 0);
    address[0] = static_cast<std::uint8_t>(first >> 8);
    address[1] = static_cast<std::uint8_t>(first);
    address[15] = last;
    return address;
}

std::string parsed(std::string_view text) {
    const auto found = parse_host_port(text);
    return found ? found->host + " " + std::to_string(found->port) : found.error().code;
}

}  // namespace

TEST_CASE("addresses are read as people type them") {
    CHECK(parsed("192.0.2.1:4711") == "192.0.2.1 4711");
    CHECK(parsed("  bob.example:80\n") == "bob.example 80");
    CHECK(parsed("[2001:db8::1]:4711") == "2001:db8::1 4711");
    CHECK(parsed("[fe80::1%eth0]:65535") == "fe80::1%eth0 65535");
}

TEST_CASE("an address without a port says that the port is missing") {
    for (const auto* text :
         {"bob.example", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "host:", "[::1]:"}) {
        INFO(text);
        const auto found = parse_host_port(text);
        REQUIRE_FALSE(found);
        CHECK(found.error().code == "bad_address");
        CHECK(found.error().text.find("port is missing") != std::string::npos);
    }
}

TEST_CASE("what is no address is refused") {
    for (const std::string text :
         {"", "   ", ":4711", "[]:4711", "[::1", "[::1]4711", "host:0", "host:65536", "host:-1",
          "host:47 11", "host:4711x", "http://host:80", "ho st:1", "a\0b:1", "-o:1", "höst:1"}) {
        INFO(text);
        CHECK(parsed(text) == "bad_address");
    }
    CHECK(parsed(std::string(300, 'a') + ":1") == "bad_address");
}

TEST_CASE("addresses of somebody's own network are told from global ones") {
    for (const Bytes& local : {Bytes{10, 1, 2, 3}, Bytes{172, 16, 0, 1}, Bytes{172, 31, 255, 1},
                               Bytes{192, 168, 0, 1}, Bytes{169, 254, 1, 1}, Bytes{100, 64, 0, 1},
                               Bytes{100, 127, 0, 1}, v6(0xfe80, 1), v6(0xfd00, 1)}) {
        INFO(node::spell(local));
        CHECK(node::is_local(local));
        CHECK_FALSE(node::is_global(local));
        CHECK(node::kind_of(local) == crypto::CandidateKind::lan);
    }
    for (const Bytes& global : {Bytes{172, 32, 0, 1}, Bytes{100, 128, 0, 1}, Bytes{8, 8, 8, 8},
                                Bytes{11, 0, 0, 1}, v6(0x2001, 1), v6(0x3fff, 1)}) {
        INFO(node::spell(global));
        CHECK(node::is_global(global));
        CHECK_FALSE(node::is_local(global));
        CHECK(node::kind_of(global) == crypto::CandidateKind::public_address);
    }
    for (const Bytes& neither :
         {Bytes{127, 0, 0, 1}, Bytes{0, 0, 0, 0}, Bytes{224, 0, 0, 1}, Bytes{255, 255, 255, 255},
          v6(0, 1), v6(0xff02, 1), Bytes{}, Bytes{1, 2, 3}}) {
        CHECK_FALSE(node::is_global(neither));
        CHECK_FALSE(node::is_local(neither));
    }
}

TEST_CASE("addresses are spelled without their port") {
    CHECK(node::spell(Bytes{192, 0, 2, 1}) == "192.0.2.1");
    CHECK(node::spell(v6(0x2001, 1)) == "2001::1");
}
