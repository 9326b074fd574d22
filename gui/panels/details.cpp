// SPDX-License-Identifier: MIT
#include <cmath>

#include "gui/address_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/recorder.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void forget_previous(DetailsState& state, const model::PeerId& peer) {
    if (state.peer == peer) return;
    const bool open = state.open;
    state = {};
    state.open = open;
    state.peer = peer;
}

void draw_portrait(Frame& frame, const model::Peer& peer) {
    const Metrics& size = frame.theme.size;
    const std::string name = safe_name(peer.name);
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::Dummy({width, size.avatar_large});
    const ImVec2 corner{std::round(at.x + (width - size.avatar_large) / 2), at.y};
    draw_avatar(frame, *ImGui::GetWindowDrawList(), corner, size.avatar_large, peer.id, name);
    vertical_gap(size.m);
    centred_paragraph(title(frame), name);
    if (!peer.own_name.empty() && peer.own_name != peer.name)
        centred_paragraph(small_dim(frame),
                          std::string(strings::own_name) + safe_name(peer.own_name));
    follow_minutes(frame, peer);
    centred_paragraph(small_dim(frame), presence_text(peer, frame.now));
    if (!peer.status.empty()) centred_paragraph(body(frame), safe_line(peer.status));
}

void caption(const Frame& frame, std::string_view text) {
    vertical_gap(frame.theme.size.l);
    line(coloured(bold(frame), frame.theme.colour.accent), text);
}

std::string_view path_text(const model::Peer& peer) {
    if (peer.path == model::PathKind::direct) return strings::path_direct;
    return peer.path == model::PathKind::relay ? strings::path_relay : strings::path_none;
}

// Whether they are in the same network, and where; or at which relay.
void draw_place(const Frame& frame, const model::Peer& peer) {
    const Metrics& size = frame.theme.size;
    if (peer.nearby) {
        const ImVec2 at = ImGui::GetCursorScreenPos();
        draw_icon(*ImGui::GetWindowDrawList(), Icon::network, at, size.icon,
                  frame.theme.colour.success);
        ImGui::Indent(size.icon + size.s);
        paragraph(body(frame), strings::in_local_network);
        ImGui::Unindent(size.icon + size.s);
    }
    if (!peer.address.empty()) paragraph(small_dim(frame), safe_line(peer.address));
}

void draw_connection(Frame& frame, const model::Peer& peer) {
    caption(frame, strings::connection);
    const ImVec2 above = ImGui::GetCursorScreenPos();
    paragraph(body(frame), path_text(peer));
    const std::string label = "details/path-" + std::string(model::to_string(peer.path));
    record_area(label.c_str(), above,
                {above.x + ImGui::GetContentRegionAvail().x, ImGui::GetCursorScreenPos().y});
    draw_place(frame, peer);
    if (!peer.last_error.empty())
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger),
                  safe_text(peer.last_error));
    const bool linked = peer.path != model::PathKind::none;
    if (linked && button(frame, "details/disconnect", strings::disconnect, ButtonKind::plain, -1))
        frame.ask(model::Command{model::DisconnectPeer{peer.id}});
    const bool reachable = !linked && peer.presence == model::Presence::offline;
    if (reachable && button(frame, "details/connect", strings::connect, ButtonKind::plain, -1))
        frame.ask(model::Command{model::ConnectPeer{peer.id}});
    paragraph(small_dim(frame), strings::encryption_text);
}

// Twelve groups of five digits, in rows of three, as people read them to each other.
void draw_digits(const Frame& frame, std::string_view digits) {
    const Metrics& size = frame.theme.size;
    const float width = ImGui::GetContentRegionAvail().x;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float height = 4 * (size.text + size.xs) + 2 * size.m;
    ImGui::Dummy({width, height});
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(at, {at.x + width, at.y + height}, frame.theme.colour.surface, size.radius);
    for (std::size_t group = 0; (group + 1) * 5 <= digits.size() && group < 12; ++group) {
        const float x = at.x + static_cast<float>(group % 3) * width / 3;
        const float y = at.y + size.m + static_cast<float>(group / 3) * (size.text + size.xs);
        draw_centred(draw, bold(frame), {x, y}, {x + width / 3, y + size.text},
                     digits.substr(group * 5, 5));
    }
}

void draw_safety(Frame& frame, const model::Peer& peer) {
    caption(frame, strings::safety_number);
    const TextStyle state = coloured(
        body(frame), peer.verified ? frame.theme.colour.success : frame.theme.colour.text_dim);
    line(state, peer.verified ? strings::verified : strings::not_verified);
    const auto number = frame.view.safety_numbers.find(peer.id);
    if (number == frame.view.safety_numbers.end()) {
        if (button(frame, "details/safety-number", strings::show_safety_number, ButtonKind::plain,
                   -1))
            frame.ask(model::Command{model::GetSafetyNumber{peer.id}});
        return;
    }
    draw_digits(frame, number->second);
    paragraph(small_dim(frame), strings::safety_text);
    const auto text = peer.verified ? strings::unmark_verified : strings::mark_verified;
    if (button(frame, "details/verify", text,
               peer.verified ? ButtonKind::plain : ButtonKind::primary, -1))
        frame.ask(model::Command{model::SetVerified{peer.id, !peer.verified}});
}

void draw_rename(Frame& frame, const model::Peer& peer, DetailsState& state) {
    const Palette& colour = frame.theme.colour;
    if (!state.renaming) {
        if (!row_button(frame, "details/rename", Icon::pencil, strings::rename, colour.text))
            return;
        state.renaming = true;
        state.name = peer.name;
        ImGui::SetKeyboardFocusHere();
    }
    const bool entered =
        text_field(frame, "details/name", strings::rename_hint, state.name).entered;
    const bool fits = state.name.find_first_not_of(' ') != std::string::npos &&
                      state.name.size() <= model::name_max;
    const bool saved =
        button(frame, "details/save-name", strings::save, ButtonKind::primary, 0, fits);
    ImGui::SameLine();
    const bool cancelled = button(frame, "details/cancel-name", strings::cancel, ButtonKind::plain);
    if ((saved || entered) && fits)
        frame.ask(model::Command{model::RenameContact{peer.id, state.name}});
    if (((saved || entered) && fits) || cancelled) state.renaming = false;
}

void draw_parting(Frame& frame, const model::Peer& peer) {
    const ImU32 danger = frame.theme.colour.danger;
    const std::string name = safe_name(peer.name);
    const auto question = [&](std::string_view title, std::string_view text, std::string_view yes,
                              model::Command command) {
        frame.ask(Confirm{{std::string(title) + name + "?", std::string(text), std::string(yes),
                           std::move(command)}});
    };
    if (peer.presence == model::Presence::blocked) {
        if (row_button(frame, "details/unblock", Icon::block, strings::unblock,
                       frame.theme.colour.text))
            frame.ask(model::Command{model::UnblockPeer{peer.id}});
    } else if (row_button(frame, "details/block", Icon::block, strings::block, danger)) {
        question(strings::block_title, strings::block_text, strings::block,
                 model::BlockPeer{peer.id});
    }
    if (row_button(frame, "details/remove", Icon::trash, strings::remove, danger))
        question(strings::remove_title, strings::remove_text, strings::remove_button,
                 model::RemoveContact{peer.id});
}

void draw_fingerprint(Frame& frame, const model::PeerId& peer) {
    caption(frame, strings::fingerprint);
    paragraph(small_dim(frame), grouped_fingerprint(peer));
}

}  // namespace

void draw_details(Frame& frame, const model::Peer& peer, DetailsState& state) {
    const Metrics& size = frame.theme.size;
    forget_previous(state, peer.id);
    ImGui::SetCursorPos({size.l, (size.chat_header - size.text) / 2});
    line(bold(frame), strings::details);
    ImGui::SetCursorPos({ImGui::GetWindowWidth() - size.icon_button - size.m,
                         (size.chat_header - size.icon_button) / 2});
    if (icon_button(frame, "details/close", Icon::close, {})) frame.ask(ToggleDetails{});
    ImGui::SetCursorPos({size.l, size.chat_header});
    ImGui::BeginChild("details-body", {-size.m, 0});
    draw_portrait(frame, peer);
    draw_connection(frame, peer);
    draw_safety(frame, peer);
    if (peer.contact) draw_auto_accept(frame, peer, state);
    if (peer.contact) draw_conversation_settings(frame, peer);
    vertical_gap(size.l);
    draw_rename(frame, peer, state);
    draw_parting(frame, peer);
    draw_fingerprint(frame, peer.id);
    vertical_gap(size.l);
    ImGui::EndChild();
}

}  // namespace kith::gui
