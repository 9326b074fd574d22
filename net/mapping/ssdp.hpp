// SPDX-License-Identifier: MIT
//
// Calls for UPnP gateways in the local network and hears the router alone. Blocking; for the
// mapper's thread. Internal to net/mapping.
#pragma once

#include "net/mapping/http.hpp"
#include "net/mapping/router_access.hpp"

namespace kith::net {

inline constexpr std::size_t descriptions_max = 2;  ///< of one router

/// Where the router's descriptions are, at most descriptions_max. Called twice, 500 ms apart;
/// waits for 1.5 s, less when one was heard. At most 256 datagrams are looked at.
[[nodiscard]] std::vector<http::Url> find_devices(const Bytes& router, const RouterAccess& access,
                                                  const std::atomic<bool>& cancelled);

}  // namespace kith::net
