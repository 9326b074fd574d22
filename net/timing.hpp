// SPDX-License-Identifier: MIT
#pragma once

#include "net/limits.hpp"

namespace kith::net {

/// The deadlines an Endpoint works with; tests shorten them.
struct Timing {
    using ms = std::chrono::milliseconds;
    ms handshake = limits::handshake_deadline;
    ms dial = limits::dial_timeout;
    ms ping_after = limits::ping_after;
    ms silence_max = limits::silence_max;
    ms probe = limits::probe_deadline;
    ms unread = limits::unread_deadline;
    ms stranger_idle = limits::stranger_idle;
    ms backoff_min = limits::backoff_min;
    ms backoff_max = limits::backoff_max;
};

}  // namespace kith::net
