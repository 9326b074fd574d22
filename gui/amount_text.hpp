// SPDX-License-Identifier: MIT
//
// Numbers with their units, as people read them. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kith::gui {

/// "850 bytes", "12.3 MB", in powers of 1000
[[nodiscard]] std::string size_text(std::uint64_t bytes);
/// "1 message", "12 messages": `one` and `some` are what follows the number.
[[nodiscard]] std::string count_text(std::uint64_t count, std::string_view one,
                                     std::string_view some);
/// "5 minutes", "1 hour", "4 weeks": in the largest unit that fits without a rest.
[[nodiscard]] std::string duration_text(std::uint32_t seconds);

}  // namespace kith::gui
