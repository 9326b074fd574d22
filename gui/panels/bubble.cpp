// SPDX-License-Identifier: MIT
#include "gui/panels/bubble.hpp"

#include <cmath>

#include "gui/strings.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

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

void draw_ticks(const Frame& frame, const model::Message& message, ImVec2 corner, float size,
                ImU32 colour) {
    ImDrawList& draw = *ImGui::GetWindowDrawList();
    const Palette& palette = frame.theme.colour;
    switch (message.state) {
        case model::MessageState::queued:
            return draw_icon(draw, Icon::clock, corner, size, colour);
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
    const float ticks = row.message->outgoing ? size.l + size.xs : 0;
    const TextStyle style{frame.fonts.regular, size.tiny,
                          row.box->failed ? frame.theme.colour.danger : colours.dim};
    const float y = max.y - size.tiny - size.xs - 2 * size.line;
    const float x = max.x - size.m - ticks - measure(style, row.box->meta).x;
    draw_line(*ImGui::GetWindowDrawList(), style, {x, y}, max.x, row.box->meta);
    if (ticks > 0)
        draw_ticks(frame, *row.message, {max.x - size.m - size.l, y - size.line}, size.l,
                   colours.dim);
}

void context_menu(Frame& frame, const Row& row, const std::string& id) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {frame.theme.size.s, frame.theme.size.s});
    if (ImGui::BeginPopupContextItem((id + "/menu").c_str())) {
        if (ImGui::MenuItem(strings::copy_text))
            frame.ask(CopyText{row.message->text, std::string(strings::copied_text)});
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar();
}

void draw_bubble(Frame& frame, const Row& row, ImVec2 min) {
    const Metrics& size = frame.theme.size;
    const MessageBox& box = *row.box;
    const ImVec2 max{min.x + box.bubble_width, min.y + box.bubble_height};
    const BubbleColours colours = colours_of(frame, row.message->outgoing);
    fill_bubble(frame, row, min, max, colours.fill);
    const ImU32 text = box.deleted ? colours.dim : colours.text;
    ImGui::GetWindowDrawList()->AddText(frame.fonts.regular, size.text,
                                        {min.x + size.m, min.y + size.s}, text, box.text.data(),
                                        box.text.data() + box.text.size(), box.text_size.x + 1);
    draw_meta(frame, row, max, colours);
    ImGui::SetCursorScreenPos(min);
    const std::string id = "message/" + model::to_string(row.message->id);
    ImGui::InvisibleButton(id.c_str(), {box.bubble_width, box.bubble_height});
    if (ImGui::IsItemHovered()) tooltip(frame, full_text(row.message->at));
    context_menu(frame, row, id);
}

}  // namespace

void draw_message_row(Frame& frame, const Row& row, ImVec2 origin, float width) {
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
    draw_bubble(frame, row, {std::round(x), bubble_top});
}

}  // namespace kith::gui
