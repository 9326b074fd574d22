// SPDX-License-Identifier: MIT
//
// For how long a mapping is taken for granted, and when it is asked for again. Internal to
// net/mapping. Free functions without state.
#pragma once

#include <algorithm>
#include <chrono>

namespace kith::net {

inline constexpr std::chrono::seconds lease_min{60};  ///< a router that says less is not believed
inline constexpr std::chrono::seconds lease_max{std::chrono::hours(24)};

[[nodiscard]] constexpr std::chrono::seconds bounded_lease(std::chrono::seconds granted) {
    return std::clamp(granted, lease_min, lease_max);
}

/// At half of the time (RFC 6887 section 11.2.1, RFC 6886 section 3.3), and not more often than
/// every `least`.
[[nodiscard]] constexpr std::chrono::milliseconds renew_after(std::chrono::seconds lease,
                                                              std::chrono::milliseconds least) {
    return std::max<std::chrono::milliseconds>(std::chrono::milliseconds(lease) / 2, least);
}

}  // namespace kith::net
