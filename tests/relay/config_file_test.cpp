// SPDX-License-Identifier: MIT
#include "app/relay/config_file.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace kith::relay;

TEST_CASE("a file says what options say") {
    const auto settings = parse_config(R"(# our relay
listen = "*:4747"
data = '/var/lib/relay'
public-host = "relay.example.org"
secret = "none"
allow = "people"
metrics = "[::1]:9474"
log-level = "warning"
clients-max = 5000
circuits-max = 100
circuits-per-client = 10
links-per-address = 50
connections-per-second = 20
mailbox = "off"
mailbox-days = 7
mailbox-per-person = "64 MiB"
mailbox-total = "1 GiB"
)",
                                       "r.toml");
    REQUIRE(settings);
    CHECK(*settings == Settings{"*:4747", "/var/lib/relay", "relay.example.org", "none", "people",
                                "[::1]:9474", "warning", "5000", "100", "10", "50", "20", "off",
                                "7", "64 MiB", "1 GiB"});
    CHECK(*parse_config("", "r.toml") == Settings{});
}

TEST_CASE("options beat the file") {
    const Settings flags{.listen = "*:1", .log_level = "error"};
    const Settings file{.listen = "*:2", .data = "d"};
    const Settings both = merged(flags, file);
    CHECK(both.listen == "*:1");
    CHECK(both.data == "d");
    CHECK(both.log_level == "error");
}

TEST_CASE("a fault is named with file, line and subject") {
    const auto [line, subject] =
        GENERATE(table<const char*, const char*>({{"prot = 1", "\"prot\""},
                                                  {"listen = 4747", "\"listen\""},
                                                  {"listen = \"nowhere\"", "nowhere"},
                                                  {"allow = [\"a\"]", "\"allow\""},
                                                  {"listen.port = 1", "\"listen\""},
                                                  {"secret = \"new\"", "--secret new"},
                                                  {"data = \"\"", "path"},
                                                  {"clients-max = \"5\"", "without quotes"},
                                                  {"clients-max = 0", "\"0\""},
                                                  {"clients-max = -1", "\"-1\""},
                                                  {"circuits-max = 1.5", "\"circuits-max\""},
                                                  {"links-per-address = 1000001", "1000000"},
                                                  {"log-level = \"loud\"", "loud"},
                                                  {"mailbox = \"maybe\"", "maybe"},
                                                  {"mailbox = true", "\"mailbox\""},
                                                  {"mailbox-days = 400", "days"},
                                                  {"mailbox-days = \"7\"", "without quotes"},
                                                  {"mailbox-total = \"much\"", "10 GiB"},
                                                  {"listen =", "value"},
                                                  {"[relay]", "\"relay\""}}));
    const auto settings = parse_config("# one\n" + std::string(line) + "\n", "r.toml");
    REQUIRE_FALSE(settings);
    INFO(settings.error());
    CHECK(settings.error().starts_with("r.toml, line 2: "));
    CHECK(settings.error().find(subject) != std::string::npos);
}

TEST_CASE("a setting stands there once") {
    CHECK_FALSE(parse_config("listen = \"*:1\"\nlisten = \"*:2\"\n", "r.toml"));
}

TEST_CASE("a file that is not there, or is a folder, is an error with its name") {
    const auto file = GENERATE("/nonexistent/r.toml", "/tmp");
    const auto settings = read_config(file);
    REQUIRE_FALSE(settings);
    CHECK(settings.error().find(file) != std::string::npos);
}
