// SPDX-License-Identifier: MIT
#include <fstream>
#include <iterator>

#include "net/mapping/gateway.hpp"

namespace kith::net {

std::vector<Bytes> default_gateways() {
    // Of this thread's network namespace.
    std::ifstream file("/proc/thread-self/net/route");
    return gateways_in({std::istreambuf_iterator<char>(file), {}});
}

}  // namespace kith::net
