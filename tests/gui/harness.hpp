// SPDX-License-Identifier: MIT
//
// The whole screen without a window: a Dear ImGui context with a renderer that only says that its
// textures are there, fed with mouse and keyboard events. Items are found by label.
#pragma once

#include <imgui.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/desk.hpp"
#include "gui/recorder.hpp"
#include "tests/gui/script.hpp"

namespace kith::gui::test {

/// Made before everything that records or draws, gone after it.
class HeadlessContext {
public:
    HeadlessContext();
    ~HeadlessContext();
    HeadlessContext(const HeadlessContext&) = delete;
    HeadlessContext& operator=(const HeadlessContext&) = delete;
    std::string clipboard;

private:
    ImGuiContext* context_;
};

class Harness {
public:
    Harness();

    /// Draws `count` frames, 1/60 s apart.
    void frames(int count = 4);
    /// The window is 1000 x 700 until then.
    void resize(float width, float height);
    /// The clock of the window goes on by so much, and a few frames are drawn.
    void pass(double seconds);
    void click(std::string_view label);
    void right_click(std::string_view label);
    void move_to(std::string_view label);
    void wheel(float lines);
    void type(std::string_view text);
    /// ImGuiKey and ImGuiMod values, pressed together and released.
    void press(std::initializer_list<ImGuiKey> keys);

    void arrive(model::ToWindow item) { port.to_window.push_back(std::move(item)); }
    void arrive(model::Event event) { port.to_window.emplace_back(std::move(event)); }
    /// Into Stage::running, with these people; the initial questions are answered.
    void run_with(std::vector<model::Peer> peers, std::vector<model::Request> requests = {});
    void stage(model::Stage stage, std::string text = {}, bool wrong_password = false,
               bool can_set_aside = false);
    /// Answers everything that is asked from now on.
    std::function<std::optional<model::Reply>(const model::Command&)> node;

    [[nodiscard]] bool sees(std::string_view label) const {
        return recorder.find(label).has_value();
    }
    /// Everything of one kind that the window has sent, oldest first.
    template <class T>
    [[nodiscard]] std::vector<T> sent() const {
        std::vector<T> found;
        const auto take = [&](const auto& value) {
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, T>) found.push_back(value);
        };
        for (const auto& item : port.from_window) {
            std::visit(take, item);
            if (const auto* execute = std::get_if<model::Execute>(&item))
                std::visit(take, execute->command);
        }
        return found;
    }

    HeadlessContext context;
    FakePort port;
    Recorder recorder;
    Desk desk{port};
    model::Timestamp now = 1'760'100'000'000;
    bool focused = true;

private:
    void frame();
    void answer();
    void press_mouse(ImGuiMouseButton button);

    Fonts fonts_;
    Theme theme_;
    double time_ = 0;
    std::size_t answered_ = 0;
};

[[nodiscard]] std::string label_of(std::string_view kind, const model::PeerId& peer,
                                   std::string_view part = {});

}  // namespace kith::gui::test
