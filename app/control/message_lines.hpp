// SPDX-License-Identifier: MIT
//
// A message for people to read, on a terminal or in an exported text file. For app/control's own
// files; any thread.
//
//   2026-01-02T03:04:05.678Z  Bob: the first line      [edited]
//       and the second
//     reply to me: "what was asked"
//     reactions: 👍 me, Bob
//
// Lines of the text are indented by four, what Kith says about it by two, so that no text can
// pass for either.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace kith::control {

struct Speakers {
    std::string me;       ///< of outgoing messages
    std::string partner;  ///< of the others
    std::string id;       ///< put before the line; empty: none
};

/// `message` has the fields of message_fields(); members of other kinds are passed over.
[[nodiscard]] std::string message_lines(const nlohmann::ordered_json& message,
                                        const Speakers& speakers);

}  // namespace kith::control
