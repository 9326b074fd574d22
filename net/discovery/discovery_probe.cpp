// SPDX-License-Identifier: MIT
//
// Manual addresses: the words of discovery to one instance, over TCP. docs/protocol.md, "Manual
// addresses".
#include <algorithm>

#include "crypto/kdf.hpp"
#include "net/discovery/discovery_impl.hpp"
#include "net/discovery/local_address.hpp"
#include "net/utf8.hpp"

namespace kith::net {
namespace {

constexpr std::string_view echo_label = "kith1 probe";

/// What ties an answer to one probe.
std::array<std::uint8_t, 8> echo_of(ByteView probe) {
    const auto digest = crypto::sha256({crypto::view(echo_label), probe});
    std::array<std::uint8_t, 8> echo{};
    std::copy_n(digest.begin(), echo.size(), echo.begin());
    return echo;
}

}  // namespace

/// Says nothing about who asks: no fingerprint, no name, and a key made for this one.
Bytes Discovery::make_probe() {
    const auto seed = impl_->ports.random.array<32>();
    const crypto::SigningKey key{seed};
    crypto::Beacon beacon;
    beacon.kind = crypto::BeaconKind::probe;
    beacon.sent_at = impl_->ports.clock.wall().count();
    const auto datagram = crypto::seal_beacon(beacon, impl_->team_key(), key, impl_->ports.random);
    return {datagram.begin(), datagram.end()};
}

std::optional<Bytes> Discovery::answer_probe(ByteView probe, const SocketAddress& from) {
    Impl& impl = *impl_;
    if (impl.stopped || !impl.visible || probe.size() != crypto::beacon_size) return std::nullopt;
    if (!impl.team && !is_local(from)) return std::nullopt;
    if (!impl.limits.answer_probe(impl.now())) return std::nullopt;
    const auto opened = crypto::open_beacon(probe, impl.team_key());
    if (!opened || opened->beacon.kind != crypto::BeaconKind::probe) return std::nullopt;

    auto beacon = impl.next_beacon(crypto::BeaconKind::answer);
    beacon.echo = echo_of(probe);
    return impl.seal(beacon);
}

std::optional<NearbyPerson> Discovery::read_answer(ByteView probe, ByteView answer,
                                                   const SocketAddress& from) {
    const auto opened = crypto::open_beacon(answer, impl_->team_key());
    if (!opened || opened->beacon.kind != crypto::BeaconKind::answer) return std::nullopt;
    const crypto::Beacon& beacon = opened->beacon;
    if (beacon.echo != echo_of(probe) || !valid_utf8(beacon.name)) return std::nullopt;
    const DiscoveryContact* contact = impl_->contacts.find(beacon.fingerprint);
    if (contact != nullptr && contact->signer && *contact->signer != opened->signer)
        return std::nullopt;
    if (!impl_->authentic(*opened)) return std::nullopt;
    return NearbyPerson{beacon.fingerprint, beacon.name, beacon.token, {from}, false};
}

}  // namespace kith::net
