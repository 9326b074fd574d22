// SPDX-License-Identifier: MIT
//
// Remembers in which session something a peer said could not be stored. Whatever came later in that
// session is refused, so that a peer's words are stored in the order they were said or not at all:
// they come again, in order, in the next session. Used by whoever runs batches; one thread.
#pragma once

#include <unordered_map>

#include "app/store/job.hpp"

namespace kith::store {

class BrokenSessions {
public:
    /// More than can be broken at once: each is the session of a contact.
    static constexpr std::size_t peers_max = 16'384;
    static_assert(peers_max > model::contacts_max);

    /// Whether `job` came in a broken session, or in one before it. A job of a later session means
    /// that the peer has begun anew.
    [[nodiscard]] bool refuses(const Job& job);
    /// Jobs that did not come from a peer, or in no session (0), break nothing.
    void note_failure(const Job& job);

private:
    std::unordered_map<PeerId, SessionNumber> broken_;
};

/// What a refused job is answered with.
[[nodiscard]] Error refused_after_failure();

}  // namespace kith::store
