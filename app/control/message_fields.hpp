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

/// On one line; what is not UTF-8 is replaced, nothing throws.
[[nodiscard]] std::string dump(const nlohmann::ordered_json& value);

/// RFC 3339; null for a moment that never was.
[[nodiscard]] nlohmann::ordered_json moment(model::Timestamp at);

}  // namespace kith::control
