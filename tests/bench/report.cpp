// SPDX-License-Identifier: MIT
#include "tests/bench/report.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <iostream>
#include <sstream>

namespace kith::bench {
namespace {

std::string number(double value, int digits) {
    std::ostringstream text;
    text << std::fixed << std::setprecision(digits) << value;
    return text.str();
}

}  // namespace

void print(const std::string& title, const Table& table) {
    std::cout << "\n### " << title
              << "\n\n| what | measured | yardstick | ratio |\n|---|---|---|---|\n";
    for (const Row& row : table) {
        std::cout << "| " << row.what << " | " << row.value << " | " << row.yardstick << " | "
                  << row.ratio << " |\n";
    }
    std::cout << std::flush;
}

Seconds percentile(std::vector<Seconds> samples, double share) {
    const auto rank =
        static_cast<std::size_t>(std::ceil(share * static_cast<double>(samples.size())));
    const auto at =
        samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
    std::nth_element(samples.begin(), at, samples.end());
    return *at;
}

std::string as_time(Seconds time) {
    if (time.count() >= 1) return number(time.count(), 2) + " s";
    if (time.count() >= 1e-3) return number(time.count() * 1e3, 2) + " ms";
    return number(time.count() * 1e6, 1) + " µs";
}

std::string as_rate(double per_second, const std::string& unit) {
    return number(per_second, per_second < 100 ? 1 : 0) + " " + unit + "/s";
}

std::string as_ratio(double ratio) { return number(ratio, 2); }

std::string summary(const std::vector<Seconds>& samples) {
    return "p50 " + as_time(percentile(samples, 0.5)) + ", p99 " +
           as_time(percentile(samples, 0.99));
}

}  // namespace kith::bench
