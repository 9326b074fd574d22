// SPDX-License-Identifier: MIT
#include "gui/panels/chat_layout.hpp"

#include <algorithm>

#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr model::Timestamp joined_within = 5 * 60 * 1000;  // milliseconds between joined bubbles
constexpr std::size_t cache_max = 4 * Conversation::held_max;

bool still_right(const MessageBox& box, const model::Message& message) {
    return box.source_size == message.text.size() && box.edited == message.edited &&
           box.deleted == message.deleted &&
           box.failed == (message.state == model::MessageState::failed);
}

std::string meta_of(const model::Message& message) {
    std::string text;
    if (message.edited) text = std::string(strings::edited) + " ";
    if (message.state == model::MessageState::failed)
        text = std::string(strings::failed_message) + " ";
    return text + clock_text(message.at);
}

float meta_width(const Frame& frame, const model::Message& message, const std::string& meta) {
    const Metrics& size = frame.theme.size;
    const float ticks = message.outgoing ? size.l + size.xs : 0;
    return measure({frame.fonts.regular, size.tiny, 0}, meta).x + ticks;
}

// The time stands on the last line where there is room for it, as in other messengers. Knowing the
// width of the last line takes another pass over it, so only texts of one line are tried.
void measure_bubble(const Frame& frame, const model::Message& message, float width,
                    MessageBox& box) {
    const Metrics& size = frame.theme.size;
    const float limit = std::max(size.xxl, std::min(size.bubble_max, width * 0.78F) - 2 * size.m);
    box.text_size = measure(body(frame), box.text, limit);
    const float meta = meta_width(frame, message, box.meta);
    const bool one_line = box.text_size.y < size.text * 1.5F;
    const float side_by_side = box.text_size.x + size.m + meta;
    const bool beside = one_line && side_by_side <= limit;
    const float inner = beside ? side_by_side : std::max(box.text_size.x, meta);
    box.bubble_width = inner + 2 * size.m;
    box.bubble_height = box.text_size.y + 2 * size.s + (beside ? 0 : size.tiny);
}

MessageBox make_box(const Frame& frame, const model::Message& message, float width) {
    MessageBox box;
    box.text = message.deleted ? std::string(strings::message_deleted) : safe_text(message.text);
    box.meta = meta_of(message);
    box.day = local_day(message.at);
    box.source_size = message.text.size();
    box.edited = message.edited;
    box.deleted = message.deleted;
    box.failed = message.state == model::MessageState::failed;
    measure_bubble(frame, message, width, box);
    return box;
}

const MessageBox& box_of(const Frame& frame, const model::Message& message, float width,
                         LayoutCache& cache) {
    const auto at = cache.boxes.find(message.id);
    if (at != cache.boxes.end() && still_right(at->second, message)) return at->second;
    return cache.boxes[message.id] = make_box(frame, message, width);
}

void keep_fresh(const Frame& frame, float width, LayoutCache& cache) {
    const float font = frame.theme.size.text;
    if (cache.width == width && cache.font == font && cache.boxes.size() <= cache_max) return;
    cache.boxes.clear();
    cache.width = width;
    cache.font = font;
}

bool joined(const Row& above, const Row& below) {
    return above.message->outgoing == below.message->outgoing && !below.new_day &&
           !below.unread_line && below.message->at - above.message->at < joined_within;
}

void place(const Frame& frame, const Row* above, Row& row) {
    const Metrics& size = frame.theme.size;
    row.new_day = !above || above->box->day != row.box->day;
    row.joined_above = above && joined(*above, row);
    row.above = row.joined_above ? size.xs / 2 : size.m;
    if (row.new_day) row.above += size.small + size.xl;
    if (row.unread_line) row.above += size.small + size.l;
    row.height = row.above + row.box->bubble_height;
}

}  // namespace

ChatLayout lay_out(const Frame& frame, const Conversation& conversation, float width,
                   const std::optional<model::MessageId>& unread_from, LayoutCache& cache) {
    keep_fresh(frame, width, cache);
    ChatLayout layout;
    layout.rows.reserve(conversation.messages().size());
    layout.height = frame.theme.size.s;
    for (const model::Message& message : conversation.messages()) {
        Row row{.message = &message,
                .box = &box_of(frame, message, width, cache),
                .top = layout.height};
        row.unread_line = unread_from == message.id;
        Row* above = layout.rows.empty() ? nullptr : &layout.rows.back();
        place(frame, above, row);
        if (above) above->joined_below = row.joined_above;
        layout.height += row.height;
        layout.rows.push_back(row);
    }
    layout.height += frame.theme.size.m;
    return layout;
}

void stand_at_bottom(ChatLayout& layout, float view_height) {
    const float room = view_height - layout.height;
    if (room <= 0) return;
    for (Row& row : layout.rows) row.top += room;
    layout.height = view_height;
}

std::size_t first_row_at(const ChatLayout& layout, float y) {
    const auto at = std::partition_point(layout.rows.begin(), layout.rows.end(),
                                         [y](const Row& row) { return row.top + row.height <= y; });
    return static_cast<std::size_t>(at - layout.rows.begin());
}

}  // namespace kith::gui
