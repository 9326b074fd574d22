// SPDX-License-Identifier: MIT
#include "gui/time_text.hpp"

#include <chrono>
#include <ctime>

#include "gui/strings.hpp"

namespace kith::gui {
namespace {

std::tm local(model::Timestamp at) {
    const auto seconds = static_cast<std::time_t>(at / 1000);
    std::tm parts{};
#ifdef _WIN32
    localtime_s(&parts, &seconds);
#else
    localtime_r(&seconds, &parts);
#endif
    return parts;
}

int day_number(const std::tm& parts) {
    using namespace std::chrono;
    const auto date = year{parts.tm_year + 1900} / (parts.tm_mon + 1) / parts.tm_mday;
    return static_cast<int>(sys_days{date}.time_since_epoch().count());
}

std::string two(int value) {
    return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

std::string date_text(const std::tm& parts, bool with_year) {
    std::string text = std::to_string(parts.tm_mday) + " " +
                       std::string(strings::months[static_cast<std::size_t>(parts.tm_mon)]);
    if (with_year) text += " " + std::to_string(parts.tm_year + 1900);
    return text;
}

}  // namespace

model::Timestamp wall_clock() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

int local_day(model::Timestamp at) { return day_number(local(at)); }

std::string clock_text(model::Timestamp at) {
    const std::tm parts = local(at);
    return two(parts.tm_hour) + ":" + two(parts.tm_min);
}

std::string day_text(model::Timestamp at, model::Timestamp now) {
    const std::tm then = local(at);
    const std::tm today = local(now);
    const int age = day_number(today) - day_number(then);
    if (age == 0) return std::string(strings::today);
    if (age == 1) return std::string(strings::yesterday);
    if (age > 1 && age < 7)
        return std::string(strings::weekdays[static_cast<std::size_t>(then.tm_wday)]);
    return date_text(then, then.tm_year != today.tm_year);
}

std::string short_text(model::Timestamp at, model::Timestamp now) {
    if (at == 0) return {};
    const std::tm then = local(at);
    const int age = local_day(now) - day_number(then);
    if (age == 0) return clock_text(at);
    if (age > 0 && age < 7)
        return std::string(strings::weekdays[static_cast<std::size_t>(then.tm_wday)].substr(0, 3));
    return two(then.tm_mday) + "." + two(then.tm_mon + 1) + "." + two(then.tm_year % 100);
}

std::string full_text(model::Timestamp at) {
    const std::tm parts = local(at);
    return std::to_string(parts.tm_year + 1900) + "-" + two(parts.tm_mon + 1) + "-" +
           two(parts.tm_mday) + " " + clock_text(at) + ":" + two(parts.tm_sec);
}

std::string last_seen_text(model::Timestamp at, model::Timestamp now) {
    if (at == 0) return std::string(strings::never_seen);
    constexpr model::Timestamp minute = 60'000;
    const model::Timestamp ago = now - at;
    if (ago >= 0 && ago < minute)
        return std::string(strings::last_seen) + std::string(strings::just_now);
    if (ago >= 0 && ago < 60 * minute)
        return std::string(strings::last_seen) + std::to_string(ago / minute) +
               std::string(strings::minutes_ago);
    const std::string when = local_day(at) == local_day(now)
                                 ? std::string(strings::today_at) + clock_text(at)
                                 : day_text(at, now);
    return std::string(strings::last_seen) + when;
}

}  // namespace kith::gui
