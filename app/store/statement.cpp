// SPDX-License-Identifier: MIT
#include "app/store/statement.hpp"

#include <sqlcipher/sqlite3.h>

namespace kith::store {

Query::~Query() {
    if (statement_ != nullptr) reset();
}

Step Query::step() {
    if (statement_ == nullptr || broken_) return Step::failed;
    switch (sqlite3_step(statement_)) {
        case SQLITE_ROW:
            return Step::row;
        case SQLITE_DONE:
            return Step::done;
        default:
            return Step::failed;
    }
}

void Query::reset() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);  // bound memory belongs to the caller and goes away
}

void Query::bind(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Query::bind(int index, std::string_view text) {
    const char* const data = text.data() != nullptr ? text.data() : "";  // null would bind NULL
    check(sqlite3_bind_text64(statement_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Query::bind(int index, std::span<const std::uint8_t> blob) {
    const void* const data = blob.data() != nullptr ? static_cast<const void*>(blob.data()) : "";
    check(sqlite3_bind_blob64(statement_, index, data, blob.size(), SQLITE_STATIC));
}

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_, column); }

bool Query::null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::string Query::text(int column) const {
    const auto bytes = view(column);
    return {bytes.begin(), bytes.end()};
}

Blob Query::blob(int column) const {
    const auto bytes = view(column);
    return {bytes.begin(), bytes.end()};
}

std::span<const std::uint8_t> Query::view(int column) const {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_, column));
    return data == nullptr ? std::span<const std::uint8_t>{} : std::span(data, size);
}

}  // namespace kith::store
