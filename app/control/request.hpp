// SPDX-License-Identifier: MIT
//
// One line of a control client becomes something to do. The commands: docs/user-guide.md. Lines are
// hostile input: nesting is bounded, nothing throws. Called on the network thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "app/model/node_port.hpp"

namespace kith::control {

inline constexpr std::size_t nesting_max = 16;  ///< no command needs more than 2

// clang-format off
struct Subscribe {};
struct QuitProgram {};
struct TakeScreenshot { std::string path; };
struct RaiseWindow {};
/// Up to the newest message there is.
struct MarkAllRead { model::PeerId peer; };
// clang-format on

using Action =
    std::variant<model::Command, Subscribe, QuitProgram, TakeScreenshot, RaiseWindow, MarkAllRead>;

/// `id` is the request's own, as JSON text; "null" when it has none.
struct Request {
    std::string id = "null";
    Action action;
};
struct Refusal {
    std::string id = "null";
    model::Error error;
};

/// Codes: bad_request, unknown_command, not_supported, too_long, empty, too_many, bad_path,
/// and those of resolve().
[[nodiscard]] tl::expected<Request, Refusal> parse_request(std::string_view line,
                                                           const model::NodePort& node);

}  // namespace kith::control
