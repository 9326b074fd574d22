// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <fstream>

#include "app/node/memory.hpp"

namespace kith::node {

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t total = 0;
    std::uint64_t resident = 0;
    statm >> total >> resident;
    return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace kith::node
