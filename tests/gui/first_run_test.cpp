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
    app.click("failed/quit");
    CHECK(app.sent<model::Quit>().size() == 1);
}
