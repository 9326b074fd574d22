// SPDX-License-Identifier: MIT
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// Text is kept by Dear ImGui while it is edited, so that taking it has to happen in its callback.
struct Typing {
    bool send = false;
    std::string taken;
};

bool sendable(std::string_view text) {
    return text.size() <= model::text_max &&
           text.find_first_not_of(" \t\r\n") != std::string_view::npos;
}

int on_edit(ImGuiInputTextCallbackData* data) {
    auto& typing = *static_cast<Typing*>(data->UserData);
    if (data->EventFlag == ImGuiInputTextFlags_CallbackCharFilter) {
        const bool enter =
            ImGui::IsKeyDown(ImGuiKey_Enter) || ImGui::IsKeyDown(ImGuiKey_KeypadEnter);
        if (data->EventChar != '\n' || !enter || ImGui::GetIO().KeyShift) return 0;
        typing.send = true;
        return 1;
    }
    const std::string_view text(data->Buf, static_cast<std::size_t>(data->BufTextLen));
    if (!typing.send || !sendable(text)) return 0;
    typing.taken = text;
    data->DeleteChars(0, data->BufTextLen);
    return 0;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::string_view why_not(const model::Peer& peer) {
    if (peer.presence == model::Presence::blocked) return strings::blocked_composer;
    if (peer.presence == model::Presence::pending_out) return strings::pending_out_composer;
    if (!peer.contact) return strings::stranger_composer;
    return {};
}

float field_height(const Frame& frame, std::string_view text) {
    const Metrics& size = frame.theme.size;
    const auto lines = 1 + static_cast<float>(std::count(text.begin(), text.end(), '\n'));
    return std::min(lines, size.composer_lines) * size.text + 2 * ImGui::GetStyle().FramePadding.y;
}

float excess_height(const Frame& frame, const ChatState& state) {
    return state.draft.size() > model::text_max ? frame.theme.size.small + frame.theme.size.xs : 0;
}

void send(Frame& frame, const model::Peer& peer, std::string_view text, ChatState& state) {
    frame.ask(model::Command{model::SendText{peer.id, std::string(trimmed(text)), std::nullopt}});
    state.scroll.at_bottom = true;
    state.unread_from.reset();
    state.draft.clear();
}

void draw_field(Frame& frame, const model::Peer& peer, ChatState& state, ImVec2 area) {
    Typing typing;
    if (state.focus_composer) ImGui::SetKeyboardFocusHere();
    state.focus_composer = false;
    ImGui::PushID(short_id(peer.id).c_str());
    if (std::exchange(state.draft_replaced, false))
        if (auto* held = ImGui::GetInputTextState(ImGui::GetID("##composer/text")))
            held->ReloadUserBufAndMoveToEnd();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    constexpr ImGuiInputTextFlags flags =
        ImGuiInputTextFlags_CallbackCharFilter | ImGuiInputTextFlags_CallbackAlways;
    ImGui::InputTextMultiline("##composer/text", &state.draft, area, flags, on_edit, &typing);
    ImGui::PopID();
    const ImVec2 padding = ImGui::GetStyle().FramePadding;
    if (state.draft.empty())
        ImGui::GetWindowDrawList()->AddText(frame.fonts.regular, frame.theme.size.text,
                                            {at.x + padding.x, at.y + padding.y},
                                            frame.theme.colour.text_dim, strings::write_hint);
    if (!typing.taken.empty()) send(frame, peer, typing.taken, state);
}

void draw_send(Frame& frame, const model::Peer& peer, ChatState& state) {
    const Metrics& size = frame.theme.size;
    const bool ready = sendable(state.draft);
    const bool pressed = ImGui::InvisibleButton("composer/send", {size.control, size.control},
                                                ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin();
    const float inset = (size.control - size.icon) / 2;
    draw_icon(*ImGui::GetWindowDrawList(), Icon::send, {min.x + inset, min.y + inset}, size.icon,
              ready ? frame.theme.colour.accent : frame.theme.colour.text_dim);
    focus_ring(frame, size.radius);
    tooltip(frame, strings::send_tip);
    if (!pressed || !ready) return;
    send(frame, peer, state.draft, state);
    state.focus_composer = true;
}

}  // namespace

float composer_height(const Frame& frame, const model::Peer& peer, const ChatState& state) {
    const Metrics& size = frame.theme.size;
    const float field = why_not(peer).empty() ? field_height(frame, state.draft) : size.control;
    return std::round(field + 2 * size.s + size.line + excess_height(frame, state));
}

void draw_composer(Frame& frame, const model::Peer& peer, ChatState& state) {
    const Metrics& size = frame.theme.size;
    const ImVec2 min = ImGui::GetWindowPos();
    const ImVec2 max{min.x + ImGui::GetWindowWidth(), min.y + ImGui::GetWindowHeight()};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, frame.theme.colour.bar);
    draw.AddLine(min, {max.x, min.y}, frame.theme.colour.border, size.line);
    const auto reason = why_not(peer);
    if (!reason.empty()) return draw_centred(draw, dim(frame), min, max, reason);
    ImGui::SetCursorPos({size.l, size.s + size.line});
    if (state.draft.size() > model::text_max) {
        const std::string text = std::string(strings::text_too_long) +
                                 std::to_string(state.draft.size() - model::text_max) +
                                 std::string(strings::text_too_long_unit);
        line(coloured(small_dim(frame), frame.theme.colour.danger), text);
        ImGui::SetCursorPos({size.l, size.s + size.line + excess_height(frame, state)});
    }
    const float width = ImGui::GetWindowWidth() - 2 * size.l - size.control - size.s;
    draw_field(frame, peer, state, {std::max(1.0F, width), field_height(frame, state.draft)});
    ImGui::SetCursorPos({ImGui::GetWindowWidth() - size.m - size.control,
                         ImGui::GetWindowHeight() - size.s - size.control});
    draw_send(frame, peer, state);
}

}  // namespace kith::gui
