// SPDX-License-Identifier: MIT
#include "app/control/transfer_fields.hpp"

#include <catch2/catch_test_macros.hpp>

#include "app/control/serialize.hpp"
#include "tests/control/fake_node.hpp"

using namespace kith;
using namespace kith::control;
using nlohmann::json;

namespace {

const std::string id = "01010101-0101-0101-0101-010101010101";

model::Transfer some_transfer() {
    model::Transfer t;
    t.id = test::message_of(1);
    t.peer = test::bob;
    t.name = "Holiday";
    t.files = 3;
    t.bytes = 250;
    t.total = 1000;
    t.state = model::TransferState::active;
    t.rate = 50;
    t.eta_s = 15;
    t.path = "/home/al/Holiday";
    t.at = 1'700'000'000'123;
    return t;
}

json reply(const model::Answer& answer) { return json::parse(reply_line("7", answer, test::self)); }
json event(const model::Event& e) { return json::parse(event_line(e, test::self)); }

}  // namespace

TEST_CASE("a transfer in the list and as an event has the same fields") {
    const json expected{{"transfer", id},
                        {"peer", model::to_hex(test::bob)},
                        {"direction", "in"},
                        {"name", "Holiday"},
                        {"files", 3},
                        {"bytes", 250},
                        {"total", 1000},
                        {"state", "active"},
                        {"rate", 50},
                        {"eta", 15},
                        {"path", "/home/al/Holiday"},
                        {"error", ""},
                        {"files_done", 0},
                        {"files_failed", 0},
                        {"paused_by_peer", false},
                        {"listed", true},
                        {"waiting_at", nullptr},
                        {"at", "2023-11-14T22:13:20.123Z"}};
    CHECK(reply(model::Transfers{{some_transfer()}})["transfers"] == json::array({expected}));
    json happened = event(model::TransferChanged{some_transfer()});
    CHECK(happened["event"] == "transfer");
    happened.erase("event");
    CHECK(happened == expected);
    auto unknown = some_transfer();
    unknown.outgoing = true;
    unknown.eta_s.reset();
    CHECK(transfer_fields(unknown)["eta"].is_null());
    CHECK(transfer_fields(unknown)["direction"] == "out");
}

TEST_CASE("only the latest of a transfer matters to a slow reader") {
    auto other = some_transfer();
    other.id = test::message_of(2);
    const auto subject = latest_wins_subject(model::TransferChanged{some_transfer()});
    CHECK_FALSE(subject.empty());
    auto later = some_transfer();
    later.bytes = 900;
    CHECK(latest_wins_subject(model::TransferChanged{later}) == subject);
    CHECK(latest_wins_subject(model::TransferChanged{other}) != subject);
}

TEST_CASE("answers about files") {
    const auto offered = reply(model::Offered{test::message_of(1), {"/a: gone"}, 2});
    CHECK(offered["transfer"] == id);
    CHECK(offered["skipped"] == json::array({"/a: gone"}));
    CHECK(offered["skipped_count"] == 2);
    CHECK(reply(model::Landed{"/d/x"})["path"] == "/d/x");
    model::TransferFiles list{test::message_of(1), {}, 12, "/d", 5};
    list.files.push_back({7, "a/b.txt", false, 3, false, true, "changed"});
    const auto listed = reply(list);
    CHECK(listed["files"] == json::parse(R"([{"index":7,"path":"a/b.txt","folder":false,"size":3,
        "selected":false,"done":true,"error":"changed"}])"));
    CHECK(listed["entries"] == 12);
    CHECK(listed["folder"] == "/d");
    CHECK(listed["free_bytes"] == 5);
    list.free_bytes.reset();
    CHECK(reply(list)["free_bytes"].is_null());
}

TEST_CASE("a message that offers files names them and their transfer") {
    model::Message message;
    message.id = test::message_of(1);
    message.peer = test::bob;
    message.transfer = some_transfer();
    const auto fields = event(model::MessageAdded{message});
    CHECK(fields["transfer"] == id);
    CHECK(fields["files"] == json::array({json{{"transfer", id},
                                               {"name", "Holiday"},
                                               {"files", 3},
                                               {"bytes", 1000},
                                               {"state", "active"},
                                               {"path", "/home/al/Holiday"}}}));
}

TEST_CASE("people show what happens to their offers") {
    model::Peer peer;
    peer.id = test::bob;
    CHECK(event(model::PeerChanged{peer})["auto_accept"] == "ask");
    peer.auto_accept = {model::AutoAccept::Rule::up_to, 77};
    const auto fields = event(model::PeerChanged{peer});
    CHECK(fields["auto_accept"] == "up_to");
    CHECK(fields["auto_accept_bytes"] == 77);
    CHECK(control::to_string(model::AutoAccept::Rule::always) == "always");
}

TEST_CASE("names that are no UTF-8 do not spoil a line") {
    auto odd = some_transfer();
    odd.name =
        "a\xFF"
        "b";
    odd.path = "/\xC3";
    CHECK(event(model::TransferChanged{odd})["name"] ==
          "a\xEF\xBF\xBD"
          "b");
}
