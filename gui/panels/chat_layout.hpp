// SPDX-License-Identifier: MIT
//
// Where each message of a conversation stands: measured once per message and width, then added up.
// Only the rows in view are drawn, and scrolling holds on to a message, not to a number of pixels,
// so that older pages can appear above without anything moving. UI thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "app/model/types.hpp"
#include "gui/conversation.hpp"
#include "gui/frame.hpp"
#include "gui/panels/file_card.hpp"

namespace kith::gui {

/// One emoji under a message, of one or both.
struct ReactionChip {
    std::string emoji;  ///< as it came
    std::string label;  ///< safe to show
    ImVec2 at;          ///< from the upper left corner of all of them
    float width = 0;
    bool mine = false, both = false;
};

/// What one message needs to be drawn.
struct MessageBox {
    std::string text;  ///< safe to show
    ImVec2 text_size;
    std::string quote_name, quote_text;  ///< safe to show; empty name: no quote
    float quote_height = 0;
    std::string meta;  ///< "14:05", "edited 14:05"
    float bubble_width = 0, bubble_height = 0;
    std::optional<FileCard> card;  ///< in place of the text
    std::vector<ReactionChip> chips;
    float chips_width = 0, chips_height = 0;
    int day = 0;
    std::uint64_t version = 0;  ///< of the message it was made for
    bool deleted = false, failed = false;
};

struct LayoutCache {
    std::unordered_map<model::MessageId, MessageBox> boxes;
    float width = 0, font = 0;  ///< what they are measured for
    std::string name;           ///< of the other side, as in the quotes
};

struct Row {
    const HeldMessage* message = nullptr;
    const MessageBox* box = nullptr;
    float top = 0, height = 0;  ///< with what is above the bubble
    float above = 0;            ///< height of day and "new messages" lines, and the gap
    bool new_day = false, unread_line = false;
    bool joined_above = false, joined_below = false;  ///< same sender within minutes
};

struct ScrollState {
    bool at_bottom = true;
    bool to_newest = false;                  ///< to the lower end, once the newest page is there
    std::optional<model::MessageId> anchor;  ///< first message in view
    float anchor_offset = 0;                 ///< from its top to the top of the view
    std::uint64_t revision = 0;
    float width = 0, height = 0;  ///< of the view, when last placed
    int rows_drawn = 0;           ///< in the last frame
};

struct ChatLayout {
    std::vector<Row> rows;
    float height = 0;
};

/// The layout of the last frame and what it was made from: while that is the same, so is the
/// layout, and a frame costs no more than the rows in view.
struct LaidOut {
    ChatLayout layout;
    std::uint64_t revision = 0;
    float width = 0, view_height = 0, font = 0;
    std::optional<model::MessageId> unread_from;
    std::string name;
    LayoutCache cache;
};

/// Standing at the lower end of the view where the conversation is shorter. Valid until the
/// conversation changes.
const ChatLayout& lay_out(const Frame& frame, const Conversation& conversation, ImVec2 view,
                          std::string_view safe_name,
                          const std::optional<model::MessageId>& unread_from, LaidOut& last);

/// Index of the first row that ends below `y`.
[[nodiscard]] std::size_t first_row_at(const ChatLayout& layout, float y);

/// Nothing when the message is not held.
[[nodiscard]] const Row* find_row(const ChatLayout& layout, const model::MessageId& id);

}  // namespace kith::gui
