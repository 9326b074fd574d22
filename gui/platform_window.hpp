// SPDX-License-Identifier: MIT
//
// GLFW and OpenGL: a window with a context, and Dear ImGui's backends on it. UI thread (main).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/types.hpp"
#include "gui/desk.hpp"
#include "gui/layout_file.hpp"

struct GLFWwindow;
struct ImGuiContext;

namespace kith::gui {

class PlatformWindow {
public:
    /// `changed` is called from within wait() when the window has to be drawn again.
    static tl::expected<std::unique_ptr<PlatformWindow>, model::Error> open(
        const std::string& title, const WindowLayout& layout, std::function<void()> changed);
    ~PlatformWindow();
    PlatformWindow(const PlatformWindow&) = delete;
    PlatformWindow& operator=(const PlatformWindow&) = delete;

    /// Sleeps until input, wake_window() or `seconds` (infinite: no limit), and takes the input.
    /// True when there was some.
    bool wait(double seconds);
    void begin_frame();
    /// Draws what Dear ImGui rendered and shows it. `pixels`, if given, receives the picture (RGB,
    /// rows from the bottom up).
    void end_frame(unsigned background, std::vector<std::uint8_t>* pixels);
    void raise();
    /// The window gets no smaller than everything in it needs at this scale, if the screen has
    /// room.
    void set_least_size(float scale);
    /// What was dropped since the last call.
    [[nodiscard]] std::optional<Dropped> take_drop();
    /// On the graphics card; gone with the window.
    [[nodiscard]] Textures textures();

    [[nodiscard]] double time() const;          ///< seconds, monotonic
    [[nodiscard]] float content_scale() const;  ///< 1 at 96 dots per inch
    [[nodiscard]] bool visible() const;
    [[nodiscard]] bool focused() const;
    [[nodiscard]] bool close_wanted();  ///< since the last call
    [[nodiscard]] int pixel_width() const;
    [[nodiscard]] int pixel_height() const;
    void read_geometry(WindowLayout& layout) const;

private:
    PlatformWindow() = default;
    bool create(const std::string& title, const WindowLayout& layout);
    void set_up_imgui();

    static void call_changed(GLFWwindow* window);
    static void on_drop(GLFWwindow* window, int count, const char** paths);

    /// What GLFW's callbacks find by their window.
    struct Input {
        std::function<void()> changed;
        std::optional<Dropped> dropped;
    };

    GLFWwindow* window_ = nullptr;
    ImGuiContext* context_ = nullptr;
    Input input_;
};

}  // namespace kith::gui
