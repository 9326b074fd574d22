// SPDX-License-Identifier: MIT
//
// One's own connection ID, the diagnosis page and its report, the settings of the network,
// activity.
#include <catch2/catch_test_macros.hpp>

#include "gui/activity.hpp"
#include "gui/address_text.hpp"
#include "gui/report_text.hpp"
#include "gui/widgets/qr.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

TEST_CASE("the connection ID is shown as a QR code that follows the profile") {
    Harness app;
    app.run_with({});
    app.click("toolbar/show-id");
    const auto& state = app.desk.ui().connection_id;
    REQUIRE(state.code.has_value());
    CHECK(state.text == "kith1myownid");
    const auto before = state.code->modules;
    app.click("connection-id/copy");
    CHECK(app.context.clipboard == "kith1myownid");
    model::Profile moved = app.desk.view().profile;
    moved.connection_id = "kith1anotherone";
    app.arrive(model::Event{model::ProfileChanged{moved}});
    app.frames();
    CHECK(state.text == "kith1anotherone");
    CHECK(state.code->modules != before);
    app.click("connection-id/close");
    CHECK_FALSE(app.sees("connection-id/copy"));
}

TEST_CASE("a new connection ID is asked about, and the page comes back") {
    Harness app;
    app.run_with({});
    app.click("toolbar/show-id");
    app.click("connection-id/new");
    CHECK(app.sent<model::NewConnectionId>().empty());
    app.click("confirm/yes");
    CHECK(app.sent<model::NewConnectionId>().size() == 1);
    CHECK(app.sees("connection-id/copy"));
}

TEST_CASE("modules of a QR code are whole pixels, three at least, and grow with the scale") {
    for (const std::size_t bytes : {20U, 300U, 1000U, 2953U}) {
        const auto code = model::encode_qr(std::string(bytes, 'k'));
        REQUIRE(code.has_value());
        for (const float scale : {0.5F, 1.0F, 1.5F, 2.0F, 3.0F}) {
            const float module = gui::qr_module(*code, scale);
            CHECK(module >= 3);
            CHECK(module == static_cast<float>(static_cast<int>(module)));
        }
        CHECK(gui::qr_module(*code, 3) >= gui::qr_module(*code, 1));
    }
}

TEST_CASE("the forms of what people paste") {
    using gui::AddressForm;
    CHECK(gui::form_of("kith1AbC-_9") == AddressForm::connection_id);
    for (const char* text : {"bob@relay.example.org", "bob@[::1]:4720", "b@kith-relay1x"})
        CHECK(gui::form_of(text) == AddressForm::name);
    for (const char* text : {"@", "bob@", "@relay.example.org"})
        CHECK(gui::form_of(text) == AddressForm::none);
    for (const char* text : {"192.0.2.1:4711", "[2001:db8::1]:1", "example.org:65535", "host:80"})
        CHECK(gui::form_of(text) == AddressForm::address);
    for (const char* text : {"192.0.2.1", "[2001:db8::1]", "2001:db8::1", "example.org"})
        CHECK(gui::form_of(text) == AddressForm::without_port);
    for (const char* text : {"192.0.2.1:", "192.0.2.1:0", "h:65536", "h:12x", "[::1]80"})
        CHECK(gui::form_of(text) == AddressForm::bad_port);
    for (const char* text : {"", ":4711", "somebody", "[]:1"})
        CHECK(gui::form_of(text) == AddressForm::none);
    const auto id = peer_id(5);
    CHECK(gui::parse_fingerprint(gui::grouped_fingerprint(id)) == id);
    CHECK_FALSE(gui::parse_fingerprint("12 34").has_value());
}

TEST_CASE("the network status is read every two seconds while it is shown, and only then") {
    Harness app;
    app.run_with({});
    const auto asked = [&] { return app.sent<model::GetNetworkStatus>().size(); };
    const auto at_start = asked();
    app.pass(10);
    CHECK(asked() == at_start);
    app.click("toolbar/diagnosis");
    CHECK(asked() == at_start + 1);
    app.pass(1);
    CHECK(asked() == at_start + 1);
    app.pass(1.5);
    CHECK(asked() == at_start + 2);
    app.click("diagnosis/close");
    const auto at_end = asked();
    app.pass(10);
    CHECK(asked() == at_end);
}

TEST_CASE("a node that does not answer is not asked for its network status again") {
    Harness app;
    app.run_with({});
    const auto answers = app.node;
    app.node = [&](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::GetNetworkStatus>(command)) return std::nullopt;
        return answers(command);
    };
    app.click("toolbar/diagnosis");
    const auto asked = app.sent<model::GetNetworkStatus>().size();
    app.pass(10);
    CHECK(app.sent<model::GetNetworkStatus>().size() == asked);
}

namespace {

gui::ViewState busy_view() {
    gui::ViewState view;
    view.profile.name = "Robin";
    view.profile.self = peer_id(7);
    view.profile.connection_id = "kith1secrettoken";
    model::Peer alice = contact(1, "Alice Lindgren");
    alice.own_name = "Al";
    gui::apply(view, model::Event{model::PeerChanged{alice}});
    auto& network = view.network;
    network.listening = {"0.0.0.0:4711"};
    network.discovery = true;
    network.interfaces = {{"eth0", {"192.0.2.17"}, 12, 34, 5, 3000, "No multicast here."},
                          {"wlan0", {}, 0, 0, 0, std::nullopt, ""}};
    network.mapped = {{"upnp", "203.0.113.5:4711", 4711, 3600, "192.0.2.1"}};
    network.mapping_words = {"PCP: no answer."};
    network.public_address = "203.0.113.5:4711";
    network.public_address_from = "router";
    network.outside_text = "Works from outside.";
    network.last_errors = {"Alice Lindgren at 198.51.100.4:1: refused. Also Al."};
    gui::add_notice(view, model::NoticeLevel::error, "Bad ID kith1secrettoken of Robin, alas.", 1);
    return view;
}

std::string page_of(const gui::ViewState& view) {
    std::string text;
    for (const auto& section : gui::sections_of(view))
        for (const auto& line : section.lines) text += line.text + "\n";
    return text;
}

}  // namespace

TEST_CASE("page and report say what each interface and the router said") {
    const gui::ViewState view = busy_view();
    for (const std::string& text : {page_of(view), gui::report_of(view)})
        for (const char* said :
             {"0.0.0.0:4711", "eth0: 192.0.2.17", "12 sent · 34 heard · 5 ignored",
              "last heard 3 seconds ago", "No multicast here.", "nothing heard yet",
              "203.0.113.5:4711", "PCP: no answer.", "known from: router", "Works from outside.",
              "198.51.100.4:1: refused"}) {
            INFO(said);
            CHECK(text.find(said) != std::string::npos);
        }
}

TEST_CASE("a report has no names of people, no connection ID and no whole fingerprint") {
    const std::string report = gui::report_of(busy_view());
    for (const char* secret : {"Alice", "Lindgren", "Also Al", "Robin", "secrettoken"}) {
        INFO(secret);
        CHECK(report.find(secret) == std::string::npos);
    }
    CHECK(report.find("contact 1 at 198.51.100.4:1") != std::string::npos);
    CHECK(report.find("alas") != std::string::npos);  // "Al" is no word of it
    CHECK(report.find(model::to_hex(peer_id(7))) == std::string::npos);
    CHECK(report.find(model::to_hex(peer_id(7)).substr(0, 8)) != std::string::npos);
}

TEST_CASE("visibility and the router are switched in the settings") {
    Harness app;
    app.run_with({});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/network");
    app.click("network/visible");
    REQUIRE(app.sent<model::SetVisibility>().size() == 1);
    CHECK_FALSE(app.sent<model::SetVisibility>()[0].visible);
    app.click("network/visible");
    CHECK(app.sent<model::SetVisibility>()[1].visible);
    app.move_to("network/visible");
    app.wheel(-40);
    app.click("network/mapping");
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].mapping == false);
}

TEST_CASE("a team's passphrase is set, forgotten by the window, and given up") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::SetTeam>(command)) return model::Done{};
        return std::nullopt;
    };
    app.run_with({});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/network");
    CHECK_FALSE(app.sees("network/leave-team"));
    app.click("network/team");
    app.type("correct horse battery");
    app.click("network/set-team");
    REQUIRE(app.sent<model::SetTeam>().size() == 1);
    CHECK(app.sent<model::SetTeam>()[0].passphrase == "correct horse battery");
    CHECK(app.desk.ui().settings.team.empty());
    model::Profile profile = app.desk.view().profile;
    profile.private_team = true;
    app.arrive(model::Event{model::ProfileChanged{profile}});
    app.frames();
    app.click("network/leave-team");
    REQUIRE(app.sent<model::SetTeam>().size() == 2);
    CHECK(app.sent<model::SetTeam>()[1].passphrase.empty());
}

TEST_CASE("an address forwarded by hand is saved when it can be one") {
    Harness app;
    app.run_with({});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    app.click("settings/network");
    app.move_to("network/visible");
    app.wheel(-40);
    app.click("network/address");
    app.type("203.0.113.5");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::ChangeSettings>().empty());
    app.click("network/address");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("203.0.113.5:4711");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].public_address == "203.0.113.5:4711");
}

TEST_CASE("one's own name leads to the settings, where the status is") {
    Harness app;
    app.run_with({});
    app.click("toolbar/self");
    app.click("settings/status");
    app.type("At lunch");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SetStatus>().size() == 1);
    CHECK(app.sent<model::SetStatus>()[0].text == "At lunch");
}

TEST_CASE("five minutes without a sign of life mean away, the next one means back") {
    gui::Activity activity;
    CHECK_FALSE(activity.look(0, false, true).has_value());
    CHECK_FALSE(activity.look(100, true, true).has_value());
    CHECK(activity.sleep(100) == 300);
    CHECK_FALSE(activity.look(399, false, true).has_value());
    CHECK(activity.look(400, false, true) == false);
    CHECK(activity.sleep(400) == std::numeric_limits<double>::infinity());
    CHECK_FALSE(activity.look(500, false, true).has_value());
    CHECK(activity.look(501, true, true) == true);
    // A mouse that passes over a window without the keyboard is nobody.
    CHECK_FALSE(activity.look(600, true, false).has_value());
    CHECK(activity.look(801, true, false) == false);
    CHECK(activity.look(900, false, true) == true);
}

TEST_CASE("activity is told to a running node, also to one that starts while nobody is there") {
    Harness app;
    app.desk.tell_activity(false);
    CHECK(app.sent<model::SetActivity>().empty());
    app.run_with({});
    REQUIRE(app.sent<model::SetActivity>().size() == 1);
    CHECK_FALSE(app.sent<model::SetActivity>()[0].active);
    app.desk.tell_activity(true);
    CHECK(app.sent<model::SetActivity>()[1].active);
}
