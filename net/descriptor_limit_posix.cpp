// SPDX-License-Identifier: MIT
#include <sys/resource.h>

#include <algorithm>

#include "net/descriptor_limit.hpp"

namespace kith::net {

std::size_t raise_descriptor_limit(std::size_t wanted) noexcept {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
    const rlim_t before = limit.rlim_cur;
    if (before >= wanted) return before;
    limit.rlim_cur = std::min<rlim_t>(wanted, limit.rlim_max);
    // Failing, we keep what we had: accept errors are handled.
    return setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace kith::net
