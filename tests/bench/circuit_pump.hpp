// SPDX-License-Identifier: MIT
//
// Bytes through pairs of sockets, at as little cost of this process as can be. Whoever stands
// between the two ends is what is measured.
#pragma once

#include "tests/bench/relay_people.hpp"
#include "tests/bench/report.hpp"

namespace kith::bench {

struct Pumped {
    std::uint64_t amount = 0;  ///< records or bytes that have arrived
    Seconds time{};
    [[nodiscard]] double per_second() const { return static_cast<double>(amount) / time.count(); }
};

struct Records {
    std::size_t size = 0;         ///< bytes
    std::size_t window = 1;       ///< under way in each pair
    bool there_and_back = false;  ///< each is answered by one; otherwise they go one way
};
/// Each record is written by itself, and what has arrived is followed by as many. One thread.
[[nodiscard]] Pumped pump_records(const std::vector<SocketPair>& pairs, const Records& records,
                                  Seconds time);

/// As many bytes as go through, one way. One thread writes, one reads; what is read is not copied.
[[nodiscard]] Pumped pump_bytes(const std::vector<SocketPair>& pairs, Seconds time);

}  // namespace kith::bench
