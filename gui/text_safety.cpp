// SPDX-License-Identifier: MIT
#include "gui/text_safety.hpp"

#include <algorithm>
#include <array>

#include "gui/strings.hpp"
#include "gui/utf8.hpp"

namespace kith::gui {
namespace {

// More marks on one letter than any orthography needs climb out of their line.
constexpr int combining_marks_max = 3;

struct Range {
    char32_t first, last;
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t c) {
    return std::any_of(ranges.begin(), ranges.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

// Embeddings, overrides, isolates; C0 and C1 controls; interlinear annotation; non-characters.
constexpr std::array<Range, 8> acting{{{0x00, 0x1F},
                                       {0x7F, 0x9F},
                                       {0x202A, 0x202E},
                                       {0x2066, 0x2069},
                                       {0x206A, 0x206F},
                                       {0xFFF9, 0xFFFB},
                                       {0xFDD0, 0xFDEF},
                                       {0xFFFE, 0xFFFF}}};

// Zero-width characters, marks of direction, variation selectors, tags, soft hyphen. Glyphs are
// not joined here, so that nothing is lost by leaving the joiners out.
constexpr std::array<Range, 10> invisible{{{0x00AD, 0x00AD},
                                           {0x034F, 0x034F},
                                           {0x061C, 0x061C},
                                           {0x180B, 0x180F},
                                           {0x200B, 0x200F},
                                           {0x2060, 0x2065},
                                           {0xFE00, 0xFE0F},
                                           {0xFEFF, 0xFEFF},
                                           {0xE0000, 0xE007F},
                                           {0xE0100, 0xE01EF}}};

// Letters and signs that are drawn as nothing, and every kind of space.
constexpr std::array<Range, 12> blank{{{0x20, 0x20},
                                       {0xA0, 0xA0},
                                       {0x115F, 0x1160},
                                       {0x1680, 0x1680},
                                       {0x17B4, 0x17B5},
                                       {0x2000, 0x200A},
                                       {0x202F, 0x202F},
                                       {0x205F, 0x205F},
                                       {0x2800, 0x2800},
                                       {0x3000, 0x3000},
                                       {0x3164, 0x3164},
                                       {0xFFA0, 0xFFA0}}};

constexpr std::array<Range, 5> combining{
    {{0x0300, 0x036F}, {0x0483, 0x0489}, {0x1AB0, 0x1AFF}, {0x20D0, 0x20FF}, {0xFE20, 0xFE2F}}};

bool is_line_break(char32_t c) { return c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029; }

enum class Lines { keep, join };

// One pass: neutralises, and hands on line breaks and blanks as `lines` says.
class Cleaner {
public:
    explicit Cleaner(Lines lines) : lines_(lines) {}

    void take(char32_t c) {
        if (c == '\r') return;
        if (is_line_break(c)) return lines_ == Lines::keep ? put('\n') : put_blank(' ');
        if (c == '\t') return put_blank(' ');
        if (within(invisible, c)) return;
        if (within(acting, c)) return put(replacement_character);
        if (within(blank, c)) return put_blank(lines_ == Lines::keep ? c : U' ');
        if (within(combining, c) && ++marks_ > combining_marks_max) return;
        if (!within(combining, c)) marks_ = 0;
        append_utf8(out_, c);
    }

    std::string finish() && {
        if (lines_ == Lines::join && out_.ends_with(' ')) out_.pop_back();
        return std::move(out_);
    }

private:
    void put(char32_t c) {
        marks_ = 0;
        append_utf8(out_, c);
    }

    void put_blank(char32_t c) {
        const bool doubled = out_.empty() || out_.ends_with(' ');
        if (lines_ == Lines::keep || !doubled) put(c);
    }

    Lines lines_;
    int marks_ = 0;
    std::string out_;
};

std::string clean(std::string_view text, Lines lines) {
    Cleaner cleaner(lines);
    for (std::size_t at = 0; at < text.size();) cleaner.take(decode_utf8(text, at));
    return std::move(cleaner).finish();
}

}  // namespace

std::string safe_name(std::string_view name) {
    std::string safe = clean(name, Lines::join);
    return safe.empty() ? std::string(strings::unnamed) : safe;
}

std::string safe_text(std::string_view text) { return clean(text, Lines::keep); }

std::string safe_line(std::string_view text) { return clean(cut_utf8(text, 400), Lines::join); }

}  // namespace kith::gui
