// SPDX-License-Identifier: MIT
//
// The relay's own file: TOML 1.0, the settings at its top, strings and whole numbers. Any thread.
#pragma once

#include <filesystem>
#include <tl/expected.hpp>

#include "app/relay/settings.hpp"

namespace kith::relay {

inline constexpr std::size_t config_file_max = 64 * 1024;  ///< a dozen lines are needed

/// The error is a sentence with file and line: not TOML, an unknown setting, a value that cannot
/// be. `secret = "new"` is refused, for it would void the relay's address at every start.
[[nodiscard]] tl::expected<Settings, std::string> parse_config(std::string_view text,
                                                               const std::string& file_name);
[[nodiscard]] tl::expected<Settings, std::string> read_config(const std::filesystem::path& file);

}  // namespace kith::relay
