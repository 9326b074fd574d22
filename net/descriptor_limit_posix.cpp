// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include <algorithm>

#include "net/descriptor_limit.hpp"

namespace kith::net {

void raise_descriptor_limit(std::size_t wanted) noexcept {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    setrlimit(RLIMIT_NOFILE, &limit);  // failing, we keep what we had: accept errors are handled
}

}  // namespace kith::net
