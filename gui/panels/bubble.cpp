// SPDX-License-Identifier: MIT
#include "gui/panels/bubble.hpp"

#include <imgui_internal.h>

#include <cmath>

#include "gui/message_words.hpp"
#include "gui/strings.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double highlight_fade_seconds = 0.8;

struct BubbleColours {
    ImU32 fill, text, dim;
};

BubbleColours colours_of(const Frame& frame, bool outgoing) {
    const Palette& colour = frame.theme.colour;
    if (outgoing) return {colour.bubble_out, colour.bubble_out_text, colour.bubble_out_dim};
    return {colour.bubble_in, colour.text, colour.text_dim};
}

void draw_pill(const Frame& frame, float middle, float y, std::string_view text) {
    const Metrics& size = frame.theme.size;
    const TextStyle style{frame.fonts.bold, size.tiny, frame.theme.colour.day_pill_text};
    const float half = std::round(measure(style, text).x / 2) + size.m;
    const ImVec2 min{middle - half, y};
    const ImVec2 max{middle + half, y + size.small + size.s};
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(min, max, frame.theme.colour.day_pill, size.bubble_radius);
    draw_centred(draw, style, min, max, text);
}

void draw_unread_line(const Frame& frame, ImVec2 at, float width) {
    const Metrics& size = frame.theme.size;
    const ImU32 colour = frame.theme.colour.accent;
    const TextStyle style{frame.fonts.bold, size.tiny, colour};
    const float text = measure(style, strings::new_messages).x;
    const float middle = at.x + width / 2;
    const float y = std::round(at.y + size.small / 2);
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddLine({at.x + size.l, y}, {middle - text / 2 - size.m, y}, with_alpha(colour, 0.4F),
                 size.line);
    draw.AddLine({middle + text / 2 + size.m, y}, {at.x + width - size.l, y},
                 with_alpha(colour, 0.4F), size.line);
    draw_line(draw, style, {middle - text / 2, at.y}, at.x + width, strings::new_messages);
}

// Corners between bubbles of the same sender are tighter, on the sender's side.
void fill_bubble(const Frame& frame, const Row& row, ImVec2 min, ImVec2 max, ImU32 fill) {
    const Metrics& size = frame.theme.size;
    const bool right = row.message->outgoing;
    const float wide = size.bubble_radius, tight = size.radius_small;
    const float top = row.joined_above ? tight : wide, bottom = row.joined_below ? tight : wide;
    const float tl = right ? wide : top, tr = right ? top : wide;
    const float br = right ? bottom : wide, bl = right ? wide : bottom;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.PathArcToFast({min.x + tl, min.y + tl}, tl, 6, 9);
    draw.PathArcToFast({max.x - tr, min.y + tr}, tr, 9, 12);
    draw.PathArcToFast({max.x - br, max.y - br}, br, 0, 3);
    draw.PathArcToFast({min.x + bl, max.y - bl}, bl, 3, 6);
    draw.PathFillConvex(fill);
}

// A stripe in the colour of the accent, the name, and one line.
void draw_quote(Frame& frame, const Row& row, ImVec2 min, const BubbleColours& colours) {
    const MessageBox& box = *row.box;
    if (box.quote_name.empty()) return;
    const Metrics& size = frame.theme.size;
    const ImVec2 from{min.x + size.m, min.y + size.s};
    const ImVec2 to{min.x + box.bubble_width - size.m, from.y + box.quote_height - size.s};
    const ImU32 stripe = row.message->outgoing ? colours.dim : frame.theme.colour.accent;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    draw.AddRectFilled(from, to, with_alpha(stripe, 0.16F), size.radius_small);
    draw.AddRectFilled(from, {from.x + size.quote_stripe, to.y}, stripe, size.radius_small,
                       ImDrawFlags_RoundCornersLeft);
    const float left = from.x + size.quote_stripe + size.s;
    draw_line(draw, {frame.fonts.bold, size.small, stripe}, {left, from.y + size.xs / 2},
              to.x - size.xs, box.quote_name);
    draw_line(draw, {frame.fonts.regular, size.small, colours.text},
              {left, from.y + size.xs / 2 + size.small}, to.x - size.xs, box.quote_text);
    ImGui::SetCursorScreenPos(from);
    const std::string id = message_label(row.message->id, "quote");
    if (ImGui::InvisibleButton(id.c_str(), {to.x - from.x, to.y - from.y}) && row.message->quote)
        frame.ask(JumpTo{row.message->peer, *row.message->reply_to});
}

void draw_ticks(const Frame& frame, const model::Message& message, ImVec2 corner, float size,
                ImU32 colour) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const Palette& palette = frame.theme.colour;
    switch (message.state) {
        case model::MessageState::queued:
            return draw_icon(draw, Icon::clock, corner, size, colour);
        case model::MessageState::at_relay:
            return draw_icon(draw, Icon::network, corner, size, colour);
        case model::MessageState::sent:
            return draw_icon(draw, Icon::check, corner, size, colour);
        case model::MessageState::delivered:
            return draw_icon(draw, Icon::check_double, corner, size, colour);
        case model::MessageState::read:
            return draw_icon(draw, Icon::check_double, corner, size, palette.ticks_read);
        case model::MessageState::failed:
            return draw_icon(draw, Icon::warning, corner, size, palette.danger);
        case model::MessageState::received:
            return;
    }
}

void draw_meta(const Frame& frame, const Row& row, ImVec2 max, const BubbleColours& colours) {
    const Metrics& size = frame.theme.size;
    const model::Message& message = *row.message;
    const float ticks = message.outgoing && !message.deleted ? size.l + size.xs : 0;
    const TextStyle style{frame.fonts.regular, size.tiny,
                          row.box->failed ? frame.theme.colour.danger : colours.dim};
    const float y = max.y - size.tiny - size.xs - 2 * size.line;
    const float x = max.x - size.m - ticks - measure(style, row.box->meta).x;
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    if (message.timer > 0 && !message.deleted)
        draw_icon(draw, Icon::timer, {x - size.l, y}, size.l - size.xs / 2, colours.dim);
    draw_line(draw, style, {x, y}, max.x, row.box->meta);
    if (ticks > 0)
        draw_ticks(frame, message, {max.x - size.m - size.l, y - size.line}, size.l, colours.dim);
}

void draw_content(Frame& frame, const Row& row, ImVec2 min, const BubbleColours& colours) {
    const Metrics& size = frame.theme.size;
    const MessageBox& box = *row.box;
    if (box.card) {
        draw_card(frame, *row.message->transfer, *box.card,
                  {min.x + size.m, min.y + size.s + box.quote_height}, colours.text, colours.dim);
        return;
    }
    ImGui::GetWindowDrawList()->AddText(frame.fonts.regular, size.text,
                                        {min.x + size.m, min.y + size.s + box.quote_height},
                                        box.deleted ? colours.dim : colours.text, box.text.data(),
                                        box.text.data() + box.text.size(), box.text_size.x + 1);
}

// Beside the bubble, on the side where there is room, while the mouse is on the row.
void draw_menu_button(Frame& frame, const Row& row, ImVec2 min, ImVec2 max, ChatState& state) {
    const Metrics& size = frame.theme.size;
    const bool open = state.menu.message == row.message->id;
    const float reach = size.icon_button + size.s;
    const bool near = ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem) &&
                      ImGui::IsMouseHoveringRect({min.x - reach, min.y}, {max.x + reach, max.y});
    if (!near && !open) return;
    const float x = row.message->outgoing ? min.x - size.icon_button : max.x;
    ImGui::SetCursorScreenPos({x, std::round((min.y + max.y - size.icon_button) / 2)});
    const std::string id = message_label(row.message->id, "menu");
    if (icon_button(frame, id.c_str(), Icon::dots, strings::message_menu_tip))
        want_menu(state, row.message->id, ImGui::GetItemRectMax(), false);
}

void draw_chosen(const Frame& frame, const Row& row, ImVec2 min, ImVec2 max,
                 const ChatState& state) {
    const Metrics& size = frame.theme.size;
    if (state.chosen != row.message->id) return;
    const float gap = 2 * size.line;
    ImGui::GetWindowDrawList()->AddRect({min.x - gap, min.y - gap}, {max.x + gap, max.y + gap},
                                        frame.theme.colour.accent, size.bubble_radius + gap, 0,
                                        2 * size.line);
}

void draw_bubble(Frame& frame, const Row& row, ImVec2 min, ChatState& state) {
    const MessageBox& box = *row.box;
    const model::Message& message = *row.message;
    const ImVec2 max{min.x + box.bubble_width, min.y + box.bubble_height};
    const BubbleColours colours = colours_of(frame, message.outgoing);
    fill_bubble(frame, row, min, max, colours.fill);
    draw_chosen(frame, row, min, max, state);
    draw_quote(frame, row, min, colours);
    draw_content(frame, row, min, colours);
    draw_meta(frame, row, max, colours);
    ImGui::SetCursorScreenPos(min);
    ImGui::InvisibleButton(message_label(message.id).c_str(),
                           {box.bubble_width, box.bubble_height});
    // Not over the buttons and pictures in it, which say something of their own.
    if (ImGui::GetHoveredID() == ImGui::GetItemID()) tooltip(frame, tip_of(message));
    if (ImGui::IsWindowHovered() && ImGui::IsMouseHoveringRect(min, max) &&
        ImGui::IsMouseReleased(ImGuiMouseButton_Right))
        want_menu(state, message.id, ImGui::GetIO().MousePos, false);
    draw_reactions(frame, row, min, max);
    draw_menu_button(frame, row, min, max, state);
}

// What was jumped to lights up and fades.
void draw_highlight(Frame& frame, const Row& row, ImVec2 top, float width, const ChatState& state) {
    if (!state.highlight || state.highlight->message != row.message->id) return;
    const double left = state.highlight->until - frame.time;
    if (left <= 0) return;
    const auto strength = static_cast<float>(std::min(1.0, left / highlight_fade_seconds));
    const float gap = frame.theme.size.xs;
    ImGui::GetWindowDrawList()->AddRectFilled({top.x, top.y - gap},
                                              {top.x + width, top.y + row.height - row.above + gap},
                                              with_alpha(frame.theme.colour.highlight, strength));
    frame.redraw_in(left > highlight_fade_seconds ? left - highlight_fade_seconds : 1.0 / 30);
}

}  // namespace

void draw_message_row(Frame& frame, const Row& row, ImVec2 origin, float width, ChatState& state) {
    const Metrics& size = frame.theme.size;
    float y = std::round(origin.y + row.top);
    const float bubble_top = std::round(origin.y + row.top + row.above);
    if (row.new_day) {
        draw_pill(frame, origin.x + width / 2, y + size.s, day_text(row.message->at, frame.now));
        y += size.small + size.xl;
    }
    if (row.unread_line) draw_unread_line(frame, {origin.x, y + size.s}, width);
    const float x = row.message->outgoing ? origin.x + width - row.box->bubble_width - size.l
                                          : origin.x + size.l;
    draw_highlight(frame, row, {origin.x, bubble_top}, width, state);
    draw_bubble(frame, row, {std::round(x), bubble_top}, state);
}

}  // namespace kith::gui
