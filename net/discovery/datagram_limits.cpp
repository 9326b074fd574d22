// SPDX-License-Identifier: MIT
#include "net/discovery/datagram_limits.hpp"

#include "net/discovery/local_address.hpp"

namespace kith::net {
namespace {

constexpr double strangers = limits::verifications_per_second * limits::stranger_share;
constexpr double known = limits::verifications_per_second - 2 * strangers;

bool is_ipv6_link_local(const Bytes& address) {
    return address.size() == 16 && address[0] == 0xFE && (address[1] & 0xC0) == 0x80;
}

}  // namespace

DatagramLimits::DatagramLimits(ms now)
    : all_(limits::datagrams_per_second, limits::datagrams_per_second, now),
      addresses_(limits::datagrams_per_address, limits::datagram_burst, limits::datagram_buckets),
      known_(known, 2 * known, now),
      moved_(strangers, limits::stranger_burst, now),
      strangers_(strangers, limits::stranger_burst, now),
      tags_(limits::tag_checks_per_second, limits::tag_checks_per_second, now),
      answers_(limits::answers_per_second, limits::answer_burst, now),
      probes_(limits::answers_per_second, limits::answer_burst, now) {}

bool DatagramLimits::admit(const SocketAddress& from, bool own_machine, ms now) {
    if (!own_machine) {
        Bytes address = from.address;
        // All hosts of a link share fe80::/64: the buckets are to count this one by itself.
        if (is_ipv6_link_local(address)) address.push_back(0);
        if (!addresses_.try_take(address, now)) return false;
    }
    return all_.try_take(now);
}

bool DatagramLimits::verify(Speaker speaker, ms now) {
    switch (speaker) {
        case Speaker::known:
            return known_.try_take(now);
        case Speaker::moved:
            return moved_.try_take(now);
        case Speaker::stranger:
            break;
    }
    return strangers_.try_take(now);
}

}  // namespace kith::net
