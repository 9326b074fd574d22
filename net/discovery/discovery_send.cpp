// SPDX-License-Identifier: MIT
//
// What goes out: announcements and tags to everybody, answers to newcomers, goodbyes.
#include <algorithm>

#include "net/discovery/discovery_impl.hpp"

namespace kith::net {

void Discovery::Impl::Sent::add(ByteView datagram) {
    names[next] = datagram_name(datagram);
    next = (next + 1) % names.size();
}

bool Discovery::Impl::Sent::contains(ByteView datagram) const {
    return std::ranges::find(names, datagram_name(datagram)) != names.end();
}

/// Contacts hear announcements to everybody, whatever team they are in.
bool Discovery::Impl::uses_tags() const { return !visible || team.has_value(); }

bool Discovery::Impl::can_announce() const {
    return !stopped && self.tcp_port != 0 && !lines.empty() &&
           (visible || (uses_tags() && contacts.wanted() > 0));
}

/// Grows with what all of us send together.
Discovery::Impl::ms Discovery::Impl::interval() const {
    const bool tags = uses_tags() && contacts.wanted() > 0;
    const auto datagrams = static_cast<int>(visible) + static_cast<int>(tags);
    const auto people_here = static_cast<ms::rep>(people.team_size());
    return std::clamp(timing.interval_per_person * people_here * datagrams, timing.interval,
                      timing.interval_max);
}

/// Each datagram has a number of its own: receivers take it once, from wherever it comes first.
crypto::Beacon Discovery::Impl::next_beacon(crypto::BeaconKind kind) {
    crypto::Beacon beacon;
    beacon.kind = kind;
    beacon.fingerprint = fingerprint;
    beacon.token = self.token;
    beacon.tcp_port = self.tcp_port;
    beacon.boot = boot;
    beacon.sequence = ++sequence;
    beacon.sent_at = ports.clock.wall().count();
    beacon.interval_ms = static_cast<std::uint32_t>(interval().count());
    beacon.name = self.name;
    return beacon;
}

Bytes Discovery::Impl::seal(const crypto::Beacon& beacon) {
    const auto datagram = crypto::seal_beacon(beacon, team_key(), signing, ports.random);
    sent.add(datagram);
    return {datagram.begin(), datagram.end()};
}

Discovery::Impl::Addressee Discovery::Impl::addressee(const Fingerprint& peer) {
    Addressee out{};
    std::copy_n(peer.bytes.begin(), out.size(), out.begin());
    return out;
}

Bytes Discovery::Impl::seal(const std::vector<crypto::TagFor>& tags) {
    const auto datagram =
        crypto::seal_tags(tags, self.tcp_port, ports.clock.wall().count(), ports.random);
    sent.add(datagram);
    return {datagram.begin(), datagram.end()};
}

void Discovery::Impl::to_all(const std::function<Bytes()>& fresh) {
    for (auto& [index, line] : lines) {
        const auto counted = [&status = line.status, &fresh] {
            ++status.sent;
            return fresh();
        };
        line.status.problem = ports.transport.announce_each(index, counted).value_or("");
    }
}

void Discovery::Impl::announce() {
    const bool quick = schedule.quick();
    if (visible) {
        to_all([&] {
            auto beacon = next_beacon(crypto::BeaconKind::announcement);
            beacon.asks = quick;
            return seal(beacon);
        });
        announced = true;
    }
    if (uses_tags()) announce_tags(quick);
    schedule.announced(interval(), now());
}

void Discovery::Impl::announce_tags(bool quick) {
    const std::size_t needed =
        (contacts.wanted() + crypto::tags_per_datagram - 1) / crypto::tags_per_datagram;
    const std::size_t count = std::min(needed, quick ? net::limits::tag_datagrams_quick : 1);
    for (std::size_t i = 0; i < count; ++i) {
        const auto tags = contacts.next_tags();
        to_all([&] { return seal(tags); });
    }
}

void Discovery::Impl::say_goodbye() {
    if (stopped || !std::exchange(announced, false)) return;
    to_all([&] { return seal(next_beacon(crypto::BeaconKind::goodbye)); });
}

void Discovery::Impl::send_answers() {
    const auto due = [&](const Answer& answer) { return answer.due > now(); };
    const auto first = std::ranges::stable_partition(answers, due).begin();
    const std::vector<Answer> ready(first, answers.end());
    answers.erase(first, answers.end());
    for (const Answer& answer : ready) {
        const auto line = lines.find(answer.interface);
        if (line == lines.end() || stopped) continue;
        ++line->second.status.sent;
        auto beacon = next_beacon(crypto::BeaconKind::announcement);
        beacon.echo = addressee(answer.peer);
        ports.transport.reply(answer.interface, answer.to, seal(beacon));
        announced = true;
    }
}

void Discovery::Impl::restart() { schedule.restart(now()); }

}  // namespace kith::net
