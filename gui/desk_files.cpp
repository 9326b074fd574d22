// SPDX-License-Identifier: MIT
//
// The part of the desk that is about files: what is sent, where it is put, what is looked at.
#include <algorithm>
#include <utility>

#include "gui/amount_text.hpp"
#include "gui/desk.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"

namespace kith::gui {
namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

constexpr double glow_seconds = 0.8;
constexpr std::size_t offers_max = 64;  // looked at at the same time
constexpr std::size_t names_shown = 5;

bool can_be_sent_to(const model::Peer* peer) {
    return peer && peer->contact && peer->presence != model::Presence::blocked;
}

bool inside(const DropTarget& target, ImVec2 at) {
    return at.x >= target.min.x && at.y >= target.min.y && at.x < target.max.x &&
           at.y < target.max.y;
}

std::string_view name_in(std::string_view path) {
    while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    const auto slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

std::string names_of(const std::vector<std::string>& paths) {
    std::string names;
    for (std::size_t i = 0; i < std::min(names_shown, paths.size()); ++i)
        names += (i > 0 ? "\n" : "") + safe_name(name_in(paths[i]));
    return paths.size() > names_shown ? names + "\n…" : names;
}

}  // namespace

void Desk::perform_files(Action& action) {
    std::visit(Overloaded{
                   [&](const ChoosePaths& wanted) { requests_.choose = wanted; },
                   [&](const OfferPaths& wanted) { offer(wanted); },
                   [&](const LookAtPasted& wanted) { look_at_pasted(wanted); },
                   [&](const TakePaths& chosen) { take_paths(chosen); },
                   [&](const LookAtFolder& wanted) {
                       requests_.errands.emplace_back(LookIntoFolder{wanted.text, wanted.files});
                   },
                   [&](const SelectEntry& choice) {
                       choice.entry ? view_.review.select(*choice.entry, choice.on)
                                    : view_.review.select_all(choice.on);
                   },
                   [&](const OpenReview& wanted) { open_review(wanted.transfer); },
                   [&](ShowInFolder& wanted) {
                       requests_.show_in_folder.push_back(std::move(wanted.path));
                   },
                   [&](const ViewPicture& wanted) {
                       ui_.picture = wanted.transfer;
                       open_dialog(Dialog::picture);
                   },
                   [&](const ToggleTransfers&) { ui_.transfers_open = !ui_.transfers_open; },
                   [](const auto&) {},
               },
               action);
}

// What is to be sent is counted first: much of it is asked about.
void Desk::offer(const OfferPaths& wanted) {
    if (offers_.size() >= offers_max) return;
    offers_.emplace(next_ticket_, Offer{wanted.peer, {}});
    requests_.errands.emplace_back(MeasurePaths{next_ticket_++, wanted.paths});
}

void Desk::look_at_pasted(const LookAtPasted& wanted) {
    if (offers_.size() >= offers_max) return;
    offers_.emplace(next_ticket_, Offer{wanted.peer, wanted.text});
    requests_.errands.emplace_back(MeasurePaths{next_ticket_++, wanted.paths});
}

void Desk::measured(Measured sum, model::Timestamp now) {
    const auto found = offers_.extract(sum.ticket);
    if (found.empty()) return;
    const Offer& asked = found.mapped();
    const model::Peer* peer = view_.find(asked.peer);
    if (!asked.text.empty()) {
        ui_.chats[asked.peer].pasted = {asked.text, sum.paths, !sum.paths.empty()};
        return;
    }
    const auto refuse = [&](std::string_view text) {
        add_notice(view_, model::NoticeLevel::warning, std::string(text), now);
    };
    if (sum.paths.empty()) return refuse(strings::nothing_there);
    if (sum.paths.size() > model::paths_max) return refuse(strings::too_many_paths);
    if (!can_be_sent_to(peer)) return refuse(strings::cannot_send);
    if (sum.more || sum.files > unasked_files || sum.bytes > unasked_bytes)
        return confirm_files(*peer, std::move(sum));
    send_files(asked.peer, std::move(sum.paths));
}

void Desk::send_files(const model::PeerId& peer, std::vector<std::string> paths) {
    execute(model::SendFiles{peer, std::move(paths)});
    ChatState& chat = ui_.chats[peer];
    chat.scroll.at_bottom = chat.scroll.to_newest = true;
    load(view_.conversations[peer].ask_newest(peer));
}

void Desk::confirm_files(const model::Peer& peer, Measured sum) {
    const std::string more(sum.more ? strings::at_least : std::string_view{});
    ui_.confirmation =
        Confirmation{.title = std::string(strings::send_file_title) + more +
                              count_text(sum.files, strings::one_file, strings::some_files) +
                              std::string(strings::send_file_to) + safe_name(peer.name) + "?",
                     .text = names_of(sum.paths) + "\n" + more + size_text(sum.bytes),
                     .button = std::string(strings::send_file_button),
                     .command = model::SendFiles{peer.id, std::move(sum.paths)}};
    open_dialog(Dialog::confirm);
}

void Desk::take_paths(const TakePaths& chosen) {
    if (chosen.paths.empty()) return;
    switch (chosen.asked.what) {
        case PathsFor::send_files:
        case PathsFor::send_folder:
            return offer({chosen.asked.peer, chosen.paths});
        case PathsFor::accept_to:
            return execute(
                model::AcceptTransfer{chosen.asked.transfer, chosen.paths.front(), std::nullopt});
        case PathsFor::review_folder:
            ui_.review.folder = chosen.paths.front();
            ui_.review.typed = true;
            return;
        case PathsFor::downloads:
            ui_.settings.downloads = chosen.paths.front();
    }
}

void Desk::open_review(const model::TransferId& transfer) {
    view_.review.open(transfer);
    ui_.review = {};
    open_dialog(Dialog::review);
}

// A path that was asked for from within another dialog leads back there.
void Desk::leave_dialog(Dialog before) {
    if (before == Dialog::paths && ui_.dialog == Dialog::none) {
        if (ui_.paths.asked.what == PathsFor::review_folder) ui_.dialog = Dialog::review;
        if (ui_.paths.asked.what == PathsFor::downloads) ui_.dialog = Dialog::settings;
    }
    if (ui_.dialog != Dialog::review && ui_.dialog != Dialog::paths) view_.review.close();
    if (ui_.dialog != Dialog::picture) ui_.picture.reset();
}

void Desk::take(ErrandDone done, model::Timestamp now) {
    std::visit(Overloaded{
                   [&](Measured& sum) { measured(std::move(sum), now); },
                   [&](FolderSeen& seen) { ui_.folder_seen = std::move(seen); },
                   [&](PictureLoaded& loaded) { picture_loaded(std::move(loaded)); },
               },
               done);
}

void Desk::take(ChooserAnswer answer) {
    if (!answer.unavailable) return take_paths({answer.asked, std::move(answer.paths)});
    std::string home = full_path("~");
    if (!home.ends_with('/')) home += '/';
    ui_.paths = {.asked = answer.asked, .text = std::move(home), .looked_at = {}};
    ui_.folder_seen = {};
    open_dialog(Dialog::paths);
}

void Desk::not_shown(const std::string& path, model::Timestamp now) {
    ImGui::SetClipboardText(path.c_str());
    add_notice(view_, model::NoticeLevel::warning, std::string(strings::cannot_show) + path, now);
}

// On somebody, or on the open conversation where the desktop does not say where.
void Desk::drop(Dropped dropped, model::Timestamp now, double time) {
    if (view_.stage != model::Stage::running || dropped.paths.empty()) return;
    if (ui_.dialog != Dialog::none) return;
    std::optional<model::PeerId> peer;
    if (!dropped.at) peer = ui_.selected;
    for (const DropTarget& target : ui_.drop_targets)
        if (dropped.at && inside(target, *dropped.at)) peer = target.peer;
    const model::Peer* known = peer ? view_.find(*peer) : nullptr;
    if (!can_be_sent_to(known))
        return add_notice(view_, model::NoticeLevel::info, std::string(strings::cannot_send), now);
    if (dropped.paths.size() > model::paths_max)
        return add_notice(view_, model::NoticeLevel::warning, std::string(strings::too_many_paths),
                          now);
    if (ui_.selected != *peer) open(*peer);
    ui_.drop_glow = DropGlow{*peer, time + glow_seconds};
    offer({*peer, std::move(dropped.paths)});
}

void Desk::picture_loaded(PictureLoaded loaded) {
    const bool good = loaded.pixels && textures_.make;
    if (const auto gone = shelf_.loaded(loaded.transfer, good)) {
        const auto held = view_.pictures.extract(*gone);
        if (!held.empty() && textures_.drop) textures_.drop(held.mapped().texture);
        for (auto& [peer, conversation] : view_.conversations) conversation.touch(*gone);
    }
    if (!good) return;
    view_.pictures[loaded.transfer] = {textures_.make(*loaded.pixels), loaded.pixels->width,
                                       loaded.pixels->height};
    for (auto& [peer, conversation] : view_.conversations) conversation.touch(loaded.transfer);
}

void Desk::look_after_pictures(const std::vector<PictureInView>& seen) {
    if (!textures_.make) return;
    for (const auto& picture : seen)
        if (!picture.path.empty() && shelf_.see(picture.transfer))
            requests_.errands.emplace_back(LoadPicture{picture.transfer, picture.path});
}

}  // namespace kith::gui
