// SPDX-License-Identifier: MIT
//
// How a history file is encrypted and how it is written. Inside app/store only.
#pragma once

#include <span>

#include "app/store/connection.hpp"

namespace kith::store {

inline constexpr std::size_t database_key_size = 32;
inline constexpr std::size_t database_salt_size = 16;  ///< the first bytes of the file
inline constexpr int page_size = 4096;  ///< bytes; larger ones are no faster (kith_store_bench)
inline constexpr int checkpoint_pages = 4096;  ///< WAL length that asks for a checkpoint: 16 MiB
inline constexpr int application_id = 0x4b495448;  ///< "KITH"

/// Gives the raw key and the cipher's parameters. Nothing is read yet, so a wrong key shows later.
/// `salt`: 16 bytes for a file to be made; without, SQLCipher makes one up or reads the file's.
[[nodiscard]] Expected<void> apply_key(Connection& connection,
                                       std::span<const std::uint8_t, database_key_size> key,
                                       std::span<const std::uint8_t> salt = {});
/// The same key as ATTACH … KEY takes it; for tests and simulations, as nobody wipes it.
[[nodiscard]] std::string spell_key(std::span<const std::uint8_t, database_key_size> key,
                                    std::span<const std::uint8_t> salt);
/// For reading only what decides whether the file is ours: changes nothing, also not on close.
[[nodiscard]] Expected<void> keep_untouched(Connection& connection);
/// Durability, locking and memory. Once the file is known to be ours.
[[nodiscard]] Expected<void> apply_settings(Connection& connection);

}  // namespace kith::store
