// SPDX-License-Identifier: MIT
#include "gui/amount_text.hpp"

#include <array>

#include "gui/strings.hpp"

namespace kith::gui {

std::string size_text(std::uint64_t bytes) {
    if (bytes < 1000) return std::to_string(bytes) + " " + std::string(strings::size_units[0]);
    std::size_t unit = 0;
    std::uint64_t tenths = bytes * 10;
    for (; tenths >= 10'000 && unit + 1 < strings::size_units.size(); ++unit) tenths /= 1000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " +
           std::string(strings::size_units.at(unit));
}

std::string count_text(std::uint64_t count, std::string_view one, std::string_view some) {
    return std::to_string(count) + std::string(count == 1 ? one : some);
}

std::string duration_text(std::uint32_t seconds) {
    struct Unit {
        std::uint32_t seconds;
        std::string_view one, some;
    };
    constexpr std::array<Unit, 5> units{{{7 * 24 * 3600, strings::one_week, strings::some_weeks},
                                         {24 * 3600, strings::one_day, strings::some_days},
                                         {3600, strings::one_hour, strings::some_hours},
                                         {60, strings::one_minute, strings::some_minutes},
                                         {1, strings::one_second, strings::some_seconds}}};
    for (const Unit& unit : units)
        if (seconds >= unit.seconds && seconds % unit.seconds == 0)
            return count_text(seconds / unit.seconds, unit.one, unit.some);
    return count_text(seconds, strings::one_second, strings::some_seconds);
}

}  // namespace kith::gui
