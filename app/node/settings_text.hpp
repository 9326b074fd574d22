// SPDX-License-Identifier: MIT
//
// The settings as one value in the store, so that all of them are written or none: lines of
// "key=value" in UTF-8. Lines with keys of newer versions are kept. Pure functions.
#pragma once

#include "app/model/types.hpp"

namespace kith::node {

/// `unknown` are whole lines, at most unknown_settings_max of them.
inline constexpr std::size_t unknown_settings_max = 100;
[[nodiscard]] std::string write_settings(const model::Settings& settings,
                                         const std::vector<std::string>& unknown);
/// What is damaged or out of bounds keeps the value it had.
void read_settings(std::string_view text, model::Settings& settings,
                   std::vector<std::string>& unknown);
/// One of them; false if there is no such key.
bool read_setting(std::string_view key, std::string_view value, model::Settings& settings);

}  // namespace kith::node
