// SPDX-License-Identifier: MIT
//
// The commands of the command line: which request each one sends and how its reply reads. For
// cli.cpp and the tests.
#pragma once

#include <functional>
#include <iosfwd>
#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

#include "app/control/arguments.hpp"

namespace kith::control {

using Json = nlohmann::ordered_json;

/// Sends a request, waits for its reply; the reply's "ok" may be false. Nothing when the
/// connection ended.
using Ask = std::function<std::optional<Json>(const Json& request)>;

/// Where and how a reply is printed.
struct Printing {
    const ClientCommand& command;
    const Ask& ask;  ///< for what the reply itself does not say
    std::ostream& out;
    bool emphasis = false;  ///< `out` is a terminal that can show some text stronger
};

struct CliCommand {
    /// The request without its id; the error is a sentence (exit 2).
    tl::expected<Json, std::string> (*request)(const ClientCommand& command);
    /// Prints a reply whose "ok" is true. Null: the reply is printed as JSON.
    void (*print)(const Json& reply, const Printing& to);
    /// The reply comes when a file is written, which takes as long as it takes.
    bool slow = false;
    /// The first word is the beginning of a transfer's ID, or missing: the only offer there is.
    bool about_transfer = false;
};

/// Null for a name that is no command, for `watch`, which has no end, and for `password` and
/// `send-file`, which take more than one request.
[[nodiscard]] const CliCommand* find_cli_command(std::string_view name);

/// The member "key" of a request: a JSON literal where the contract takes one, else the text as it
/// is.
[[nodiscard]] Json call_value(std::string_view key, const std::string& text);

}  // namespace kith::control
