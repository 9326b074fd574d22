// SPDX-License-Identifier: MIT
#include <imgui_internal.h>

#include <algorithm>
#include <array>

#include "gui/chat_drafts.hpp"
#include "gui/panels/bubble.hpp"
#include "gui/panels/file_card.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/menu.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr const char* menu_id = "message-menu";

// The first row is what people use most; the rest shows when asked for.
constexpr std::size_t emojis_in_row = 6;
constexpr std::array<std::string_view, 42> emojis{
    "👍",      "❤️", "😂",    "😮", "😢",    "🙏",    "👎", "😀", "😄", "😅",    "🤣",
    "😊",      "😍",      "😘",    "😎", "🤔", "🙄", "😏", "😴", "😬", "🤗", "🥳",
    "😭",      "😡",      "🤯", "😱", "🤷", "🙈",    "👏", "🙌", "💪", "👌",    "🤝",
    "✌️", "👀",      "🎉",    "🔥", "⭐",    "✅",    "❌", "☕", "🍰"};

bool reacted(const model::Message& message, std::string_view emoji) {
    return std::any_of(message.reactions.begin(), message.reactions.end(),
                       [&](const auto& held) { return held.mine && held.emoji == emoji; });
}

// Whoever came by keys goes on among the messages.
void back_to_writing(ChatState& state) {
    if (!state.menu.by_keys) state.focus_composer = state.caret_to_end = true;
}

bool emoji_button(Frame& frame, std::size_t index, bool mine) {
    const Metrics& size = frame.theme.size;
    const std::string id = "message-menu/emoji/" + std::to_string(index);
    const bool pressed = ImGui::InvisibleButton(id.c_str(), {size.icon_button, size.icon_button},
                                                ImGuiButtonFlags_EnableNav);
    const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (mine)
        draw.AddRectFilled(min, max, with_alpha(frame.theme.colour.accent, 0.35F), size.radius);
    if (ImGui::IsItemHovered())
        draw.AddRectFilled(min, max, frame.theme.colour.surface_hover, size.radius);
    draw_centred(draw, {frame.fonts.regular, size.emoji, frame.theme.colour.text}, min, max,
                 emojis.at(index));
    focus_ring(frame, size.radius);
    return pressed;
}

void draw_emojis(Frame& frame, const model::Message& message, ChatState& state) {
    MenuState& menu = state.menu;
    const std::size_t count = menu.more_emoji ? emojis.size() : emojis_in_row;
    for (std::size_t i = 0; i < count; ++i) {
        if (i % (emojis_in_row + 1) != 0) ImGui::SameLine();
        const bool mine = reacted(message, emojis.at(i));
        if (!emoji_button(frame, i, mine)) continue;
        frame.ask(model::Command{model::React{message.id, std::string(emojis.at(i)), !mine}});
        back_to_writing(state);
        ImGui::CloseCurrentPopup();
    }
    if (menu.more_emoji) return;
    ImGui::SameLine();
    if (icon_button(frame, "message-menu/more", Icon::plus, strings::more_emoji_tip))
        menu.more_emoji = true;
}

void draw_own_rows(Frame& frame, const model::Message& message, ChatState& state) {
    const Palette& colour = frame.theme.colour;
    if (editable(message) &&
        menu_row(frame, "message-menu/edit", Icon::pencil, strings::menu_edit, colour.text))
        begin_edit(state, message);
    if (cancellable(message) &&
        menu_row(frame, "message-menu/cancel", Icon::close, strings::menu_cancel, colour.danger)) {
        frame.ask(model::Command{model::CancelMessage{message.id}});
        back_to_writing(state);
    }
}

Icon icon_of(TransferButton::What what) {
    switch (what) {
        case TransferButton::What::accept:
            return Icon::check;
        case TransferButton::What::pause:
            return Icon::pause;
        case TransferButton::What::resume:
            return Icon::play;
        case TransferButton::What::retry:
            return Icon::refresh;
        case TransferButton::What::copy:
            return Icon::copy;
        case TransferButton::What::decline:
        case TransferButton::What::cancel:
            return Icon::close;
        case TransferButton::What::accept_to:
        case TransferButton::What::review:
        case TransferButton::What::open:
            break;
    }
    return Icon::folder;
}

// What the card offers, for whoever has no mouse.
void draw_transfer_rows(Frame& frame, const model::Transfer& transfer) {
    for (const TransferButton& wanted : buttons_of(transfer)) {
        const std::string id = std::string("message-menu/") + wanted.part;
        if (menu_row(frame, id.c_str(), icon_of(wanted.what), wanted.text, frame.theme.colour.text))
            press(frame, transfer, wanted.what);
    }
}

void draw_rows(Frame& frame, const model::Message& message, ChatState& state) {
    const Palette& colour = frame.theme.colour;
    if (!message.deleted) {
        draw_emojis(frame, message, state);
        vertical_gap(frame.theme.size.xs);
        if (menu_row(frame, "message-menu/reply", Icon::reply, strings::menu_reply, colour.text))
            begin_reply(state, message);
        ImGui::SetItemDefaultFocus();
        if (message.transfer) draw_transfer_rows(frame, current(frame, *message.transfer));
        if (!message.transfer &&
            menu_row(frame, "message-menu/copy", Icon::copy, strings::menu_copy, colour.text)) {
            frame.ask(CopyText{message.text, std::string(strings::copied_text)});
            back_to_writing(state);
        }
        draw_own_rows(frame, message, state);
    }
    if (cancellable(message)) return;
    if (menu_row(frame, "message-menu/delete", Icon::trash, strings::menu_delete, colour.danger))
        frame.ask(AskDelete{message.id, message.outgoing && !message.deleted});
}

}  // namespace

bool cancellable(const model::Message& message) {
    return message.outgoing && !message.deleted && !message.transfer &&
           message.state == model::MessageState::queued;
}

bool editable(const model::Message& message) {
    return message.outgoing && !message.deleted && !message.transfer;
}

std::string message_label(const model::MessageId& message, std::string_view part) {
    std::string label = "message/" + model::to_string(message);
    if (!part.empty()) label.append("/").append(part);
    return label;
}

void want_menu(ChatState& state, const model::MessageId& message, ImVec2 at, bool by_keys) {
    state.menu = {.message = message, .opening = true, .by_keys = by_keys, .at = at};
}

void draw_message_menu(Frame& frame, const Conversation& conversation, ChatState& state) {
    MenuState& menu = state.menu;
    if (!menu.message) return;
    if (std::exchange(menu.opening, false)) {
        ImGui::OpenPopup(menu_id);
        ImGui::SetNextWindowPos(menu.at);
        if (menu.by_keys) ImGui::SetNavCursorVisible(true);
    }
    const model::Message* message = conversation.find(*menu.message);
    if (!begin_menu(frame, menu_id)) {
        menu.message.reset();
        return;
    }
    if (message)
        draw_rows(frame, *message, state);
    else
        ImGui::CloseCurrentPopup();
    end_menu();
}

}  // namespace kith::gui
