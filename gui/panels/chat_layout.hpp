// SPDX-License-Identifier: MIT
//
// Where each message of a conversation stands: measured once per message and width, then added up.
// Only the rows in view are drawn, and scrolling holds on to a message, not to a number of pixels,
// so that older pages can appear above without anything moving. UI thread.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "app/model/types.hpp"
#include "gui/conversation.hpp"
#include "gui/frame.hpp"

namespace kith::gui {

/// What one message needs to be drawn.
struct MessageBox {
    std::string text;  ///< safe to show
    ImVec2 text_size;
    std::string meta;  ///< "14:05", "edited 14:05"
    float bubble_width = 0, bubble_height = 0;
    int day = 0;
    std::size_t source_size = 0;  ///< with `edited` and `deleted`: tells whether it is still right
    bool edited = false, deleted = false, failed = false;
};

struct LayoutCache {
    std::unordered_map<model::MessageId, MessageBox> boxes;
    float width = 0, font = 0;  ///< what they are measured for
};

struct Row {
    const model::Message* message = nullptr;
    const MessageBox* box = nullptr;
    float top = 0, height = 0;  ///< with what is above the bubble
    float above = 0;            ///< height of day and "new messages" lines, and the gap
    bool new_day = false, unread_line = false;
    bool joined_above = false, joined_below = false;  ///< same sender within minutes
};

struct ScrollState {
    bool at_bottom = true;
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

[[nodiscard]] ChatLayout lay_out(const Frame& frame, const Conversation& conversation, float width,
                                 const std::optional<model::MessageId>& unread_from,
                                 LayoutCache& cache);

/// A conversation shorter than the view stands at its lower end.
void stand_at_bottom(ChatLayout& layout, float view_height);

/// Index of the first row that ends below `y`.
[[nodiscard]] std::size_t first_row_at(const ChatLayout& layout, float y);

}  // namespace kith::gui
