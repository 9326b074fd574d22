// SPDX-License-Identifier: MIT
#include "app/control/arguments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace kith::control;
using Line = std::vector<std::string>;

namespace {

Arguments parse(const Line& line) {
    std::vector<const char*> argv{"kith"};
    for (const auto& word : line) argv.push_back(word.c_str());
    return parse_arguments(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

TEST_CASE("arguments that are refused") {
    const auto line = GENERATE(
        Line{"--nonsense"}, Line{"nonsense"}, Line{"--port", "70000"}, Line{"--port", "-1"},
        Line{"--port", "x"}, Line{"--port"}, Line{"--listen", "localhost"},
        Line{"--listen", "300.1.1.1"}, Line{"--name", ""}, Line{"--name", std::string(65, 'x')},
        Line{"--profile", "../up"}, Line{"--profile", ""},
        Line{"--profile", "a", "--profile-dir", "/b"}, Line{"--log-level", "loud"}, Line{"--json"},
        Line{"send"}, Line{"send", "bob"}, Line{"send", "bob", "two", "words"}, Line{"add"},
        Line{"accept"}, Line{"peers", "extra"}, Line{"call"}, Line{"--headless", "peers"},
        Line{"peers", "--port", "7"}, Line{"history", "bob", "--limit", "0"},
        Line{"history", "bob", "--limit", "1001"}, Line{"--discovery-port", "x"},
        Line{"peers", "id"});
    INFO((line.empty() ? "" : line[0]));
    const auto parsed = parse(line);
    REQUIRE(std::holds_alternative<UsageError>(parsed));
    CHECK(std::get<UsageError>(parsed).text.find("kith --help") != std::string::npos);
}

TEST_CASE("starting with every option") {
    const auto parsed = parse({"--headless",
                               "--profile-dir",
                               "/p",
                               "--name",
                               "Al",
                               "--port",
                               "0",
                               "--listen",
                               "127.0.0.1",
                               "--listen",
                               "::1",
                               "--downloads",
                               "/d",
                               "--password-file",
                               "/f",
                               "--no-discovery",
                               "--discovery-port",
                               "5000",
                               "--relay",
                               "kith-relay1a",
                               "--relay",
                               "kith-relay1b",
                               "--log-level",
                               "debug"});
    REQUIRE(std::holds_alternative<StartOptions>(parsed));
    const auto& start = std::get<StartOptions>(parsed);
    CHECK(start.headless);
    CHECK(start.profile.dir == "/p");
    CHECK_FALSE(start.profile.name);
    CHECK(start.name == "Al");
    CHECK(start.port == 0);
    CHECK(start.listen == Line{"127.0.0.1", "::1"});
    CHECK(start.downloads == "/d");
    CHECK(start.password_file == "/f");
    CHECK(start.no_discovery);
    CHECK(start.discovery_port == 5000);
    CHECK(start.relays == Line{"kith-relay1a", "kith-relay1b"});
    CHECK(start.log_level == "debug");
    CHECK(start.warnings.size() == 1);
}

TEST_CASE("starting without options") {
    const auto start = std::get<StartOptions>(parse({}));
    CHECK_FALSE(start.headless);
    CHECK_FALSE(start.port);
    CHECK(start.listen.empty());
    CHECK(start.warnings.empty());
}

TEST_CASE("the profile is taken before and after the command") {
    const auto line = GENERATE(Line{"--profile-dir", "/p", "--json", "send", "bob", "hi"},
                               Line{"send", "--profile-dir", "/p", "bob", "--json", "hi"},
                               Line{"send", "bob", "hi", "--json", "--profile-dir=/p"});
    const auto command = std::get<ClientCommand>(parse(line));
    CHECK(command.profile.dir == "/p");
    CHECK(command.json);
    CHECK(command.name == "send");
    CHECK(command.words == Line{"bob", "hi"});
}

TEST_CASE("texts arrive as they were written") {
    const auto text = GENERATE(as<std::string>{}, "[hi, there]", "watch", "a,b", "{\"a\":1}", "",
                               "two words", "k=v", "[x]", "'quoted'");
    CHECK(std::get<ClientCommand>(parse({"send", "bob", text})).words == Line{"bob", text});
    CHECK(std::get<ClientCommand>(parse({"send", "id", "--", "--json"})).words ==
          Line{"id", "--json"});
}

TEST_CASE("lists behind a command") {
    CHECK(std::get<ClientCommand>(parse({"call", "stats"})).words == Line{"stats"});
    CHECK(std::get<ClientCommand>(parse({"call", "send_text", "peer=b", "text=a, [b]"})).words ==
          Line{"send_text", "peer=b", "text=a, [b]"});
    CHECK(std::get<ClientCommand>(parse({"send-file", "bob", "/a", "/b"})).words ==
          Line{"bob", "/a", "/b"});
    CHECK(std::get<ClientCommand>(parse({"history", "bob", "--limit", "7"})).limit == 7);
    CHECK(std::get<ClientCommand>(parse({"add", "kith1x", "--greeting", "hi"})).greeting == "hi");
}

TEST_CASE("help and version are printed, not run") {
    CHECK(std::get<Information>(parse({"--help"})).text.find("--headless") != std::string::npos);
    CHECK(std::get<Information>(parse({"send", "--help"})).text.find("TEXT") != std::string::npos);
    CHECK(std::get<Information>(parse({"--version"})).text.starts_with("kith "));
}
