// SPDX-License-Identifier: MIT
#include "gui/desk.hpp"

#include <utility>

#include "gui/chat_drafts.hpp"
#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
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

void Desk::take(const model::Event& event) {
    apply(view_, event);
    if (std::holds_alternative<model::Resync>(event))
        for (auto& question : initial_questions()) execute(std::move(question));
    const auto forget = [&](const model::PeerId& peer, const std::vector<model::MessageId>& ids) {
        const auto chat = ui_.chats.find(peer);
        if (chat != ui_.chats.end()) forget_messages(chat->second, ids);
    };
    if (const auto* gone = std::get_if<model::MessagesRemoved>(&event))
        forget(gone->peer, gone->messages);
    const auto* changed = std::get_if<model::MessageChanged>(&event);
    if (changed && changed->message.deleted) forget(changed->message.peer, {changed->message.id});
}

void Desk::take(model::ToWindow item, model::Timestamp now) {
    std::visit(Overloaded{
                   [&](const model::StageChanged& change) {
                       apply(view_, change);
                       // The fields come back after what was tried has failed.
                       ui_.unlock.focused = ui_.welcome.focused = false;
                       if (change.stage != model::Stage::running) return;
                       for (auto& question : initial_questions()) execute(std::move(question));
                       if (!active_) tell_activity(false);
                   },
                   [&](const model::Event& event) { take(event); },
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
    if (asked.empty()) return;
    apply(view_, asked.mapped(), done.reply, now);
    const auto task = task_of(asked.mapped());
    if (!task || shows_outcome_of(*task)) return;
    const Progress& progress = view_.task(*task);
    if (!progress.error.empty())
        add_notice(view_, model::NoticeLevel::error, progress.error, now);
    else if (!progress.result.empty())
        add_notice(view_, model::NoticeLevel::info, progress.result, now);
}

bool Desk::shows_outcome_of(Task task) const {
    if (task == Task::add_contact) return ui_.dialog == Dialog::add_contact;
    if (task == Task::network_status) return true;  // asked for all the time, missed by nobody
    if (task == Task::new_id && ui_.dialog == Dialog::connection_id) return true;
    if (task == Task::export_history) return ui_.dialog == Dialog::export_history;
    return ui_.dialog == Dialog::settings;
}

// What an answer means for what is open and typed.
void Desk::after_answers() {
    if (const auto peer = std::exchange(view_.opening, std::nullopt)) {
        if (ui_.dialog == Dialog::add_contact) open_dialog(Dialog::none);
        open(*peer);
    }
    if (const auto missed = std::exchange(view_.missed, std::nullopt))
        for (auto& [peer, chat] : ui_.chats)
            if (chat.jump == missed) chat.jump.reset();
    if (std::exchange(view_.settings_in_doubt, false)) execute(model::GetSettings{});
    take_back_texts();
    go_on_reading();
}

// A text that was refused goes back to where it was typed, before whatever was typed since.
void Desk::take_back_texts() {
    for (auto& text : std::exchange(view_.unsent, {})) {
        ChatState& chat = ui_.chats[text.peer];
        end_edit(chat);
        chat.draft_replaced = true;
        chat.draft = chat.draft.empty() ? std::move(text.text) : text.text + "\n" + chat.draft;
        const auto* answered =
            text.reply_to ? view_.conversations[text.peer].find(*text.reply_to) : nullptr;
        if (answered) begin_reply(chat, *answered);
    }
    for (auto& edit : std::exchange(view_.unmade, {}))
        for (auto& [peer, conversation] : view_.conversations) {
            const auto* message = conversation.find(edit.message);
            if (!message || message->deleted) continue;
            begin_edit(ui_.chats[peer], *message);
            ui_.chats[peer].draft = edit.text;
        }
}

void Desk::go_on_reading() {
    if (auto question = view_.review.next_question()) execute(*question);
    if (auto question = view_.search.next_question()) execute(std::move(*question));
}

double Desk::draw(const Theme& theme, const Fonts& fonts, model::Timestamp now, double time,
                  bool focused) {
    Frame frame{.theme = theme,
                .fonts = fonts,
                .view = view_,
                .now = now,
                .time = time,
                .window_focused = focused};
    view_.transfers.sample(time);
    if (ui_.drop_glow && ui_.drop_glow->until > time) {
        frame.glowing = ui_.drop_glow->peer;
        frame.redraw_in(ui_.drop_glow->until - time);
    }
    draw_screen(frame, ui_);
    ui_.drop_targets = std::move(frame.drop_targets);
    look_after_pictures(frame.pictures_in_view);
    for (auto& action : std::exchange(frame.actions, {})) {
        perform(std::move(action), frame);
        frame.redraw_in(0);
    }
    go_on_reading();
    return frame.redraw_after;
}

void Desk::perform(Action action, const Frame& frame) {
    std::visit(Overloaded{
                   [&](model::Command& command) { execute(std::move(command)); },
                   [&](model::CreateProfile& create) { post(std::move(create)); },
                   [&](model::Unlock& unlock) { post(std::move(unlock)); },
                   [&](model::RestoreBackup& restore) { post(std::move(restore)); },
                   [&](model::SetHistoryAside& aside) { post(aside); },
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
                   [&](const JumpTo& place) { jump(place); },
                   [&](const AskDelete& question) {
                       ui_.deletion = {question.message, question.own};
                       open_dialog(Dialog::delete_message);
                   },
                   [&](OpenSearch& wanted) { open_search(std::move(wanted)); },
                   [&](const CloseSearch&) { close_search(); },
                   [&](const SearchFor& wanted) { view_.search.want(wanted.text, wanted.peer); },
                   [&](const SearchMore&) { view_.search.want_more(); },
                   [&](const auto&) { perform_files(action); },
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
    ui_.search.in_front = false;
    ui_.list.reveal_selected = true;
}

// The page around the message is asked for unless it is held; the chat goes there once it is.
void Desk::jump(const JumpTo& place) {
    const bool searching = ui_.search.open;
    open(place.peer);
    ChatState& chat = ui_.chats[place.peer];
    chat.focus_composer = !searching;  // the next hit is a key away
    chat.jump = place.message;
    Conversation& conversation = view_.conversations[place.peer];
    const bool held = conversation.find(place.message) != nullptr;
    if (!held) load(conversation.ask_around(place.peer, place.message));
}

void Desk::open_search(OpenSearch wanted) {
    SearchState& search = ui_.search;
    if (!wanted.text.empty()) search.text = std::move(wanted.text);
    search.peer = wanted.peer;
    search.open = search.in_front = search.focus = true;
    ui_.list.filter.clear();
    view_.search.want(search.text, search.peer);
}

void Desk::close_search() {
    ui_.search = {};
    view_.search.want({}, std::nullopt);
    if (ui_.selected) ui_.chats[*ui_.selected].focus_composer = true;
}

void Desk::open_dialog(Dialog dialog) {
    const Dialog before = ui_.dialog;
    if (dialog == Dialog::none && before == Dialog::confirm && ui_.confirmation)
        dialog = ui_.confirmation->back;
    ui_.dialog = dialog;
    if (dialog == Dialog::add_contact) {
        ui_.add_contact = {};
        view_.task(Task::add_contact) = {};
        view_.answered_at.reset();
    }
    if (dialog == Dialog::switcher) ui_.switcher = {};
    if (dialog == Dialog::confirm) view_.task(Task::relay_name) = {};  // of an earlier try
    if (dialog == Dialog::connection_id && before != Dialog::confirm) view_.task(Task::new_id) = {};
    if (dialog == Dialog::diagnosis) ui_.diagnosis = {};
    if (dialog == Dialog::settings && before != Dialog::confirm) open_settings();
    if (dialog == Dialog::export_history && ui_.selected) {
        const model::Peer* peer = view_.find(*ui_.selected);
        ui_.export_history = {.path = proposed_export(peer ? peer->name : std::string{})};
        view_.task(Task::export_history) = {};
    }
    if (dialog != Dialog::confirm) ui_.confirmation.reset();
    leave_dialog(before);
    if (ui_.dialog != Dialog::none) return;
    ui_.settings = {};  // with the passwords typed there
    if (ui_.selected && !ui_.search.open) ui_.chats[*ui_.selected].focus_composer = true;
}

void Desk::open_settings() {
    ui_.settings = {};
    ui_.settings.name = view_.profile.name;
    ui_.settings.status = view_.profile.status;
    ui_.settings.public_address = view_.settings.public_address;
    ui_.settings.downloads = view_.settings.downloads;
    ui_.settings.naming = view_.settings.naming;
    ui_.settings.rate_total = megabytes_of_bytes(view_.settings.rate_total);
    ui_.settings.rate_each = megabytes_of_bytes(view_.settings.rate_each);
    ui_.settings.backup_path = proposed_backup(view_.profile.name);
    for (const Task task : {Task::set_name, Task::set_password, Task::backup, Task::new_id,
                            Task::set_status, Task::set_team, Task::relays, Task::relay_name})
        view_.task(task) = {};
}

void Desk::toggle_details() {
    ui_.details.open = !ui_.details.open;
    if (!ui_.details.open && ui_.selected) ui_.chats[*ui_.selected].focus_composer = true;
}

void Desk::tell_activity(bool active) {
    active_ = active;
    if (view_.stage == model::Stage::running) execute(model::SetActivity{active});
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
