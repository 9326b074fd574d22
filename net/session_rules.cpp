// SPDX-License-Identifier: MIT
#include "net/session_rules.hpp"

namespace kith::net {

bool replaces(const SessionOrigin& proven_now, const SessionOrigin& existing) noexcept {
    if (proven_now.initiator == existing.initiator) return true;
    if (!proven_now.initiated_here && proven_now.began > existing.up) return true;
    if (proven_now.relayed != existing.relayed) return existing.relayed;
    return proven_now.initiator < existing.initiator;
}

}  // namespace kith::net
