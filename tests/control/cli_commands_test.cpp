// SPDX-License-Identifier: MIT
#include "app/control/cli_commands.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
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
    find_cli_command(name)->print(reply, ask, out);
    return out.str();
}

}  // namespace

TEST_CASE("each command asks for one thing") {
    const auto [words, expected] = GENERATE(table<std::vector<std::string>, std::string>({
        {{"id"}, R"({"cmd":"whoami"})"},
        {{"peers"}, R"({"cmd":"peers"})"},
        {{"requests"}, R"({"cmd":"requests"})"},
        {{"add", "kith1x"}, R"({"cmd":"add_contact","connection_id":"kith1x"})"},
        {{"accept", "Bob"}, R"({"cmd":"accept","peer":"Bob"})"},
        {{"deny", "Bob"}, R"({"cmd":"deny","peer":"Bob"})"},
        {{"block", "Bob"}, R"({"cmd":"block","peer":"Bob"})"},
        {{"unblock", "Bob"}, R"({"cmd":"unblock","peer":"Bob"})"},
        {{"send", "Bob", "[1, 2]"}, R"({"cmd":"send_text","peer":"Bob","text":"[1, 2]"})"},
        {{"send-file", "Bob", "/a", "/b"},
         R"({"cmd":"send_files","peer":"Bob","paths":["/a","/b"]})"},
        {{"screenshot", "/a.png"}, R"({"cmd":"screenshot","path":"/a.png"})"},
        {{"transfers"}, R"({"cmd":"transfers"})"},
        {{"history", "Bob"}, R"({"cmd":"messages","peer":"Bob","limit":100})"},
        {{"search", "two", "words"}, R"({"cmd":"search","text":"two words","limit":100})"},
        {{"call", "stats"}, R"({"cmd":"stats"})"},
        {{"call", "messages", "peer=Bob", "limit=5"},
         R"({"cmd":"messages","peer":"Bob","limit":5})"},
        {{"call", "send_text", "peer=123", "text=a=b"},
         R"({"cmd":"send_text","peer":"123","text":"a=b"})"},
    }));
    CHECK(request(words) == Json::parse(expected));
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
    for (const char* key : {"peer", "text", "name", "message", "path", "group", "connection_id"}) {
        CHECK(call_value(key, "7") == Json("7"));
        CHECK(call_value(key, "\"q\"") == Json("\"q\""));
    }
}

TEST_CASE("text output obeys nobody") {
    const std::string evil = "E\x1b[2J\xE2\x80\xAE";
    const Json peers{
        {"peers",
         Json::array({{{"peer", "ab"}, {"name", evil}, {"state", "online"}, {"unread", 2}}})}};
    CHECK(printed("peers", peers) == "online      2   ab  E<U+001B>[2J<U+202E>\n");
    const Json requests{
        {"requests", Json::array({{{"peer", "ab"}, {"name", evil}, {"greeting", "a\nb\x07"}}})}};
    CHECK(printed("requests", requests) == "ab  E<U+001B>[2J<U+202E>\n    a\n    b<U+0007>\n");
    const Ask ask = [&](const Json&) { return std::optional<Json>(peers); };
    const Json history{
        {"peer", "ab"},
        {"messages",
         Json::array({{{"at", "T"}, {"text", "x\nT  me: forged\x1b"}, {"outgoing", false}},
                      {{"at", "T"}, {"text", "y"}, {"outgoing", true}, {"state", "sent"}}})}};
    CHECK(printed("history", history, ask) ==
          "T  E<U+001B>[2J<U+202E>: x\n    T  me: forged<U+001B>\nT  me: y  [sent]\n");
}

TEST_CASE("replies of other shapes are printed as far as they go") {
    CHECK(printed("id", Json::object()) == "\n");
    CHECK(printed("peers", Json{{"peers", 7}}).empty());
    CHECK(printed("send", Json{{"message", "m1"}}) == "m1\n");
}
