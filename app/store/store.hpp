// SPDX-License-Identifier: MIT
//
// The node's view of the store: jobs in, results after the commit. Network thread only.
#pragma once

#include <functional>

#include "app/store/job.hpp"

namespace kith::store {

class Store {
public:
    using Continuation = std::function<void(Result)>;
    virtual ~Store() = default;
    /// Jobs run and complete in the order they were submitted. `done` is called on the network
    /// thread, never from inside submit().
    virtual void submit(Job job, Continuation done) = 0;
    /// Jobs submitted and not completed. Callers slow down above store_backlog_high.
    [[nodiscard]] virtual std::size_t backlog() const = 0;
};

inline constexpr std::size_t store_backlog_high = 16'384;

}  // namespace kith::store
