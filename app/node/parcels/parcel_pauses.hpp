// SPDX-License-Identifier: MIT
//
// When something about a transfer is tried next. Network thread only.
#pragma once

#include <algorithm>
#include <chrono>
#include <map>

#include "app/model/types.hpp"

namespace kith::node {

class ParcelPauses {
public:
    using Milliseconds = std::chrono::milliseconds;
    static constexpr Milliseconds first{30'000};
    static constexpr Milliseconds most{3'600'000};

    /// Not known: `fresh` from now.
    [[nodiscard]] Milliseconds due(const model::TransferId& id, Milliseconds now,
                                   Milliseconds fresh) {
        return pauses_.try_emplace(id, Pause{now + fresh, first}).first->second.due;
    }
    void failed(const model::TransferId& id, Milliseconds now, Milliseconds at_least = {}) {
        Pause& pause = pauses_[id];
        pause.due = now + std::max(pause.next, at_least);
        pause.next = std::min(pause.next * 2, most);
    }
    void not_before(const model::TransferId& id, Milliseconds time) { pauses_[id].due = time; }
    void forget(const model::TransferId& id) { pauses_.erase(id); }

private:
    struct Pause {
        Milliseconds due{0};
        Milliseconds next = first;
    };
    std::map<model::TransferId, Pause> pauses_;  ///< of transfers that are known
};

}  // namespace kith::node
