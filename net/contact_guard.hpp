// SPDX-License-Identifier: MIT
//
// What is remembered of one contact, so that neither it nor somebody with recordings of it takes
// more than a contact's share. Internal to net/.
#pragma once

#include <algorithm>
#include <deque>

#include "net/limits.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

class ContactGuard {
public:
    explicit ContactGuard(std::chrono::milliseconds now)
        : decryptions_(limits::contact_decryptions_per_second, limits::contact_decryption_burst,
                       now) {}

    /// False: an M1 with this mac1 was taken before. A ring for each contact, because only the
    /// contact itself can make new M1s with its token: nobody else flushes it.
    [[nodiscard]] bool first_use(ByteView mac1) {
        const auto same = [&](const Bytes& old) { return std::ranges::equal(old, mac1); };
        if (std::ranges::any_of(seen_, same)) return false;
        if (seen_.size() >= limits::first_messages_remembered) seen_.pop_front();
        seen_.emplace_back(mac1.begin(), mac1.end());
        return true;
    }

    /// Contacts pass first at the RSA lane, so that one of them must not fill it.
    [[nodiscard]] bool may_decrypt(std::chrono::milliseconds now) {
        return decryptions_.try_take(now);
    }

private:
    TokenBucket decryptions_;
    std::deque<Bytes> seen_;  // oldest first
};

}  // namespace kith::net
