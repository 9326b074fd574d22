// SPDX-License-Identifier: MIT
//
// Who may use a relay: a text file with one fingerprint (64 hex digits) a line. Empty lines and
// what follows a '#' do not count. Any thread.
#pragma once

#include <filesystem>
#include <string_view>
#include <tl/expected.hpp>
#include <unordered_set>

#include "crypto/fingerprint.hpp"

namespace kith::relay {

inline constexpr std::size_t allow_file_max = 8 * 1024 * 1024;  ///< about 100,000 people

using AllowList = std::unordered_set<crypto::Fingerprint>;

/// The error is a sentence with the line. It does not repeat what stands there.
[[nodiscard]] tl::expected<AllowList, std::string> parse_allow_list(std::string_view text,
                                                                    const std::string& file_name);
[[nodiscard]] tl::expected<AllowList, std::string> read_allow_list(
    const std::filesystem::path& file);

}  // namespace kith::relay
