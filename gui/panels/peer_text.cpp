// SPDX-License-Identifier: MIT
#include <algorithm>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"

namespace kith::gui {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return out;
}

std::string with_path(std::string_view presence, const model::Peer& peer) {
    std::string text(presence);
    if (peer.path == model::PathKind::direct) text.append(" · ").append(strings::direct_short);
    if (peer.path != model::PathKind::relay) return text;
    if (peer.address.empty()) return text.append(" · ").append(strings::relay_short);
    return text.append(" · ").append(strings::through_relay).append(safe_line(peer.address));
}

}  // namespace

std::string presence_text(const model::Peer& peer, model::Timestamp now) {
    switch (peer.presence) {
        case model::Presence::online:
            return with_path(strings::online, peer);
        case model::Presence::idle:
            return with_path(strings::idle, peer);
        case model::Presence::connecting:
            return std::string(strings::connecting);
        case model::Presence::discovered:
            return std::string(strings::discovered);
        case model::Presence::pending_in:
            return std::string(strings::pending_in);
        case model::Presence::pending_out:
            return peer.last_error.empty() ? std::string(strings::pending_out) : peer.last_error;
        case model::Presence::blocked:
            return std::string(strings::blocked);
        case model::Presence::offline:
            break;
    }
    return last_seen_text(peer.last_seen, now);
}

// Whether one waits for their consent or blocked them is said where one would write.
std::string_view empty_chat_text(const model::Peer& peer) {
    if (peer.presence == model::Presence::pending_out) return strings::chat_asked;
    const bool can_write = peer.contact && peer.presence != model::Presence::blocked;
    return can_write ? strings::chat_empty : std::string_view();
}

void follow_minutes(Frame& frame, const model::Peer& peer) {
    constexpr model::Timestamp minute = 60'000;
    const model::Timestamp ago = frame.now - peer.last_seen;
    if (peer.presence != model::Presence::offline || ago < 0 || ago >= 60 * minute) return;
    frame.redraw_in(static_cast<double>(minute - ago % minute) / 1000);
}

std::string short_id(const model::PeerId& peer) { return model::to_hex(peer).substr(0, 8); }

std::string grouped_short_id(const model::PeerId& peer) {
    const std::string id = short_id(peer);
    return id.substr(0, 4) + " " + id.substr(4);
}

bool name_matches(const model::Peer& peer, std::string_view filter) {
    if (filter.empty()) return true;
    const std::string wanted = lower(filter);
    return lower(peer.name).find(wanted) != std::string::npos ||
           lower(peer.own_name).find(wanted) != std::string::npos;
}

std::vector<const model::Peer*> matching_peers(const ViewState& view, std::string_view filter) {
    std::vector<const model::Peer*> found;
    for (const model::PeerId& id : view.order) {
        const model::Peer* peer = view.find(id);
        // People who ask to be a contact have their own section.
        if (!peer || peer->presence == model::Presence::pending_in) continue;
        if (name_matches(*peer, filter)) found.push_back(peer);
    }
    return found;
}

}  // namespace kith::gui
