// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

// Answers the commands of the settings as told.
struct Outcome {
    std::optional<model::Reply> password{}, backup{}, name{}, settings{};
};

void open_settings(Harness& app, Outcome outcome = {}, bool protected_now = false) {
    app.node = [outcome](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::SetPassword>(command)) return outcome.password;
        if (std::holds_alternative<model::CreateBackup>(command)) return outcome.backup;
        if (std::holds_alternative<model::SetName>(command)) return outcome.name;
        if (std::holds_alternative<model::ChangeSettings>(command)) return outcome.settings;
        return std::nullopt;
    };
    app.run_with({contact(1, "Alice")});
    model::Profile me;
    me.self = peer_id(200);
    me.name = "Me";
    me.password_protected = protected_now;
    app.arrive(model::Event{model::ProfileChanged{me}});
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    REQUIRE(app.sees("settings/close"));
}

void fill(Harness& app, std::string_view field, std::string_view text) {
    app.click(field);
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type(text);
}

model::Reply refused(std::string text) {
    return tl::unexpected(model::Error{"refused", std::move(text)});
}

}  // namespace

TEST_CASE("the settings open by button and keys, and close") {
    Harness app;
    app.run_with({});
    app.click("toolbar/settings");
    CHECK(app.sees("settings/name"));
    CHECK_FALSE(app.sees("toolbar/settings"));
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.sees("settings/name"));
    app.press({ImGuiMod_Ctrl, ImGuiKey_Comma});
    CHECK(app.sees("settings/name"));
    app.click("settings/close");
    CHECK_FALSE(app.sees("settings/name"));
}

TEST_CASE("one's name is changed") {
    Harness app;
    open_settings(app, {.name = model::Reply{model::Done{}}});
    app.click("settings/save-name");
    CHECK(app.sent<model::SetName>().empty());  // nothing changed
    fill(app, "settings/name", "Ada");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SetName>().size() == 1);
    CHECK(app.sent<model::SetName>()[0].name == "Ada");
    fill(app, "settings/name", std::string(model::name_max + 1, 'x'));
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::SetName>().size() == 1);
}

TEST_CASE("a new connection ID is asked about, and the settings are there again") {
    Harness app;
    open_settings(app);
    const auto ask = [&] {
        app.move_to("settings/name");
        app.wheel(-40);
        app.click("settings/new-id");
    };
    ask();
    app.click("confirm/no");
    CHECK(app.sent<model::NewConnectionId>().empty());
    ask();
    app.click("confirm/yes");
    CHECK(app.sent<model::NewConnectionId>().size() == 1);
    CHECK(app.sees("settings/close"));
}

TEST_CASE("read receipts and typing are turned off one by one") {
    Harness app;
    open_settings(app);
    app.click("settings/privacy");
    app.click("settings/read-receipts");
    app.click("settings/typing");
    const auto sent = app.sent<model::ChangeSettings>();
    REQUIRE(sent.size() == 2);
    CHECK(sent[0].read_receipts == false);
    CHECK_FALSE(sent[0].typing.has_value());  // what was not touched is left to others
    CHECK(sent[1].typing == false);
    CHECK_FALSE(sent[1].read_receipts.has_value());
    CHECK_FALSE(app.desk.view().settings.read_receipts);
    CHECK_FALSE(app.desk.view().settings.typing);
}

TEST_CASE("a setting that is refused is read anew") {
    Harness app;
    open_settings(app, {.settings = refused("The disk is full.")});
    const auto before = app.sent<model::GetSettings>().size();
    app.click("settings/privacy");
    app.click("settings/typing");
    CHECK(app.desk.view().notices.back().text == "The disk is full.");
    CHECK(app.sent<model::GetSettings>().size() == before + 1);
    CHECK(app.desk.view().settings.typing);
}

TEST_CASE("keeping less of the history is asked about, keeping more is not") {
    Harness app;
    open_settings(app);
    app.click("settings/privacy");
    app.click("settings/keep");
    app.click("settings/keep/3");
    CHECK(app.sent<model::ChangeSettings>().empty());
    app.click("confirm/no");
    CHECK(app.sent<model::ChangeSettings>().empty());
    CHECK(app.desk.view().settings.history_days == 0);
    app.click("settings/keep");
    app.click("settings/keep/3");
    app.click("confirm/yes");
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].history_days == 30);
    app.click("settings/keep");
    app.click("settings/keep/1");
    REQUIRE(app.sent<model::ChangeSettings>().size() == 2);
    CHECK(app.sent<model::ChangeSettings>()[1].history_days == 365);
}

TEST_CASE("Esc in a menu of a dialog closes the menu only") {
    Harness app;
    open_settings(app);
    app.click("settings/privacy");
    app.click("settings/keep");
    CHECK(app.sees("settings/keep/0"));
    app.press({ImGuiKey_Escape});
    CHECK_FALSE(app.sees("settings/keep/0"));
    CHECK(app.sees("settings/close"));
}

TEST_CASE("a password is set when it was typed twice") {
    Harness app;
    open_settings(app, {.password = model::Reply{model::Done{}}});
    app.click("settings/password");
    CHECK_FALSE(app.sees("password/current"));
    CHECK_FALSE(app.sees("password/repeat"));
    fill(app, "password/new", "correct horse");
    fill(app, "password/repeat", "correct hose");
    app.click("password/submit");
    CHECK(app.sent<model::SetPassword>().empty());
    fill(app, "password/repeat", "correct horse");
    app.click("password/submit");
    REQUIRE(app.sent<model::SetPassword>().size() == 1);
    CHECK(app.sent<model::SetPassword>()[0].current.empty());
    CHECK(app.sent<model::SetPassword>()[0].password == "correct horse");
    CHECK(app.desk.view().task(gui::Task::set_password).done);
    CHECK(app.desk.ui().settings.password.empty());
}

TEST_CASE("a password is changed with the current one, and a wrong one is said in place") {
    Harness app;
    open_settings(app, {.password = refused("That is not the password.")}, true);
    app.click("settings/password");
    fill(app, "password/new", "new words");
    fill(app, "password/repeat", "new words");
    app.click("password/submit");
    CHECK(app.sent<model::SetPassword>().empty());
    fill(app, "password/current", "old");
    app.click("password/submit");
    REQUIRE(app.sent<model::SetPassword>().size() == 1);
    CHECK(app.sent<model::SetPassword>()[0].current == "old");
    CHECK(app.desk.view().task(gui::Task::set_password).error == "That is not the password.");
    CHECK(app.desk.view().notices.empty());
    CHECK(app.sees("password/current"));
}

TEST_CASE("a password is removed with the current one") {
    Harness app;
    open_settings(app, {}, true);
    app.click("settings/password");
    app.click("password/other");
    app.click("password/submit");
    CHECK(app.sent<model::SetPassword>().empty());
    fill(app, "password/current", "old");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::SetPassword>().size() == 1);
    CHECK(app.sent<model::SetPassword>()[0].current == "old");
    CHECK(app.sent<model::SetPassword>()[0].password.empty());
    app.click("password/submit");  // one at a time
    CHECK(app.sent<model::SetPassword>().size() == 1);
}

TEST_CASE("a backup needs a path and a password typed twice") {
    Harness app;
    open_settings(app, {.backup = model::Reply{model::BackedUp{"/tmp/b", 1'000'000}}});
    app.click("settings/backup");
    CHECK(app.desk.ui().settings.backup_path.find("Kith Me ") != std::string::npos);
    fill(app, "backup/path", "/tmp/b");
    app.click("backup/submit");
    fill(app, "backup/password", "words");
    app.click("backup/submit");
    CHECK(app.sent<model::CreateBackup>().empty());
    fill(app, "backup/repeat", "words");
    app.click("backup/submit");
    REQUIRE(app.sent<model::CreateBackup>().size() == 1);
    CHECK(app.sent<model::CreateBackup>()[0].path == "/tmp/b");
    CHECK(app.sent<model::CreateBackup>()[0].password == "words");
    CHECK(app.desk.view().task(gui::Task::backup).done);
    CHECK(app.desk.view().notices.empty());
}

TEST_CASE("a result that comes after the settings were closed is told as a notice") {
    Harness app;
    open_settings(app);
    app.click("settings/backup");
    fill(app, "backup/path", "/tmp/b");
    fill(app, "backup/password", "words");
    fill(app, "backup/repeat", "words");
    app.click("backup/submit");
    app.click("settings/close");
    const auto& items = app.port.from_window;
    const auto at = std::find_if(items.rbegin(), items.rend(), [](const auto& item) {
        const auto* execute = std::get_if<model::Execute>(&item);
        return execute && std::holds_alternative<model::CreateBackup>(execute->command);
    });
    REQUIRE(at != items.rend());
    app.arrive(model::ToWindow{model::Completed{std::get<model::Execute>(*at).ticket,
                                                refused("The folder does not exist.")}});
    app.frames();
    REQUIRE_FALSE(app.desk.view().notices.empty());
    CHECK(app.desk.view().notices.back().text == "The folder does not exist.");
}

TEST_CASE("passwords that were typed are forgotten with the dialog") {
    Harness app;
    open_settings(app);
    app.click("settings/password");
    fill(app, "password/new", "secret");
    app.click("settings/close");
    CHECK(app.desk.ui().settings.password.empty());
}

TEST_CASE("colours and size are changed step by step") {
    Harness app;
    open_settings(app);
    app.click("settings/appearance");
    app.click("settings/theme/2");
    REQUIRE(app.sent<model::ChangeSettings>().size() == 1);
    CHECK(app.sent<model::ChangeSettings>()[0].theme == "light");
    app.click("settings/zoom-more");
    app.click("settings/zoom-less");
    app.click("settings/zoom-less");
    const auto sent = app.sent<model::ChangeSettings>();
    REQUIRE(sent.size() == 4);
    CHECK(std::abs(sent[1].zoom.value() - 1.1) < 1e-9);
    CHECK(std::abs(sent[3].zoom.value() - 0.9) < 1e-9);
    for (int i = 0; i < 10; ++i) app.click("settings/zoom-less");
    CHECK(app.sent<model::ChangeSettings>().back().zoom.value() >= 0.5);
}
