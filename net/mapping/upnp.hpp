// SPDX-License-Identifier: MIT
//
// What is said to and heard from a UPnP Internet Gateway Device: texts only, whose XML miniupnpc
// reads (its parsers alone: see http.hpp). Free functions without state. Internal to net/mapping.
#pragma once

#include <optional>
#include <vector>

#include "net/mapping/http.hpp"

namespace kith::net::upnp {

/// The searches for a gateway, each a datagram (UPnP Device Architecture 1.1, section 1.3.2).
[[nodiscard]] std::vector<std::string> searches();
/// The LOCATION of an answer to them; only on `router` itself.
[[nodiscard]] std::optional<http::Url> location(std::string_view answer, const Bytes& router);

/// A service that maps ports: WANIPConnection:1 or :2, WANPPPConnection:1.
struct Service {
    std::string type;
    http::Url control;
};
/// Those of a device's description, found at `from`; only with control URLs on the same address.
[[nodiscard]] std::vector<Service> services(const std::string& description, const http::Url& from);

using Arguments = std::vector<std::pair<std::string, std::string>>;
/// A whole request. The values are ours: digits, addresses and words without markup.
[[nodiscard]] std::string call(const Service& service, const std::string& action,
                               const Arguments& arguments);

struct Fault {
    int code = 0;       ///< of UPnP; 0: none was named
    std::string words;  ///< the router's own, made safe
};
/// The value of `name` in an answer; empty if it is not in there.
[[nodiscard]] std::string value(const std::string& body, const char* name);
[[nodiscard]] Fault fault(const std::string& body);

}  // namespace kith::net::upnp
