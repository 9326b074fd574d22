// SPDX-License-Identifier: MIT
//
// What each command of the command line asks of the running instance. For cli_commands.cpp.
#pragma once

#include "app/control/cli_commands.hpp"

namespace kith::control::requests {

/// The request without its id; the error is a sentence (exit 2).
using Request = tl::expected<Json, std::string>;

template <const char* Cmd>
Request bare(const ClientCommand&) {
    return Json{{"cmd", Cmd}};
}
template <const char* Cmd>
Request about_peer(const ClientCommand& c) {
    return Json{{"cmd", Cmd}, {"peer", c.words.at(0)}};
}
template <const char* Cmd>
Request about_message(const ClientCommand& c) {
    return Json{{"cmd", Cmd}, {"message", c.words.at(0)}};
}

template <const char* Cmd>
Request about_transfer(const ClientCommand& c) {
    return Json{{"cmd", Cmd}, {"transfer", c.words.at(0)}};
}

[[nodiscard]] Request add(const ClientCommand& c);
[[nodiscard]] Request claim_name(const ClientCommand& c);
[[nodiscard]] Request find_name(const ClientCommand& c);
[[nodiscard]] Request connect(const ClientCommand& c);
[[nodiscard]] Request status(const ClientCommand& c);
[[nodiscard]] Request visible(const ClientCommand& c);
[[nodiscard]] Request team(const ClientCommand& c);
[[nodiscard]] Request send(const ClientCommand& c);
[[nodiscard]] Request edit(const ClientCommand& c);
[[nodiscard]] Request erase(const ClientCommand& c);
[[nodiscard]] Request react(const ClientCommand& c);
[[nodiscard]] Request history(const ClientCommand& c);
[[nodiscard]] Request search(const ClientCommand& c);
[[nodiscard]] Request export_history(const ClientCommand& c);
[[nodiscard]] Request delete_conversation(const ClientCommand& c);
[[nodiscard]] Request disappear(const ClientCommand& c);
[[nodiscard]] Request settings(const ClientCommand& c);
[[nodiscard]] Request backup(const ClientCommand& c);
[[nodiscard]] Request screenshot(const ClientCommand& c);
[[nodiscard]] Request send_file(const ClientCommand& c);
[[nodiscard]] Request accept_file(const ClientCommand& c);
[[nodiscard]] Request retry_files(const ClientCommand& c);
[[nodiscard]] Request call(const ClientCommand& c);

}  // namespace kith::control::requests
