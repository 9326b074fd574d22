// SPDX-License-Identifier: MIT
//
// One use of a prepared statement: values bound in order, rows stepped through, and the statement
// made ready for its next use when this goes out of scope. Inside app/store only; the thread that
// uses the connection.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "app/store/job.hpp"

struct sqlite3_stmt;

namespace kith::store {

enum class Step { row, done, failed };

class Query {
public:
    /// A null statement (it could not be prepared) makes every step fail.
    explicit Query(sqlite3_stmt* statement) : statement_(statement) {}
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Binds ?1, ?2, … Text and blobs are not copied: they must outlive the last step().
    template <typename... Values>
    Query& with(const Values&... values) {
        int index = 0;
        (bind(++index, values), ...);
        return *this;
    }

    [[nodiscard]] Step step();
    /// For statements without rows.
    [[nodiscard]] bool run() { return step() == Step::done; }
    /// Ready to be bound and stepped once more.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] bool null(int column) const;
    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] Blob blob(int column) const;
    /// A fixed-size identifier; shorter than stored or missing yields zeros.
    template <typename Id>
    [[nodiscard]] Id id(int column) const {
        Id out;
        const auto stored = view(column);
        if (stored.size() == out.bytes.size())
            std::copy(stored.begin(), stored.end(), out.bytes.begin());
        return out;
    }

private:
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view text);
    void bind(int index, std::span<const std::uint8_t> blob);
    void bind(int index, bool value) { bind(index, std::int64_t{value}); }
    void bind(int index, std::uint64_t value) { bind(index, static_cast<std::int64_t>(value)); }
    void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
    void bind(int index, int value) { bind(index, std::int64_t{value}); }
    void bind(int index, const std::string& text) { bind(index, std::string_view(text)); }
    void bind(int index, const Blob& blob) { bind(index, std::span<const std::uint8_t>(blob)); }
    void bind(int index, const PeerId& id) { bind(index, std::span<const std::uint8_t>(id.bytes)); }
    void bind(int index, const MessageId& id) {
        bind(index, std::span<const std::uint8_t>(id.bytes));
    }
    void bind(int index, const std::optional<MessageId>& id) {
        if (id) bind(index, *id);  // unbound is NULL
    }
    void check(int code) {
        if (code != 0) broken_ = true;
    }
    [[nodiscard]] std::span<const std::uint8_t> view(int column) const;

    sqlite3_stmt* statement_;
    bool broken_ = false;
};

}  // namespace kith::store
