// SPDX-License-Identifier: MIT
//
// Why links end, in words for people. Internal to net/.
#pragma once

#include "net/endpoint.hpp"

namespace kith::net {

/// What a dial that failed in this way tells about `to`.
[[nodiscard]] Ending dial_ending(Ending::Reason reason, const SocketAddress& to);
/// What a handshake's refusal means.
[[nodiscard]] Ending handshake_ending(const crypto::Error& error);
[[nodiscard]] Ending ending_of(Ending::Reason reason);

/// The higher, the more it explains: of several failed candidates the best one is reported.
[[nodiscard]] int explanatory_rank(Ending::Reason reason) noexcept;

}  // namespace kith::net
