// SPDX-License-Identifier: MIT
//
// What comes in, cheap checks first: size, our own, where from, rate, key, age, number; and only
// then the signature. docs/protocol.md, "LAN discovery", "What a receiver does".
#include <algorithm>

#include "net/discovery/discovery_impl.hpp"
#include "net/discovery/local_address.hpp"
#include "net/socket_names.hpp"
#include "net/utf8.hpp"

namespace kith::net {

void Discovery::Impl::receive(Line& line, const SocketAddress& from, ByteView datagram) {
    count(line, from, judge(line, from, datagram));
}

Discovery::Impl::Verdict Discovery::Impl::judge(Line& line, const SocketAddress& from,
                                                ByteView datagram) {
    if (datagram.size() != crypto::beacon_size) return Verdict::foreign;
    if (sent.contains(datagram)) return Verdict::own;
    if (!is_local(from) && !is_on_link(from, line.interface)) return Verdict::foreign;
    if (!limits.admit(from, is_own_machine(from), now())) return Verdict::dropped;
    if (const auto opened = crypto::open_beacon(datagram, team_key()))
        return on_beacon(line, from, *opened, true);
    return on_other(line, from, datagram);
}

/// No word of our team: a contact may be announced to everybody, or speak to us alone.
Discovery::Impl::Verdict Discovery::Impl::on_other(Line& line, const SocketAddress& from,
                                                   ByteView datagram) {
    if (contacts.empty()) return Verdict::foreign;
    if (team) {
        const auto opened = crypto::open_beacon(datagram, crypto::local_team_key());
        if (opened && contacts.find(opened->beacon.fingerprint) == nullptr) return Verdict::foreign;
        if (opened) return on_beacon(line, from, *opened, false);
    }
    const auto found = contacts.find_tag(datagram, limits, ports.clock.wall(), now());
    switch (found.verdict) {
        case ContactBook::Verdict::heard:
            break;
        case ContactBook::Verdict::none:
            return Verdict::foreign;
        case ContactBook::Verdict::replayed:
            return Verdict::replayed;
        case ContactBook::Verdict::skewed:
            return Verdict::skewed;
        case ContactBook::Verdict::over_limit:
            return Verdict::dropped;
    }
    if (found.tcp_port == 0) return Verdict::foreign;
    people.heard_tag(found.peer, found.tcp_port, line.interface.index, from, now());
    return Verdict::heard;
}

Discovery::Impl::Verdict Discovery::Impl::on_beacon(Line& line, const SocketAddress& from,
                                                    const crypto::OpenedBeacon& opened,
                                                    bool of_team) {
    const crypto::Beacon& beacon = opened.beacon;
    if (beacon.fingerprint == fingerprint) return Verdict::own;
    const bool announcement = beacon.kind == crypto::BeaconKind::announcement;
    if (!announcement && beacon.kind != crypto::BeaconKind::goodbye) return Verdict::foreign;
    if (beacon.echo != Addressee{} && beacon.echo != addressee(fingerprint))
        return Verdict::replayed;  // an answer to somebody else
    if (beacon.tcp_port == 0 || !valid_utf8(beacon.name)) return Verdict::foreign;
    if (const Verdict verdict = prove(from, opened); verdict != Verdict::heard) return verdict;

    replays.remember({beacon.fingerprint, opened.signer}, beacon.boot, beacon.sequence,
                     !announcement, now());
    if (announcement) {
        accept(line, from, opened, of_team);
    } else {
        people.left(beacon.fingerprint);
    }
    return Verdict::heard;
}

/// Whether it is theirs and new. The signature comes last, being the dearest by far.
Discovery::Impl::Verdict Discovery::Impl::prove(const SocketAddress& from,
                                                const crypto::OpenedBeacon& opened) {
    using Speaker = DatagramLimits::Speaker;
    const crypto::Beacon& beacon = opened.beacon;
    const crypto::SignerKey* listed = people.signer(beacon.fingerprint);
    const DiscoveryContact* contact = contacts.find(beacon.fingerprint);
    const bool of_contact = contact != nullptr && contact->signer.has_value();
    if (of_contact && *contact->signer != opened.signer) return Verdict::forged;
    if (listed != nullptr && *listed != opened.signer) return Verdict::forged;
    const Sender sender{beacon.fingerprint, opened.signer};
    if (!replays.is_new(sender, beacon.boot, beacon.sequence, now())) return Verdict::replayed;
    if (is_skewed(beacon.sent_at)) return Verdict::skewed;
    const bool there = people.is_heard_at(beacon.fingerprint, from);
    const Speaker of_key = there ? Speaker::known : Speaker::moved;
    const Speaker speaker = of_contact || listed != nullptr ? of_key : Speaker::stranger;
    if (!people.may_verify(beacon.fingerprint, there, now()) || !limits.verify(speaker, now()))
        return Verdict::dropped;
    return authentic(opened) ? Verdict::heard : Verdict::forged;
}

bool Discovery::Impl::authentic(const crypto::OpenedBeacon& opened) const {
    return ports.authentic ? ports.authentic(opened) : opened.authentic();
}

bool Discovery::Impl::is_skewed(std::int64_t sent_at) const {
    const std::int64_t wall = ports.clock.wall().count();
    const std::int64_t skew = timing.clock_skew_max.count();
    return sent_at < wall - skew || sent_at > wall + skew;
}

void Discovery::Impl::accept(Line& line, const SocketAddress& from,
                             const crypto::OpenedBeacon& opened, bool of_team) {
    const crypto::Beacon& beacon = opened.beacon;
    people.heard({.peer = beacon.fingerprint,
                  .signer = opened.signer,
                  .name = beacon.name,
                  .token = beacon.token,
                  .tcp_port = beacon.tcp_port,
                  .interval = ms(beacon.interval_ms),
                  .interface = line.interface.index,
                  .from = from,
                  .team = of_team},
                 now());
    if (of_team && beacon.asks) consider_answer(line, from, opened);
}

/// Everybody hears a newcomer; about answers_per_newcomer of us answer, each at a random moment.
/// Those who have just come themselves say soon enough that they are here. The address may be
/// forged, and its owner gets what we all send: hence the limits.
void Discovery::Impl::consider_answer(Line& line, const SocketAddress& from,
                                      const crypto::OpenedBeacon& opened) {
    if (!visible || self.tcp_port == 0 || schedule.quick() ||
        answers.size() >= net::limits::answers_waiting)
        return;
    const Fingerprint& peer = opened.beacon.fingerprint;
    if (!people.may_ask(peer, now()) || !limits.newcomer(from, is_own_machine(from), now())) return;
    const auto others = std::max<std::size_t>(people.team_size(), 1);
    const auto draw = static_cast<std::size_t>(
        random_delay(ports.random, ms(static_cast<ms::rep>(others))).count());
    if (draw >= net::limits::answers_per_newcomer) return;
    const ms due = now() + random_delay(ports.random, timing.answer_within);
    answers.push_back({due, line.interface.index, from, peer});
}

void Discovery::Impl::count(Line& line, const SocketAddress& from, Verdict verdict) {
    switch (verdict) {
        case Verdict::heard:
            ++stats.heard;
            ++line.status.heard;
            line.last_heard = now();
            return;
        case Verdict::own:
            ++stats.own;
            return;
        case Verdict::foreign:
            ++stats.foreign;
            break;
        case Verdict::forged:
            ++stats.forged;
            break;
        case Verdict::replayed:
            ++stats.replayed;
            break;
        case Verdict::skewed:
            ++stats.skewed;
            stats.last_skewed = to_string(from);
            break;
        case Verdict::dropped:
            ++stats.dropped;
            break;
    }
    ++line.status.ignored;
}

bool Discovery::Impl::is_own_machine(const SocketAddress& from) const {
    if (is_loopback(from)) return true;
    const auto has = [&](const auto& entry) {
        return std::ranges::find(entry.second.interface.addresses, from.address,
                                 &SocketAddress::address) != entry.second.interface.addresses.end();
    };
    return std::ranges::any_of(lines, has);
}

}  // namespace kith::net
