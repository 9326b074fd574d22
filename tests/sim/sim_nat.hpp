// SPDX-License-Identifier: MIT
//
// A router between simulated hosts and the rest: whoever is behind it dials out under its address,
// and nobody comes in but those who were dialled (RFC 5382: address and port dependent filtering).
#pragma once

#include <map>

#include "net/transport.hpp"

namespace kith::sim {

class SimNat {
public:
    enum class Mapping {
        independent,  ///< a port inside has one port outside, wherever it dials
        symmetric,    ///< one for each place that is dialled
    };
    /// 203.0.113.`number`
    SimNat(std::uint8_t number, Mapping mapping)
        : address_{203, 0, 113, number}, mapping_(mapping) {}

    /// What the place that is dialled sees.
    [[nodiscard]] net::SocketAddress outside_of(const net::SocketAddress& inside,
                                                const net::SocketAddress& to) {
        const auto key =
            mapping_ == Mapping::symmetric ? to_string(inside) + to_string(to) : to_string(inside);
        const auto [found, added] = ports_.try_emplace(key, next_);
        if (added) ++next_;
        return {address_, found->second, 0};
    }
    [[nodiscard]] const net::Bytes& address() const { return address_; }
    /// Who was not dialled is told so. Most routers say nothing (RFC 5382, REQ-4).
    bool refuses = false;

private:
    net::Bytes address_;
    Mapping mapping_;
    std::map<std::string, std::uint16_t> ports_;
    std::uint16_t next_ = 40'000;
};

}  // namespace kith::sim
