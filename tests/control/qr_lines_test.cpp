// SPDX-License-Identifier: MIT
#include "app/control/qr_lines.hpp"

#include <catch2/catch_test_macros.hpp>
#include <vector>

#include "app/model/qr_code.hpp"

using namespace kith;

namespace {

/// Back from characters to printed modules, two rows a line; escape sequences are left out.
std::vector<std::vector<bool>> printed_modules(std::string_view lines) {
    std::vector<std::vector<bool>> rows(2);
    while (!lines.empty()) {
        const auto take = [&](std::string_view what) {
            if (!lines.starts_with(what)) return false;
            lines.remove_prefix(what.size());
            return true;
        };
        const auto put = [&](bool upper, bool lower) {
            rows[rows.size() - 2].push_back(upper);
            rows[rows.size() - 1].push_back(lower);
        };
        if (take("\x1b")) {
            lines.remove_prefix(lines.find('m') + 1);
        } else if (take("\n")) {
            rows.resize(rows.size() + 2);
        } else if (take("█")) {
            put(true, true);
        } else if (take("▀")) {
            put(true, false);
        } else if (take("▄")) {
            put(false, true);
        } else {
            REQUIRE(take(" "));
            put(false, false);
        }
    }
    rows.resize(rows.size() - 2);
    return rows;
}

void check(const std::string& text, bool colours) {
    const auto code = model::encode_qr(text).value();
    const auto rows = printed_modules(control::qr_lines(text, colours));
    const std::size_t quiet = model::qr_quiet_zone, side = code.size + 2 * quiet;
    REQUIRE(rows.size() == side + 1);  // the side is odd, a line has two rows
    for (std::size_t y = 0; y < side; ++y) {
        REQUIRE(rows[y].size() == side);
        for (std::size_t x = 0; x < side; ++x) {
            const bool inside =
                x >= quiet && y >= quiet && x < code.size + quiet && y < code.size + quiet;
            const bool dark = inside && code.dark(x - quiet, y - quiet);
            REQUIRE(rows[y][x] == (dark == colours));
        }
    }
}

}  // namespace

TEST_CASE("a QR code on a terminal is the QR code, with its quiet zone") {
    check("kith1_abc", true);
    check("kith1" + std::string(300, 'x'), true);
    check("kith1_abc", false);
}

TEST_CASE("a QR code sets its colours on a terminal and none elsewhere") {
    const auto coloured = control::qr_lines("kith1", true);
    CHECK(coloured.starts_with("\x1b[38;5;16;48;5;231m"));
    CHECK(coloured.ends_with("\x1b[0m\n"));
    CHECK(control::qr_lines("kith1", false).find('\x1b') == std::string::npos);
    CHECK(control::qr_lines("", true).empty());
}
