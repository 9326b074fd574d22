// SPDX-License-Identifier: MIT
//
// Which of two sessions between the same two peers survives. docs/protocol.md, "Two sessions at
// once". Internal to net/.
#pragma once

#include "crypto/fingerprint.hpp"

namespace kith::net {

/// What decides about a session, as seen from one side.
struct SessionOrigin {
    crypto::Fingerprint initiator;
    bool initiated_here = false;
    std::uint64_t began = 0;  ///< local order of events: M1 arrived, or the dial started
    std::uint64_t up = 0;     ///< local order of events: proven (existing session only)
    bool relayed = false;
};

/// Both sides come to the same answer:
/// - The same side started both: it would not have, were the older one alive to it. Newer wins.
/// - The peer started the newer one after the older one was up here: the same reason. (Had it
///   started before it heard of the older one, it would have given up when it heard.)
/// - Otherwise they crossed, or we looked for a direct way beside a relay: the direct one wins, of
///   two alike the one of the lower initiator.
[[nodiscard]] bool replaces(const SessionOrigin& proven_now,
                            const SessionOrigin& existing) noexcept;

}  // namespace kith::net
