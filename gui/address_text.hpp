// SPDX-License-Identifier: MIT
//
// What people type or paste to reach somebody: a connection ID, "name@relay", "host:port", a
// fingerprint. Only
// the form is judged here; the node decides. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "app/model/types.hpp"

namespace kith::gui {

/// What went through mail or a chat comes back with blanks and line breaks in it.
[[nodiscard]] std::string without_blanks(std::string_view text);

enum class AddressForm { none, connection_id, name, address, without_port, bad_port };
/// Of a text without blanks. What has an "@" between two other characters is a name.
/// "192.0.2.1:4711", "[2001:db8::1]:4711" and "example.org:4711" are addresses.
[[nodiscard]] AddressForm form_of(std::string_view text);

/// 64 hexadecimal digits, with blanks or colons between them or not.
[[nodiscard]] std::optional<model::PeerId> parse_fingerprint(std::string_view text);
/// "1a2b 3c4d …", as people read it to each other.
[[nodiscard]] std::string grouped_fingerprint(const model::PeerId& peer);

}  // namespace kith::gui
