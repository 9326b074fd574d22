// SPDX-License-Identifier: MIT
#include "gui/transfer_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "gui/amount_text.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"

namespace kith::gui {
namespace {

std::string files_text(std::uint64_t count) {
    return count_text(count, strings::one_file, strings::some_files);
}

/// Dialling somebody who is away goes on all the time, and says nothing yet.
bool away(const model::Peer* peer) {
    return peer && (peer->presence == model::Presence::offline ||
                    peer->presence == model::Presence::connecting);
}

std::string name_of(const model::Peer* peer) {
    return peer ? safe_name(peer->name) : std::string(strings::unnamed);
}

/// Whoever sent them may be gone.
std::string at_relay_text(const model::Transfer& transfer, const model::Peer* peer) {
    if (!transfer.outgoing) return std::string(strings::files_at_own_relay);
    return std::string(strings::files_at_relay) + name_of(peer);
}

/// Whether accepting brings anything before they are back.
std::string asks_text(const model::Transfer& transfer, const model::Peer* peer) {
    std::string text(strings::asks_you);
    if (!away(peer)) return text;
    text += " · ";
    if (transfer.at_relay) return text.append(strings::is_at_own_relay);
    return text.append(name_of(peer)).append(strings::is_offline);
}

std::string offered_text(const model::Transfer& transfer, const model::Peer* peer) {
    if (!transfer.outgoing)
        return transfer.listed ? asks_text(transfer, peer) : std::string(strings::list_on_its_way);
    if (away(peer) && transfer.at_relay) return at_relay_text(transfer, peer);
    if (away(peer)) return name_of(peer) + std::string(strings::sent_on_return);
    return std::string(strings::waiting_for_answer) + name_of(peer);
}

std::string moved_text(const model::Transfer& transfer) {
    return size_text(transfer.bytes) + std::string(strings::of_amount) + size_text(transfer.total);
}

std::string paused_text(const model::Transfer& transfer, const model::Peer* peer) {
    const std::string text = transfer.paused_by_peer
                                 ? std::string(strings::paused_by) + name_of(peer)
                                 : std::string(strings::paused);
    return text + " · " + moved_text(transfer);
}

std::string active_text(const model::Transfer& transfer) {
    std::string text = moved_text(transfer);
    if (transfer.rate > 0) text += " · " + rate_text(transfer.rate);
    if (transfer.eta_s) text += " · " + left_text(*transfer.eta_s);
    return text;
}

std::string waiting_text(const model::Transfer& transfer, const model::Peer* peer) {
    if (!transfer.error.empty()) return safe_line(transfer.error);
    if (away(peer) && transfer.at_relay) return at_relay_text(transfer, peer);
    if (away(peer)) return name_of(peer) + std::string(strings::goes_on_on_return);
    return std::string(strings::waits_for_turn);
}

std::string failed_files(const model::Transfer& transfer) {
    return std::to_string(transfer.files_failed) + std::string(strings::of_amount) +
           files_text(transfer.files);
}

std::string done_text(const model::Transfer& transfer) {
    if (transfer.files_failed > 0)
        return std::string(strings::done_except) + failed_files(transfer);
    return std::string(transfer.outgoing ? strings::file_delivered : strings::file_received);
}

std::string failed_text(const model::Transfer& transfer) {
    if (transfer.files_failed == 0 || transfer.files < 2)
        return std::string(strings::transfer_failed);
    return std::string(strings::transfer_failed) + ": " + failed_files(transfer);
}

std::string ending_of(std::string_view name) {
    const auto dot = name.find_last_of('.');
    if (dot == std::string_view::npos || name.size() - dot > 6) return {};
    std::string ending(name.substr(dot + 1));
    std::transform(ending.begin(), ending.end(), ending.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return ending;
}

constexpr std::array<std::string_view, 5> shown_pictures{"png", "jpg", "jpeg", "gif", "bmp"};

bool contains(auto&& list, std::string_view what) {
    return std::find(std::begin(list), std::end(list), what) != std::end(list);
}

}  // namespace

std::string amount_of(const model::Transfer& transfer) {
    if (transfer.files == 1) return size_text(transfer.total);
    // How many were accepted of what was offered is known once they have come.
    const std::uint32_t came = transfer.files_done + transfer.files_failed;
    const bool part = transfer.state == model::TransferState::done && came > 0;
    std::string count = files_text(transfer.files);
    if (part && came < transfer.files)
        count = std::to_string(came) + std::string(strings::of_amount) + count;
    return count + ", " + size_text(transfer.total);
}

std::string rate_text(std::uint64_t rate) {
    return size_text(rate) + std::string(strings::a_second);
}

std::string left_text(std::uint32_t seconds) {
    const auto part = [](std::uint32_t count, std::string_view unit) {
        return std::to_string(count) + std::string(unit);
    };
    std::string text;
    if (seconds < 60) {
        text = part(seconds, strings::short_seconds);
    } else if (seconds < 3600) {
        text = part((seconds + 30) / 60, strings::short_minutes);
    } else if (seconds < 48 * 3600) {
        text = part(seconds / 3600, strings::short_hours) + " " +
               part(seconds % 3600 / 60, strings::short_minutes);
    } else {
        return std::string(strings::days_left);
    }
    return text + std::string(strings::left);
}

std::string state_text(const model::Transfer& transfer, const model::Peer* peer) {
    switch (transfer.state) {
        case model::TransferState::offered:
            return offered_text(transfer, peer);
        case model::TransferState::active:
            return active_text(transfer);
        case model::TransferState::paused:
            return paused_text(transfer, peer);
        case model::TransferState::waiting:
            return waiting_text(transfer, peer);
        case model::TransferState::done:
            return done_text(transfer);
        case model::TransferState::failed:
            return failed_text(transfer);
        case model::TransferState::declined:
            return transfer.outgoing ? name_of(peer) + std::string(strings::has_declined)
                                     : std::string(strings::you_declined);
        case model::TransferState::cancelled:
            break;
    }
    return std::string(strings::transfer_cancelled);
}

float share_of(const model::Transfer& transfer) {
    if (transfer.total == 0) return transfer.state == model::TransferState::done ? 1.0F : 0.0F;
    return std::clamp(static_cast<float>(static_cast<double>(transfer.bytes) /
                                         static_cast<double>(transfer.total)),
                      0.0F, 1.0F);
}

bool has_progress(const model::Transfer& transfer) {
    return transfer.state == model::TransferState::active ||
           transfer.state == model::TransferState::paused ||
           transfer.state == model::TransferState::waiting;
}

std::string short_id(const model::TransferId& transfer) {
    const std::string all = model::to_string(transfer);
    return all.substr(all.size() - 8);
}

std::string transfer_label(const model::TransferId& transfer, std::string_view part) {
    return "transfer/" + short_id(transfer) + "/" + std::string(part);
}

Icon icon_of_name(std::string_view name) {
    constexpr std::array<std::string_view, 6> more_pictures{"webp", "heic", "svg",
                                                            "tif",  "tiff", "avif"};
    constexpr std::array<std::string_view, 7> sounds{"mp3",  "flac", "ogg", "wav",
                                                     "opus", "m4a",  "aac"};
    constexpr std::array<std::string_view, 6> films{"mp4", "mkv", "webm", "avi", "mov", "m4v"};
    constexpr std::array<std::string_view, 9> archives{"zip", "tar", "gz",  "xz", "bz2",
                                                       "zst", "7z",  "rar", "tgz"};
    const std::string ending = ending_of(name);
    if (contains(shown_pictures, ending) || contains(more_pictures, ending)) return Icon::picture;
    if (contains(sounds, ending)) return Icon::music;
    if (contains(films, ending)) return Icon::film;
    return contains(archives, ending) ? Icon::archive : Icon::file;
}

// A folder and several files look alike from here: both land in a folder.
Icon icon_of(const model::Transfer& transfer) {
    return transfer.files == 1 ? icon_of_name(transfer.name) : Icon::folder;
}

bool shows_picture(const model::Transfer& transfer) {
    return transfer.state == model::TransferState::done && transfer.files == 1 &&
           transfer.files_failed == 0 && !transfer.path.empty() &&
           contains(shown_pictures, ending_of(transfer.path));
}

std::string naming_example(std::string_view naming) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 6> values{
        {{"{person}", "Ada"},
         {"{date}", "20260303"},
         {"{time}", "140509"},
         {"{name}", "photo.jpg"},
         {"{stem}", "photo"},
         {"{ext}", ".jpg"}}};
    std::string text(naming.empty() ? strings::naming_default : naming);
    for (const auto& [placeholder, value] : values)
        for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos;
             at += value.size())
            text.replace(at, placeholder.size(), value);
    return text;
}

}  // namespace kith::gui
