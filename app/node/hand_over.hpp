// SPDX-License-Identifier: MIT
//
// Which texts have certainly not been seen by anybody, and which must not leave now because they
// are being taken back. Shared by all outboxes; network thread only.
#pragma once

#include <deque>
#include <unordered_set>

#include "app/model/types.hpp"

namespace kith::node {

class HandOver {
public:
    /// Beyond that the oldest count as handed over: an Erase more, which does no harm.
    static constexpr std::size_t fresh_max = 10'000;

    /// A text of this run was stored. (Those of earlier runs may have been sent then.)
    void written(const model::MessageId& id) {
        if (!fresh_.insert(id).second) return;
        order_.push_back(id);
        while (order_.size() > fresh_max) {
            fresh_.erase(order_.front());
            order_.pop_front();
        }
    }
    void given_to_session(const model::MessageId& id) { fresh_.erase(id); }
    [[nodiscard]] bool may_have_left(const model::MessageId& id) const {
        return !fresh_.contains(id);
    }

    void hold(const model::MessageId& id) { held_.insert(id); }
    void release(const model::MessageId& id) { held_.erase(id); }
    [[nodiscard]] bool held(const model::MessageId& id) const { return held_.contains(id); }

private:
    std::unordered_set<model::MessageId> fresh_;
    std::deque<model::MessageId> order_;  ///< of being written; may name some that have left
    std::unordered_set<model::MessageId> held_;
};

}  // namespace kith::node
