// SPDX-License-Identifier: MIT
//
// Sizes and times as people read them on a terminal. Any thread.
#pragma once

#include <cstdint>
#include <string>

namespace kith::control {

[[nodiscard]] std::string size_words(std::uint64_t bytes);    ///< "999 B", "1.5 MB"
[[nodiscard]] std::string time_words(std::uint64_t seconds);  ///< "7 s", "2 min", "1 h 5 min"

}  // namespace kith::control
