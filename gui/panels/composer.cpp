// SPDX-License-Identifier: MIT
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "gui/chat_drafts.hpp"
#include "gui/panels/bubble.hpp"
#include "gui/panels/panels.hpp"
#include "gui/pasted_paths.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/menu.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// Text is kept by Dear ImGui while it is edited, so that taking it has to happen in its callback.
struct Typing {
    bool send = false;
    bool to_end = false;
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
    if (std::exchange(typing.to_end, false)) {
        data->CursorPos = data->BufTextLen;
        data->ClearSelection();
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

float bar_height(const Frame& frame, const ChatState& state) {
    return state.reply || state.edit ? frame.theme.size.control + frame.theme.size.xs : 0;
}

bool offers_files(const ChatState& state) {
    return state.pasted.there && !state.edit && state.pasted.text == state.draft;
}

float offer_height(const Frame& frame, const ChatState& state) {
    return offers_files(state) ? frame.theme.size.control + frame.theme.size.s : 0;
}

void leave_bar(ChatState& state) {
    end_edit(state);
    state.reply.reset();
    state.focus_composer = true;
}

// What is answered or edited, with a cross to leave it.
void draw_bar(Frame& frame, const model::Peer& peer, ChatState& state) {
    if (!state.reply && !state.edit) return;
    const Metrics& size = frame.theme.size;
    const std::string title = state.edit ? std::string(strings::editing)
                              : state.reply->outgoing
                                  ? std::string(strings::reply_to_self)
                                  : std::string(strings::reply_to) + safe_name(peer.name);
    const std::string text = state.edit ? safe_line(state.edit->original) : state.reply->text;
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float right = ImGui::GetWindowPos().x + ImGui::GetWindowWidth() - size.l;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const ImU32 accent = frame.theme.colour.accent;
    draw.AddRectFilled({at.x + size.icon + size.m, at.y},
                       {at.x + size.icon + size.m + size.quote_stripe, at.y + size.control}, accent,
                       size.radius_small);
    draw_icon(draw, state.edit ? Icon::pencil : Icon::reply,
              {at.x, at.y + (size.control - size.icon) / 2}, size.icon, accent);
    const float left = at.x + size.icon + 2 * size.m;
    const float end = right - size.icon_button;
    draw_line(draw, {frame.fonts.bold, size.small, accent}, {left, at.y + size.xs / 2}, end, title);
    draw_line(draw, small_dim(frame), {left, at.y + size.xs / 2 + size.small}, end, text);
    ImGui::SetCursorScreenPos({right - size.icon_button + size.s, at.y});
    if (icon_button(frame, "composer/leave", Icon::close, strings::leave_tip)) leave_bar(state);
}

void send(Frame& frame, const model::Peer& peer, std::string_view text, ChatState& state) {
    std::string words(trimmed(text));
    if (state.edit) {
        if (words != state.edit->original)
            frame.ask(model::Command{model::EditMessage{state.edit->message, std::move(words)}});
        return end_edit(state);
    }
    std::optional<model::MessageId> answered;
    if (state.reply) answered = state.reply->message;
    frame.ask(model::Command{model::SendText{peer.id, std::move(words), answered}});
    frame.ask(LoadNewest{peer.id});
    state.reply.reset();
    state.scroll.at_bottom = state.scroll.to_newest = true;
    state.unread_from.reset();
    state.draft.clear();
}

// Whoever pastes a path may mean the file. It is looked at elsewhere whether it is there.
void look_for_paths(Frame& frame, const model::Peer& peer, std::size_t size_before,
                    ChatState& state) {
    if (state.draft.size() < size_before + 2 || state.edit) return;
    auto paths = pasted_paths(state.draft);
    if (!paths.empty()) frame.ask(LookAtPasted{peer.id, state.draft, std::move(paths)});
}

// The pasted path as a file, or as the text it is.
void draw_offer(Frame& frame, const model::Peer& peer, ChatState& state) {
    if (!offers_files(state)) return;
    const auto text =
        state.pasted.paths.size() == 1 ? strings::send_file_offer : strings::send_files_offer;
    if (button(frame, "composer/send-file", text, ButtonKind::primary)) {
        frame.ask(OfferPaths{peer.id, std::move(state.pasted.paths)});
        state.pasted = {};
        state.draft.clear();
        state.draft_replaced = state.focus_composer = true;
    }
    ImGui::SameLine();
    if (icon_button(frame, "composer/keep-text", Icon::close, strings::leave_tip)) {
        state.pasted = {};
        state.focus_composer = true;
    }
}

void draw_attach(Frame& frame, const model::Peer& peer) {
    constexpr const char* menu = "composer/attach-menu";
    if (icon_button(frame, "composer/attach", Icon::clip, strings::attach_tip))
        frame.ask(ChoosePaths{PathsFor::send_files, peer.id, {}});
    if (ImGui::IsItemHovered() && ImGui::IsMouseReleased(ImGuiMouseButton_Right))
        ImGui::OpenPopup(menu);
    if (!begin_menu(frame, menu)) return;
    const ImU32 colour = frame.theme.colour.text;
    ImGui::Dummy({frame.theme.size.menu, 0});
    if (menu_row(frame, "composer/attach/files", Icon::file, strings::attach_files, colour))
        frame.ask(ChoosePaths{PathsFor::send_files, peer.id, {}});
    if (menu_row(frame, "composer/attach/folder", Icon::folder, strings::attach_folder, colour))
        frame.ask(ChoosePaths{PathsFor::send_folder, peer.id, {}});
    end_menu();
}

// Up in an empty field goes back to what was written last.
void edit_last(const Frame& frame, const model::Peer& peer, ChatState& state) {
    if (!state.composing || !state.draft.empty() || state.edit) return;
    if (!ImGui::IsKeyChordPressed(ImGuiKey_UpArrow)) return;
    const auto known = frame.view.conversations.find(peer.id);
    if (known == frame.view.conversations.end()) return;
    const auto& messages = known->second.messages();
    const auto last = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const auto& message) { return editable(message); });
    if (last != messages.rend()) begin_edit(state, *last);
}

// Dear ImGui would give the field back the text it had when it got the keyboard.
void take_escape(ChatState& state, ImGuiID field) {
    if (!state.composing) return;
    const bool pressed = ImGui::IsKeyPressed(ImGuiKey_Escape, false);
    ImGui::SetKeyOwner(ImGuiKey_Escape, field + 1, ImGuiInputFlags_LockThisFrame);
    if (!pressed) return;
    if (state.reply || state.edit) return leave_bar(state);
    ImGui::ClearActiveID();
}

void draw_field(Frame& frame, const model::Peer& peer, ChatState& state, ImVec2 area) {
    edit_last(frame, peer, state);
    ImGui::PushID(short_id(peer.id).c_str());
    const ImGuiID field = ImGui::GetID("##composer/text");
    take_escape(state, field);
    Typing typing{.to_end = state.caret_to_end, .taken = {}};
    if (state.focus_composer) ImGui::SetKeyboardFocusHere();
    state.focus_composer = false;
    if (std::exchange(state.draft_replaced, false))
        if (auto* held = ImGui::GetInputTextState(field)) held->ReloadUserBufAndMoveToEnd();
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const std::size_t size_before = state.draft.size();
    constexpr ImGuiInputTextFlags flags =
        ImGuiInputTextFlags_CallbackCharFilter | ImGuiInputTextFlags_CallbackAlways;
    ImGui::InputTextMultiline("##composer/text", &state.draft, area, flags, on_edit, &typing);
    look_for_paths(frame, peer, size_before, state);
    state.composing = ImGui::IsItemActive();
    state.caret_to_end = typing.to_end;
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
    draw_icon(*ImGui::GetWindowDrawList(), state.edit ? Icon::check : Icon::send,
              {min.x + inset, min.y + inset}, size.icon,
              ready ? frame.theme.colour.accent : frame.theme.colour.text_dim);
    focus_ring(frame, size.radius);
    tooltip(frame, state.edit ? strings::save_tip : strings::send_tip);
    if (!pressed || !ready) return;
    send(frame, peer, state.draft, state);
    state.focus_composer = true;
}

}  // namespace

float composer_height(const Frame& frame, const model::Peer& peer, const ChatState& state) {
    const Metrics& size = frame.theme.size;
    const float field = why_not(peer).empty() ? field_height(frame, state.draft) : size.control;
    const float bar = why_not(peer).empty() ? bar_height(frame, state) : 0;
    const float offer = why_not(peer).empty() ? offer_height(frame, state) : 0;
    return std::round(field + 2 * size.s + size.line + excess_height(frame, state) + bar + offer);
}

void draw_composer(Frame& frame, const model::Peer& peer, ChatState& state) {
    const Metrics& size = frame.theme.size;
    const ImVec2 min = ImGui::GetWindowPos();
    const ImVec2 max{min.x + ImGui::GetWindowWidth(), min.y + ImGui::GetWindowHeight()};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, frame.theme.colour.bar);
    draw.AddLine(min, {max.x, min.y}, frame.theme.colour.border, size.line);
    const auto reason = why_not(peer);
    state.composing = state.composing && reason.empty();
    if (!reason.empty()) return draw_centred(draw, dim(frame), min, max, reason);
    ImGui::SetCursorPos({size.l, size.s + size.line});
    const float bar = bar_height(frame, state) + offer_height(frame, state);
    draw_offer(frame, peer, state);
    ImGui::SetCursorPos({size.l, size.s + size.line + offer_height(frame, state)});
    draw_bar(frame, peer, state);
    const float left = size.s + size.icon_button;
    ImGui::SetCursorPos({left, size.s + size.line + bar});
    if (state.draft.size() > model::text_max) {
        const std::string text = std::string(strings::text_too_long) +
                                 std::to_string(state.draft.size() - model::text_max) +
                                 std::string(strings::text_too_long_unit);
        line(coloured(small_dim(frame), frame.theme.colour.danger), text);
        ImGui::SetCursorPos({left, size.s + size.line + bar + excess_height(frame, state)});
    }
    const float width = ImGui::GetWindowWidth() - left - size.l - size.control - size.s;
    draw_field(frame, peer, state, {std::max(1.0F, width), field_height(frame, state.draft)});
    ImGui::SetCursorPos({ImGui::GetWindowWidth() - size.m - size.control,
                         ImGui::GetWindowHeight() - size.s - size.control});
    draw_send(frame, peer, state);
    ImGui::SetCursorPos({size.xs, ImGui::GetWindowHeight() - size.s - size.icon_button});
    draw_attach(frame, peer);
}

}  // namespace kith::gui
