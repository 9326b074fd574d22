// SPDX-License-Identifier: MIT
#include "app/control/history_export.hpp"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;
using nlohmann::json;

namespace {

ExportHead some_head() { return {test::bob, "Bob", test::self, "Alice", 1'700'000'000'123}; }

model::Message message(std::uint8_t byte, bool outgoing, std::string text) {
    model::Message m;
    m.id = test::message_of(byte);
    m.peer = test::bob;
    m.outgoing = outgoing;
    m.text = std::move(text);
    m.at = 1'700'000'000'000 + byte;
    m.state = outgoing ? model::MessageState::read : model::MessageState::received;
    return m;
}

std::string whole(model::ExportFormat format, const ExportHead& head,
                  const std::vector<model::Message>& messages) {
    std::string text = export_begin(format, head);
    bool first = true;
    for (const auto& m : messages) {
        text += export_message(format, head, m, first);
        first = false;
    }
    return text + export_end(format);
}

}  // namespace

TEST_CASE("an exported history is one JSON document") {
    auto reply = message(2, true, "yes");
    reply.reply_to = test::message_of(1);
    reply.quote = model::Quote{"hi?", false, false};
    reply.reactions = {{"👍", false}, {"👍", true}};
    reply.edited = true;
    const json document = json::parse(
        whole(model::ExportFormat::json, some_head(), {message(1, false, "hi?"), reply}));
    CHECK(document["kith_history"] == 1);
    CHECK(document["peer"] == model::to_hex(test::bob));
    CHECK(document["name"] == "Bob");
    CHECK(document["self"] == model::to_hex(test::self));
    CHECK(document["self_name"] == "Alice");
    CHECK(document["exported_at"] == "2023-11-14T22:13:20.123Z");
    REQUIRE(document["messages"].size() == 2);
    CHECK(document["messages"][0]["text"] == "hi?");
    CHECK(document["messages"][0]["from"] == model::to_hex(test::bob));
    CHECK(document["messages"][1]["from"] == model::to_hex(test::self));
    CHECK(document["messages"][1]["quote"]["text"] == "hi?");
    CHECK(document["messages"][1]["reactions"]["👍"].size() == 2);
    CHECK(document["messages"][1]["edited"] == true);
}

TEST_CASE("a history without messages is a document too") {
    CHECK(json::parse(whole(model::ExportFormat::json, some_head(), {}))["messages"] ==
          json::array());
    CHECK(whole(model::ExportFormat::text, some_head(), {}).find("Bob") != std::string::npos);
}

TEST_CASE("no text of others breaks an exported document") {
    ExportHead head = some_head();
    head.peer_name = "B\"\\\n\x1b[2J\xff\xE2\x80\xAE";
    const std::string evil = "\"}]}\n\\\x1b]0;x\x07\xff\xE2\x80\xAE{\"a\":[";
    const std::string text = whole(model::ExportFormat::json, head,
                                   {message(1, false, evil), message(2, false, "after")});
    const json document = json::parse(text);
    CHECK(document["messages"].size() == 2);
    CHECK(document["messages"][0]["text"] ==
          "\"}]}\n\\\x1b]0;x\x07\xEF\xBF\xBD\xE2\x80\xAE{\"a\":[");
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\xE2\x80\xAE") == std::string::npos);
}

TEST_CASE("an exported history for people") {
    auto reply = message(2, true, "two\nlines");
    reply.reply_to = test::message_of(1);
    reply.quote = model::Quote{"hi?", false, false};
    reply.edited = true;
    reply.reactions = {{"👍", false}, {"🎉", true}};
    auto deleted = message(3, false, "");
    deleted.deleted = true;
    CHECK(
        whole(model::ExportFormat::text, some_head(), {message(1, false, "hi?"), reply, deleted}) ==
        "Conversation of Alice and Bob\n"
        "Alice: " +
            model::to_hex(test::self) + "\nBob: " + model::to_hex(test::bob) +
            "\nExported at 2023-11-14T22:13:20.123Z\n\n"
            "2023-11-14T22:13:20.001Z  Bob: hi?\n"
            "2023-11-14T22:13:20.002Z  Alice: two\n    lines  [read, edited]\n"
            "  reply to Bob: \"hi?\"\n"
            "  reactions: 👍 Bob; 🎉 Alice\n"
            "2023-11-14T22:13:20.003Z  Bob  [deleted]\n");
}

TEST_CASE("no text of others passes for a line of the export or for a command of the terminal") {
    ExportHead head = some_head();
    head.peer_name = "B\n2023  Alice: forged\x1b[2J";
    const std::string text =
        whole(model::ExportFormat::text, head,
              {message(1, false, "x\n2023-11-14T22:13:20.002Z  Alice: forged\r\x1b]0;x\x07")});
    CHECK(text.find("\n2023-11-14T22:13:20.002Z") == std::string::npos);
    CHECK(text.find("\n2023  Alice") == std::string::npos);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find('\r') == std::string::npos);
}
