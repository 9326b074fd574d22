// SPDX-License-Identifier: MIT
//
// The command line of kith-relay. Called once by main().
#pragma once

#include <filesystem>
#include <variant>

#include "app/relay/settings.hpp"

namespace kith::relay {

/// docs/relay.md
enum ExitCode : int {
    exit_ok = 0,
    exit_refused = 1,  ///< the port is taken, the key is damaged, the disk says no
    exit_bad_arguments = 2,
    exit_already_running = 3,
};

struct StartArguments {
    Settings flags;  ///< beats the file
    std::optional<std::filesystem::path> config;
};
/// `--help`, `--version`: print it, exit 0.
struct Information {
    std::string text;
};
/// Print it on standard error, exit 2.
struct UsageError {
    std::string text;
};
using Arguments = std::variant<StartArguments, Information, UsageError>;

[[nodiscard]] Arguments parse_arguments(int argc, const char* const* argv);

}  // namespace kith::relay
