// SPDX-License-Identifier: MIT
//
// `kith password`: asks the instance whether there is a password, the person for the present and
// the new one, and the instance to change it. For cli.cpp.
#pragma once

#include "app/control/cli_commands.hpp"

namespace kith::control {

struct PasswordOutcome {
    std::optional<Json> reply;  ///< of the last request; nothing when the connection ended
    std::string fault;          ///< a sentence (exit 2) when nothing was changed for want of words
};

[[nodiscard]] PasswordOutcome change_password(const ClientCommand& command, const Ask& ask);

}  // namespace kith::control
