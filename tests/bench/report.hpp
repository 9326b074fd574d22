// SPDX-License-Identifier: MIT
//
// What a benchmark measured, beside a yardstick taken in the same run: machines differ, ratios
// less.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace kith::bench {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

struct Row {
    std::string what;
    std::string value;
    std::string yardstick;
    std::string ratio;
};
using Table = std::vector<Row>;

/// Markdown on standard output.
void print(const std::string& title, const Table& table);

/// `share` of the samples are at most this. 0 < share <= 1; samples not empty.
[[nodiscard]] Seconds percentile(std::vector<Seconds> samples, double share);
[[nodiscard]] std::string as_time(Seconds time);
[[nodiscard]] std::string as_rate(double per_second, const std::string& unit);
[[nodiscard]] std::string as_ratio(double ratio);

/// "p50 1.2 ms, p99 3.4 ms".
[[nodiscard]] std::string summary(const std::vector<Seconds>& samples);

}  // namespace kith::bench
