// SPDX-License-Identifier: MIT
#include "gui/panels/chat_layout.hpp"

#include <algorithm>

#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr model::Timestamp joined_within = 5 * 60 * 1000;  // milliseconds between joined bubbles
constexpr std::size_t cache_max = 2 * Conversation::held_max;
constexpr std::size_t chip_text_max = 32;  // bytes shown of a reaction
constexpr std::size_t chips_max = 2 * model::reactions_max;

std::string meta_of(const model::Message& message) {
    std::string text;
    if (message.edited && !message.deleted) text = std::string(strings::edited) + " ";
    if (message.state == model::MessageState::failed)
        text = std::string(strings::failed_message) + " ";
    return text + clock_text(message.at);
}

float meta_width(const Frame& frame, const model::Message& message, const std::string& meta) {
    const Metrics& size = frame.theme.size;
    const float ticks = message.outgoing && !message.deleted ? size.l + size.xs : 0;
    const float timer = message.timer > 0 && !message.deleted ? size.l : 0;
    return measure({frame.fonts.regular, size.tiny, 0}, meta).x + ticks + timer;
}

// A quote is a name and one line, cut to what the bubble has room for.
float measure_quote(const Frame& frame, const MessageBox& box, float limit) {
    const Metrics& size = frame.theme.size;
    const TextStyle name{frame.fonts.bold, size.small, 0};
    const float text =
        std::max(measure(name, box.quote_name).x, measure(small_dim(frame), box.quote_text).x);
    return std::min(limit, text + 2 * size.s + size.quote_stripe);
}

// Side by side, in as many lines as they need.
void measure_chips(const Frame& frame, float width, MessageBox& box) {
    const Metrics& size = frame.theme.size;
    const float limit = std::max(size.chip, width - 2 * size.l);
    ImVec2 at{0, size.xs / 2};
    for (ReactionChip& chip : box.chips) {
        chip.width = measure({frame.fonts.regular, size.small, 0}, chip.label).x + size.m + size.s;
        if (at.x > 0 && at.x + chip.width > limit) at = {0, at.y + size.chip + size.xs / 2};
        chip.at = at;
        at.x += chip.width;
        box.chips_width = std::max(box.chips_width, at.x);
        at.x += size.xs;
    }
    box.chips_height = box.chips.empty() ? 0 : at.y + size.chip + size.xs / 2;
}

// The time stands on the last line where there is room for it, as in other messengers. Knowing the
// width of the last line takes another pass over it, so only texts of one line are tried.
void measure_bubble(const Frame& frame, const model::Message& message, float width,
                    MessageBox& box) {
    const Metrics& size = frame.theme.size;
    const float limit = std::max(size.xxl, std::min(size.bubble_max, width * 0.78F) - 2 * size.m);
    box.text_size = measure(body(frame), box.text, limit);
    const float meta = meta_width(frame, message, box.meta);
    if (message.transfer && !message.deleted) {
        box.text.clear();
        box.card = measure_card(frame, *message.transfer, limit);
        box.text_size = box.card->size;
    }
    const bool one_line = box.text_size.y < size.text * 1.5F;
    const float side_by_side = box.text_size.x + size.m + meta;
    const bool beside = one_line && !box.card && side_by_side <= limit;
    float inner = beside ? side_by_side : std::max(box.text_size.x, meta);
    if (!box.quote_name.empty()) {
        inner = std::max(inner, measure_quote(frame, box, limit));
        box.quote_height = 2 * size.small + 2 * size.xs + size.s;
    }
    box.bubble_width = inner + 2 * size.m;
    box.bubble_height = box.quote_height + box.text_size.y + 2 * size.s + (beside ? 0 : size.tiny);
}

void take_quote(const model::Message& message, std::string_view other, MessageBox& box) {
    if (!message.reply_to || message.deleted) return;
    box.quote_name = strings::quote;
    box.quote_text = strings::quote_gone;
    if (!message.quote) return;
    box.quote_name = message.quote->outgoing ? strings::you : other;
    box.quote_text = message.quote->deleted ? std::string(strings::message_deleted)
                                            : safe_line(message.quote->text);
}

// The same emoji of both is one chip with a two.
void take_reactions(const model::Message& message, MessageBox& box) {
    if (message.deleted) return;
    for (const model::Reaction& reaction : message.reactions) {
        const auto same = std::find_if(box.chips.begin(), box.chips.end(), [&](const auto& chip) {
            return chip.emoji == reaction.emoji;
        });
        if (same != box.chips.end()) {
            if (same->mine != reaction.mine && !same->both) same->label += " 2";
            same->both = same->both || same->mine != reaction.mine;
            same->mine = same->mine || reaction.mine;
        } else if (box.chips.size() < chips_max) {
            box.chips.push_back({reaction.emoji,
                                 safe_name(cut_utf8(reaction.emoji, chip_text_max)),
                                 {},
                                 0,
                                 reaction.mine,
                                 false});
        }
    }
}

MessageBox make_box(const Frame& frame, const HeldMessage& message, float width,
                    std::string_view other) {
    MessageBox box;
    box.text = message.deleted ? std::string(strings::message_deleted) : safe_text(message.text);
    box.meta = meta_of(message);
    box.day = local_day(message.at);
    box.version = message.version;
    box.deleted = message.deleted;
    box.failed = message.state == model::MessageState::failed;
    take_quote(message, other, box);
    take_reactions(message, box);
    measure_bubble(frame, message, width, box);
    measure_chips(frame, width, box);
    return box;
}

const MessageBox& box_of(const Frame& frame, const HeldMessage& message, float width,
                         LayoutCache& cache) {
    const auto at = cache.boxes.find(message.id);
    if (at != cache.boxes.end() && at->second.version == message.version) return at->second;
    return cache.boxes[message.id] = make_box(frame, message, width, cache.name);
}

void keep_fresh(const Frame& frame, float width, std::string_view name, LayoutCache& cache) {
    const float font = frame.theme.size.text;
    const bool same = cache.width == width && cache.font == font && cache.name == name;
    if (same && cache.boxes.size() <= cache_max) return;
    cache.boxes.clear();
    cache.width = width;
    cache.font = font;
    cache.name = name;
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
    row.height = row.above + row.box->bubble_height + row.box->chips_height;
}

ChatLayout make_layout(const Frame& frame, const Conversation& conversation,
                       const std::optional<model::MessageId>& unread_from, LayoutCache& cache) {
    ChatLayout layout;
    layout.rows.reserve(conversation.messages().size());
    layout.height = frame.theme.size.s;
    for (const HeldMessage& message : conversation.messages()) {
        Row row{.message = &message,
                .box = &box_of(frame, message, cache.width, cache),
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

}  // namespace

const ChatLayout& lay_out(const Frame& frame, const Conversation& conversation, ImVec2 view,
                          std::string_view safe_name,
                          const std::optional<model::MessageId>& unread_from, LaidOut& last) {
    const float width = view.x - ImGui::GetStyle().ScrollbarSize;
    const float font = frame.theme.size.text;
    const bool same = last.revision == conversation.revision() && last.width == width &&
                      last.view_height == view.y && last.font == font &&
                      last.unread_from == unread_from && last.name == safe_name;
    if (same) return last.layout;
    keep_fresh(frame, width, safe_name, last.cache);
    last.layout = make_layout(frame, conversation, unread_from, last.cache);
    stand_at_bottom(last.layout, view.y);
    last.revision = conversation.revision();
    last.width = width;
    last.view_height = view.y;
    last.font = font;
    last.unread_from = unread_from;
    last.name = safe_name;
    return last.layout;
}

std::size_t first_row_at(const ChatLayout& layout, float y) {
    const auto at = std::partition_point(layout.rows.begin(), layout.rows.end(),
                                         [y](const Row& row) { return row.top + row.height <= y; });
    return static_cast<std::size_t>(at - layout.rows.begin());
}

const Row* find_row(const ChatLayout& layout, const model::MessageId& id) {
    const auto at = std::find_if(layout.rows.begin(), layout.rows.end(),
                                 [&](const Row& row) { return row.message->id == id; });
    return at == layout.rows.end() ? nullptr : &*at;
}

}  // namespace kith::gui
