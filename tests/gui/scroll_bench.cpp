// SPDX-License-Identifier: MIT
//
// What a frame costs while one scrolls, by hand: kith_gui_tests "[scroll]". Prints a table; drawing
// by a graphics card is not in it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <chrono>
#include <cstdio>

#include "tests/gui/harness.hpp"

using namespace kith;
using namespace kith::gui::test;

namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Costs {
    std::vector<double> frames;  ///< milliseconds each

    void print(const char* what) {
        std::sort(frames.begin(), frames.end());
        const auto at = [&](double share) {
            return frames[static_cast<std::size_t>(share * static_cast<double>(frames.size() - 1))];
        };
        std::printf("| %s | %zu | %.2f ms | %.2f ms | %.2f ms |\n", what, frames.size(), at(0.5),
                    at(0.99), frames.back());
    }
};

// One page up or down per frame, as fast as a wheel or a held key can go.
Costs scroll(Harness& app, ImGuiKey key, int frames) {
    Costs costs;
    for (int i = 0; i < frames; ++i) {
        ImGui::GetIO().AddKeyEvent(key, i % 2 == 0);
        const auto from = std::chrono::steady_clock::now();
        app.frames(1);
        costs.frames.push_back(Milliseconds(std::chrono::steady_clock::now() - from).count());
    }
    ImGui::GetIO().AddKeyEvent(key, false);
    app.frames();
    return costs;
}

void measure(std::uint64_t total) {
    Harness app;
    app.node = [total](const model::Command& command) -> std::optional<model::Reply> {
        const auto* list = std::get_if<model::ListMessages>(&command);
        if (!list) return std::nullopt;
        return page_of(1, *list, total);
    };
    app.run_with({contact(1, "Alice")});
    app.click(label_of("conversation", peer_id(1)));
    app.frames(30);
    constexpr int frames = 3000;
    const std::string of = " of " + std::to_string(total);
    scroll(app, ImGuiKey_PageUp, frames).print(("up" + of).c_str());
    scroll(app, ImGuiKey_PageDown, frames).print(("down" + of).c_str());
    const auto& held = app.desk.view().conversations.at(peer_id(1)).messages();
    CHECK(held.size() <= gui::Conversation::held_max + gui::Conversation::page_size);
}

}  // namespace

TEST_CASE("scrolling", "[.][scroll]") {
    std::puts("\n| scrolling | frames | median | p99 | longest |\n|---|---|---|---|---|");
    measure(10);
    measure(1'000'000);
}
