// SPDX-License-Identifier: MIT
//
// Small files that a person writes for the relay. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>

namespace kith::relay {

/// The whole of a regular file of at most `limit` bytes. The error is a sentence.
[[nodiscard]] tl::expected<std::string, std::string> read_text_file(
    const std::filesystem::path& file, std::size_t limit);

}  // namespace kith::relay
