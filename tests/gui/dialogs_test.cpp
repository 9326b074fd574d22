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

namespace {

/// Knows bob and the window's own person.
void know_names(Harness& app) {
    app.node = [&app](const model::Command& command) -> std::optional<model::Reply> {
        if (const auto* name = std::get_if<model::FindName>(&command)) {
            const bool self = name->name.starts_with("me@");
            if (!self && !name->name.starts_with("bob@"))
                return tl::unexpected(model::Error{"no_such_name", "Nobody is called that."});
            return model::FoundName{"bob", "relay.example.org:4720", "kith1bobs",
                                    self ? app.desk.view().profile.self : peer_id(5)};
        }
        if (std::holds_alternative<model::AddContact>(command)) return model::PeerReply{peer_id(5)};
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")});
    app.press({ImGuiMod_Ctrl, ImGuiKey_N});
}

}  // namespace

TEST_CASE("a name is looked up, whose it is is shown, and only then a request leaves") {
    Harness app;
    know_names(app);
    app.type(" bob@relay.example.org");
    app.click("add-contact/greeting");
    app.type("hi");
    app.click("add-contact/submit");
    REQUIRE(app.sent<model::FindName>().size() == 1);
    CHECK(app.sent<model::FindName>()[0].name == "bob@relay.example.org");
    CHECK(app.sent<model::AddContact>().empty());
    app.frames();
    CHECK_FALSE(app.sees("add-contact/id"));
    app.click("add-contact/approve");
    // What was shown is what is asked, whatever the relay would say by now.
    REQUIRE(app.sent<model::AddContact>().size() == 1);
    CHECK(app.sent<model::AddContact>()[0].connection_id == "kith1bobs");
    CHECK(app.sent<model::AddContact>()[0].greeting == "hi");
    CHECK(app.desk.ui().dialog == gui::Dialog::none);
    CHECK(app.desk.ui().selected == peer_id(5));
}

TEST_CASE("a name that is not who was meant is left alone, one's own cannot be asked") {
    Harness app;
    know_names(app);
    app.type("bob@relay.example.org");
    app.press({ImGuiKey_Enter});
    app.click("add-contact/back");
    CHECK(app.sees("add-contact/id"));
    app.type("me@relay.example.org");
    app.press({ImGuiKey_Enter});
    app.click("add-contact/approve");
    CHECK(app.sent<model::AddContact>().empty());
}

TEST_CASE("a name nobody has is told in the dialog, where it stays typed") {
    Harness app;
    know_names(app);
    app.type("anna@relay.example.org");
    app.press({ImGuiKey_Enter});
    CHECK(app.desk.ui().add_contact.error == "Nobody is called that.");
    CHECK(app.desk.ui().add_contact.id == "anna@relay.example.org");
    CHECK(app.desk.view().notices.empty());
}

TEST_CASE("the theme switch is a setting") {
    Harness app;
    app.run_with({});
    app.click("toolbar/theme");
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].theme == "light");
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

TEST_CASE("Esc in the field of a new name leaves the field only") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-40);
    app.click("details/rename");
    app.type("Sis");
    app.press({ImGuiKey_Escape});
    CHECK(app.desk.ui().details.open);
    CHECK(app.desk.ui().details.renaming);
    CHECK(app.desk.ui().selected == peer_id(1));
    CHECK(app.sent<model::RenameContact>().empty());
}

TEST_CASE("a time for disappearing messages is chosen in the details") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-3);
    app.click("details/timer");
    app.click("details/timer/3");
    REQUIRE(app.sent<model::SetDisappearing>().size() == 1);
    CHECK(app.sent<model::SetDisappearing>()[0].peer == peer_id(1));
    CHECK(app.sent<model::SetDisappearing>()[0].seconds == 24 * 3600);
}

TEST_CASE("a suggested time is agreed to in the details, and a time of another make is shown") {
    Harness app;
    model::Peer alice = contact(1, "Alice");
    alice.timer_theirs = 90;
    app.run_with({alice});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-5);
    app.click("details/agree-timer");
    REQUIRE(app.sent<model::SetDisappearing>().size() == 1);
    CHECK(app.sent<model::SetDisappearing>()[0].seconds == 90);
    alice.timer_mine = 90;
    app.arrive(model::Event{model::PeerChanged{alice}});
    app.frames();
    CHECK_FALSE(app.sees("details/agree-timer"));
    app.click("details/timer");
    CHECK(app.sees("details/timer/6"));
}

TEST_CASE("a conversation is deleted after one more question") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-40);
    app.click("details/delete-conversation");
    CHECK(app.sent<model::DeleteConversation>().empty());
    app.click("confirm/yes");
    REQUIRE(app.sent<model::DeleteConversation>().size() == 1);
    CHECK(app.sent<model::DeleteConversation>()[0].peer == peer_id(1));
}

TEST_CASE("a history is exported to a file of one's choice, and what came of it is told there") {
    Harness app;
    bool exists = true;
    app.node = [&exists](const model::Command& command) -> std::optional<model::Reply> {
        if (const auto* order = std::get_if<model::ExportHistory>(&command)) {
            if (exists) return tl::unexpected(model::Error{"exists", "This file exists."});
            return model::Exported{3, order->path};
        }
        return model::Messages{};
    };
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/details");
    app.move_to("details/safety-number");
    app.wheel(-40);
    app.click("details/export");
    CHECK(app.desk.ui().export_history.path.ends_with(".txt"));
    app.click("export/format/1");
    CHECK(app.desk.ui().export_history.path.ends_with(".json"));
    app.click("export/path");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("/tmp/alice.json");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::ExportHistory>().size() == 1);
    const model::ExportHistory order = app.sent<model::ExportHistory>()[0];
    CHECK(order.peer == peer_id(1));
    CHECK(order.path == "/tmp/alice.json");
    CHECK(order.format == model::ExportFormat::json);
    CHECK(app.desk.view().task(gui::Task::export_history).error == "This file exists.");
    CHECK(app.desk.view().notices.empty());
    exists = false;
    app.click("export/submit");
    CHECK(app.desk.view().task(gui::Task::export_history).done);
    app.click("export/close");
    CHECK_FALSE(app.sees("export/path"));
}
