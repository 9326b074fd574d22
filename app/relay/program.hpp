// SPDX-License-Identifier: MIT
//
// From start to end of kith-relay: settings, data folder, ready line, signals. Main thread.
#pragma once

#include <chrono>

#include "app/relay/arguments.hpp"

namespace kith::relay {

/// What is under way when the end is asked for may take so long.
inline constexpr std::chrono::seconds drain_max{10};

/// Runs until SIGTERM or SIGINT; gives the exit code.
int run_relay(const StartArguments& start);

}  // namespace kith::relay
