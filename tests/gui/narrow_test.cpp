// SPDX-License-Identifier: MIT
//
// The window where it is narrow, or everything in it large.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>

#include "gui/columns.hpp"
#include "gui/panels/panels.hpp"
#include "gui/theme.hpp"
#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui;
using namespace kith::gui::test;

namespace {

Columns at(float width, float height, float scale, Shown shown) {
    return arrange_columns(make_theme(true, scale).size, {width, height}, shown);
}

// Every button of the toolbar inside of the window, and none over another.
void check_toolbar(const Harness& app, float width) {
    std::vector<ItemRect> rects;
    for (const auto& [label, rect] : app.recorder.items())
        if (label.starts_with("toolbar/")) rects.push_back(rect);
    CHECK(rects.size() == 10);
    std::sort(rects.begin(), rects.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
    for (std::size_t i = 0; i < rects.size(); ++i) {
        CHECK(rects[i].x >= 0);
        CHECK(rects[i].x + rects[i].width <= width);
        if (i > 0) CHECK(rects[i - 1].x + rects[i - 1].width <= rects[i].x + 1);
    }
}

}  // namespace

TEST_CASE("no column is narrower than it can be") {
    for (const float scale : {1.0F, 2.0F})
        for (float width = 480; width <= 1920; width += 20) {
            const Metrics size = make_theme(true, scale).size;
            const Columns all = at(width, 700, scale, {.chat = true, .details = true});
            CHECK(all.sidebar + all.chat + all.details == width);
            if (all.one) continue;
            CHECK(all.sidebar >= size.sidebar_min);
            CHECK((all.chat == 0 || all.chat >= size.chat_min));
            CHECK(all.details >= size.details_min);
        }
}

TEST_CASE("the one column is the chat, the details over it, or else the list") {
    CHECK(at(480, 600, 1, {}).sidebar == 480);
    CHECK(at(480, 600, 1, {.chat = true}).chat == 480);
    CHECK(at(480, 600, 1, {.chat = true, .details = true}).details == 480);
}

TEST_CASE("transfers have the window where nothing useful would be left beside them") {
    CHECK(at(550, 370, 1, {.transfers = true}).height == 0);
    CHECK(at(1100, 740, 1, {.transfers = true}).height > 400);
}

TEST_CASE("an arrow leads from the chat back to the list in a narrow window") {
    Harness app;
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    CHECK_FALSE(app.sees("chat/back"));
    app.resize(480, 600);
    app.click(label_of("conversation", peer_id(1)));
    CHECK_FALSE(app.sees(label_of("conversation", peer_id(2))));
    app.click("chat/back");
    CHECK(app.sees(label_of("conversation", peer_id(2))));
    CHECK_FALSE(app.sees("composer/text"));
}

TEST_CASE("a search in a narrow window stands in front until a conversation is opened") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    app.resize(480, 600);
    app.click(label_of("conversation", peer_id(1)));
    app.click("chat/search");
    CHECK_FALSE(app.sees("composer/text"));
    app.press({ImGuiKey_Escape});
    app.press({ImGuiKey_Escape});
    CHECK(app.sees("composer/text"));
}

TEST_CASE("the toolbar fits into every window") {
    Harness app;
    app.run_with({contact(1, "Alice")});
    for (const float width : {480.0F, 550.0F, 700.0F, 1000.0F, 1920.0F}) {
        app.resize(width, 600);
        check_toolbar(app, width);
        app.click("toolbar/copy-id");
        check_toolbar(app, width);
        app.pass(3);
    }
}

TEST_CASE("the pages of the settings are reached by their icons in a narrow window") {
    Harness app;
    app.run_with({});
    app.resize(480, 360);
    app.click("toolbar/settings");
    app.click("settings/network");
    CHECK(app.sees("network/visible"));
    const auto close = app.recorder.find("settings/close");
    REQUIRE(close);
    CHECK(close->y + close->height <= 360);
}
