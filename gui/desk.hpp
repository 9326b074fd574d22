// SPDX-License-Identifier: MIT
//
// The window without a window: takes what arrives at the port into the view state, draws the screen
// into the current Dear ImGui context and sends what the panels asked for. What needs the real
// window (pictures of it, raising, closing) is handed on as requests. UI thread; tests drive it
// headless.
#pragma once

#include <deque>
#include <functional>
#include <unordered_map>

#include "gui/errands.hpp"
#include "gui/file_chooser.hpp"
#include "gui/frame.hpp"
#include "gui/picture_shelf.hpp"
#include "gui/ui_state.hpp"

namespace kith::gui {

/// What the desk cannot do itself.
struct WindowRequests {
    std::vector<model::TakeScreenshot> screenshots;
    std::vector<Errand> errands;
    std::optional<ChoosePaths> choose;
    std::vector<std::string> show_in_folder;
    bool raise = false;
    bool close = false;
};

/// Paths that were dropped on the window.
struct Dropped {
    std::vector<std::string> paths;
    std::optional<ImVec2> at;  ///< where on the screen, if the desktop says
};

/// Where pictures go. Numbers are textures as Dear ImGui knows them.
struct Textures {
    std::function<std::uint64_t(const Pixels&)> make;
    std::function<void(std::uint64_t)> drop;
};

class Desk {
public:
    static constexpr std::uint64_t unasked_files = 100;  ///< more are asked about before they go
    static constexpr std::uint64_t unasked_bytes = 1ULL << 30;

    explicit Desk(model::WindowPort& port) : port_(port) {}
    /// Without, no pictures are shown.
    void set_textures(Textures textures) { textures_ = std::move(textures); }

    /// Takes everything that waits at the port. True when something changed.
    bool pump(model::Timestamp now);
    /// Between ImGui::NewFrame() and ImGui::Render(). Returns in how many seconds the next frame is
    /// due without any input; infinity when nothing moves.
    double draw(const Theme& theme, const Fonts& fonts, model::Timestamp now, double time,
                bool focused);
    /// The person closes the window.
    void toggle_details();
    void quit();
    /// Somebody sits in front of the window, or no longer does. A fresh node takes it that one
    /// does.
    void tell_activity(bool active);
    void take(ErrandDone done, model::Timestamp now);
    void take(ChooserAnswer answer);
    /// A file that no file manager shows.
    void not_shown(const std::string& path, model::Timestamp now);
    /// `time` as in draw().
    void drop(Dropped dropped, model::Timestamp now, double time);
    void screenshot_done(std::uint64_t ticket, std::string error);
    /// Puts in the queue what did not fit before; false while some still waits.
    bool flush();

    [[nodiscard]] WindowRequests take_requests();
    [[nodiscard]] const ViewState& view() const { return view_; }
    [[nodiscard]] UiState& ui() { return ui_; }

private:
    void take(model::ToWindow item, model::Timestamp now);
    void take(const model::Event& event);
    void take(const model::Completed& done, model::Timestamp now);
    void perform(Action action, const Frame& frame);
    void execute(model::Command command);
    void load(std::optional<model::ListMessages> page);
    void open(const model::PeerId& peer);
    void jump(const JumpTo& place);
    void open_search(OpenSearch wanted);
    void close_search();
    void open_dialog(Dialog dialog);
    void open_settings();
    [[nodiscard]] bool shows_outcome_of(Task task) const;
    void post(model::FromWindow item);
    void after_answers();
    void take_back_texts();
    void go_on_reading();
    void perform_files(Action& action);
    void offer(const OfferPaths& wanted);
    void look_at_pasted(const LookAtPasted& wanted);
    void measured(Measured sum, model::Timestamp now);
    void send_files(const model::PeerId& peer, std::vector<std::string> paths);
    void confirm_files(const model::Peer& peer, Measured sum);
    void take_paths(const TakePaths& chosen);
    void open_review(const model::TransferId& transfer);
    void leave_dialog(Dialog before);
    void picture_loaded(PictureLoaded loaded);
    void look_after_pictures(const std::vector<PictureInView>& seen);

    /// Paths that are being looked at.
    struct Offer {
        model::PeerId peer;
        std::string text;  ///< what was pasted; empty: they are to be sent
    };

    model::WindowPort& port_;
    ViewState view_;
    UiState ui_;
    WindowRequests requests_;
    std::deque<model::FromWindow> waiting_;
    std::unordered_map<std::uint64_t, model::Command> asked_;
    std::uint64_t next_ticket_ = 1;
    bool active_ = true;
    std::unordered_map<std::uint64_t, Offer> offers_;
    PictureShelf shelf_;
    Textures textures_;
};

}  // namespace kith::gui
