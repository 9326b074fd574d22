// SPDX-License-Identifier: MIT
//
// A message as JSON, the same on the control socket and in an exported history. For app/control's
// own files; any thread.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "app/model/types.hpp"

namespace kith::control {

/// `self` is who sent the outgoing messages.
[[nodiscard]] nlohmann::ordered_json message_fields(const model::Message& message,
                                                    const model::PeerId& self);

/// "relay" while one keeps it, beside the state sent; else null.
[[nodiscard]] nlohmann::ordered_json waiting_at(model::MessageState state);

/// On one line; what is not UTF-8 is replaced, nothing throws.
[[nodiscard]] std::string dump(const nlohmann::ordered_json& value);

/// RFC 3339; null for a moment that never was.
[[nodiscard]] nlohmann::ordered_json moment(model::Timestamp at);

}  // namespace kith::control
