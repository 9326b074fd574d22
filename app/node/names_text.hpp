// SPDX-License-Identifier: MIT
//
// "name@relay" as people type it, and which relay they mean. A host alone proves nothing: only
// relays whose key is known are found by it. Pure functions.
#pragma once

#include <span>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "app/model/types.hpp"
#include "crypto/relay_address.hpp"

namespace kith::node {

/// Neither connection IDs nor addresses have an "@".
[[nodiscard]] bool looks_like_name(std::string_view text);

/// As relays keep it: lower case; white space around it is ignored. Error code: bad_name.
[[nodiscard]] tl::expected<std::string, model::Error> parse_relay_name(std::string_view text);

/// The relay at "host:port" or, if there is but one, at "host", among those of one's own or else
/// among `others`. Error codes: unknown_relay, ambiguous_relay.
[[nodiscard]] tl::expected<crypto::RelayAddress, model::Error> find_relay(
    std::string_view text, std::span<const crypto::RelayAddress> own,
    std::span<const crypto::RelayAddress> others);

struct NameAt {
    std::string name;
    std::string relay;  ///< a full address, or what find_relay() takes
};
/// White space and line breaks are ignored. Error code: bad_name.
[[nodiscard]] tl::expected<NameAt, model::Error> parse_name_at(std::string_view text);

/// "kith-relay…", right or wrong.
[[nodiscard]] bool looks_like_relay_address(std::string_view text);

}  // namespace kith::node
