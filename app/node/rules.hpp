// SPDX-License-Identifier: MIT
//
// What people may enter. Each function names what is wrong as a command is refused with it.
#pragma once

#include "app/model/types.hpp"

namespace kith::node {

using Problem = std::optional<model::Error>;

[[nodiscard]] Problem text_problem(std::string_view text);
/// One reaction: not empty, at most emoji_max bytes of UTF-8, nothing that is invisible on its own.
[[nodiscard]] Problem emoji_problem(std::string_view emoji);
[[nodiscard]] Problem query_problem(std::string_view query);
[[nodiscard]] Problem settings_problem(const model::Settings& settings);
/// Paths of files and folders to be sent: absolute, at most paths_max.
[[nodiscard]] Problem paths_problem(const std::vector<std::string>& paths);
/// `limit` from 1 to `max`.
[[nodiscard]] Problem limit_problem(std::size_t limit, std::size_t max);

}  // namespace kith::node
