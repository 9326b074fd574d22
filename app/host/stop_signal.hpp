// SPDX-License-Identifier: MIT
//
// SIGINT and SIGTERM as an ordinary callback on a thread of its own. Block the signals first,
// before any other thread exists.
#pragma once

#include <functional>
#include <thread>

namespace kith::host {

class StopSignal {
public:
    /// Blocks the stop signals in this thread and those it starts; ignores SIGPIPE; lets children
    /// end without being waited for.
    static void block();

    explicit StopSignal(std::function<void()> on_signal);
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

private:
    std::function<void()> on_signal_;
    std::thread thread_;
};

}  // namespace kith::host
