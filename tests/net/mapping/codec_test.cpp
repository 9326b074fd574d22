// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "net/mapping/gateway.hpp"
#include "net/mapping/lease.hpp"
#include "net/mapping/nat_pmp.hpp"
#include "net/mapping/pcp.hpp"
#include "net/mapping/router_words.hpp"

using namespace kith::net;
using namespace std::chrono_literals;

namespace {

Bytes hex(std::string_view text) { return kith::crypto::from_hex(text).value(); }

pcp::Request request() {
    return {7200s, {192, 168, 1, 2}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 4711, 4712, {}};
}

// Of RFC 6887, figures 3 and 10.
const std::string pcp_answer =
    "02810000"                          // version, response to MAP, reserved, result
    "00000e10000186a0"                  // lifetime, epoch
    "000000000000000000000000"          // reserved
    "0102030405060708090a0b0c"          // nonce
    "06000000"                          // TCP
    "12671269"                          // ports
    "00000000000000000000ffffcb007105"  // 203.0.113.5
    ;

Bytes altered(std::size_t at, std::uint8_t value) {
    Bytes bytes = hex(pcp_answer);
    bytes.at(at) = value;
    return bytes;
}

}  // namespace

TEST_CASE("a PCP request has the layout of RFC 6887") {
    const Bytes bytes = pcp::encode(request());
    CHECK(bytes.size() == pcp::request_size);
    CHECK(kith::crypto::to_hex(bytes) ==
          "0201000000001c20"
          "00000000000000000000ffffc0a80102"
          "0102030405060708090a0b0c"
          "06000000"
          "12671268"
          "00000000000000000000ffff00000000");
}

TEST_CASE("a PCP answer is read") {
    const auto response = pcp::decode(hex(pcp_answer), request());
    REQUIRE(response.has_value());
    CHECK(response->result == pcp::success);
    CHECK(response->lifetime == 3600s);
    CHECK(response->epoch == 100'000);
    CHECK(response->external_port == 4713);
    CHECK(response->external == Bytes{203, 0, 113, 5});
}

TEST_CASE("only the answer to the request at hand is taken for one") {
    const std::vector<std::pair<std::size_t, std::uint8_t>> changes{{0, 1},     // version
                                                                    {1, 1},     // a request
                                                                    {1, 0x82},  // PEER
                                                                    {24, 9},    // nonce
                                                                    {35, 9},   {36, 17},
                                                                    {40, 9},   {41, 9}};
    for (const auto& [at, value] : changes) {
        CAPTURE(at);
        const auto response = pcp::decode(altered(at, value), request());
        REQUIRE_FALSE(response.has_value());
        CHECK(response.error() == pcp::Foreign::not_ours);
    }
}

TEST_CASE("no length of a PCP answer does harm") {
    const Bytes whole = hex(pcp_answer);
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(pcp::decode(ByteView(whole).first(size), request()).has_value());
    Bytes longer = whole;
    longer.resize(pcp::message_max, 0);  // options
    CHECK(pcp::decode(longer, request()).has_value());
    longer.resize(pcp::message_max + 4, 0);
    CHECK_FALSE(pcp::decode(longer, request()).has_value());
}

TEST_CASE("a refusal by PCP counts with its payload and without") {
    Bytes refusal = altered(3, 2);
    CHECK(pcp::decode(refusal, request()).value().result == 2);
    refusal.resize(24);
    CHECK(pcp::decode(refusal, request()).value().result == 2);
    CHECK(pcp::result_name(2) == "NOT_AUTHORIZED");
    CHECK(pcp::result_name(13) == "EXCESSIVE_REMOTE_PEERS");
    CHECK(pcp::result_name(14) == "result 14");
    refusal = altered(3, 2);
    refusal[24] ^= 1;
    CHECK_FALSE(pcp::decode(refusal, request()).has_value());
}

TEST_CASE("a router that knows NAT-PMP only is told from silence") {
    const auto response = pcp::decode(hex("0081000100000064"), request());
    REQUIRE_FALSE(response.has_value());
    CHECK(response.error() == pcp::Foreign::nat_pmp_only);
}

TEST_CASE("NAT-PMP requests have the layout of RFC 6886") {
    CHECK(nat_pmp::encode_address_request() == hex("0000"));
    CHECK(nat_pmp::encode_map_request(4711, 4712, 7200s) == hex("000200001267126800001c20"));
    CHECK(nat_pmp::encode_map_request(4711, 0, 0s) == hex("000200001267000000000000"));
}

TEST_CASE("NAT-PMP answers are read, and only such") {
    const auto address = nat_pmp::decode_address(hex("0080000000000064cb007105"));
    REQUIRE(address.has_value());
    CHECK(address->address == Bytes{203, 0, 113, 5});
    CHECK(nat_pmp::decode_address(hex("0080000300000064")).value().result == 3);
    const auto mapped = nat_pmp::decode_map(hex("00820000000000641267126900000e10"), 4711);
    REQUIRE(mapped.has_value());
    CHECK(mapped->external_port == 4713);
    CHECK(mapped->lifetime == 3600s);
    CHECK(nat_pmp::decode_map(hex("0082000200000064"), 4711).value().result == 2);
    CHECK(nat_pmp::result_name(2) == "NOT_AUTHORIZED");
    CHECK(nat_pmp::result_name(6) == "result 6");

    CHECK_FALSE(nat_pmp::decode_map(hex("00820000000000641267126900000e10"), 4712).has_value());
    CHECK_FALSE(nat_pmp::decode_map(hex("00820002000000641267126900000e10"), 4712).has_value());
    CHECK_FALSE(nat_pmp::decode_map(hex("00810000000000641267126900000e10"), 4711).has_value());
    CHECK_FALSE(nat_pmp::decode_map(hex("02820000000000641267126900000e10"), 4711).has_value());
    const Bytes whole = hex("00820000000000641267126900000e10");
    for (std::size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(nat_pmp::decode_map(ByteView(whole).first(size), 4711).has_value());
    CHECK_FALSE(nat_pmp::decode_address(hex("0080000000000064cb0071")).has_value());
    CHECK_FALSE(nat_pmp::decode_address(hex("0080000000000064cb00710500")).has_value());
}

TEST_CASE("default gateways come from the kernel's table, the best first") {
    const std::string head = "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\n";
    const auto number = [](const Bytes& address) {
        std::uint32_t value = 0;
        std::copy(address.begin(), address.end(), reinterpret_cast<std::uint8_t*>(&value));
        char text[9];
        (void)std::snprintf(text, sizeof text, "%08X", value);
        return std::string(text);
    };
    const auto line = [&](const char* interface, const Bytes& to, const Bytes& gateway,
                          const char* flags, const char* metric, const Bytes& mask) {
        return std::string(interface) + "\t" + number(to) + "\t" + number(gateway) + "\t" + flags +
               "\t0\t0\t" + metric + "\t" + number(mask) + "\t0\t0\t0\n";
    };
    const Bytes none{0, 0, 0, 0};
    const std::string table =
        head + line("wlan0", none, {192, 168, 2, 1}, "0003", "600", none) +
        line("eth0", none, {192, 168, 1, 1}, "0003", "100", none) +
        line("eth0", none, {192, 168, 1, 9}, "0002", "1", none) +  // not up
        line("tun0", none, none, "0001", "1", none) +              // no gateway
        line("eth0", {10, 0, 0, 0}, {192, 168, 1, 8}, "0003", "1", {255, 0, 0, 0}) +
        line("eth1", none, {192, 168, 1, 1}, "0003", "700", none) + "rubbish\n\n";
    CHECK(gateways_in(table) == std::vector<Bytes>{Bytes{192, 168, 1, 1}, Bytes{192, 168, 2, 1}});
    CHECK(gateways_in("").empty());
    std::string many = head;
    for (std::uint8_t i = 1; i < 50; ++i)
        many += line("eth0", none, {10, 0, 0, i}, "0003", "1", none);
    CHECK(gateways_in(many).size() == gateways_max);
}

TEST_CASE("leases are bounded, and renewed at half of their time") {
    CHECK(bounded_lease(1s) == 60s);
    CHECK(bounded_lease(3600s) == 3600s);
    CHECK(bounded_lease(std::chrono::seconds(0xFFFFFFFF)) == 24h);
    CHECK(renew_after(3600s, 30s) == 30min);
    CHECK(renew_after(24h, 30s) == 12h);
    CHECK(renew_after(10s, 30s) == 30s);
}

TEST_CASE("a router's words are made safe") {
    CHECK(made_safe("ConflictInMappingEntry") == "ConflictInMappingEntry");
    CHECK(made_safe("a\x1b[31m\nb\xE2\x80\xAE") == "a?[31m?b???");
    CHECK(made_safe(std::string(5000, 'x')).size() == foreign_words_max);
}

TEST_CASE("a router without a public address is told") {
    CHECK_FALSE(behind_another("192.168.1.1", {8, 8, 8, 8}).has_value());
    CHECK(behind_another("192.168.1.1", {10, 0, 0, 7}) ==
          "192.168.1.1 has no public address itself but 10.0.0.7: it stands behind another "
          "router, which would have to pass the port on, too");
    CHECK(behind_another("192.168.1.1", {100, 64, 3, 7})
              .value()
              .ends_with("100.64.3.7: the provider shares one address among several customers"));
    CHECK_FALSE(behind_another("192.168.1.1", {100, 128, 3, 7}).has_value());
    CHECK(usable_public_address({8, 8, 8, 8}).has_value());
    for (const Bytes& address : {Bytes{}, Bytes{0, 0, 0, 0}, Bytes{127, 0, 0, 1},
                                 Bytes{255, 255, 255, 255}, Bytes{224, 0, 0, 1}, Bytes(16, 1)})
        CHECK_FALSE(usable_public_address(address).has_value());
}
