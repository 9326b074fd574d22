// SPDX-License-Identifier: MIT
#include "app/relay/configuration.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/relay/sizes.hpp"

using namespace kith::relay;
using kith::net::ListenPlace;

TEST_CASE("the least is a place and a folder") {
    const auto configuration = configuration_of({.listen = "*:4747", .data = "d"});
    REQUIRE(configuration);
    CHECK(configuration->listen == ListenPlace{"", 4747});
    CHECK(configuration->data == "d");
    CHECK(configuration->secret == SecretChoice::keep);
    CHECK(configuration->log_level == LogLevel::info);
    CHECK_FALSE(configuration->allow);
    CHECK_FALSE(configuration->metrics);
    CHECK_FALSE(configuration->public_host);
    CHECK(configuration->mailbox);
    CHECK(configuration->mailbox_limits.age == std::chrono::days(30));
    CHECK(configuration->mailbox_limits.owner_bytes == 256ULL << 20);
    CHECK(configuration->mailbox_limits.total_bytes == 10ULL << 30);
}

TEST_CASE("a mailbox keeps as much, and as long, as it is told") {
    const auto configuration = configuration_of({.listen = "*:1",
                                                 .data = "d",
                                                 .mailbox = "off",
                                                 .mailbox_days = "7",
                                                 .mailbox_per_person = "64 MiB",
                                                 .mailbox_total = "1073741824"});
    REQUIRE(configuration);
    CHECK_FALSE(configuration->mailbox);
    CHECK(configuration->mailbox_limits.age == std::chrono::days(7));
    CHECK(configuration->mailbox_limits.owner_bytes == 64ULL << 20);
    CHECK(configuration->mailbox_limits.total_bytes == 1ULL << 30);
    for (const char* bad : {"", "0", "366", "30 days", "-1", "1.5"})
        CHECK_FALSE(parse_mailbox_days(bad));
    for (const char* bad : {"", "1023 KiB", "2000 TiB", "99999999999 GiB", "1 GB", "10", "1 MiB "})
        CHECK_FALSE(parse_mailbox_size(bad));
}

TEST_CASE("sizes are written in bytes or with a unit") {
    CHECK(parse_size("0") == 0);
    CHECK(parse_size("1048576") == 1U << 20);
    CHECK(parse_size("7 B") == 7);
    CHECK(parse_size("3KiB") == 3072);
    CHECK(parse_size("256 MiB") == 256U << 20);
    CHECK(parse_size("10GiB") == 10ULL << 30);
    CHECK(parse_size("1 TiB") == 1ULL << 40);
    for (const char* bad : {"", " ", "MiB", "1 ", "1  MiB", " 1", "1 mib", "-1", "1.5 GiB",
                            "18446744073709551616", "16777216 TiB"})
        CHECK_FALSE(parse_size(bad));
}

TEST_CASE("what is missing is asked for by its name") {
    CHECK(configuration_of({.data = "d"}).error().find("--listen") != std::string::npos);
    CHECK(configuration_of({.listen = "*:1"}).error().find("--data") != std::string::npos);
}

TEST_CASE("values are read as they are meant") {
    const auto configuration = configuration_of({.listen = "[::1]:0",
                                                 .data = "d",
                                                 .public_host = "[2001:db8::1]:443",
                                                 .secret = "new",
                                                 .allow = "people",
                                                 .metrics = "127.0.0.1:9474",
                                                 .log_level = "error"});
    REQUIRE(configuration);
    CHECK(configuration->listen == ListenPlace{"::1", 0});
    CHECK(configuration->public_host == PublicHost{"2001:db8::1", 443});
    CHECK(configuration->secret == SecretChoice::fresh);
    CHECK(configuration->allow == "people");
    CHECK(configuration->metrics == ListenPlace{"127.0.0.1", 9474});
    CHECK(configuration->log_level == LogLevel::error);
}

TEST_CASE("limits are as they were, or as they are said to be") {
    const kith::net::RelayLimits usual;
    auto limits = configuration_of({.listen = "*:1", .data = "d"})->limits;
    CHECK(limits.clients_max == usual.clients_max);
    CHECK(limits.door.accept_burst == usual.door.accept_burst);
    limits = configuration_of({.listen = "*:1",
                               .data = "d",
                               .clients_max = "5",
                               .circuits_max = "4",
                               .circuits_per_client = "3",
                               .links_per_address = "2",
                               .connections_per_second = "1"})
                 ->limits;
    CHECK(limits.clients_max == 5);
    CHECK(limits.circuits.circuits_max == 4);
    CHECK(limits.circuits.per_person_max == 3);
    CHECK(limits.door.links_per_address == 2);
    CHECK(limits.door.accepts_per_second == 1);
    CHECK(limits.door.accept_burst == 2);
    CHECK_FALSE(configuration_of({.listen = "*:1", .data = "d", .clients_max = "0"}));
}

TEST_CASE("a public host has a port of its own or that of the relay") {
    CHECK(parse_public_host("relay.example.org") == PublicHost{"relay.example.org", std::nullopt});
    CHECK(parse_public_host("relay.example.org:4747") == PublicHost{"relay.example.org", 4747});
    CHECK(parse_public_host("192.0.2.1:1") == PublicHost{"192.0.2.1", 1});
    CHECK(parse_public_host("2001:db8::1") == PublicHost{"2001:db8::1", std::nullopt});
    CHECK(parse_public_host("[2001:db8::1]") == PublicHost{"2001:db8::1", std::nullopt});
    CHECK_FALSE(parse_public_host(""));
    CHECK_FALSE(parse_public_host(":1"));
    CHECK_FALSE(parse_public_host("[]:1"));
    CHECK_FALSE(parse_public_host("host:65536"));
    CHECK_FALSE(parse_public_host(std::string(101, 'a')));
    CHECK(parse_public_host(std::string(100, 'a')));
}
