// SPDX-License-Identifier: MIT
#include "gui/window.hpp"

#include <imgui_internal.h>

#include <cstdlib>
#include <optional>

#include "gui/activity.hpp"
#include "gui/desk.hpp"
#include "gui/errands.hpp"
#include "gui/fonts.hpp"
#include "gui/frame_pacer.hpp"
#include "gui/input_order.hpp"
#include "gui/platform_window.hpp"
#include "gui/portal/portal_chooser.hpp"
#include "gui/recorder.hpp"
#include "gui/screenshot.hpp"
#include "gui/strings.hpp"
#include "gui/theme.hpp"
#include "gui/time_text.hpp"

namespace kith::gui {
namespace {

// How soon to try again when the command queue was full, in seconds.
constexpr double retry_after = 0.02;

std::filesystem::path item_map_path(const WindowOptions& options) {
    if (!options.item_map_file.empty()) return options.item_map_file;
    const char* path = std::getenv("KITH_UI_MAP");
    return path ? path : "";
}

// Dear ImGui fades its dimmed background in and out over some frames.
bool fading() {
    const float ratio = ImGui::GetCurrentContext()->DimBgRatio;
    return ratio > 0 && ratio < 1;
}

// The loop and what it holds. Made after the platform window, gone before it.
class Loop {
public:
    Loop(PlatformWindow& window, model::WindowPort& port, const WindowOptions& options,
         WindowLayout layout, FramePacer& pacer)
        : window_(window),
          desk_(port),
          options_(options),
          layout_(layout),
          pacer_(pacer),
          fonts_(load_fonts()) {
        if (const auto path = item_map_path(options); !path.empty()) {
            recorder_.emplace();
            map_.emplace(path);
        }
        desk_.set_textures(window.textures());
        desk_.ui().sizes = {layout.sidebar, layout.details};
        desk_.ui().details.open = layout.details_open;
        desk_.ui().nearby.closed = layout.nearby_closed;
        desk_.ui().transfers_open = layout.transfers_open;
        set_theme(layout.dark, window.content_scale());
    }

    void run() {
        for (;;) {
            if (desk_.pump(wall_clock())) pacer_.poke();
            take_files();
            serve_requests();
            if (closing_) break;
            if (window_.close_wanted()) desk_.quit();
            if (pacer_.due(window_.time()) && window_.visible()) draw();
            const bool input = window_.wait(std::min(sleep(), activity_.sleep(window_.time())));
            follow_activity(input);
        }
        remember();
    }

private:
    double sleep() {
        if (!desk_.flush()) return retry_after;
        // An invisible window is drawn when it shows again; until then only events count.
        return window_.visible() ? pacer_.sleep(window_.time()) : FramePacer::forever;
    }

    // Costs no frame: what others are told changes nothing in this window.
    void follow_activity(bool input) {
        const bool focused = window_.focused() && window_.visible();
        if (const auto active = activity_.look(window_.time(), input, focused))
            desk_.tell_activity(*active);
    }

    // What the disk, the desktop and the mouse have brought.
    void take_files() {
        while (auto done = errands_.next()) {
            desk_.take(std::move(*done), wall_clock());
            pacer_.poke();
        }
        while (auto answer = chooser_.next()) {
            desk_.take(std::move(*answer));
            pacer_.poke();
        }
        while (const auto path = chooser_.next_unshown()) {
            desk_.not_shown(*path, wall_clock());
            pacer_.poke();
        }
        if (auto dropped = window_.take_drop())
            desk_.drop(std::move(*dropped), wall_clock(), window_.time());
    }

    void serve_requests() {
        WindowRequests wanted = desk_.take_requests();
        for (auto& errand : wanted.errands) errands_.give(std::move(errand));
        if (wanted.choose) chooser_.choose(*wanted.choose, title_of(*wanted.choose));
        for (const auto& path : wanted.show_in_folder) chooser_.show_in_folder(path);
        if (wanted.raise) window_.raise();
        closing_ = closing_ || wanted.close;
        for (auto& order : wanted.screenshots) {
            shots_.push_back(std::move(order));
            shot_in_ = FramePacer::settle_frames;
        }
    }

    void follow_settings() {
        const auto& view = desk_.view();
        const bool dark = view.settings_known ? is_dark(view.settings.theme) : theme_.dark;
        const auto zoom = static_cast<float>(std::clamp(view.settings.zoom, 0.5, 3.0));
        const float scale = window_.content_scale() * zoom;
        if (dark != theme_.dark || scale != theme_.size.scale) set_theme(dark, scale);
    }

    void set_theme(bool dark, float scale) {
        if (scale != theme_.size.scale) window_.set_least_size(scale);
        theme_ = make_theme(dark, scale);
        apply_style(theme_);
    }

    void draw() {
        follow_settings();
        if (recorder_) recorder_->begin_frame();
        window_.begin_frame();
        new_frame_in_order();
        const double after =
            desk_.draw(theme_, fonts_, wall_clock(), window_.time(), window_.focused());
        ImGui::Render();
        // A picture is taken when the layout has settled, which takes as many frames as after
        // input.
        const bool shoot = !shots_.empty() && --shot_in_ <= 0;
        std::vector<std::uint8_t> pixels;
        window_.end_frame(theme_.colour.chat, shoot ? &pixels : nullptr);
        if (shoot) write_pictures(pixels);
        if (map_) map_->update(recorder_->items());
        pacer_.drawn(window_.time(), fading() || !shots_.empty() ? 0 : after);
    }

    void write_pictures(const std::vector<std::uint8_t>& pixels) {
        for (const auto& order : shots_)
            desk_.screenshot_done(order.ticket, write_png(order.path, window_.pixel_width(),
                                                          window_.pixel_height(), pixels));
        shots_.clear();
    }

    void remember() {
        WindowLayout layout = layout_;
        window_.read_geometry(layout);
        layout.sidebar = desk_.ui().sizes.sidebar;
        layout.details = desk_.ui().sizes.details;
        layout.details_open = desk_.ui().details.open;
        layout.transfers_open = desk_.ui().transfers_open;
        layout.nearby_closed = desk_.ui().nearby.closed;
        layout.dark = theme_.dark;
        if (layout != layout_) save_layout(options_.layout_file, layout);
    }

    PlatformWindow& window_;
    Desk desk_;
    const WindowOptions& options_;
    WindowLayout layout_;
    FramePacer& pacer_;
    Activity activity_;
    Fonts fonts_;
    Theme theme_;
    std::optional<Recorder> recorder_;
    std::optional<ItemMapFile> map_;
    std::vector<model::TakeScreenshot> shots_;
    int shot_in_ = 0;
    bool closing_ = false;
    Errands errands_{wake_window};
    PortalChooser chooser_{wake_window};
};

}  // namespace

tl::expected<void, model::Error> run_window(model::WindowPort& port, const WindowOptions& options) {
    const WindowLayout layout = load_layout(options.layout_file);
    FramePacer pacer;
    auto window = PlatformWindow::open(options.title, layout, [&pacer] { pacer.poke(); });
    if (!window) return tl::unexpected(window.error());
    Loop(**window, port, options, layout, pacer).run();
    return {};
}

}  // namespace kith::gui
