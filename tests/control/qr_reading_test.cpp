// SPDX-License-Identifier: MIT
//
// What is printed on a terminal is read by a decoder of other people, in cells of different shapes.
#include <catch2/catch_test_macros.hpp>

#include "app/control/qr_lines.hpp"
#include "crypto/connection_id.hpp"
#include "tests/qr/qr_reader.hpp"

using namespace kith;
using test::GreyPicture;

namespace {

struct Cell {
    std::size_t width, height;  ///< pixels
};

struct Halves {
    bool upper, lower;  ///< in the colour of text
};

constexpr std::uint8_t black = 0, white = 255;

/// What a terminal makes of each line: escape sequences take no room.
std::vector<std::vector<Halves>> cells_of(std::string_view text) {
    std::vector<std::vector<Halves>> lines(1);
    const auto take = [&text](std::string_view what) {
        if (!text.starts_with(what)) return false;
        text.remove_prefix(what.size());
        return true;
    };
    while (!text.empty()) {
        if (take("\n")) {
            lines.emplace_back();
        } else if (take("\x1b")) {
            text.remove_prefix(text.find('m') + 1);
        } else if (take("█")) {
            lines.back().push_back({true, true});
        } else if (take("▀")) {
            lines.back().push_back({true, false});
        } else if (take("▄")) {
            lines.back().push_back({false, true});
        } else {
            REQUIRE(take(" "));
            lines.back().push_back({false, false});
        }
    }
    lines.pop_back();
    return lines;
}

/// In the middle of a terminal: `around` is the colour of the rest of it.
GreyPicture draw(const std::vector<std::vector<Halves>>& lines, Cell cell, std::uint8_t ink,
                 std::uint8_t paper, std::uint8_t around) {
    const std::size_t margin = 3 * cell.height;
    GreyPicture picture;
    picture.width = lines.at(0).size() * cell.width + 2 * margin;
    picture.height = lines.size() * cell.height + 2 * margin;
    picture.pixels.assign(picture.width * picture.height, around);
    for (std::size_t y = 0; y < lines.size() * cell.height; ++y) {
        const auto& line = lines[y / cell.height];
        const bool upper = y % cell.height < cell.height / 2;
        for (std::size_t x = 0; x < line.size() * cell.width; ++x) {
            const Halves halves = line[x / cell.width];
            picture.pixels[(y + margin) * picture.width + x + margin] =
                (upper ? halves.upper : halves.lower) ? ink : paper;
        }
    }
    return picture;
}

std::string connection_id(std::size_t candidates) {
    crypto::ConnectionId id;
    for (std::size_t i = 0; i < id.token.size(); ++i)
        id.token[i] = static_cast<std::uint8_t>(37 * i + 11);
    for (std::size_t i = 0; i < candidates; ++i) {
        crypto::Bytes address{0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7};
        address.push_back(static_cast<std::uint8_t>(i));
        id.candidates.push_back({crypto::CandidateKind::public_address, address, 4711});
    }
    return crypto::format(id);
}

constexpr Cell cells[] = {{5, 10}, {7, 14}, {8, 17}, {9, 18}, {10, 19}, {16, 32}};

}  // namespace

TEST_CASE("a decoder reads the connection ID from a terminal") {
    if (!test::can_read_qr()) SKIP(test::no_qr_reader);
    for (const std::size_t candidates : {std::size_t{1}, std::size_t{4}, crypto::candidates_max}) {
        const std::string id = connection_id(candidates);
        const auto coloured = cells_of(control::qr_lines(id, true));
        const auto plain = cells_of(control::qr_lines(id, false));
        for (const Cell cell : cells) {
            CAPTURE(candidates, cell.width, cell.height);
            const std::vector expected{id};
            CHECK(test::read_qr(draw(coloured, cell, black, white, black)) == expected);
            CHECK(test::read_qr(draw(coloured, cell, black, white, white)) == expected);
            CHECK(test::read_qr(draw(plain, cell, white, black, black)) == expected);
        }
    }
}
