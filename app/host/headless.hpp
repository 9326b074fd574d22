// SPDX-License-Identifier: MIT
#pragma once

#include "app/host/instance.hpp"
#include "app/host/profile_access.hpp"

namespace kith::host {

struct HeadlessOptions {
    InstanceOptions instance;
    std::optional<std::string> password;
    std::string log_level;
};

/// A node without a window: prints the ready line, runs until `quit`, SIGINT or SIGTERM. Gives the
/// exit code. Main thread.
int run_headless(const ProfileAccess& profile, HeadlessOptions options);

}  // namespace kith::host
