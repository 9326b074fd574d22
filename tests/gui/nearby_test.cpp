// SPDX-License-Identifier: MIT
//
// People in the local network: their section under the list, presence, adding by address.
#include <catch2/catch_test_macros.hpp>

#include "gui/name_skeleton.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

model::Peer stranger(int n, std::string name, bool idle = false) {
    model::Peer peer;
    peer.id = peer_id(100);
    peer.id.bytes[0] = static_cast<std::uint8_t>(n >> 8);
    peer.id.bytes[1] = static_cast<std::uint8_t>(n);
    peer.name = peer.own_name = std::move(name);
    peer.presence = idle ? model::Presence::idle : model::Presence::discovered;
    peer.nearby = true;
    peer.address = "192.0.2.7:4711";
    return peer;
}

std::vector<model::Peer> crowd(int count) {
    std::vector<model::Peer> people;
    for (int i = 0; i < count; ++i) {
        const std::string number = std::to_string(1000 + i);
        people.push_back(stranger(i, "Person " + number));
    }
    return people;
}

std::size_t labels(const Harness& app, std::string_view start) {
    std::size_t count = 0;
    for (const auto& [label, rect] : app.recorder.items()) count += label.starts_with(start);
    return count;
}

int vertices() { return ImGui::GetDrawData()->TotalVtxCount; }

}  // namespace

TEST_CASE("whoever has no contacts is told what to do, also when somebody is near") {
    Harness app;
    app.run_with({stranger(1, "Ines")});
    app.frames();
    CHECK(app.sees("empty/add-contact"));
    CHECK(app.sees("empty/copy-id"));
}

TEST_CASE("somebody nearby is not among the conversations and is asked by one click") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (const auto* near = std::get_if<model::AddNearby>(&command))
            return model::PeerReply{near->peer};
        return model::Messages{};
    };
    const model::Peer ines = stranger(1, "Ines");
    app.run_with({contact(1, "Alice"), ines});
    app.frames();
    CHECK_FALSE(app.sees(label_of("conversation", ines.id)));
    app.click(label_of("nearby", ines.id, "add"));
    REQUIRE(app.sent<model::AddNearby>().size() == 1);
    CHECK(app.sent<model::AddNearby>()[0].peer == ines.id);
    model::Peer asked = ines;
    asked.presence = model::Presence::pending_out;
    app.arrive(model::Event{model::PeerChanged{asked}});
    app.frames();
    CHECK_FALSE(app.sees(label_of("nearby", ines.id)));
    CHECK(app.sees(label_of("conversation", ines.id)));
    CHECK(app.desk.ui().selected == ines.id);
}

TEST_CASE("while somebody nearby is being asked they are not asked again") {
    Harness app;
    const model::Peer ines = stranger(1, "Ines");
    app.run_with({ines});
    app.frames();
    app.click(label_of("nearby", ines.id, "add"));
    app.click(label_of("nearby", ines.id, "add"));
    CHECK(app.sent<model::AddNearby>().size() == 1);
}

TEST_CASE("whoever is no longer near is gone") {
    Harness app;
    const model::Peer ines = stranger(1, "Ines");
    app.run_with({ines});
    app.frames();
    CHECK(app.sees(label_of("nearby", ines.id)));
    app.arrive(model::Event{model::PeerRemoved{ines.id}});
    app.frames();
    CHECK_FALSE(app.sees(label_of("nearby", ines.id)));
    CHECK(app.desk.view().nearby.empty());
    CHECK(app.desk.view().nearby_names.empty());
}

TEST_CASE("with nobody near the section says what to do") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.frames();
    app.click("nearby/by-address");
    CHECK(app.sees("add-contact/id"));
}

TEST_CASE("the section closes and opens by its header") {
    Harness app;
    const model::Peer ines = stranger(1, "Ines");
    app.run_with({ines});
    app.frames();
    app.click("nearby/header");
    CHECK_FALSE(app.sees(label_of("nearby", ines.id)));
    CHECK(app.desk.ui().nearby.closed);
    app.click("nearby/header");
    CHECK(app.sees(label_of("nearby", ines.id)));
}

TEST_CASE("the search box filters people nearby too") {
    Harness app;
    const model::Peer ines = stranger(1, "Ines"), otto = stranger(2, "Otto");
    app.run_with({ines, otto});
    app.frames();
    app.click("list/search");
    app.type("oTT");
    CHECK(app.sees(label_of("nearby", otto.id)));
    CHECK_FALSE(app.sees(label_of("nearby", ines.id)));
}

TEST_CASE("five hundred people near cost a frame no more than a screenful") {
    const auto cost = [](int count) {
        Harness app;
        app.run_with(crowd(count));
        app.frames(8);
        CHECK(labels(app, "nearby/") < 20);
        return vertices();
    };
    const int few = cost(8), many = cost(500);
    CHECK(many < few + 300);
}

TEST_CASE("people nearby are listed by name, whatever order they come in") {
    Harness app;
    app.run_with({});
    for (const int n : {3, 1, 2})
        app.arrive(model::Event{model::PeerChanged{stranger(n, std::string(1, char('A' + n)))}});
    app.frames();
    const auto& near = app.desk.view().nearby;
    REQUIRE(near.size() == 3);
    CHECK(near[0] == stranger(1, "").id);
    CHECK(near[2] == stranger(3, "").id);
    model::Peer renamed = stranger(1, "Zoe");
    app.arrive(model::Event{model::PeerChanged{renamed}});
    app.frames();
    CHECK(app.desk.view().nearby.size() == 3);
    CHECK(app.desk.view().nearby[2] == renamed.id);
}

TEST_CASE("names that look alike have one skeleton") {
    const auto alice = gui::name_skeleton("Alice");
    for (const char* other : {"AIice", "A1ice", "al ice", "\u0410lice", "\u0410l\u0456\u0441\u0435",
                              "\uff21lice", "\u00c1lice", "Ali\u200bce", "Ali.ce"}) {
        INFO(other);
        CHECK(gui::name_skeleton(other) == alice);
    }
    CHECK(gui::name_skeleton("rnax") == gui::name_skeleton("max"));
    CHECK(gui::name_skeleton("Alicia") != alice);
    CHECK(gui::name_skeleton("Bob") != gui::name_skeleton("Rob"));
}

TEST_CASE("a name like a contact's, or one that two people nearby have, is doubtful") {
    Harness app;
    const model::Peer fake = stranger(1, "AIice"), one = stranger(2, "Otto"),
                      two = stranger(3, "otto"), plain = stranger(4, "Ines");
    app.run_with({contact(1, "Alice"), fake, one, two, plain});
    const auto& view = app.desk.view();
    CHECK(view.looks_like_another(fake));
    CHECK(view.looks_like_another(one));
    CHECK_FALSE(view.looks_like_another(plain));
    app.arrive(model::Event{model::PeerRemoved{two.id}});
    app.frames();
    CHECK_FALSE(view.looks_like_another(one));
    app.arrive(model::Event{model::PeerRemoved{peer_id(1)}});
    app.frames();
    CHECK_FALSE(view.looks_like_another(fake));
}

TEST_CASE("minutes since somebody was seen are counted, and drawn anew as they pass") {
    Harness app;
    model::Peer alice = contact(1, "Alice");
    alice.presence = model::Presence::offline;
    alice.last_seen = app.now - 5 * 60'000;
    CHECK(gui::presence_text(alice, app.now) == "Last seen 5 min ago");
    alice.last_seen = app.now - 20'000;
    CHECK(gui::presence_text(alice, app.now) == "Last seen just now");
    alice.last_seen = app.now + 60'000;  // their clock is ahead
    CHECK(gui::presence_text(alice, app.now).find("min ago") == std::string::npos);
}

namespace {

model::FoundPerson ines_at(const model::ConnectAddress& asked) {
    return {peer_id(61), "Ines", asked.address, asked.fingerprint.has_value()};
}

Harness& answering(Harness& app) {
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (const auto* where = std::get_if<model::ConnectAddress>(&command))
            return ines_at(*where);
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")});
    app.press({ImGuiMod_Ctrl, ImGuiKey_N});
    return app;
}

}  // namespace

TEST_CASE("whoever answers at an address is shown before they are asked") {
    Harness app;
    answering(app).type("192.0.2.61:4711");
    app.click("add-contact/greeting");
    app.type("hi");
    app.click("add-contact/submit");
    REQUIRE(app.sent<model::ConnectAddress>().size() == 1);
    CHECK_FALSE(app.sent<model::ConnectAddress>()[0].fingerprint.has_value());
    CHECK(app.sent<model::AddContact>().empty());
    app.click("add-contact/approve");
    REQUIRE(app.sent<model::ConnectAddress>().size() == 2);
    const auto second = app.sent<model::ConnectAddress>()[1];
    CHECK(second.address == "192.0.2.61:4711");
    CHECK(second.fingerprint == peer_id(61));
    CHECK(second.greeting == "hi");
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
    CHECK(app.desk.ui().selected == peer_id(61));
}

TEST_CASE("somebody else at the address is left alone") {
    Harness app;
    answering(app).type("192.0.2.61:4711");
    app.press({ImGuiKey_Enter});
    app.click("add-contact/back");
    CHECK(app.sees("add-contact/id"));
    CHECK_FALSE(app.sees("add-contact/approve"));
    CHECK(app.sent<model::ConnectAddress>().size() == 1);
}

TEST_CASE("a pasted fingerprint is compared without another question") {
    Harness app;
    answering(app).type("[2001:db8::61]:4711");
    app.click("add-contact/fingerprint");
    app.type("12 34");
    app.click("add-contact/submit");
    CHECK(app.sent<model::ConnectAddress>().empty());
    app.click("add-contact/fingerprint");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    std::string spaced;
    for (const char c : model::to_hex(peer_id(61))) spaced += c, spaced += ' ';
    app.type(spaced);
    app.click("add-contact/submit");
    REQUIRE(app.sent<model::ConnectAddress>().size() == 1);
    CHECK(app.sent<model::ConnectAddress>()[0].fingerprint == peer_id(61));
    CHECK(app.desk.ui().selected == peer_id(61));
}

TEST_CASE("an address that nobody answers at, or without a port, is told in the dialog") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::ConnectAddress>(command))
            return tl::unexpected(model::Error{"no_answer", "Nobody answers there."});
        return std::nullopt;
    };
    app.run_with({});
    app.click("toolbar/add-contact");
    app.type("192.0.2.61");
    app.click("add-contact/submit");
    CHECK(app.sent<model::ConnectAddress>().empty());
    CHECK(app.sent<model::AddContact>().empty());
    app.click("add-contact/id");
    app.press({ImGuiKey_End});
    app.type(":4711");
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().add_contact.error == "Nobody answers there.");
    CHECK(app.desk.view().notices.empty());
    CHECK(app.sees("add-contact/submit"));
}
