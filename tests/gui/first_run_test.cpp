// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

TEST_CASE("a profile needs a name and nothing else") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.click("welcome/create");
    CHECK(app.sent<model::CreateProfile>().empty());
    app.click("welcome/name");
    app.type("Ada");
    app.click("welcome/create");
    REQUIRE(app.sent<model::CreateProfile>().size() == 1);
    CHECK(app.sent<model::CreateProfile>()[0].name == "Ada");
    CHECK(app.sent<model::CreateProfile>()[0].password.empty());
}

TEST_CASE("a page stands still from the first frame that shows it") {
    Harness app;
    app.arrive(model::ToWindow{model::StageChanged{model::Stage::first_run, {}, false, false}});
    std::optional<gui::ItemRect> first;
    for (int i = 0; i < 5 && !first; ++i) {
        app.frames(1);
        first = app.recorder.find("welcome/name");
    }
    REQUIRE(first.has_value());
    app.frames();
    CHECK(app.recorder.find("welcome/name") == first);
}

TEST_CASE("the name field has the keyboard at once, and Enter is enough") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.type("Ada");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::CreateProfile>().size() == 1);
}

TEST_CASE("a password has to be typed twice and the same") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.type("Ada");
    CHECK_FALSE(app.sees("welcome/repeat"));
    app.click("welcome/password");
    app.type("correct horse");
    app.click("welcome/repeat");
    app.type("correct hose");
    app.click("welcome/create");
    CHECK(app.sent<model::CreateProfile>().empty());
    app.click("welcome/repeat");
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.type("correct horse");
    app.click("welcome/create");
    REQUIRE(app.sent<model::CreateProfile>().size() == 1);
    CHECK(app.sent<model::CreateProfile>()[0].password == "correct horse");
}

TEST_CASE("Enter in the password field goes on to the repetition, and from there it is enough") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.type("Ada");
    app.click("welcome/password");
    app.type("words");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::CreateProfile>().empty());
    app.type("words");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::CreateProfile>().size() == 1);
    CHECK(app.sent<model::CreateProfile>()[0].password == "words");
}

TEST_CASE("Enter in the password field makes the profile when all is filled in") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.type("Ada");
    app.click("welcome/password");
    app.type("words");
    app.click("welcome/repeat");
    app.type("words");
    app.click("welcome/password");
    app.press({ImGuiKey_Enter});
    CHECK(app.sent<model::CreateProfile>().size() == 1);
}

TEST_CASE("a backup is restored, after a wrong password too") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.click("welcome/restore");
    app.type("/tmp/ada.kithbackup");
    app.click("restore/submit");
    CHECK(app.sent<model::RestoreBackup>().empty());
    app.click("restore/password");
    app.type("wrong");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::RestoreBackup>().size() == 1);
    CHECK(app.sent<model::RestoreBackup>()[0].path == "/tmp/ada.kithbackup");
    CHECK(app.sent<model::RestoreBackup>()[0].password == "wrong");
    app.stage(model::Stage::working);
    app.stage(model::Stage::first_run, {}, true);
    CHECK(app.desk.ui().welcome.backup_password.empty());
    app.click("restore/password");
    app.type("right");
    app.click("restore/submit");
    REQUIRE(app.sent<model::RestoreBackup>().size() == 2);
    CHECK(app.sent<model::RestoreBackup>()[1].path == "/tmp/ada.kithbackup");
    CHECK(app.sent<model::RestoreBackup>()[1].password == "right");
    app.click("restore/back");
    CHECK(app.sees("welcome/create"));
}

TEST_CASE("a name that is too long is not sent") {
    Harness app;
    app.stage(model::Stage::first_run);
    app.type(std::string(model::name_max + 1, 'a'));
    app.click("welcome/create");
    CHECK(app.sent<model::CreateProfile>().empty());
}

TEST_CASE("a wrong password leaves the unlock page ready for another try") {
    Harness app;
    app.stage(model::Stage::locked);
    app.type("wrong");
    app.press({ImGuiKey_Enter});
    REQUIRE(app.sent<model::Unlock>().size() == 1);
    app.stage(model::Stage::working);
    CHECK_FALSE(app.sees("unlock/password"));
    app.stage(model::Stage::locked, {}, true);
    CHECK(app.desk.view().wrong_password);
    app.type("right");
    app.click("unlock/submit");
    REQUIRE(app.sent<model::Unlock>().size() == 2);
    CHECK(app.sent<model::Unlock>()[1].password == "right");
}

TEST_CASE("a start that failed can only be left") {
    Harness app;
    app.stage(model::Stage::failed, "The disk is full.");
    CHECK_FALSE(app.sees("failed/set-aside"));
    app.click("failed/quit");
    CHECK(app.sent<model::Quit>().size() == 1);
}

TEST_CASE("a damaged history can be set aside when that helps") {
    Harness app;
    app.stage(model::Stage::failed, "The history is damaged.", false, true);
    app.click("failed/set-aside");
    CHECK(app.sent<model::SetHistoryAside>().size() == 1);
}
