// SPDX-License-Identifier: MIT
//
// `kith send-file`: offers files and follows them until they are over; and which transfer a prefix
// of an ID means. For cli.cpp.
#pragma once

#include "app/control/cli_commands.hpp"

namespace kith::control {

/// The connection to the instance, as following needs it. Nothing: it ended.
struct Instance {
    /// Events that come before the reply go to `on_event`.
    std::function<std::optional<Json>(const Json& request,
                                      const std::function<void(const Json&)>& on_event)>
        ask;
    std::function<std::optional<Json>()> next_event;  ///< waits as long as it takes
};

enum class FollowEnd { done, not_done, connection_lost };

/// Follows one's own transfer, subscribed before it was offered.
[[nodiscard]] FollowEnd follow_transfer(const std::string& transfer, const Instance& instance,
                                        std::ostream& out, std::ostream& err, std::size_t columns,
                                        bool json);

/// The whole ID; the error is a sentence. Without a word, the only offer that waits for an answer
/// here.
[[nodiscard]] tl::expected<std::string, std::string> find_transfer(
    const Json& transfers, const std::optional<std::string>& prefix);

}  // namespace kith::control
