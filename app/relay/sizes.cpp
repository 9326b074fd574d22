// SPDX-License-Identifier: MIT
#include "app/relay/sizes.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <utility>

namespace kith::relay {
namespace {

constexpr std::array<std::pair<std::string_view, unsigned>, 6> units{
    {{"", 0}, {"B", 0}, {"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}}};

std::optional<std::uint64_t> parse_number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

std::optional<std::uint64_t> parse_size(std::string_view text) {
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto number = parse_number(text.substr(0, digits));
    auto unit = text.substr(digits);
    if (unit.starts_with(' ')) {
        unit.remove_prefix(1);
        if (unit.empty()) return std::nullopt;
    }
    if (!number) return std::nullopt;
    for (const auto& [word, shift] : units) {
        if (word != unit) continue;
        if (*number > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
        return *number << shift;
    }
    return std::nullopt;
}

}  // namespace kith::relay
