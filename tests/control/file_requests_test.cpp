// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "app/control/request.hpp"
#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;

namespace {

const std::string id = "01010101-0101-0101-0101-010101010101";
const test::FakeNode node;

/// "T" stands for a transfer.
std::string with_transfer(std::string line) {
    const auto at = line.find("\"T\"");
    return at == std::string::npos ? line : line.replace(at, 3, "\"transfer\":\"" + id + "\"");
}

std::string refused(const std::string& line) {
    const auto request = parse_request(with_transfer(line), node);
    return request ? "accepted" : request.error().error.code;
}

template <typename T>
T command(const std::string& line) {
    const auto request = parse_request(with_transfer(line), node);
    REQUIRE(request);
    return std::get<T>(std::get<model::Command>(request->action));
}

std::string paths(std::size_t count) {
    std::string list;
    for (std::size_t i = 0; i < count; ++i) list += std::string(i == 0 ? "" : ",") + "\"/a\"";
    return R"({"cmd":"send_files","peer":"Bob","paths":[)" + list + "]}";
}

}  // namespace

TEST_CASE("what is asked about files") {
    const auto send =
        command<model::SendFiles>(R"({"cmd":"send_files","peer":"Bob","paths":["/a b","/c"]})");
    CHECK(send.peer == test::bob);
    CHECK(send.paths == std::vector<std::string>{"/a b", "/c"});
    command<model::ListTransfers>(R"({"cmd":"transfers"})");
    const auto list =
        command<model::ListTransferFiles>(R"({"cmd":"transfer_files","T","first":7,"limit":9})");
    CHECK(list.transfer == test::message_of(1));
    CHECK(list.first == 7);
    CHECK(list.limit == 9);
    CHECK(command<model::ListTransferFiles>(R"({"cmd":"transfer_files","T"})").limit == 1000);
    CHECK(command<model::DeclineTransfer>(R"({"cmd":"decline_transfer","T"})").transfer ==
          test::message_of(1));
    command<model::PauseTransfer>(R"({"cmd":"pause_transfer","T"})");
    command<model::ResumeTransfer>(R"({"cmd":"resume_transfer","T"})");
    command<model::CancelTransfer>(R"({"cmd":"cancel_transfer","T"})");
    CHECK(command<model::RetryTransfer>(R"({"cmd":"retry_transfer","T"})").transfer);
    CHECK_FALSE(command<model::RetryTransfer>(R"({"cmd":"retry_transfer"})").transfer);
}

TEST_CASE("accepting: everything to the usual place, or a part of it elsewhere") {
    const auto usual = command<model::AcceptTransfer>(R"({"cmd":"accept_transfer","T"})");
    CHECK(usual.folder.empty());
    CHECK_FALSE(usual.selected);
    const auto part = command<model::AcceptTransfer>(
        R"({"cmd":"accept_transfer","T","dir":"/d","selected":[4,1,4]})");
    CHECK(part.folder == "/d");
    CHECK(part.selected == std::vector<std::uint32_t>{1, 4});
}

TEST_CASE("what happens to offers without asking") {
    const auto rule = [](const std::string& rest) {
        return command<model::SetAutoAccept>(R"({"cmd":"set_auto_accept","peer":"Bob",)" + rest)
            .rule;
    };
    using Rule = model::AutoAccept::Rule;
    CHECK(rule(R"("rule":"ask"})") == model::AutoAccept{});
    CHECK(rule(R"("rule":"always"})") == model::AutoAccept{Rule::always, 0});
    CHECK(rule(R"("rule":"up_to","bytes":5e6})") == model::AutoAccept{Rule::up_to, 5'000'000});
}

TEST_CASE("requests about files that are refused") {
    const auto [line, code] = GENERATE(table<std::string, std::string>({
        {R"({"cmd":"send_files","peer":"Bob"})", "bad_request"},
        {R"({"cmd":"send_files","peer":"Bob","paths":"/a"})", "bad_request"},
        {R"({"cmd":"send_files","peer":"Bob","paths":[7]})", "bad_request"},
        {R"({"cmd":"send_files","peer":"Bob","paths":[]})", "nothing_to_send"},
        {R"({"cmd":"send_files","peer":"Bob","paths":["/a","b"]})", "bad_path"},
        {R"({"cmd":"send_files","peer":"Bob","paths":["/a\u0000b"]})", "bad_path"},
        {R"({"cmd":"send_files","peer":"Bob","paths":[""]})", "empty"},
        {R"({"cmd":"send_files","peer":"Bob","paths":["/)" + std::string(4096, 'x') + "\"]}",
         "too_long"},
        {paths(1000), "accepted"},
        {paths(1001), "too_many"},
        {R"({"cmd":"send_files","peer":"Eve","paths":["/a"]})", "no_such_peer"},
        {R"({"cmd":"send_files","group":"g","paths":["/a"]})", "not_supported"},
        {R"({"cmd":"accept_transfer"})", "bad_request"},
        {R"({"cmd":"accept_transfer","transfer":"0101"})", "bad_request"},
        {R"({"cmd":"accept_transfer","T","dir":"d"})", "bad_path"},
        {R"({"cmd":"accept_transfer","T","selected":"all"})", "bad_selection"},
        {R"({"cmd":"accept_transfer","T","selected":[-1]})", "bad_selection"},
        {R"({"cmd":"accept_transfer","T","selected":[4294967296]})", "bad_selection"},
        {R"({"cmd":"accept_transfer","T","selected":[4294967295]})", "accepted"},
        {R"({"cmd":"transfer_files","T","limit":0})", "bad_request"},
        {R"({"cmd":"transfer_files","T","limit":1001})", "bad_request"},
        {R"({"cmd":"set_auto_accept","peer":"Bob","rule":"never"})", "bad_request"},
        {R"({"cmd":"set_auto_accept","peer":"Bob","rule":"up_to"})", "bad_request"},
        {R"({"cmd":"set_auto_accept","peer":"Bob","rule":"up_to","bytes":0})", "bad_request"},
    }));
    CAPTURE(line.substr(0, 200));
    CHECK(refused(line) == code);
}

TEST_CASE("the settings about files") {
    const auto change = [](const std::string& line) {
        const auto request = parse_request(line, node);
        REQUIRE(request);
        return std::get<model::ChangeSettings>(std::get<model::Command>(request->action));
    };
    const auto all = change(
        R"({"cmd":"set_settings","downloads":"/d","naming":"{name}","rate_total":9,"rate_each":0})");
    CHECK(all.downloads == "/d");
    CHECK(all.naming == "{name}");
    CHECK(all.rate_total == 9);
    CHECK(all.rate_each == 0);
    CHECK(change(R"({"cmd":"set_settings","downloads":""})").downloads == "");
    CHECK(refused(R"({"cmd":"set_settings","downloads":"d"})") == "bad_path");
    CHECK(refused(R"({"cmd":"set_settings","rate_each":-1})") == "bad_request");
    CHECK(refused(R"({"cmd":"set_settings","naming":")" + std::string(257, 'x') + "\"}") ==
          "too_long");
}
