// SPDX-License-Identifier: MIT
#include "gui/desk.hpp"

#include <utility>

#include "gui/screen.hpp"
#include "gui/strings.hpp"

namespace kith::gui {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

}  // namespace

bool Desk::pump(model::Timestamp now) {
    bool changed = false;
    while (auto item = port_.next()) {
        take(std::move(*item), now);
        changed = true;
    }
    if (changed) after_answers();
    return changed;
}

void Desk::take(model::ToWindow item, model::Timestamp now) {
    std::visit(Overloaded{
                   [&](const model::StageChanged& change) {
                       apply(view_, change);
                       ui_.unlock.focused = false;  // the field comes back after a wrong password
                       if (change.stage != model::Stage::running) return;
                       for (auto& question : initial_questions()) execute(std::move(question));
                   },
                   [&](const model::Event& event) {
                       apply(view_, event);
                       if (!std::holds_alternative<model::Resync>(event)) return;
                       for (auto& question : initial_questions()) execute(std::move(question));
                   },
                   [&](const model::Completed& done) { take(done, now); },
                   [&](model::TakeScreenshot& order) {
                       requests_.screenshots.push_back(std::move(order));
                   },
                   [&](const model::Raise&) { requests_.raise = true; },
                   [&](const model::Close&) { requests_.close = true; },
               },
               item);
}

void Desk::take(const model::Completed& done, model::Timestamp now) {
    auto asked = asked_.extract(done.ticket);
    if (!asked.empty()) apply(view_, asked.mapped(), done.reply, now);
}

// What an answer means for what is open and typed.
void Desk::after_answers() {
    if (const auto added = std::exchange(view_.add_contact.added, std::nullopt)) {
        if (ui_.dialog == Dialog::add_contact) open_dialog(Dialog::none);
        open(*added);
    }
    // A text that was refused goes back to where it was typed, before whatever was typed since.
    for (auto& text : std::exchange(view_.unsent, {})) {
        ChatState& chat = ui_.chats[text.peer];
        std::string& draft = chat.draft;
        chat.draft_replaced = true;
        draft = draft.empty() ? std::move(text.text) : text.text + "\n" + draft;
    }
}

double Desk::draw(const Theme& theme, const Fonts& fonts, model::Timestamp now, double time,
                  bool focused) {
    Frame frame{.theme = theme,
                .fonts = fonts,
                .view = view_,
                .now = now,
                .time = time,
                .window_focused = focused};
    draw_screen(frame, ui_);
    for (auto& action : std::exchange(frame.actions, {})) {
        perform(std::move(action), frame);
        frame.redraw_in(0);
    }
    return frame.redraw_after;
}

void Desk::perform(Action action, const Frame& frame) {
    std::visit(Overloaded{
                   [&](model::Command& command) { execute(std::move(command)); },
                   [&](model::CreateProfile& create) { post(std::move(create)); },
                   [&](model::Unlock& unlock) { post(std::move(unlock)); },
                   [&](model::NewInstance& instance) { post(instance); },
                   [&](model::Quit&) { quit(); },
                   [&](const OpenConversation& chosen) { open(chosen.peer); },
                   [&](const CloseConversation&) { ui_.selected.reset(); },
                   [&](const OpenDialog& wanted) { open_dialog(wanted.dialog); },
                   [&](Confirm& question) {
                       ui_.confirmation = std::move(question.confirmation);
                       open_dialog(Dialog::confirm);
                   },
                   [&](const CopyText& copy) {
                       ImGui::SetClipboardText(copy.text.c_str());
                       if (!copy.shown.empty())
                           ui_.toasts.toasts.push_back(
                               {model::NoticeLevel::info, copy.shown, frame.time + 2.5});
                   },
                   [&](const ToggleDetails&) { toggle_details(); },
                   [&](const LoadOlder& more) {
                       load(view_.conversations[more.peer].ask_older(more.peer));
                   },
                   [&](const LoadNewer& more) {
                       load(view_.conversations[more.peer].ask_newer(more.peer));
                   },
                   [&](const LoadNewest& more) {
                       load(view_.conversations[more.peer].ask_newest(more.peer));
                   },
               },
               action);
}

void Desk::execute(model::Command command) {
    const std::uint64_t ticket = next_ticket_++;
    note_asked(view_, command);
    asked_.emplace(ticket, command);
    post(model::Execute{ticket, std::move(command)});
}

void Desk::load(std::optional<model::ListMessages> page) {
    if (page) execute(*page);
}

void Desk::open(const model::PeerId& peer) {
    if (ui_.selected && ui_.selected != peer) ui_.chats[*ui_.selected].unread_from.reset();
    ChatState& chat = ui_.chats[peer];
    if (ui_.selected != peer)
        chat.scroll.revision = 0;  // placed anew, with its line of new messages
    chat.focus_composer = true;
    ui_.selected = peer;
    ui_.list.reveal_selected = true;
}

void Desk::open_dialog(Dialog dialog) {
    ui_.dialog = dialog;
    if (dialog == Dialog::add_contact) {
        ui_.add_contact = {};
        view_.add_contact = {};
    }
    if (dialog == Dialog::switcher) ui_.switcher = {};
    if (dialog == Dialog::diagnosis) execute(model::GetNetworkStatus{});
    if (dialog != Dialog::confirm) ui_.confirmation.reset();
    if (dialog == Dialog::none && ui_.selected) ui_.chats[*ui_.selected].focus_composer = true;
}

void Desk::toggle_details() {
    ui_.details.open = !ui_.details.open;
    if (!ui_.details.open && ui_.selected) ui_.chats[*ui_.selected].focus_composer = true;
}

void Desk::quit() { post(model::Quit{}); }

void Desk::screenshot_done(std::uint64_t ticket, std::string error) {
    post(model::ScreenshotDone{ticket, std::move(error)});
}

void Desk::post(model::FromWindow item) {
    waiting_.push_back(std::move(item));
    (void)flush();
}

bool Desk::flush() {
    while (!waiting_.empty() && port_.send(waiting_.front())) waiting_.pop_front();
    return waiting_.empty();
}

WindowRequests Desk::take_requests() { return std::exchange(requests_, {}); }

}  // namespace kith::gui
