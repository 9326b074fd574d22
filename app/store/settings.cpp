// SPDX-License-Identifier: MIT
#include "app/store/settings.hpp"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <array>

namespace kith::store {
namespace {

/// `x'<64 hex digits, or 96 with the salt>'`: SQLCipher's spelling of a raw key, which skips its
/// password derivation.
constexpr std::size_t key_text_size = 2 + 2 * (database_key_size + database_salt_size) + 1;
struct KeyText {
    std::array<char, key_text_size> characters{'x', '\''};
    std::size_t size = 2;
};

void wipe(std::span<char> memory) {
    volatile char* const at = memory.data();
    for (std::size_t i = 0; i < memory.size(); ++i) at[i] = 0;
}

void append(KeyText& text, std::span<const std::uint8_t> bytes) {
    constexpr char digits[] = "0123456789abcdef";
    for (const auto byte : bytes) {
        text.characters[text.size++] = digits[byte >> 4];
        text.characters[text.size++] = digits[byte & 15];
    }
}

KeyText spell(std::span<const std::uint8_t, database_key_size> key,
              std::span<const std::uint8_t> salt) {
    KeyText text;
    append(text, key);
    append(text, salt.first(std::min(salt.size(), database_salt_size)));
    text.characters[text.size++] = '\'';
    return text;
}

}  // namespace

std::string spell_key(std::span<const std::uint8_t, database_key_size> key,
                      std::span<const std::uint8_t> salt) {
    const KeyText text = spell(key, salt);
    return {text.characters.data(), text.size};
}

// Fixed explicitly, so that another default of another SQLCipher cannot make a file unreadable.
// The key is random and raw: kdf_iter does not apply to it. cipher_memory_security stays off: it
// would lock and wipe every page SQLite touches at several times the cost, while the same messages
// lie in ordinary memory of the window; SQLCipher wipes its keys in either case.
Expected<void> apply_key(Connection& connection,
                         std::span<const std::uint8_t, database_key_size> key,
                         std::span<const std::uint8_t> salt) {
    KeyText text = spell(key, salt);
    const int code =
        sqlite3_key(connection.handle(), text.characters.data(), static_cast<int>(text.size));
    wipe(text.characters);
    if (code != SQLITE_OK) return tl::unexpected(connection.error());
    // Its log would go to standard error, which belongs to the program; without a key it takes no
    // orders.
    return connection.execute(
        "PRAGMA cipher_log_level = NONE;"
        "PRAGMA cipher_memory_security = OFF;"
        "PRAGMA cipher_page_size = " +
        std::to_string(page_size) +
        ";"
        "PRAGMA cipher_use_hmac = ON;"
        "PRAGMA cipher_hmac_algorithm = HMAC_SHA512;"
        "PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512;"
        "PRAGMA cipher_plaintext_header_size = 0;");
}

// Exclusive locking comes before the first read: the index of the write-ahead log then stays in
// memory, no -shm file is made, and a second process cannot open the file.
Expected<void> keep_untouched(Connection& connection) {
    sqlite3_busy_timeout(connection.handle(), 2000);
    sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return connection.execute("PRAGMA locking_mode = EXCLUSIVE;");
}

// synchronous=FULL: a commit that was reported has reached the disk. Checkpoints are asked for by
// the storage thread after it has reported a batch, so none delays an acknowledgement.
Expected<void> apply_settings(Connection& connection) {
    sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
    return connection.execute("PRAGMA page_size = " + std::to_string(page_size) +
                              ";"
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA wal_autocheckpoint = 0;"
                              "PRAGMA journal_size_limit = 16777216;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA mmap_size = 0;"
                              "PRAGMA trusted_schema = OFF;"
                              "PRAGMA cache_size = -8192;");
}

}  // namespace kith::store
