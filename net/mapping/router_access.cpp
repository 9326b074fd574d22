// SPDX-License-Identifier: MIT
#include "net/mapping/router_access.hpp"

#include "net/mapping/router_words.hpp"

namespace kith::net {

std::optional<Bytes> RouterAccess::router() const {
    const auto all = gateways();
    if (all.empty() || all.front().size() != 4) return std::nullopt;
    return all.front();
}

std::optional<Bytes> RouterAccess::still_there(const Mapping& mapping) const {
    for (auto& gateway : gateways())
        if (gateway.size() == 4 && spelled(gateway) == mapping.router) return gateway;
    return std::nullopt;
}

std::vector<std::unique_ptr<MappingBackend>> system_mapping_backends() {
    std::vector<std::unique_ptr<MappingBackend>> backends;
    backends.push_back(make_pcp_backend({}));
    backends.push_back(make_nat_pmp_backend({}));
    backends.push_back(make_upnp_backend({}));
    return backends;
}

}  // namespace kith::net
