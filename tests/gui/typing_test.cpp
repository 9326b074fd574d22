// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "tests/gui/talk.hpp"

using namespace kith;
using namespace kith::gui::test;

TEST_CASE("the other side learns of writing at most every three seconds, and of its end") {
    Harness app;
    open_chat(app);
    app.type("a");
    app.type("b");
    const auto sent = [&] { return app.sent<model::SetTyping>(); };
    REQUIRE(sent().size() == 1);
    CHECK(sent()[0].peer == peer_id(1));
    CHECK(sent()[0].on);
    app.pass(3.1);
    CHECK(sent().size() == 2);  // for the second letter
    app.pass(3.1);
    CHECK(sent().size() == 2);  // nothing is typed
    app.press({ImGuiKey_Enter});
    REQUIRE(sent().size() == 3);
    CHECK_FALSE(sent()[2].on);
    app.pass(3.1);
    CHECK(sent().size() == 3);
}

TEST_CASE("whoever goes on writing at once after sending is announced when the time has come") {
    Harness app;
    open_chat(app);
    app.type("a");
    app.press({ImGuiKey_Enter});
    app.type("b");
    REQUIRE(app.sent<model::SetTyping>().size() == 2);
    app.pass(3.1);
    REQUIRE(app.sent<model::SetTyping>().size() == 3);
    CHECK(app.sent<model::SetTyping>()[2].on);
}

TEST_CASE("emptying the field, going elsewhere and losing the focus end it") {
    const auto ends = [](auto how) {
        Harness app;
        open_chat(app);
        app.type("a");
        how(app);
        app.frames();
        const auto sent = app.sent<model::SetTyping>();
        return sent.size() == 2 && !sent[1].on && sent[1].peer == peer_id(1);
    };
    CHECK(ends([](Harness& app) { app.press({ImGuiKey_Backspace}); }));
    CHECK(ends([](Harness& app) { app.click(label_of("conversation", peer_id(2))); }));
    CHECK(ends([](Harness& app) { app.press({ImGuiKey_Escape}); }));
    CHECK(ends([](Harness& app) { app.focused = false; }));
}

TEST_CASE("nothing is told of drafts from before, of edits, or when that is turned off") {
    Harness app;
    open_chat(app);
    app.type("draft");
    app.click(label_of("conversation", peer_id(2)));
    const auto before = app.sent<model::SetTyping>().size();
    app.click(label_of("conversation", peer_id(1)));
    app.frames();
    CHECK(app.sent<model::SetTyping>().size() == before);
    app.press({ImGuiMod_Ctrl, ImGuiKey_A});
    app.press({ImGuiKey_Delete});
    app.press({ImGuiKey_UpArrow});
    app.type("edit");
    CHECK(app.sent<model::SetTyping>().size() == before);
    app.press({ImGuiKey_Escape});
    model::Settings settings;
    settings.typing = false;
    app.arrive(model::Event{model::SettingsChanged{settings}});
    app.frames();
    app.type("more");
    CHECK(app.sent<model::SetTyping>().size() == before);
}
