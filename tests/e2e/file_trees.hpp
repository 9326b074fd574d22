// SPDX-License-Identifier: MIT
//
// Files to be sent, and whether what came is the same.
#pragma once

#include <filesystem>
#include <map>
#include <random>
#include <string>

namespace kith::e2e {

/// A file of random bytes; folders are made.
void write_random(const std::filesystem::path& file, std::size_t size, std::mt19937_64& random);
void write_file(const std::filesystem::path& file, const std::string& bytes);
[[nodiscard]] std::string read_file(const std::filesystem::path& file);

/// Everything beneath: relative path to content; folders end in "/".
[[nodiscard]] std::map<std::string, std::string> tree_of(const std::filesystem::path& folder);

}  // namespace kith::e2e
