// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

TEST_CASE("the connection ID is copied whole") {
    Harness app;
    app.run_with({});
    app.click("toolbar/copy-id");
    CHECK(app.context.clipboard == "kith1myownid");
}

TEST_CASE("adding a contact sends the ID without blanks, and opens the new conversation") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::AddContact>(command)) return model::PeerReply{peer_id(5)};
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")});
    app.press({ImGuiMod_Ctrl, ImGuiKey_N});
    app.type("kith1 abc ");
    app.click("add-contact/greeting");
    app.type("it's me");
    app.click("add-contact/submit");
    app.arrive(model::Event{model::PeerChanged{contact(5, "Eve")}});  // the answer may come first
    app.frames();
    REQUIRE(app.sent<model::AddContact>().size() == 1);
    CHECK(app.sent<model::AddContact>()[0].connection_id == "kith1abc");
    CHECK(app.sent<model::AddContact>()[0].greeting == "it's me");
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
    CHECK(app.desk.ui().selected == peer_id(5));
}

TEST_CASE("one's own ID is not sent") {
    Harness app;
    app.run_with({});
    app.click("toolbar/add-contact");
    app.type("kith1myownid");
    app.click("add-contact/submit");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::AddContact>().empty());
}

TEST_CASE("an ID that is refused stays in the dialog with the reason") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::AddContact>(command))
            return tl::unexpected(model::Error{"bad", "Not a connection ID."});
        return std::nullopt;
    };
    app.run_with({});
    app.click("toolbar/add-contact");
    app.type("kith1zzz");
    app.click("add-contact/submit");
    CHECK(app.sees("add-contact/submit"));
    CHECK(app.desk.ui().add_contact.error == "Not a connection ID.");
    app.press({ImGuiKey_Escape});
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.sees("add-contact/submit"));
    CHECK(app.sees("toolbar/copy-id"));
}

TEST_CASE("the theme switch is a setting") {
    Harness app;
    app.run_with({});
    app.click("toolbar/theme");
    REQUIRE(app.sent<model::SetSettings>().size() == 1);
    CHECK(app.sent<model::SetSettings>()[0].settings.theme == "light");
}

TEST_CASE("a second instance is asked for by its button") {
    Harness app;
    app.run_with({});
    app.click("toolbar/new-instance");
    CHECK(app.sent<model::NewInstance>().size() == 1);
}

TEST_CASE("the diagnosis page reads the network status anew and copies a report") {
    Harness app;
    app.run_with({});
    app.click("toolbar/diagnosis");
    CHECK(app.sent<model::GetNetworkStatus>().size() == 2);
    app.click("diagnosis/copy-report");
    CHECK(app.context.clipboard.find("Your fingerprint") != std::string::npos);
    app.click("diagnosis/close");
    CHECK_FALSE(app.sees("diagnosis/close"));
}

TEST_CASE("F1 shows the shortcuts and hides them") {
    Harness app;
    app.run_with({});
    app.press({ImGuiKey_F1});
    CHECK(app.sees("shortcuts/close"));
    CHECK_FALSE(app.sees("toolbar/theme"));
    app.press({ImGuiKey_F1});
    CHECK_FALSE(app.sees("shortcuts/close"));
}

TEST_CASE("blocking and removing ask once more") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.press({ImGuiMod_Ctrl, ImGuiKey_I});
    app.move_to("details/safety-number");
    app.wheel(-40);
    app.click("details/block");
    CHECK(app.sent<model::BlockPeer>().empty());
    app.click("confirm/no");
    CHECK(app.sent<model::BlockPeer>().empty());
    app.click("details/remove");
    app.click("confirm/yes");
    CHECK(app.sent<model::RemoveContact>().size() == 1);
}

TEST_CASE("the safety number is fetched when asked for and can be confirmed") {
    Harness app;
    app.node = [](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::GetSafetyNumber>(command))
            return model::SafetyNumber{std::string(60, '7')};
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.click("details/safety-number");
    app.move_to("details/disconnect");
    app.wheel(-3);
    app.click("details/verify");
    REQUIRE(app.sent<model::SetVerified>().size() == 1);
    CHECK(app.sent<model::SetVerified>()[0].verified);
}

TEST_CASE("a contact is renamed in the details") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-40);
    app.click("details/rename");
    app.click("details/name");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("Sis");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::RenameContact>().size() == 1);
    CHECK(app.sent<model::RenameContact>()[0].name == "Sis");
}
