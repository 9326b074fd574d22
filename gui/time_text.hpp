// SPDX-License-Identifier: MIT
//
// Times as people read them, in their own time zone. UI thread.
#pragma once

#include <string>

#include "app/model/types.hpp"

namespace kith::gui {

[[nodiscard]] model::Timestamp wall_clock();                ///< now
[[nodiscard]] int local_day(model::Timestamp at);           ///< days since 1970-01-01, local
[[nodiscard]] std::string clock_text(model::Timestamp at);  ///< "14:05"
/// "Today", "Yesterday", "Monday", "3 March", "3 March 2024"
[[nodiscard]] std::string day_text(model::Timestamp at, model::Timestamp now);
/// For the list: a clock today, else a short day.
[[nodiscard]] std::string short_text(model::Timestamp at, model::Timestamp now);
[[nodiscard]] std::string full_text(model::Timestamp at);  ///< "2026-03-03 14:05:09"
/// "Last seen 5 min ago", "Last seen today at 14:05"; "Not seen yet" when there was no contact.
[[nodiscard]] std::string last_seen_text(model::Timestamp at, model::Timestamp now);

}  // namespace kith::gui
