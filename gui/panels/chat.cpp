// SPDX-License-Identifier: MIT
#include <cmath>

#include "gui/amount_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/recorder.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

void draw_back(Frame& frame) {
    const Metrics& size = frame.theme.size;
    ImGui::SetCursorPos({0, (size.chat_header - size.icon_button) / 2});
    if (icon_button(frame, "chat/back", Icon::arrow_left, strings::back_tip))
        frame.ask(CloseConversation{});
}

void draw_header(Frame& frame, const model::Peer& peer, bool with_back) {
    const Metrics& size = frame.theme.size;
    const ImVec2 min = ImGui::GetWindowPos();
    const ImVec2 max{min.x + ImGui::GetWindowWidth(), min.y + size.chat_header};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, frame.theme.colour.bar);
    draw.AddLine({min.x, max.y}, max, frame.theme.colour.border, size.line);
    const std::string name = safe_name(peer.name);
    const float indent = with_back ? size.xs + size.icon_button : size.l;
    const ImVec2 corner{min.x + indent, min.y + (size.chat_header - size.avatar_small) / 2};
    draw_avatar(frame, draw, corner, size.avatar_small, peer.id, name);
    draw_presence(frame, draw, corner, size.avatar_small, peer.presence, frame.theme.colour.bar);
    const float left = corner.x + size.avatar_small + size.m;
    const float right = max.x - 2 * size.icon_button - size.l;
    draw_line(draw, bold(frame), {left, corner.y}, right, name);
    if (peer.verified) {
        const float x = std::min(right - size.icon, left + measure(bold(frame), name).x + size.s);
        draw_icon(draw, Icon::shield, {x, corner.y + size.xs / 2}, size.l,
                  frame.theme.colour.success);
    }
    follow_minutes(frame, peer);
    std::string below = presence_text(peer, frame.now);
    if (!peer.status.empty()) below += " · " + safe_line(peer.status);
    draw_line(
        draw,
        peer.typing ? coloured(small_dim(frame), frame.theme.colour.accent) : small_dim(frame),
        {left, corner.y + size.text}, right, peer.typing ? std::string(strings::typing) : below);
    const std::string label = "chat/path-" + std::string(model::to_string(peer.path));
    record_area(label.c_str(), {left, corner.y}, {right, corner.y + size.avatar_small});
    if (with_back) draw_back(frame);
    // The name opens the details too, as people expect.
    const float name_left = with_back ? indent : size.s;
    ImGui::SetCursorPos({name_left, 0});
    if (ImGui::InvisibleButton("chat/header",
                               {std::max(1.0F, right - min.x - name_left), size.chat_header}))
        frame.ask(ToggleDetails{});
    if (peer.path == model::PathKind::relay) tooltip(frame, strings::path_relay_tip);
    ImGui::SetCursorPos(
        {max.x - min.x - 2 * size.icon_button - size.m, (size.chat_header - size.icon_button) / 2});
    if (icon_button(frame, "chat/search", Icon::search, strings::search_chat_tip))
        frame.ask(OpenSearch{peer.id, {}});
    ImGui::SameLine(0, 0);
    if (icon_button(frame, "chat/details", Icon::info, strings::details_tip))
        frame.ask(ToggleDetails{});
}

// What both wish of disappearing messages, in one line under the header; nothing when nobody does.
std::string timer_line(const model::Peer& peer) {
    if (peer.timer_mine > 0 && peer.timer_theirs > 0)
        return std::string(strings::disappearing_on) +
               duration_text(std::max(peer.timer_mine, peer.timer_theirs));
    const std::string name = safe_name(peer.name);
    if (peer.timer_theirs > 0)
        return name + std::string(strings::suggests) + duration_text(peer.timer_theirs);
    if (peer.timer_mine > 0)
        return std::string(strings::waiting_for) + name + std::string(strings::to_agree);
    return {};
}

float timer_height(const Frame& frame, const std::string& line) {
    return line.empty() ? 0 : frame.theme.size.control;
}

void draw_timer(Frame& frame, const model::Peer& peer, const std::string& line, float top) {
    if (line.empty()) return;
    const Metrics& size = frame.theme.size;
    const ImVec2 min{ImGui::GetWindowPos().x, ImGui::GetWindowPos().y + top};
    const ImVec2 max{min.x + ImGui::GetWindowWidth(), min.y + size.control};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, frame.theme.colour.bar);
    draw.AddLine({min.x, max.y}, max, frame.theme.colour.border, size.line);
    draw_icon(draw, Icon::timer, {min.x + size.l, min.y + (size.control - size.icon) / 2},
              size.icon, frame.theme.colour.accent);
    const bool suggested = peer.timer_theirs > 0 && peer.timer_mine == 0;
    const float button_room = suggested ? button_width(frame, strings::agree) : 0;
    draw_line(draw, small_dim(frame),
              {min.x + size.l + size.icon + size.s, min.y + (size.control - size.small) / 2},
              max.x - size.l - button_room, line);
    if (!suggested) return;
    ImGui::SetCursorPos({ImGui::GetWindowWidth() - button_room - size.s, top});
    if (button(frame, "chat/agree-timer", strings::agree, ButtonKind::link))
        frame.ask(model::Command{model::SetDisappearing{peer.id, peer.timer_theirs}});
}

void ask_for_pages(Frame& frame, const model::PeerId& peer) {
    const auto at = frame.view.conversations.find(peer);
    const bool known = at != frame.view.conversations.end();
    if (known && (at->second.loaded() || at->second.loading())) return;
    frame.ask(LoadNewest{peer});
}

// What to do next: add whoever is there, answer a request, or choose a conversation.
struct Advice {
    std::string_view title, text;
    bool alone = false;
};

Advice advice_for(const ViewState& view) {
    if (!matching_peers(view, {}).empty()) return {strings::choose_title, strings::choose_text};
    if (!view.requests.empty())
        return {strings::request_waits_title, strings::request_waits_choose};
    if (!view.nearby.empty()) return {strings::near_title, strings::near_text, true};
    return {strings::first_title, strings::empty_list_text, true};
}

// Beside each other, or below where they are too long for that.
void draw_first_steps(Frame& frame, float width) {
    const float both = button_width(frame, strings::copy_id) + frame.theme.size.s +
                       button_width(frame, strings::add_contact);
    const float each = both > width ? -1.0F : 0.0F;
    if (both <= width) ImGui::SetCursorPosX((width - both) / 2);
    if (button(frame, "empty/copy-id", strings::copy_id, ButtonKind::primary, each))
        frame.ask(CopyText{frame.view.profile.connection_id, std::string(strings::copied_id)});
    if (both <= width) ImGui::SameLine();
    if (button(frame, "empty/add-contact", strings::add_contact, ButtonKind::plain, each))
        frame.ask(OpenDialog{Dialog::add_contact});
}

}  // namespace

void draw_chat(Frame& frame, const model::Peer& peer, ChatState& state, bool with_back) {
    const Metrics& size = frame.theme.size;
    ask_for_pages(frame, peer.id);
    draw_header(frame, peer, with_back);
    const float composer = composer_height(frame, peer, state);
    const std::string timer = timer_line(peer);
    draw_timer(frame, peer, timer, size.chat_header + size.line);
    ImGui::SetCursorPos({0, size.chat_header + size.line + timer_height(frame, timer)});
    draw_message_list(frame, peer, state);
    const ImVec2 min = ImGui::GetWindowPos(), extent = ImGui::GetWindowSize();
    const ImVec2 max{min.x + extent.x, min.y + extent.y};
    frame.take_drops(min, max, peer.id);
    ImGui::SetCursorPos({0, ImGui::GetWindowHeight() - composer});
    ImGui::BeginChild("composer", {0, composer});
    draw_composer(frame, peer, state);
    ImGui::EndChild();
    if (frame.glowing == peer.id)
        ImGui::GetForegroundDrawList()->AddRect(min, max, frame.theme.colour.accent, 0, 0,
                                                3 * size.line);
}

void draw_no_chat(Frame& frame) {
    const Metrics& size = frame.theme.size;
    const Advice advice = advice_for(frame.view);
    const float width = std::min(size.card, ImGui::GetWindowWidth() - 2 * size.l);
    ImGui::SetCursorPos(
        {(ImGui::GetWindowWidth() - width) / 2, std::round(ImGui::GetWindowHeight() * 0.38F)});
    ImGui::BeginChild("nothing-chosen", {width, size.xxl * 6});
    centred_paragraph(title(frame), advice.title);
    vertical_gap(size.s);
    centred_paragraph(dim(frame), advice.text);
    vertical_gap(size.l);
    if (advice.alone) draw_first_steps(frame, width);
    ImGui::EndChild();
}

}  // namespace kith::gui
