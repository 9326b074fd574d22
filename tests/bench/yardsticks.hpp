// SPDX-License-Identifier: MIT
//
// What this machine does without Kith, measured in the same run.
#pragma once

#include <filesystem>

#include "crypto/identity.hpp"
#include "tests/bench/report.hpp"

namespace kith::bench {

/// RSA private-key operations (OAEP decapsulation) per second on one core.
[[nodiscard]] double rsa_rate(const crypto::Identity& identity, crypto::RandomSource& random);
/// A frame of `size` bytes to a thread and back over loopback TCP.
[[nodiscard]] std::vector<Seconds> tcp_echo(std::size_t size, int count);
/// Appending `size` bytes to a file and fdatasync(2).
[[nodiscard]] std::vector<Seconds> file_sync(const std::filesystem::path& folder, std::size_t size,
                                             int count);

/// One text inserted and committed alone, in an encrypted database of its own in that folder.
std::vector<Seconds> store_commits(const std::filesystem::path& folder, int count);

}  // namespace kith::bench
