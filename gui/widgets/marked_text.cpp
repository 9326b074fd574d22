// SPDX-License-Identifier: MIT
#include "gui/widgets/marked_text.hpp"

#include <algorithm>

#include "gui/text_safety.hpp"
#include "gui/utf8.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

// Blanks at the ends of a piece stand between it and its neighbours: they must outlive the
// cleaning, which takes them from the ends of a line.
std::string safe_piece(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; };
    if (text.empty()) return {};
    const std::string inner = safe_line(text);
    const bool before = blank(text.front()), behind = blank(text.back());
    if (inner.empty()) return before ? " " : "";
    return (before ? " " : "") + inner + (behind ? " " : "");
}

void put(MarkedText& pieces, std::string_view text, bool marked) {
    std::string safe = safe_piece(text);
    if (!safe.empty()) pieces.push_back({std::move(safe), marked});
}

// Where the next line may begin: behind a blank, and between characters of scripts without blanks.
std::string_view next_word(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        const char32_t c = decode_utf8(text, at);
        if (c == ' ' || c >= 0x2E80) break;
    }
    return text.substr(0, at);
}

struct Pen {
    const Frame& frame;
    ImDrawList& draw;
    ImVec2 start, at;
    float width;
    int lines_left;

    void put(std::string_view word, bool marked) {
        const TextStyle style =
            marked ? coloured(small_dim(frame), frame.theme.colour.text) : small_dim(frame);
        const float extent = measure(style, word).x;
        if (at.x > start.x && at.x + extent > start.x + width + frame.theme.size.xs) {
            if (--lines_left == 0) return;
            at = {start.x, at.y + style.size};
        }
        if (word == " " && at.x == start.x) return;  // a line does not begin with a blank
        if (marked)
            draw.AddRectFilled(at, {std::min(at.x + extent, start.x + width), at.y + style.size},
                               frame.theme.colour.mark, frame.theme.size.radius_small / 2);
        draw_line(draw, style, at, start.x + width + frame.theme.size.xs, word);
        at.x += extent;
    }
};

}  // namespace

MarkedText marked_text(std::string_view text,
                       const std::vector<std::pair<std::uint32_t, std::uint32_t>>& marks) {
    MarkedText pieces;
    std::size_t done = 0;
    for (const auto& [offset, size] : marks) {
        const bool inside = offset >= done && offset <= text.size() && size <= text.size() - offset;
        if (!inside || size == 0) continue;
        put(pieces, text.substr(done, offset - done), false);
        put(pieces, text.substr(offset, size), true);
        done = std::size_t{offset} + size;
    }
    put(pieces, text.substr(done), false);
    return pieces;
}

void draw_marked(const Frame& frame, ImDrawList& draw, ImVec2 at, float width, int lines,
                 const MarkedText& text) {
    Pen pen{frame, draw, at, at, width, lines};
    for (const MarkedPiece& piece : text)
        for (std::string_view rest = piece.text; !rest.empty() && pen.lines_left > 0;) {
            const std::string_view word = next_word(rest);
            pen.put(word, piece.marked);
            rest.remove_prefix(word.size());
        }
}

}  // namespace kith::gui
