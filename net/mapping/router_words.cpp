// SPDX-License-Identifier: MIT
#include "net/mapping/router_words.hpp"

#include <uv.h>

#include <algorithm>

#include "net/discovery/local_address.hpp"

namespace kith::net {

std::string made_safe(std::string_view text) {
    std::string safe(text.substr(0, foreign_words_max));
    std::ranges::replace_if(
        safe, [](char c) { return c < ' ' || c > '~'; }, '?');
    return safe;
}

std::string spelled(const Bytes& address) {
    if (address.size() != 4 && address.size() != 16) return {};
    char text[INET6_ADDRSTRLEN] = {};
    uv_inet_ntop(address.size() == 16 ? AF_INET6 : AF_INET, address.data(), text, sizeof text);
    return text;
}

std::optional<Bytes> usable_public_address(const Bytes& address) {
    if (address.size() != 4 || address[0] == 0 || address[0] == 127 || address[0] >= 224)
        return std::nullopt;
    return address;
}

std::optional<std::string> behind_another(const std::string& router, const Bytes& public_address) {
    if (!is_local({public_address, 0, 0})) return std::nullopt;
    const bool shared =
        public_address.size() == 4 && public_address[0] == 100;  // 100.64/10, RFC 6598
    return router + " has no public address itself but " + spelled(public_address) + ": " +
           (shared ? "the provider shares one address among several customers"
                   : "it stands behind another router, which would have to pass the port on, too");
}

}  // namespace kith::net
