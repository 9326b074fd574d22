// SPDX-License-Identifier: MIT
#include "app/relay/log.hpp"

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace kith::relay {
namespace {

/// RFC 3339, UTC, milliseconds.
std::string timestamp(std::int64_t at) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds{at}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char text[64];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

}  // namespace

std::string_view word_of(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return "debug";
        case LogLevel::info:
            return "info";
        case LogLevel::warning:
            return "warning";
        case LogLevel::error:
            return "error";
    }
    return "info";
}

Log::Field::Field(std::string_view its_name, Value its_value)
    : name(its_name), value(std::move(its_value)) {}

Log::Log(std::ostream& out, LogLevel least, WallClock clock)
    : out_(out), least_(least), clock_(std::move(clock)) {}

void Log::set_level(LogLevel least) {
    const std::lock_guard lock(mutex_);
    least_ = least;
}

void Log::write(LogLevel level, std::string_view event, std::string_view text,
                const std::vector<Field>& fields) {
    nlohmann::ordered_json line{
        {"time", timestamp(clock_())}, {"level", word_of(level)}, {"event", event}, {"text", text}};
    for (const auto& [name, value] : fields)
        std::visit([&line, key = name](const auto& plain) { line[std::string(key)] = plain; },
                   value);
    // Paths may hold bytes that are not UTF-8: they are replaced, the line stays JSON.
    const auto text_of_line =
        line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    const std::lock_guard lock(mutex_);
    if (level >= least_) out_ << text_of_line << std::flush;  // whole lines for whoever reads along
}

}  // namespace kith::relay
