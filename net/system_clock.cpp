// SPDX-License-Identifier: MIT
#include "net/tcp_driver.hpp"

namespace kith::net {

using std::chrono::duration_cast;
using std::chrono::milliseconds;

milliseconds SystemClock::monotonic() const {
    return duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

milliseconds SystemClock::wall() const {
    return duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace kith::net
