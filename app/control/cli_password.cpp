// SPDX-License-Identifier: MIT
#include "app/control/cli_password.hpp"

#include "app/control/json_read.hpp"
#include "app/control/password_input.hpp"

namespace kith::control {

PasswordOutcome change_password(const ClientCommand& command, const Ask& ask) {
    if (command.remove && command.password_file)
        return {{}, "--remove and --password-file contradict each other."};
    const auto profile = ask(Json{{"cmd", "whoami"}});
    if (!profile || !flag_in(*profile, "ok")) return {profile, {}};
    const bool is_protected = flag_in(*profile, "password_protected");
    if (command.remove && !is_protected) return {{}, "This profile has no password."};
    Json request{{"cmd", "set_password"}, {"password", ""}};
    if (is_protected) {
        const auto current =
            read_password(command.current_file, "Present password: ", "--current-file");
        if (!current) return {{}, current.error()};
        request["current"] = *current;
    }
    if (!command.remove) {
        const auto password =
            read_new_password(command.password_file, "New password: ", "--password-file");
        if (!password) return {{}, password.error()};
        request["password"] = *password;
    }
    return {ask(request), {}};
}

}  // namespace kith::control
