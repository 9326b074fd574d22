// SPDX-License-Identifier: MIT
//
// The command line client: one request to the running instance, its reply for a person or, with
// --json, for a machine. Blocks; knows no loop and no other thread.
#pragma once

#include <iosfwd>

#include "app/control/arguments.hpp"

namespace kith::control {

/// `socket_path` is the control socket of the chosen profile. Gives an ExitCode.
[[nodiscard]] int run_command_line(const ClientCommand& command, const std::string& socket_path,
                                   std::ostream& out, std::ostream& err);

}  // namespace kith::control
