// SPDX-License-Identifier: MIT
#include "net/mapping/gateway.hpp"

#include <algorithm>
#include <cstring>
#include <sstream>

namespace kith::net {
namespace {

constexpr unsigned flag_up = 1;
constexpr unsigned flag_gateway = 2;

struct Route {
    unsigned metric = 0;
    Bytes gateway;
};

/// "eth0 00000000 0102A8C0 0003 0 0 100 00000000 ...": addresses are numbers in the machine's own
/// order of bytes.
bool read_default(const std::string& line, Route& route) {
    std::istringstream words(line);
    std::string interface;
    std::uint32_t destination = 0, gateway = 0, mask = 0;
    unsigned flags = 0, uses = 0, references = 0;
    words >> interface >> std::hex >> destination >> gateway >> flags >> std::dec >> references >>
        uses >> route.metric >> std::hex >> mask;
    if (words.fail() || destination != 0 || mask != 0 || gateway == 0) return false;
    if ((flags & flag_up) == 0 || (flags & flag_gateway) == 0) return false;
    route.gateway.resize(sizeof gateway);
    std::memcpy(route.gateway.data(), &gateway, sizeof gateway);
    return true;
}

}  // namespace

std::vector<Bytes> gateways_in(const std::string& routes) {
    std::vector<Route> found;
    std::istringstream lines(routes);
    for (std::string line; std::getline(lines, line);) {
        Route route;
        if (read_default(line, route)) found.push_back(std::move(route));
    }
    std::ranges::stable_sort(found, {}, &Route::metric);
    std::vector<Bytes> gateways;
    for (auto& route : found) {
        const bool known = std::ranges::find(gateways, route.gateway) != gateways.end();
        if (!known && gateways.size() < gateways_max) gateways.push_back(std::move(route.gateway));
    }
    return gateways;
}

}  // namespace kith::net
