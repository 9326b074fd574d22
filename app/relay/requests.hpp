// SPDX-License-Identifier: MIT
//
// What signals ask of the main thread. post() from any thread, the rest from one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace kith::relay {

class Requests {
public:
    enum class Kind { stop, reload };

    void post(Kind kind);
    /// The next one, stop before reload; several of a kind count once. Nothing: none came in time.
    [[nodiscard]] std::optional<Kind> next(std::chrono::milliseconds time);

private:
    std::mutex mutex_;
    std::condition_variable posted_;
    bool stop_ = false;
    bool reload_ = false;
};

}  // namespace kith::relay
