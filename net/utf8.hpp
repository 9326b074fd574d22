// SPDX-License-Identifier: MIT
//
// Text from other people is looked at before anything stores or shows it.
#pragma once

#include <cstddef>
#include <string_view>

namespace kith::net {

/// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool valid_utf8(std::string_view text) noexcept;

/// Code points of text that is valid_utf8().
[[nodiscard]] std::size_t count_code_points(std::string_view text) noexcept;

}  // namespace kith::net
