// SPDX-License-Identifier: MIT
//
// "Network thread only", checked: once bound, calls from another thread end a debug build. Before
// that, things may be put together on any thread. Costs nothing in release builds.
#pragma once

#include <cassert>
#include <thread>

namespace kith::net {

class ThreadAffinity {
public:
#ifndef NDEBUG
    void bind() {
        if (owner_ == std::thread::id{}) owner_ = std::this_thread::get_id();
    }
    void check() const {
        assert((owner_ == std::thread::id{} || owner_ == std::this_thread::get_id()) &&
               "called on a foreign thread");
    }

private:
    std::thread::id owner_;
#else
    void bind() noexcept {}
    void check() const noexcept {}
#endif
};

}  // namespace kith::net
