// SPDX-License-Identifier: MIT
#include "app/control/request.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;

namespace {

const std::string message_text = "01010101-0101-0101-0101-010101010101";
const test::FakeNode node;

std::string refused(const std::string& line) {
    const auto request = parse_request(line, node);
    return request ? "accepted" : request.error().error.code;
}

/// "M" stands for the ID of a message.
std::string with_message(std::string line) {
    const auto at = line.find("\"M\"");
    return at == std::string::npos ? line : line.replace(at + 1, 1, message_text);
}

template <typename T>
T command(const std::string& line) {
    const auto request = parse_request(line, node);
    REQUIRE(request);
    return std::get<T>(std::get<model::Command>(request->action));
}

}  // namespace

TEST_CASE("every command of this version is understood") {
    const auto line = GENERATE(
        as<std::string>{}, R"({"cmd":"whoami"})", R"({"cmd":"set_name","name":"Al"})",
        R"({"cmd":"new_connection_id"})", R"({"cmd":"add_contact","connection_id":"kith1x"})",
        R"({"cmd":"add_contact","connection_id":"kith1x","greeting":"hi"})",
        R"({"cmd":"requests"})", R"({"cmd":"accept","peer":"Bob"})",
        R"({"cmd":"deny","peer":"Bob"})", R"({"cmd":"block","peer":"Bob"})",
        R"({"cmd":"unblock","peer":"Bob"})", R"({"cmd":"remove_contact","peer":"Bob"})",
        R"({"cmd":"rename_contact","peer":"Bob","name":"B"})", R"({"cmd":"peers"})",
        R"({"cmd":"connect","peer":"Bob"})", R"({"cmd":"disconnect","peer":"Bob"})",
        R"({"cmd":"safety_number","peer":"Bob"})",
        R"({"cmd":"set_verified","peer":"Bob","verified":true})",
        R"({"cmd":"send_text","peer":"Bob","text":"hi"})", R"({"cmd":"messages","peer":"Bob"})",
        R"({"cmd":"mark_read","peer":"Bob","message":"01010101-0101-0101-0101-010101010101"})",
        R"({"cmd":"mark_read","peer":"Bob"})", R"({"cmd":"cancel_message","message":"M"})",
        R"({"cmd":"edit_message","message":"M","text":"new"})",
        R"({"cmd":"delete_message","message":"M"})",
        R"({"cmd":"delete_message","message":"M","for":"me"})",
        R"({"cmd":"react","message":"M","emoji":"x","on":true})",
        R"({"cmd":"typing","peer":"Bob","on":true})", R"({"cmd":"search","text":"x"})",
        R"({"cmd":"search","text":"x","peer":"Bob","limit":200,"before":"M"})",
        R"({"cmd":"messages","peer":"Bob","after":"M"})",
        R"({"cmd":"messages","peer":"Bob","around":"M"})",
        R"({"cmd":"export_history","peer":"Bob","path":"/tmp/x"})",
        R"({"cmd":"delete_conversation","peer":"Bob"})",
        R"({"cmd":"set_disappearing","peer":"Bob","seconds":0})",
        R"({"cmd":"set_disappearing","peer":"Bob","seconds":31536000})",
        R"({"cmd":"set_password","password":""})",
        R"({"cmd":"set_password","current":"a","password":"b"})",
        R"({"cmd":"backup","path":"/tmp/x","password":"b"})", R"({"cmd":"settings"})",
        R"({"cmd":"set_settings","theme":"dark"})",
        R"({"cmd":"set_settings","read_receipts":false,"typing":true,"history_days":30})",
        R"({"cmd":"set_settings","settings":{"zoom":1.5}})", R"({"cmd":"network_status"})",
        R"({"cmd":"relays"})", R"({"cmd":"add_relay","address":"kith-relay1x"})",
        R"({"cmd":"remove_relay","address":"relay.example.org:4720"})",
        R"({"cmd":"claim_name","relay":"relay.example.org","name":"bob"})",
        R"({"cmd":"claim_name","relay":"relay.example.org","name":""})",
        R"({"cmd":"claim_name","relay":"relay.example.org"})",
        R"({"cmd":"find_name","name":"bob@relay.example.org"})", R"({"cmd":"stats"})",
        R"({"cmd":"screenshot","path":"/tmp/a.png"})", R"({"cmd":"subscribe"})",
        R"({"cmd":"quit"})", R"({"cmd":"raise"})");
    INFO(line);
    CHECK(refused(with_message(line)) == "accepted");
}

TEST_CASE("what cannot be understood is refused with a code") {
    const auto [line, code] = GENERATE(table<std::string, std::string>({
        {"hello", "bad_request"},
        {"{", "bad_request"},
        {"[]", "bad_request"},
        {"7", "bad_request"},
        {"null", "bad_request"},
        {R"({"id":1})", "bad_request"},
        {R"({"cmd":7})", "bad_request"},
        {R"({"cmd":"peers"}{"cmd":"peers"})", "bad_request"},
        {R"({"id":[1],"cmd":"whoami"})", "bad_request"},
        {R"({"id":{},"cmd":"whoami"})", "bad_request"},
        {"{\"cmd\":\"set_name\",\"name\":\"\xff\xfe\"}", "bad_request"},
        {R"({"cmd":"fly"})", "unknown_command"},
        {R"({"cmd":""})", "unknown_command"},
        {R"({"cmd":"WHOAMI"})", "unknown_command"},
        {R"({"cmd":"set_name"})", "bad_request"},
        {R"({"cmd":"set_name","name":null})", "bad_request"},
        {R"({"cmd":"set_name","name":3})", "bad_request"},
        {R"({"cmd":"set_name","name":" "})", "empty"},
        {R"({"cmd":"add_relay"})", "bad_request"},
        {R"({"cmd":"add_relay","address":" "})", "empty"},
        {R"({"cmd":"claim_name","name":"bob"})", "bad_request"},
        {R"({"cmd":"claim_name","relay":" ","name":"bob"})", "empty"},
        {R"({"cmd":"claim_name","relay":"r","name":7})", "bad_request"},
        {R"({"cmd":"find_name"})", "bad_request"},
        {R"({"cmd":"find_name","name":""})", "empty"},
        {R"({"cmd":"accept"})", "bad_request"},
        {R"({"cmd":"accept","peer":7})", "bad_request"},
        {R"({"cmd":"accept","peer":"Eve"})", "no_such_peer"},
        {R"({"cmd":"accept","peer":"twice"})", "ambiguous_peer"},
        {R"({"cmd":"send_text","peer":"Bob"})", "bad_request"},
        {R"({"cmd":"send_text","peer":"Bob","text":""})", "empty"},
        {R"({"cmd":"send_text","group":"g","text":"hi"})", "not_supported"},
        {R"({"cmd":"send_text","peer":"Bob","text":"hi","reply_to":"7"})", "bad_request"},
        {R"({"cmd":"set_verified","peer":"Bob","verified":"yes"})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":0})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":1001})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":-1})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":1.5})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":"5"})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","limit":1e300})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","before":"x"})", "bad_request"},
        {R"({"cmd":"mark_read","peer":"Bob","message":"01010101"})", "bad_request"},
        {R"({"cmd":"screenshot","path":"/etc/passwd"})", "bad_request"},
        {R"({"cmd":"screenshot","path":"a.png"})", "bad_request"},
        {R"({"cmd":"messages","peer":"Bob","before":"M","after":null})", "accepted"},
        {R"({"cmd":"edit_message","message":"M"})", "bad_request"},
        {R"({"cmd":"edit_message","text":"x"})", "bad_request"},
        {R"({"cmd":"edit_message","message":"M","text":" "})", "empty"},
        {R"({"cmd":"delete_message"})", "bad_request"},
        {R"({"cmd":"delete_message","message":"M","for":"all"})", "bad_request"},
        {R"({"cmd":"cancel_message","message":7})", "bad_request"},
        {R"({"cmd":"react","message":"M","emoji":"x"})", "bad_request"},
        {R"({"cmd":"react","message":"M","emoji":"","on":true})", "empty"},
        {R"({"cmd":"typing","peer":"Bob"})", "bad_request"},
        {R"({"cmd":"search"})", "bad_request"},
        {R"({"cmd":"search","text":""})", "empty"},
        {R"({"cmd":"search","text":"x","limit":201})", "bad_request"},
        {R"({"cmd":"search","text":"x","peer":"Eve"})", "no_such_peer"},
        {R"({"cmd":"search","text":"x","group":"g"})", "not_supported"},
        {R"({"cmd":"export_history","peer":"Bob"})", "bad_request"},
        {R"({"cmd":"export_history","peer":"Bob","path":"x.json"})", "bad_request"},
        {R"({"cmd":"export_history","peer":"Bob","path":"/x\u0000y"})", "bad_request"},
        {R"({"cmd":"export_history","peer":"Bob","path":"/x","format":"pdf"})", "bad_request"},
        {R"({"cmd":"set_disappearing","peer":"Bob"})", "bad_request"},
        {R"({"cmd":"set_disappearing","peer":"Bob","seconds":-1})", "bad_request"},
        {R"({"cmd":"set_disappearing","peer":"Bob","seconds":31536001})", "bad_request"},
        {R"({"cmd":"set_password"})", "bad_request"},
        {R"({"cmd":"set_password","password":7})", "bad_request"},
        {R"({"cmd":"backup","path":"/x"})", "bad_request"},
        {R"({"cmd":"backup","path":"/x","password":""})", "empty"},
        {R"({"cmd":"backup","path":"x","password":"b"})", "bad_request"},
        {R"({"cmd":"set_settings","typing":"yes"})", "bad_request"},
        {R"({"cmd":"set_settings","read_receipts":1})", "bad_request"},
        {R"({"cmd":"set_settings","history_days":36501})", "bad_request"},
        {R"({"cmd":"set_settings","history_days":-1})", "bad_request"},
        {R"({"cmd":"set_settings","theme":"pink"})", "bad_request"},
        {R"({"cmd":"set_settings","zoom":9})", "bad_request"},
        {R"({"cmd":"set_settings","zoom":"2"})", "bad_request"},
        {R"({"cmd":"set_settings","sound":true})", "bad_request"},
        {R"({"cmd":"set_settings","settings":{"sound":true}})", "bad_request"},
    }));
    INFO(line);
    CHECK(refused(with_message(line)) == code);
}

TEST_CASE("a page has one anchor at most") {
    const std::string id = "\"" + message_text + "\"";
    for (const auto& anchors :
         {"\"before\":" + id + ",\"after\":" + id, "\"after\":" + id + ",\"around\":" + id,
          "\"before\":" + id + ",\"around\":" + id}) {
        CHECK(refused(R"({"cmd":"messages","peer":"Bob",)" + anchors + "}") == "bad_request");
    }
}

TEST_CASE("no error repeats a password") {
    const std::string secret = "hunter2hunter2";
    const std::string huge = secret + std::string(model::password_max, 'x');
    for (const auto& line : {R"({"cmd":"set_password","current":7,"password":")" + secret + "\"}",
                             R"({"cmd":"set_password","password":")" + huge + "\"}",
                             R"({"cmd":"set_password","password":")" + secret + "\",}",
                             R"({"cmd":"set_password","password":[")" + secret + "\"]}",
                             R"({"cmd":"backup","path":"x","password":")" + secret + "\"}",
                             R"({"cmd":"backup","path":"/x","password":")" + huge + "\"}"}) {
        const auto request = parse_request(line, node);
        REQUIRE_FALSE(request);
        CHECK(request.error().error.text.find(secret) == std::string::npos);
    }
}

TEST_CASE("commands of later versions say so") {
    const auto name = GENERATE(as<std::string>{}, "create_group", "groups", "add_members",
                               "remove_member", "leave_group", "rename_group");
    CHECK(refused("{\"cmd\":\"" + name + "\"}") == "not_supported");
}

TEST_CASE("a refusal names the field and echoes the id") {
    const auto request =
        parse_request(R"({"id":"x\"1","cmd":"messages","peer":"Bob","limit":0})", node);
    REQUIRE_FALSE(request);
    CHECK(request.error().id == R"("x\"1")");
    CHECK(request.error().error.text.find("\"limit\"") != std::string::npos);
}

TEST_CASE("any scalar is an id, none is null") {
    const auto id_of = [](const std::string& id) {
        return parse_request("{\"id\":" + id + ",\"cmd\":\"whoami\"}", node)->id;
    };
    CHECK(id_of("7") == "7");
    CHECK(id_of("18446744073709551615") == "18446744073709551615");
    CHECK(id_of("-3") == "-3");
    CHECK(id_of("\"a\"") == "\"a\"");
    CHECK(id_of("true") == "true");
    CHECK(id_of("null") == "null");
    CHECK(parse_request(R"({"cmd":"whoami"})", node)->id == "null");
}

TEST_CASE("bounds on what people enter") {
    const auto sized = [](std::size_t n) { return std::string(n, 'x'); };
    const auto name = [&](std::size_t n) {
        return refused(R"({"cmd":"set_name","name":")" + sized(n) + "\"}");
    };
    CHECK(name(model::name_max) == "accepted");
    CHECK(name(model::name_max + 1) == "too_long");
    const auto text = [&](std::size_t n) {
        return refused(R"({"cmd":"send_text","peer":"Bob","text":")" + sized(n) + "\"}");
    };
    CHECK(text(model::text_max) == "accepted");
    CHECK(text(model::text_max + 1) == "too_long");
    const auto greeting = [](std::size_t n) {
        std::string euros;
        for (std::size_t i = 0; i < n; ++i) euros += "€";
        return refused(R"({"cmd":"add_contact","connection_id":"kith1x","greeting":")" + euros +
                       "\"}");
    };
    CHECK(greeting(256) == "accepted");
    CHECK(greeting(257) == "too_long");
}

TEST_CASE("fields arrive in the command") {
    const auto sent = command<model::SendText>(
        R"({"cmd":"send_text","peer":"Bob","text":"a\nb\u0000c","reply_to":")" + message_text +
        "\"}");
    CHECK(sent.peer == test::bob);
    CHECK(sent.text == std::string("a\nb\0c", 5));
    CHECK(sent.reply_to == test::message_of(1));
    const auto page = command<model::ListMessages>(
        R"({"cmd":"messages","peer":"Bob","limit":5.0,"before":")" + message_text + "\"}");
    CHECK(page.limit == 5);
    CHECK(page.before == test::message_of(1));
    CHECK(command<model::ListMessages>(R"({"cmd":"messages","peer":"Bob","before":null})").limit ==
          100);
    CHECK(
        command<model::ListMessages>(with_message(R"({"cmd":"messages","peer":"Bob","after":"M"})"))
            .after == test::message_of(1));
    CHECK(command<model::ListMessages>(
              with_message(R"({"cmd":"messages","peer":"Bob","around":"M"})"))
              .around == test::message_of(1));
    CHECK(command<model::SetVerified>(R"({"cmd":"set_verified","peer":"Bob","verified":true})")
              .verified);
}

TEST_CASE("fields of what happens to a message arrive in the command") {
    const auto edit = command<model::EditMessage>(
        with_message(R"({"cmd":"edit_message","message":"M","text":"new"})"));
    CHECK(edit.message == test::message_of(1));
    CHECK(edit.text == "new");
    const auto whom = [](const std::string& more) {
        return command<model::DeleteMessage>(
                   with_message(R"({"cmd":"delete_message","message":"M")" + more + "}"))
            .whom;
    };
    CHECK(whom("") == model::DeleteFor::both);
    CHECK(whom(R"(,"for":"both")") == model::DeleteFor::both);
    CHECK(whom(R"(,"for":"me")") == model::DeleteFor::me);
    const auto react = command<model::React>(
        with_message(R"({"cmd":"react","message":"M","emoji":"👍","on":false})"));
    CHECK(react.emoji == "👍");
    CHECK_FALSE(react.on);
    CHECK(command<model::SetTyping>(R"({"cmd":"typing","peer":"Bob","on":true})").on);
    CHECK(command<model::CancelMessage>(with_message(R"({"cmd":"cancel_message","message":"M"})"))
              .message == test::message_of(1));
}

TEST_CASE("fields of what happens to a history arrive in the command") {
    const auto everywhere = command<model::Search>(R"({"cmd":"search","text":"a \"b c\""})");
    CHECK(everywhere.text == "a \"b c\"");
    CHECK(everywhere.limit == 50);
    CHECK_FALSE(everywhere.peer);
    CHECK_FALSE(everywhere.before);
    const auto here = command<model::Search>(
        with_message(R"({"cmd":"search","text":"a","peer":"Bob","limit":7,"before":"M"})"));
    CHECK(here.peer == test::bob);
    CHECK(here.limit == 7);
    CHECK(here.before == test::message_of(1));
    const auto exported = command<model::ExportHistory>(
        R"({"cmd":"export_history","peer":"Bob","path":"/x","format":"text"})");
    CHECK(exported.path == "/x");
    CHECK(exported.format == model::ExportFormat::text);
    CHECK(command<model::ExportHistory>(R"({"cmd":"export_history","peer":"Bob","path":"/x"})")
              .format == model::ExportFormat::json);
    CHECK(
        command<model::SetDisappearing>(R"({"cmd":"set_disappearing","peer":"Bob","seconds":3600})")
            .seconds == 3600);
    const auto password =
        command<model::SetPassword>(R"({"cmd":"set_password","current":"a","password":"b"})");
    CHECK(password.current == "a");
    CHECK(password.password == "b");
    CHECK(command<model::SetPassword>(R"({"cmd":"set_password","password":""})").current.empty());
    const auto backup =
        command<model::CreateBackup>(R"({"cmd":"backup","path":"/x","password":"b"})");
    CHECK(backup.path == "/x");
    CHECK(backup.password == "b");
}

TEST_CASE("fields about the local network arrive in the command") {
    CHECK(command<model::SetTeam>(R"({"cmd":"set_team","passphrase":"us"})").passphrase == "us");
    CHECK(command<model::SetTeam>(R"({"cmd":"set_team","passphrase":""})").passphrase.empty());
    CHECK(refused(R"({"cmd":"set_team"})") == "bad_request");
    CHECK(refused(R"({"cmd":"set_team","passphrase":")" + std::string(257, 'x') + "\"}") ==
          "too_long");
    CHECK(command<model::SetVisibility>(R"({"cmd":"set_visibility","visible":false})").visible ==
          false);
    CHECK(command<model::SetStatus>(R"({"cmd":"set_status","text":""})").text.empty());
    CHECK(refused(R"({"cmd":"set_status","text":")" + std::string(141, 'x') + "\"}") == "too_long");
    CHECK(command<model::SetActivity>(R"({"cmd":"set_activity","active":false})").active == false);
    CHECK(command<model::AddNearby>(R"({"cmd":"add_contact","peer":"Bob","greeting":"hi"})")
              .greeting == "hi");
    CHECK(refused(R"({"cmd":"add_contact"})") == "bad_request");
}

TEST_CASE("connect takes a peer or an address") {
    CHECK(refused(R"({"cmd":"connect"})") == "bad_request");
    const auto asked = command<model::ConnectAddress>(R"({"cmd":"connect","address":"a:1"})");
    CHECK(asked.address == "a:1");
    CHECK_FALSE(asked.fingerprint);
    const std::string fingerprint(64, 'a');
    const auto with = command<model::ConnectAddress>(
        R"({"cmd":"connect","address":"a:1","greeting":"hi","fingerprint":")" + fingerprint +
        "\"}");
    REQUIRE(with.fingerprint);
    CHECK(model::to_hex(*with.fingerprint) == fingerprint);
    CHECK(with.greeting == "hi");
    CHECK(refused(R"({"cmd":"connect","address":"a:1","fingerprint":"aaaaaaaa"})") ==
          "bad_request");
}

TEST_CASE("deep nesting is refused before anything is built") {
    CHECK(refused(std::string(1 << 20, '[')) == "bad_request");
    CHECK(refused(R"({"cmd":"whoami","x":)" + std::string(1 << 19, '[') +
                  std::string(1 << 19, ']') + "}") == "bad_request");
    CHECK(refused(R"({"cmd":"set_name","name":"[[[[[[[[[[[[[[[[[[[[[[[[\"{{{{"})") == "accepted");
    CHECK(refused(R"({"cmd":"whoami","x":[[[[]]]],"y":[[]],"z":{"a":{}}})") == "accepted");
}
