// SPDX-License-Identifier: MIT
#include "app/control/arguments.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "app/profile/profile_paths.hpp"
#include "tests/support/test_relays.hpp"

using namespace kith::control;
using Line = std::vector<std::string>;

namespace {

const std::string id = "01010101-0101-0101-0101-010101010101";

std::string relay_text(std::uint8_t number) {
    return kith::crypto::format(kith::test::relay(number));
}

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
        Line{"peers", "id"}, Line{"--profile", "caf\xC3\xA9"}, Line{"edit", "7", "text"},
        Line{"edit", id}, Line{"delete"}, Line{"delete", "latest"}, Line{"cancel", "7"},
        Line{"react", id}, Line{"react", "7", "x"}, Line{"send", "bob", "x", "--reply-to", "7"},
        Line{"history", "bob", "--before", "7"}, Line{"search"},
        Line{"search", "x", "--limit", "201"}, Line{"search", "x", "--limit", "abc"},
        Line{"export", "bob"}, Line{"export", "bob", "f", "--format", "pdf"},
        Line{"disappear", "bob"}, Line{"backup"}, Line{"restore"}, Line{"restore", "f", "--json"},
        Line{"restore", "f", "--port", "7"}, Line{"peers", "--set-history-aside"},
        Line{"peers", "--yes"}, Line{"history", "bob", "--for-me"}, Line{"password", "new"});
    CAPTURE(line);
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
                               relay_text(1),
                               "--relay",
                               relay_text(2),
                               "--log-level",
                               "debug",
                               "--set-history-aside"});
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
    CHECK(start.relays == Line{relay_text(1), relay_text(2)});
    CHECK(start.log_level == "debug");
    CHECK(start.set_history_aside);
}

TEST_CASE("relays at the start have to be addresses of relays, four at most") {
    for (const std::string& bad :
         {std::string("relay.example.org:4720"), std::string("kith-relay1x"), std::string(),
          relay_text(1).substr(0, 50)}) {
        INFO(bad);
        CHECK(std::holds_alternative<UsageError>(parse({"--relay", bad})));
    }
    Line line;
    for (std::uint8_t number = 1; number <= 5; ++number) {
        line.insert(line.end(), {"--relay", relay_text(number)});
        CHECK(std::holds_alternative<UsageError>(parse(line)) == (number == 5));
    }
}

TEST_CASE("starting without options") {
    const auto start = std::get<StartOptions>(parse({}));
    CHECK_FALSE(start.headless);
    CHECK_FALSE(start.port);
    CHECK(start.listen.empty());
    CHECK_FALSE(start.set_history_aside);
    CHECK(start.relays.empty());
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

TEST_CASE("words about transfers") {
    const auto command = [](const Line& line) { return std::get<ClientCommand>(parse(line)); };
    CHECK(command({"accept-file"}).words.empty());
    CHECK(command({"accept-file", "01", "--dir", "d"}).words == Line{"01"});
    CHECK(command({"accept-file", "01", "--dir", "d"}).dir == "d");
    CHECK(command({"retry-files"}).words.empty());
    CHECK(command({"send-file", "bob", "a", "--detach"}).detach);
    for (const Line& line : {Line{"pause-file"}, Line{"cancel-file"}, Line{"send-file", "bob"},
                             Line{"accept-file", "1", "2"}, Line{"decline-file", ""}})
        CHECK(std::holds_alternative<UsageError>(parse(line)));
}

TEST_CASE("options of single commands") {
    const auto command = [](const Line& line) { return std::get<ClientCommand>(parse(line)); };
    CHECK(command({"send", "bob", "hi", "--reply-to", id}).reply_to == id);
    CHECK(command({"edit", id, "--", "--new"}).words == Line{id, "--new"});
    CHECK_FALSE(command({"delete", id}).for_me);
    CHECK(command({"delete", id, "--for-me"}).for_me);
    CHECK(command({"react", id, "👍", "--off"}).off);
    CHECK(command({"history", "bob", "--before", id, "--ids"}).before == id);
    CHECK(command({"history", "bob", "--ids"}).ids);
    const auto search = command({"search", "two", "words", "--peer", "bob", "--limit", "200"});
    CHECK(search.words == Line{"two", "words"});
    CHECK(search.peer == "bob");
    CHECK(search.limit == 200);
    CHECK(command({"search", "--", "-x"}).words == Line{"-x"});
    CHECK(command({"export", "bob", "f", "--format", "text"}).format == "text");
    CHECK(command({"delete-conversation", "bob", "--yes"}).yes);
    CHECK(command({"password", "--remove", "--current-file", "c"}).remove);
    CHECK(command({"password", "--current-file", "c"}).current_file == "c");
    CHECK(command({"password", "--password-file", "p"}).password_file == "p");
    CHECK(command({"backup", "f", "--password-file", "p"}).password_file == "p");
    CHECK(command({"claim-name", "bob@relay"}).words == Line{"bob@relay"});
    CHECK_FALSE(command({"claim-name", "bob@relay"}).off);
    CHECK(command({"claim-name", "--off", "relay"}).off);
    CHECK(command({"settings"}).words.empty());
    CHECK(command({"settings", "typing=off"}).words == Line{"typing=off"});
}

TEST_CASE("restoring a backup") {
    const auto restore = std::get<RestoreOptions>(
        parse({"--profile-dir", "/p", "restore", "f", "--password-file", "w"}));
    CHECK(restore.profile.dir == "/p");
    CHECK(restore.file == "f");
    CHECK(restore.password_file == "w");
    CHECK_FALSE(restore.without_password);
    CHECK(std::get<RestoreOptions>(parse({"restore", "f", "--without-password"})).without_password);
}

TEST_CASE("refusals say what would be right") {
    const auto sentence = [](const Line& line) { return std::get<UsageError>(parse(line)).text; };
    CHECK(sentence({"--port", "abc"}).find("\"abc\" is not a whole number from 0 to 65535.") !=
          std::string::npos);
    CHECK(sentence({"history", "bob", "--limit", "0"}).find("from 1 to 1000") != std::string::npos);
    CHECK(sentence({"edit", "7", "x"}).find("--ids") != std::string::npos);
    CHECK(sentence({"export", "b", "f", "--format", "pdf"}).find("json") != std::string::npos);
}

TEST_CASE("the names of profiles are those of profile folders") {
    const auto name = GENERATE(as<std::string>{}, "a", "A-Z_0.9", "-x", ".x", "a/b", "a\\b", "a b",
                               "a:b", "\xC3\xA9", std::string(64, 'x'), std::string(65, 'x'),
                               std::string("a\nb"), "~", "..");
    CAPTURE(name);
    CHECK(std::holds_alternative<StartOptions>(parse({"--profile=" + name})) ==
          kith::profile::valid_profile_name(name));
}

TEST_CASE("help and version are printed, not run") {
    CHECK(std::get<Information>(parse({"--help"})).text.find("--headless") != std::string::npos);
    CHECK(std::get<Information>(parse({"send", "--help"})).text.find("TEXT") != std::string::npos);
    CHECK(std::get<Information>(parse({"help"})).text ==
          std::get<Information>(parse({"--help"})).text);
    CHECK(std::get<Information>(parse({"help", "send"})).text ==
          std::get<Information>(parse({"send", "--help"})).text);
    CHECK(std::holds_alternative<UsageError>(parse({"help", "nonsense"})));
    CHECK(std::get<Information>(parse({"help", "restore"})).text.find("The backup") !=
          std::string::npos);
    CHECK(std::get<Information>(parse({"help", "search"})).text.find("All have to") !=
          std::string::npos);
    CHECK(std::get<Information>(parse({"--version"})).text.starts_with("kith "));
}
