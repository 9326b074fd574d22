// SPDX-License-Identifier: MIT
//
// The page of the settings about relays, and how a conversation through one is shown.
#include <catch2/catch_test_macros.hpp>

#include "gui/panels/panels.hpp"
#include "gui/report_text.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;
using model::RelayState;

namespace {

model::Relay relay(int number, RelayState state = RelayState::online, std::string error = {}) {
    const std::string digit = std::to_string(number);
    return {"kith-relay1" + digit, "relay" + digit + ".example.org:4720", state, std::move(error),
            false};
}

/// Answers as a node with these relays.
void open_page(Harness& app, std::vector<model::Relay> relays) {
    app.node = [relays](const model::Command& command) mutable -> std::optional<model::Reply> {
        if (std::holds_alternative<model::ListRelays>(command)) return model::Relays{relays};
        if (const auto* add = std::get_if<model::AddRelay>(&command)) {
            if (add->address != "kith-relay19")
                return tl::unexpected(model::Error{"bad_relay_address", "No relay."});
            relays.push_back(relay(9, RelayState::connecting));
            return model::Relays{relays};
        }
        if (std::holds_alternative<model::RemoveRelay>(command)) return model::Relays{{}};
        return std::nullopt;
    };
    app.run_with({});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/relays");
}

model::Relay named(int number, std::string name, bool registered = true, std::string error = {}) {
    model::Relay out = relay(number);
    out.registered_name = std::move(name);
    out.registered = registered;
    out.name_error = std::move(error);
    return out;
}

/// Answers as a node whose first relay keeps names, of which "bob" is somebody else's.
void open_with_names(Harness& app, model::Relay first) {
    app.node = [first](const model::Command& command) mutable -> std::optional<model::Reply> {
        if (const auto* claim = std::get_if<model::ClaimName>(&command)) {
            if (claim->name == "bob")
                return tl::unexpected(model::Error{"name_taken", "Somebody else has it."});
            first.registered_name = claim->name;
            first.registered = !claim->name.empty();
            return model::Relays{{first, relay(2)}};
        }
        if (std::holds_alternative<model::ListRelays>(command))
            return model::Relays{{first, relay(2)}};
        return std::nullopt;
    };
    app.run_with({});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/relays");
}

model::Peer through_relay() {
    model::Peer peer = contact(1, "Alice");
    peer.path = model::PathKind::relay;
    peer.address = "relay.example.org:4720";
    return peer;
}

}  // namespace

TEST_CASE("relays are listed and follow what is heard of them") {
    Harness app;
    open_page(app, {relay(1), relay(2, RelayState::offline, "Gone.")});
    CHECK(app.sees("relays/0"));
    CHECK(app.sees("relays/1"));
    CHECK_FALSE(app.sees("relays/2"));
    app.arrive(model::Event{model::RelayChanged{relay(2)}});
    app.arrive(model::Event{model::RelayChanged{relay(3)}});
    app.arrive(model::Event{model::RelayRemoved{"kith-relay11"}});
    app.frames();
    REQUIRE(app.desk.view().relays.size() == 2);
    CHECK(app.desk.view().relays[0] == relay(2));
    CHECK_FALSE(app.sees("relays/2"));
}

TEST_CASE("an address is pasted, stays when it was refused, and goes when it was taken") {
    Harness app;
    open_page(app, {});
    app.click("relays/address");
    app.type("somewhere");
    app.click("relays/add");
    REQUIRE(app.sent<model::AddRelay>().size() == 1);
    CHECK(app.desk.ui().settings.relay == "somewhere");
    CHECK(app.desk.view().task(gui::Task::relays).error == "No relay.");
    CHECK_FALSE(app.desk.ui().settings.relay_edited);
    app.click("relays/address");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type(" kith-relay19 ");
    CHECK(app.desk.ui().settings.relay_edited);  // what was said of the other one is gone
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::AddRelay>().size() == 2);
    CHECK(app.sent<model::AddRelay>()[1].address == "kith-relay19");
    app.frames();
    CHECK(app.desk.ui().settings.relay.empty());
    CHECK(app.sees("relays/0"));
}

TEST_CASE("with four relays none is added") {
    Harness app;
    open_page(app, {relay(1), relay(2), relay(3), relay(4)});
    CHECK_FALSE(app.sees("relays/address"));
    CHECK_FALSE(app.sees("relays/add"));
    app.arrive(model::Event{model::RelayRemoved{"kith-relay14"}});
    app.frames();
    CHECK(app.sees("relays/address"));
}

TEST_CASE("relays of one run leave the four places of those that are kept") {
    Harness app;
    model::Relay fourth = relay(4);
    fourth.this_run = true;
    open_page(app, {relay(1), relay(2), relay(3), fourth});
    CHECK(app.sees("relays/address"));
    // One that is named for this run can be kept, and one that is kept is there already.
    app.click("relays/address");
    app.type("kith-relay13");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::AddRelay>().empty());
    app.click("relays/address");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("kith-relay14");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::AddRelay>().size() == 1);
}

TEST_CASE("a connection ID is not given to the node as a relay") {
    Harness app;
    open_page(app, {});
    app.click("relays/address");
    app.type("kith1abcdef");
    app.press({ImGuiKey_Enter});
    app.click("relays/add");
    CHECK(app.sent<model::AddRelay>().empty());
}

TEST_CASE("removing a relay is asked about, and the page comes back") {
    Harness app;
    open_page(app, {relay(1)});
    app.click("relays/0/remove");
    CHECK(app.sent<model::RemoveRelay>().empty());
    app.click("confirm/yes");
    REQUIRE(app.sent<model::RemoveRelay>().size() == 1);
    CHECK(app.sent<model::RemoveRelay>()[0].address == "kith-relay11");
    app.frames();
    CHECK(app.sees("relays/address"));
    CHECK_FALSE(app.sees("relays/0"));
}

TEST_CASE("a name is chosen in the row of its relay, and what the relay says stands there") {
    Harness app;
    open_with_names(app, relay(1));
    app.click("relays/0/choose");
    CHECK_FALSE(app.sees("relays/1/name"));
    app.type("bob");
    app.click("relays/0/claim");
    REQUIRE(app.sent<model::ClaimName>().size() == 1);
    CHECK(app.sent<model::ClaimName>()[0].relay == "kith-relay11");
    CHECK(app.sent<model::ClaimName>()[0].name == "bob");
    CHECK(app.desk.view().task(gui::Task::relay_name).error == "Somebody else has it.");
    CHECK(app.desk.view().notices.empty());
    CHECK(app.desk.ui().settings.relay_name == "bob");  // to be changed a little
    app.click("relays/0/name");
    app.press({ImGuiKey_End});
    app.type("by");
    app.press({ImGuiKey_Enter});
    app.frames();
    REQUIRE(app.sent<model::ClaimName>().size() == 2);
    CHECK(app.sent<model::ClaimName>()[1].name == "bobby");
    CHECK_FALSE(app.sees("relays/0/name"));
    app.click("relays/0/copy");
    CHECK(app.context.clipboard == "bobby@relay1.example.org:4720");
}

TEST_CASE("an empty name and the one that is there are not asked for, and the field can be left") {
    Harness app;
    open_with_names(app, named(1, "bobby"));
    app.click("relays/0/change");
    CHECK(app.desk.ui().settings.relay_name == "bobby");
    app.click("relays/0/claim");
    app.click("relays/0/name");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("  ");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::ClaimName>().empty());
    app.click("relays/0/cancel");
    CHECK(app.sees("relays/0/change"));
    CHECK_FALSE(app.sees("relays/0/name"));
}

TEST_CASE("giving a name back is asked about, and the page comes back without it") {
    Harness app;
    open_with_names(app, named(1, "bobby"));
    app.click("relays/0/give-back");
    CHECK(app.sent<model::ClaimName>().empty());
    app.click("confirm/no");
    CHECK(app.sent<model::ClaimName>().empty());
    app.click("relays/0/give-back");
    app.click("confirm/yes");
    REQUIRE(app.sent<model::ClaimName>().size() == 1);
    CHECK(app.sent<model::ClaimName>()[0].name.empty());
    app.frames();
    CHECK(app.sees("relays/0/choose"));
}

TEST_CASE("a name follows what is heard of its relay") {
    Harness app;
    open_with_names(app, named(1, "bobby"));
    app.arrive(
        model::Event{model::RelayChanged{named(1, "bobby", false, "Somebody else has it.")}});
    app.frames();
    CHECK(app.desk.view().relays[0].name_error == "Somebody else has it.");
    CHECK(app.sees("relays/0/change"));
    app.arrive(model::Event{model::RelayChanged{relay(1)}});
    app.frames();
    CHECK(app.sees("relays/0/choose"));
}

TEST_CASE("a conversation through a relay says through which, a direct one that it is direct") {
    Harness app;
    app.run_with({through_relay()});
    app.click(label_of("conversation", peer_id(1)));
    CHECK(app.sees("chat/path-relay"));
    app.click("chat/details");
    CHECK(app.sees("details/path-relay"));
    CHECK(gui::presence_text(through_relay(), app.now) ==
          "Online · through relay.example.org:4720");
    model::Peer direct = through_relay();
    direct.path = model::PathKind::direct;
    app.arrive(model::Event{model::PeerChanged{direct}});
    app.frames();
    CHECK(app.sees("chat/path-direct"));
    CHECK(app.sees("details/path-direct"));
    CHECK(gui::presence_text(direct, app.now) == "Online · direct");
    direct.path = model::PathKind::relay;
    direct.address.clear();
    CHECK(gui::presence_text(direct, app.now) == "Online · by relay");
}

TEST_CASE("the diagnosis says how relays do; a report has no address that opens one") {
    gui::ViewState view;
    view.network.relays = {relay(1), relay(2, RelayState::offline, "Nobody listens there.")};
    gui::add_notice(view, model::NoticeLevel::error, "Bad address kith-relay1secret.", 1);
    const std::string report = gui::report_of(view);
    for (const char* said : {"relay1.example.org:4720: Connected",
                             "relay2.example.org:4720: Not connected", "Nobody listens there."}) {
        INFO(said);
        CHECK(report.find(said) != std::string::npos);
    }
    CHECK(report.find("secret") == std::string::npos);
}
