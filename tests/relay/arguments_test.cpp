// SPDX-License-Identifier: MIT
#include "app/relay/arguments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <vector>

using namespace kith::relay;

namespace {

Arguments parse(std::vector<const char*> words) {
    words.insert(words.begin(), "kith-relay");
    return parse_arguments(static_cast<int>(words.size()), words.data());
}

}  // namespace

TEST_CASE("every option arrives as it was written") {
    const auto arguments = parse({"--listen",
                                  "[::1]:4747",
                                  "--data",
                                  "/var/lib/relay",
                                  "--config",
                                  "r.toml",
                                  "--public-host",
                                  "relay.example.org:443",
                                  "--secret",
                                  "new",
                                  "--allow",
                                  "people",
                                  "--metrics",
                                  "127.0.0.1:9474",
                                  "--log-level",
                                  "debug",
                                  "--clients-max",
                                  "5",
                                  "--circuits-max",
                                  "4",
                                  "--circuits-per-client",
                                  "3",
                                  "--links-per-address",
                                  "2",
                                  "--connections-per-second",
                                  "1"});
    const auto& start = std::get<StartArguments>(arguments);
    CHECK(start.config == "r.toml");
    CHECK(start.flags == Settings{"[::1]:4747", "/var/lib/relay", "relay.example.org:443", "new",
                                  "people", "127.0.0.1:9474", "debug", "5", "4", "3", "2", "1"});
}

TEST_CASE("nothing said is nothing set") {
    CHECK(std::get<StartArguments>(parse({})).flags == Settings{});
    CHECK_FALSE(std::get<StartArguments>(parse({})).config);
}

TEST_CASE("what cannot be is refused with the value in the sentence") {
    const auto [option, value] =
        GENERATE(table<const char*, const char*>({{"--listen", "relay.example.org:1"},
                                                  {"--listen", "127.0.0.1"},
                                                  {"--listen", "127.0.0.1:65536"},
                                                  {"--listen", "127.0.0.1:+1"},
                                                  {"--listen", "::1:4747"},
                                                  {"--listen", "[127.0.0.1]:4747"},
                                                  {"--listen", "[::1"},
                                                  {"--metrics", "*:9474"},
                                                  {"--metrics", "9474"},
                                                  {"--public-host", "a host"},
                                                  {"--public-host", "host:0"},
                                                  {"--public-host", "host:x"},
                                                  {"--public-host", "[::1"},
                                                  {"--secret", "hunter2"},
                                                  {"--log-level", "loud"},
                                                  {"--clients-max", "0"},
                                                  {"--circuits-max", "many"},
                                                  {"--links-per-address", "1000001"},
                                                  {"--connections-per-second", "1.5"}}));
    INFO(option << " " << value);
    const auto arguments = parse({option, value});
    REQUIRE(std::holds_alternative<UsageError>(arguments));
    const auto& text = std::get<UsageError>(arguments).text;
    CHECK(text.find(value) != std::string::npos);
    CHECK(text.find(option) != std::string::npos);
}

TEST_CASE("unknown options, words and empty paths are refused") {
    CHECK(std::holds_alternative<UsageError>(parse({"--prot", "1"})));
    CHECK(std::holds_alternative<UsageError>(parse({"start"})));
    CHECK(std::holds_alternative<UsageError>(parse({"--data", ""})));
    CHECK(std::holds_alternative<UsageError>(parse({"--data"})));
}

TEST_CASE("help and version are answers") {
    const auto help = parse({"--help"});
    REQUIRE(std::holds_alternative<Information>(help));
    for (const Setting& setting : all_settings())
        CHECK(std::get<Information>(help).text.find("--" + std::string(setting.name)) !=
              std::string::npos);
    CHECK(std::get<Information>(parse({"--version"})).text.starts_with("kith-relay "));
}
