// SPDX-License-Identifier: MIT
//
// The time by which a relay's mailbox counts what is too old: it goes on from the latest time in
// the file, as the relay runs. A wall clock that is wrong, jumps ahead or stands in 1970 until the
// network is there deletes nothing, and gives nobody's name away. Inside app/store/mailbox only.
#pragma once

#include <algorithm>
#include <optional>

#include "net/transport.hpp"

namespace kith::store::mailbox {

class MailboxTime {
public:
    using Milliseconds = std::chrono::milliseconds;
    /// What a stop counts at most, however long the wall clock says it was.
    static constexpr Milliseconds stop_max = std::chrono::hours(24);

    /// `latest`: in the file, since 1970 UTC; nothing: there is none.
    MailboxTime(const net::Clock& clock, std::optional<Milliseconds> latest)
        : clock_(clock), ahead_(begin(clock.wall(), latest) - clock.monotonic()) {}

    /// Since about 1970 UTC.
    [[nodiscard]] Milliseconds now() const { return clock_.monotonic() + ahead_; }

private:
    static Milliseconds begin(Milliseconds wall, std::optional<Milliseconds> latest) {
        return latest ? std::clamp(wall, *latest, *latest + stop_max) : wall;
    }

    const net::Clock& clock_;
    const Milliseconds ahead_;
};

}  // namespace kith::store::mailbox
