// SPDX-License-Identifier: MIT
#include "net/uuid.hpp"

namespace kith::net {
namespace {

constexpr std::uint16_t counter_max = 0x0FFF;  // rand_a has 12 bits
// A fresh millisecond starts in the lower half, so that there is room to count up.
constexpr std::uint16_t counter_start_mask = 0x07FF;

}  // namespace

MessageId UuidGenerator::next() {
    MessageId id = random_.array<16>();
    const auto wall = clock_.wall().count();
    const auto ms = wall > 0 ? static_cast<std::uint64_t>(wall) : 0;
    if (ms > last_ms_) {
        last_ms_ = ms;
        counter_ = static_cast<std::uint16_t>((id[6] << 8 | id[7]) & counter_start_mask);
    } else if (counter_ == counter_max) {
        ++last_ms_;
        counter_ = 0;
    } else {
        ++counter_;
    }
    for (std::size_t i = 0; i < 6; ++i) {
        id[i] = static_cast<std::uint8_t>(last_ms_ >> (8 * (5 - i)));
    }
    id[6] = static_cast<std::uint8_t>(0x70 | counter_ >> 8);  // version 7
    id[7] = static_cast<std::uint8_t>(counter_ & 0xFF);
    id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3F));  // variant 10
    return id;
}

}  // namespace kith::net
