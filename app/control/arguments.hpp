// SPDX-License-Identifier: MIT
//
// What was asked for on the command line: starting the program, or a command for one that runs.
// Called once by main().
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kith::control {

/// Exit codes of `kith` (docs/user-guide.md).
enum ExitCode : int {
    exit_ok = 0,
    exit_refused = 1,  ///< the running instance said no
    exit_bad_arguments = 2,
    exit_already_running = 3,
    exit_wrong_password = 4,
    exit_not_running = 5,
};

/// At most one of the two is given.
struct ProfileChoice {
    std::optional<std::string> name;
    std::optional<std::string> dir;
};

struct StartOptions {
    ProfileChoice profile;
    bool headless = false;
    std::optional<std::string> name;    ///< 1 to model::name_max bytes
    std::optional<std::uint16_t> port;  ///< 0: any
    std::vector<std::string> listen;    ///< empty: all addresses
    std::optional<std::string> downloads;
    std::optional<std::string> password_file;
    bool no_discovery = false;
    std::optional<std::uint16_t> discovery_port;
    std::vector<std::string> relays;    ///< addresses of relays, at most model::relays_max
    std::string log_level = "warning";  ///< error, warning, info, debug
    /// A damaged history is renamed and what can be read of it taken over into a new one.
    bool set_history_aside = false;
};

/// `kith restore FILE`: a new profile from a backup; nothing is started.
struct RestoreOptions {
    ProfileChoice profile;
    std::string file;
    std::optional<std::string> password_file;  ///< of the backup; without: ask (password_input.hpp)
    /// The profile gets no password. Otherwise the backup's becomes its own.
    bool without_password = false;
};

struct ClientCommand {
    ProfileChoice profile;
    bool json = false;
    std::string name;                        ///< "send", "call", …
    std::vector<std::string> words;          ///< its positional arguments, in order
    std::string greeting;                    ///< add, connect
    std::optional<std::size_t> limit;        ///< history, search
    std::optional<std::string> before;       ///< history, search: the ID of a message
    std::optional<std::string> peer;         ///< search
    std::optional<std::string> format;       ///< export
    std::optional<std::string> fingerprint;  ///< connect
    std::optional<std::string> reply_to;     ///< send
    std::optional<std::string> password_file, current_file;  ///< password, backup, team
    bool ids = false;                ///< history, search: print the IDs of messages
    bool for_me = false;             ///< delete
    bool off = false;                ///< react, team, claim-name
    bool qr = false;                 ///< id
    std::optional<std::string> dir;  ///< accept-file
    bool detach = false;             ///< send-file
    bool yes = false;                ///< delete-conversation
    bool remove = false;             ///< password
};

/// `--help`, `--version`: print it, exit 0.
struct Information {
    std::string text;
};
/// Print it on standard error, exit 2.
struct UsageError {
    std::string text;
};

using Arguments =
    std::variant<StartOptions, RestoreOptions, ClientCommand, Information, UsageError>;

[[nodiscard]] Arguments parse_arguments(int argc, const char* const* argv);

}  // namespace kith::control
