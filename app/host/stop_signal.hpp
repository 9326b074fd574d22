// SPDX-License-Identifier: MIT
//
// SIGINT, SIGTERM and SIGHUP as ordinary callbacks on a thread of their own. Block the signals
// first, before any other thread exists.
#pragma once

#include <functional>
#include <thread>

namespace kith::host {

class StopSignal {
public:
    /// Blocks the stop signals in this thread and those it starts; ignores SIGPIPE; lets children
    /// end without being waited for.
    static void block();

    /// Without `on_hangup` SIGHUP means the end, too: the terminal is gone.
    explicit StopSignal(std::function<void()> on_signal, std::function<void()> on_hangup = {});
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

private:
    std::function<void()> on_signal_, on_hangup_;
    std::thread thread_;
};

}  // namespace kith::host
