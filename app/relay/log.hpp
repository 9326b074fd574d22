// SPDX-License-Identifier: MIT
//
// What a relay says about itself: one JSON object a line on standard error, for example
//   {"time":"2026-01-02T03:04:05.678Z","level":"info","event":"drain","text":"…","clients":3}
// Whoever adds a line keeps this: counts and reasons, never a client's fingerprint or address,
// never who is connected with whom, never bytes of theirs. Any thread.
#pragma once

#include <functional>
#include <mutex>
#include <ostream>
#include <string_view>
#include <variant>
#include <vector>

#include "app/relay/configuration.hpp"

namespace kith::relay {

class Log {
public:
    using Value = std::variant<std::uint64_t, std::string, std::vector<std::string>>;
    struct Field {
        Field() = default;
        Field(std::string_view its_name, Value its_value);
        std::string_view name;  ///< of static life
        Value value;
        bool operator==(const Field&) const = default;
    };
    /// Milliseconds since 1970 UTC.
    using WallClock = std::function<std::int64_t()>;

    Log(std::ostream& out, LogLevel least, WallClock clock);
    void set_level(LogLevel least);
    /// `event`: one word for programs; `text`: a sentence for people.
    void write(LogLevel level, std::string_view event, std::string_view text,
               const std::vector<Field>& fields = {});

private:
    std::mutex mutex_;
    std::ostream& out_;
    LogLevel least_;
    WallClock clock_;
};

[[nodiscard]] std::string_view word_of(LogLevel level);

}  // namespace kith::relay
