// SPDX-License-Identifier: MIT
#include "app/control/qr_lines.hpp"

#include "app/model/qr_code.hpp"

namespace kith::control {
namespace {

// The palette of 256 colours is the same in every theme, unlike that of 16.
constexpr std::string_view black_on_white = "\x1b[38;5;16;48;5;231m";
constexpr std::string_view plain = "\x1b[0m";

/// Coordinates with the quiet zone around the code.
bool dark(const model::QrCode& code, std::size_t x, std::size_t y) {
    const auto quiet = model::qr_quiet_zone;
    const bool inside = x >= quiet && y >= quiet && x < code.size + quiet && y < code.size + quiet;
    return inside && code.dark(x - quiet, y - quiet);
}

std::string_view half_blocks(bool upper, bool lower) {
    if (upper) return lower ? "█" : "▀";
    return lower ? "▄" : " ";
}

}  // namespace

std::string qr_lines(std::string_view text, bool colours) {
    const auto code = model::encode_qr(text);
    if (!code) return {};
    const std::size_t side = code->size + 2 * model::qr_quiet_zone;
    std::string lines;
    for (std::size_t y = 0; y < side; y += 2) {
        if (colours) lines += black_on_white;
        for (std::size_t x = 0; x < side; ++x) {
            const bool below = y + 1 < side;  // an odd number of rows: nothing is printed there
            const bool upper = dark(*code, x, y) == colours;
            lines += half_blocks(upper, below && dark(*code, x, y + 1) == colours);
        }
        if (colours) lines += plain;
        lines += '\n';
    }
    return lines;
}

}  // namespace kith::control
