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

/// As the buckets are to count it: all hosts of a link share fe80::/64, each is one by itself.
Bytes counted(const SocketAddress& from) {
    Bytes address = from.address;
    if (is_ipv6_link_local(address)) address.push_back(0);
    return address;
}

}  // namespace

DatagramLimits::DatagramLimits(ms now)
    : all_(limits::datagrams_per_second, limits::datagrams_per_second, now),
      addresses_(limits::datagrams_per_address, limits::datagram_burst, limits::datagram_buckets),
      known_(known, 2 * known, now),
      moved_(strangers, limits::stranger_burst, now),
      strangers_(strangers, limits::stranger_burst, now),
      tags_(limits::tag_checks_per_second, limits::tag_checks_per_second, now),
      newcomers_(limits::newcomers_per_second, limits::newcomer_burst, now),
      newcomer_addresses_(limits::newcomers_per_address, limits::newcomer_address_burst,
                          limits::datagram_buckets),
      probes_(limits::probe_answers_per_second, limits::probe_answer_burst, now) {}

bool DatagramLimits::admit(const SocketAddress& from, bool own_machine, ms now) {
    if (!own_machine && !addresses_.try_take(counted(from), now)) return false;
    return all_.try_take(now);
}

bool DatagramLimits::newcomer(const SocketAddress& from, bool own_machine, ms now) {
    if (!own_machine && !newcomer_addresses_.try_take(counted(from), now)) return false;
    return newcomers_.try_take(now);
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
