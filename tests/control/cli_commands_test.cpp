// SPDX-License-Identifier: MIT
#include "app/control/cli_commands.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kith::control;

namespace {

tl::expected<Json, std::string> request(std::vector<std::string> words) {
    ClientCommand command;
    command.name = words.at(0);
    command.words.assign(words.begin() + 1, words.end());
    return find_cli_command(command.name)->request(command);
}

std::string printed(const char* name, const Json& reply, const Ask& ask = {}) {
    std::ostringstream out;
    ClientCommand command;
    find_cli_command(name)->print(reply, {command, ask, out});
    return out.str();
}

}  // namespace

TEST_CASE("each command asks for one thing") {
    const auto [words, expected] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"id"}, R"({"cmd":"whoami"})"},
        {{"peers"}, R"({"cmd":"peers"})"},
        {{"requests"}, R"({"cmd":"requests"})"},
        {{"add", "kith1x"}, R"({"cmd":"add_contact","connection_id":"kith1x"})"},
        {{"add", " kith1x"}, R"({"cmd":"add_contact","connection_id":" kith1x"})"},
        {{"add", "Bob"}, R"({"cmd":"add_contact","peer":"Bob"})"},
        {{"add", "Bob.b@[::1]:1"}, R"({"cmd":"add_contact","connection_id":"Bob.b@[::1]:1"})"},
        {{"add", "Bob @ work"}, R"({"cmd":"add_contact","peer":"Bob @ work"})"},
        {{"add", "Bob@the office"}, R"({"cmd":"add_contact","peer":"Bob@the office"})"},
        {{"add", "@work"}, R"({"cmd":"add_contact","peer":"@work"})"},
        {{"add", "Bob@"}, R"({"cmd":"add_contact","peer":"Bob@"})"},
        {{"relays"}, R"({"cmd":"relays"})"},
        {{"claim-name", "bob@relay:1"}, R"({"cmd":"claim_name","relay":"relay:1","name":"bob"})"},
        {{"find-name", "bob@relay"}, R"({"cmd":"find_name","name":"bob@relay"})"},
        {{"call", "claim_name", "relay=1", "name=2"},
         R"({"cmd":"claim_name","relay":"1","name":"2"})"},
        {{"nearby"}, R"({"cmd":"peers"})"},
        {{"network"}, R"({"cmd":"network_status"})"},
        {{"connect", "a:1"}, R"({"cmd":"connect","address":"a:1"})"},
        {{"status", "at home"}, R"({"cmd":"set_status","text":"at home"})"},
        {{"visible", "off"}, R"({"cmd":"set_visibility","visible":false})"},
        {{"settings", "mapping=off"}, R"({"cmd":"set_settings","settings":{"mapping":false}})"},
        {{"accept", "Bob"}, R"({"cmd":"accept","peer":"Bob"})"},
        {{"deny", "Bob"}, R"({"cmd":"deny","peer":"Bob"})"},
        {{"block", "Bob"}, R"({"cmd":"block","peer":"Bob"})"},
        {{"unblock", "Bob"}, R"({"cmd":"unblock","peer":"Bob"})"},
        {{"send", "Bob", "[1, 2]"}, R"({"cmd":"send_text","peer":"Bob","text":"[1, 2]"})"},
        {{"send-file", "Bob", "/a", "/b"},
         R"({"cmd":"send_files","peer":"Bob","paths":["/a","/b"]})"},
        {{"screenshot", "/a.png"}, R"({"cmd":"screenshot","path":"/a.png"})"},
        {{"transfers"}, R"({"cmd":"transfers"})"},
        {{"accept-file", "T"}, R"({"cmd":"accept_transfer","transfer":"T"})"},
        {{"decline-file", "T"}, R"({"cmd":"decline_transfer","transfer":"T"})"},
        {{"pause-file", "T"}, R"({"cmd":"pause_transfer","transfer":"T"})"},
        {{"resume-file", "T"}, R"({"cmd":"resume_transfer","transfer":"T"})"},
        {{"cancel-file", "T"}, R"({"cmd":"cancel_transfer","transfer":"T"})"},
        {{"retry-files"}, R"({"cmd":"retry_transfer"})"},
        {{"retry-files", "T"}, R"({"cmd":"retry_transfer","transfer":"T"})"},
        {{"history", "Bob"}, R"({"cmd":"messages","peer":"Bob","limit":100})"},
        {{"search", "two", "words"}, R"({"cmd":"search","text":"two words","limit":50})"},
        {{"edit", "M", "new"}, R"({"cmd":"edit_message","message":"M","text":"new"})"},
        {{"delete", "M"}, R"({"cmd":"delete_message","message":"M","for":"both"})"},
        {{"cancel", "M"}, R"({"cmd":"cancel_message","message":"M"})"},
        {{"react", "M", "x"}, R"({"cmd":"react","message":"M","emoji":"x","on":true})"},
        {{"read", "Bob"}, R"({"cmd":"mark_read","peer":"Bob"})"},
        {{"export", "Bob", "/f"},
         R"({"cmd":"export_history","peer":"Bob","path":"/f","format":"json"})"},
        {{"disappear", "Bob", "off"}, R"({"cmd":"set_disappearing","peer":"Bob","seconds":0})"},
        {{"disappear", "Bob", "90"}, R"({"cmd":"set_disappearing","peer":"Bob","seconds":90})"},
        {{"disappear", "Bob", "5m"}, R"({"cmd":"set_disappearing","peer":"Bob","seconds":300})"},
        {{"disappear", "Bob", "1h"}, R"({"cmd":"set_disappearing","peer":"Bob","seconds":3600})"},
        {{"disappear", "Bob", "7d"}, R"({"cmd":"set_disappearing","peer":"Bob","seconds":604800})"},
        {{"disappear", "Bob", "2w"},
         R"({"cmd":"set_disappearing","peer":"Bob","seconds":1209600})"},
        {{"settings"}, R"({"cmd":"settings"})"},
        {{"settings", "typing=off", "zoom=1.5", "history_days=forever", "theme=dark"},
         R"({"cmd":"set_settings","settings":
             {"typing":false,"zoom":1.5,"history_days":0,"theme":"dark"}})"},
        {{"settings", "typing=maybe"}, R"({"cmd":"set_settings","settings":{"typing":"maybe"}})"},
        {{"call", "stats"}, R"({"cmd":"stats"})"},
        {{"call", "messages", "peer=Bob", "limit=5"},
         R"({"cmd":"messages","peer":"Bob","limit":5})"},
        {{"call", "send_text", "peer=123", "text=a=b"},
         R"({"cmd":"send_text","peer":"123","text":"a=b"})"},
    }));
    CHECK(request(words) == Json::parse(expected));
}

TEST_CASE("options become fields") {
    const auto asked = [](const char* name, ClientCommand command) {
        command.name = name;
        return *find_cli_command(name)->request(command);
    };
    ClientCommand reply;
    reply.words = {"Bob", "yes"};
    reply.reply_to = "M";
    CHECK(asked("send", reply)["reply_to"] == "M");
    ClientCommand mine;
    mine.words = {"M"};
    mine.for_me = true;
    CHECK(asked("delete", mine)["for"] == "me");
    ClientCommand back;
    back.words = {"M", "x"};
    back.off = true;
    CHECK(asked("react", back)["on"] == false);
    ClientCommand page;
    page.words = {"Bob"};
    page.before = "M";
    page.limit = 7;
    page.peer = "Bob";
    CHECK(asked("history", page) ==
          Json::parse(R"({"cmd":"messages","peer":"Bob","limit":7,"before":"M"})"));
    CHECK(asked("search", page) ==
          Json::parse(R"({"cmd":"search","text":"Bob","peer":"Bob","limit":7,"before":"M"})"));
    ClientCommand text;
    text.words = {"Bob", "notes"};
    text.format = "text";
    const Json exported = asked("export", text);
    CHECK(exported["format"] == "text");
    CHECK(exported["path"] == (std::filesystem::current_path() / "notes").string());
}

TEST_CASE("a name is given back at a relay, with the name before it or without") {
    for (const auto* word : {"relay:1", "@relay:1", "bob@relay:1"}) {
        ClientCommand command;
        command.words = {word};
        command.off = true;
        CHECK(*find_cli_command("claim-name")->request(command) ==
              Json::parse(R"({"cmd":"claim_name","relay":"relay:1","name":""})"));
    }
    for (const auto* wrong : {"bob", "@relay", "bob@"}) CHECK_FALSE(request({"claim-name", wrong}));
}

TEST_CASE("a conversation is deleted only when that is meant") {
    ClientCommand command;
    command.words = {"Bob"};
    CHECK_FALSE(find_cli_command("delete-conversation")->request(command));
    command.yes = true;
    CHECK(*find_cli_command("delete-conversation")->request(command) ==
          Json::parse(R"({"cmd":"delete_conversation","peer":"Bob"})"));
}

TEST_CASE("times nobody can mean are refused") {
    const auto time = GENERATE(as<std::string>{}, "", "h", "-1", "1y", "1 h", "1.5h", "on", "366d",
                               "99999999999999999999", "18446744073709551615w", "0x10", "1hh");
    CAPTURE(time);
    CHECK_FALSE(request({"disappear", "Bob", time}));
}

TEST_CASE("settings are key=value") {
    CHECK_FALSE(request({"settings", "typing"}));
    CHECK_FALSE(request({"settings", "=on"}));
}

TEST_CASE("the password of a backup comes from a file") {
    const auto file = std::filesystem::temp_directory_path() / "kith-backup-password-test";
    std::ofstream(file) << "secret words\nmore\n";
    ClientCommand command;
    command.words = {"/b"};
    command.password_file = file.string();
    const auto asked = find_cli_command("backup")->request(command);
    std::filesystem::remove(file);
    REQUIRE(asked);
    CHECK(*asked == Json::parse(R"({"cmd":"backup","path":"/b","password":"secret words"})"));
    const auto missing = find_cli_command("backup")->request(command);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().find(file.string()) != std::string::npos);
}

TEST_CASE("call refuses what is no key=value") {
    CHECK_FALSE(request({"call", "stats", "words"}));
    CHECK_FALSE(request({"call", "stats", "=x"}));
    CHECK_FALSE(request({"call", "stats", "id=7"}));
}

TEST_CASE("values are JSON where the contract takes JSON") {
    CHECK(call_value("verified", "true") == Json(true));
    CHECK(call_value("limit", "7") == Json(7));
    CHECK(call_value("paths", R"(["/a"])") == Json::array({"/a"}));
    CHECK(call_value("settings", R"({"zoom":2})") == Json{{"zoom", 2}});
    CHECK(call_value("verified", "maybe") == Json("maybe"));
    CHECK(call_value("other", "\"7\"") == Json("7"));
    for (const char* key : {"peer", "text", "name", "message", "path", "group", "connection_id",
                            "password", "current", "around", "after", "emoji", "for", "relay"}) {
        CHECK(call_value(key, "7") == Json("7"));
        CHECK(call_value(key, "\"q\"") == Json("\"q\""));
    }
}

TEST_CASE("text output obeys nobody") {
    const std::string evil = "E\x1b[2J\xE2\x80\xAE";
    const Json peers{{"peers", Json::array({{{"peer", "ab"},
                                             {"name", evil},
                                             {"state", "online"},
                                             {"verified", true},
                                             {"unread", 2}}})}};
    CHECK(printed("peers", peers) == "online      2     verified  ab  E<U+001B>[2J<U+202E>\n");
    const Json requests{
        {"requests", Json::array({{{"peer", "ab"}, {"name", evil}, {"greeting", "a\nb\x07"}}})}};
    CHECK(printed("requests", requests) == "ab  E<U+001B>[2J<U+202E>\n    a\n    b<U+0007>\n");
    const Ask ask = [&](const Json&) { return std::optional<Json>(peers); };
    const Json history{
        {"peer", "ab"},
        {"messages",
         Json::array({{{"at", "T"}, {"text", "x\nT  me: forged\x1b"}, {"outgoing", false}},
                      {{"at", "T"}, {"text", "y"}, {"outgoing", true}, {"state", "sent"}},
                      {{"at", "T"},
                       {"text", "z"},
                       {"outgoing", true},
                       {"state", "sent"},
                       {"waiting_at", "relay"}}})}};
    CHECK(printed("history", history, ask) ==
          "T  E<U+001B>[2J<U+202E>: x\n    T  me: forged<U+001B>\nT  me: y  [sent]\n"
          "T  me: z  [waiting at their relay]\n");
    const Json hits{{"messages", Json::array({{{"at", "T"},
                                               {"peer", "ab"},
                                               {"outgoing", true},
                                               {"snippet", "a\n\x1b[31mb"},
                                               {"marks", {{0, 1}}}}})}};
    CHECK(printed("search", hits, ask) == "T  me to E<U+001B>[2J<U+202E>: a <U+001B>[31mb\n");
    CHECK(printed("settings", Json{{"settings", {{"theme", evil}, {"typing", true}}}}) ==
          "theme=E<U+001B>[2J<U+202E>\ntyping=true\n");
}

TEST_CASE("what fits is emphasised on a terminal, whatever the marks say") {
    const auto shown = [](const std::string& snippet, const Json& marks) {
        const Json hits{{"messages", Json::array({{{"at", "T"},
                                                   {"peer", "0123456789"},
                                                   {"outgoing", false},
                                                   {"snippet", snippet},
                                                   {"marks", marks}}})}};
        std::ostringstream out;
        const ClientCommand command;
        const Ask nobody = [](const Json&) { return std::optional<Json>(); };
        find_cli_command("search")->print(hits, {command, nobody, out, true});
        return out.str();
    };
    CHECK(shown("say hi now", Json::parse("[[4,2]]")) == "T  01234567: say \x1b[1mhi\x1b[0m now\n");
    CHECK(shown("ab", Json::parse("[[0,1],[1,1]]")) ==
          "T  01234567: \x1b[1ma\x1b[0m\x1b[1mb\x1b[0m\n");
    for (const char* wrong : {"[[3,1]]", "[[0,9]]", "[[1,18446744073709551615]]", "[[-1,1]]",
                              "[[0]]", "[7]", "7", "[[1,1],[0,1]]"}) {
        CAPTURE(wrong);
        const std::string line = shown("ab", Json::parse(wrong));
        CHECK(line.find('a') < line.find('b'));
        CHECK(line.find('b') == line.rfind('b'));
    }
}

TEST_CASE("what became of messages, in the history") {
    const Json history = Json::parse(R"({"peer":"ab","messages":[
        {"message":"i","at":"T","text":"x","outgoing":true,"state":"read","edited":true,"reply_to":"r",
         "quote":{"text":"was\nasked","outgoing":false,"deleted":false},"peer":"ab",
         "reactions":{"👍":["ab","me"],"🎉":["me"]}},
        {"message":"j","at":"T","text":"","outgoing":false,"deleted":true,"edited":false},
        {"message":"k","at":"T","text":"y","outgoing":false,"edited":true,"reply_to":"r","quote":null},
        {"message":"l","at":"T","text":"z","outgoing":false,"reply_to":"r",
         "quote":{"text":"","outgoing":true,"deleted":true}}]})");
    const Ask ask = [](const Json&) {
        return std::optional(Json::parse(R"({"peers":[{"peer":"ab","name":"Bob"}]})"));
    };
    CHECK(printed("history", history, ask) ==
          "T  me: x  [read, edited]\n"
          "  reply to Bob: \"was asked\"\n"
          "  reactions: 👍 Bob, me; 🎉 me\n"
          "T  Bob  [deleted]\n"
          "T  Bob: y  [edited]\n"
          "  reply to a message that is no longer here\n"
          "T  Bob: z\n"
          "  reply to a deleted message of me\n");
    std::ostringstream out;
    ClientCommand command;
    command.ids = true;
    find_cli_command("history")->print(history, {command, ask, out});
    CHECK(out.str().starts_with("i  T  me: x  [read, edited]\n"));
}

TEST_CASE("what was done, in a sentence") {
    CHECK(printed("export", Json::parse(R"({"count":1,"path":"/a\u001b"})")) ==
          "Wrote 1 message to /a<U+001B>.\n");
    CHECK(printed("backup", Json::parse(R"({"path":"/a","bytes":4096})")) ==
          "Wrote the backup /a (4096 bytes).\n");
    CHECK(printed("delete-conversation", Json::parse(R"({"removed":3,"kept":0})")) ==
          "Deleted 3 messages here.\n");
    CHECK(printed("delete-conversation", Json::parse(R"({"removed":3,"kept":1})")) ==
          "Deleted 3 messages here. Kept 1 message that still wait to be sent.\n");
}

TEST_CASE("replies of other shapes are printed as far as they go") {
    CHECK(printed("id", Json::object()) == "\n");
    CHECK(printed("peers", Json{{"peers", 7}}).empty());
    CHECK(printed("send", Json{{"message", "m1"}}) == "m1\n");
}

TEST_CASE("people nearby, somebody at an address, and the network, for a person") {
    const Json peers = Json::parse(R"({"peers":[
        {"peer":"ab","name":"Bob","state":"discovered","nearby":true,"address":"192.0.2.7:4711"},
        {"peer":"cd","name":"Far","state":"offline","nearby":false,"address":""}]})");
    CHECK(printed("nearby", peers) == "discovered  192.0.2.7:4711          ab  Bob\n");
    const auto met = printed(
        "connect", Json{{"peer", "ab"}, {"name", "B\x1b"}, {"address", "a:1"}, {"added", false}});
    CHECK(met.find("B<U+001B> answers at a:1") == 0);
    CHECK(met.find("kith connect a:1 --fingerprint ab\n") != std::string::npos);
    CHECK(printed("connect", Json{{"peer", "ab"}, {"added", true}}).find("were asked") !=
          std::string::npos);
    const auto network = printed("network", Json::parse(R"({
        "outside_text":"Works.","listening":["0.0.0.0:1"],"addresses":["192.0.2.1:1"],
        "public_address":"203.0.113.5","public_address_from":"router",
        "mapped":[{"how":"pcp","external":"203.0.113.5:9","internal_port":1,"router":"r"}],
        "mapping_words":["PCP: ok"],"discovery_on":true,"nearby":2,
        "discovery":[{"interface":"eth0","addresses":["192.0.2.1"],"sent":3,"heard":2,"ignored":0,
                      "problem":"down"}],
        "discovery_words":["odd"],"last_errors":["late"]})"));
    CHECK(network ==
          "Works.\n"
          "Listening:     0.0.0.0:1\n"
          "Addresses:     192.0.2.1:1\n"
          "Public:        203.0.113.5 (router)\n"
          "Passed on:     203.0.113.5:9 to port 1 (pcp, router r)\n"
          "Router:\n  PCP: ok\n"
          "Local network: 2 people heard\n"
          "  eth0 (192.0.2.1): sent 3, heard 2, ignored 0; down\n"
          "Ignored:\n  odd\n"
          "Last errors:\n  late\n");
    CHECK(printed("network", Json::object()).find("not looked for") != std::string::npos);
}

TEST_CASE("relays and names, for a person") {
    const Json relays = Json::parse(R"({"relays":[
        {"name":"a:1","state":"online","error":"","registered_name":"bob","registered":true},
        {"name":"b:1","state":"offline","error":"Gone.","registered_name":"bob","registered":false,
         "name_error":""},
        {"name":"c:1","state":"online","registered_name":"bob","registered":false,
         "name_error":"Somebody\u001b else."},
        {"name":"d:1","state":"connecting","registered_name":""}]})");
    CHECK(printed("relays", relays) ==
          "a:1 (online)\n  you are bob@a:1\n"
          "b:1 (offline): Gone.\n  you are bob@b:1 (the relay is yet to be told)\n"
          "c:1 (online)\n  you are bob@c:1, but: Somebody<U+001B> else.\n"
          "d:1 (connecting)\n");
    CHECK(printed("relays", Json::object()).empty());
    std::ostringstream out;
    ClientCommand command;
    command.words = {"BOB@a:1"};
    const Json one{{"relays", Json::array({relays["relays"][0], relays["relays"][3]})}};
    find_cli_command("claim-name")->print(one, {command, {}, out});
    CHECK(out.str() == "You are bob@a:1.\n");
    command.off = true;
    find_cli_command("claim-name")->print(one, {command, {}, out});
    CHECK(out.str() == "You are bob@a:1.\nThe name is given back.\n");
    CHECK(printed("find-name", Json{{"name", "bob"},
                                    {"relay", "a:1"},
                                    {"fingerprint", "ab\x1b"},
                                    {"connection_id", "kith1x"}}) ==
          "bob@a:1 has the fingerprint\nab<U+001B>\nand the connection ID\nkith1x\n");
}

TEST_CASE("the passphrase of a team comes from a file, or is taken away") {
    ClientCommand command;
    command.name = "team";
    command.off = true;
    CHECK(find_cli_command("team")->request(command).value() ==
          Json::parse(R"({"cmd":"set_team","passphrase":""})"));
    command.password_file = "/nowhere/at/all";
    CHECK_FALSE(find_cli_command("team")->request(command));
    command.off = false;
    CHECK_FALSE(find_cli_command("team")->request(command));
}

TEST_CASE("an empty message is refused in words about messages") {
    CHECK(request({"send", "Bob", " "}).error() == "An empty message cannot be sent.");
}

TEST_CASE("the table of transfers") {
    const Ask ask = [](const Json&) {
        return std::optional<Json>(Json::parse(R"({"peers":[{"peer":"ab","name":"B\u001bob"}]})"));
    };
    const auto table = printed("transfers", Json::parse(R"({"transfers":[
        {"transfer":"T1","peer":"ab","direction":"in","name":"x\ny","bytes":5,"total":10,"state":"active"},
        {"transfer":"T2","peer":"cd","direction":"out","name":"z","bytes":0,"total":10,"state":"failed",
         "error":"gone"},
        {"transfer":"T3","peer":"cd","direction":"out","name":"z","bytes":0,"total":10,"state":"offered",
         "waiting_at":"relay"}]})"),
                               ask);
    CHECK(table ==
          "T1  active      50%      10 B  from B<U+001B>ob: x<U+000A>y\n"
          "T2  failed       0%      10 B  to   cd: z (gone)\n"
          "T3  offered      0%      10 B  to   cd: z (waiting at the relay)\n");
}
