// SPDX-License-Identifier: MIT
//
// Circuits of a client: asked for, called to, opened, and what the relay knows of where they come
// from.
#include <algorithm>

#include "net/framing.hpp"
#include "net/relay/circuit_link.hpp"
#include "net/relay/knock.hpp"
#include "net/relay/relay_transport.hpp"

namespace kith::net {

using namespace std::chrono_literals;
using Reason = Ending::Reason;

LinkId RelayTransport::dial_circuit(const SocketAddress& relay, const Fingerprint& peer) {
    const LinkId id = circuit_bit | ++last_circuit_;
    const auto now = ports_.clock.monotonic();
    const auto address = crypto::relay_at(relay.address, relay.port);
    Line* line =
        address && !shut_ && circuits_.size() < circuits_max ? add_line(*address) : nullptr;
    if (line == nullptr || crowded(*line)) {
        failed_.emplace_back(id, Reason::unreachable);
        return id;
    }
    Circuit& circuit = circuits_[id];
    circuit.place = {relay.address, relay.port};
    circuit.peer = peer;
    circuit.until = now + knock_patience;
    line->line.used_at = now;
    if (line->line.up())
        (void)knock_waiting(now);
    else
        line->line.connect(ports_.resolve, now);
    return id;
}

/// Dials take places that others need, too: they do not wait where it is for nothing.
bool RelayTransport::crowded(const Line& line) const {
    const auto place = place_of(line);
    const auto waiting = std::ranges::count_if(circuits_, [&](const auto& entry) {
        const Circuit& circuit = entry.second;
        return !circuit.incoming && !circuit.asked && circuit.place == place;
    });
    return line.line.up() && static_cast<std::size_t>(waiting) >= knocks_unanswered;
}

bool RelayTransport::knock_waiting(Milliseconds now) {
    bool waiting = false;
    for (auto& [id, circuit] : circuits_) {
        if (circuit.incoming || circuit.asked) continue;
        Line* line = line_at(circuit.place);
        if (line == nullptr || !line->line.up()) continue;
        if (may_knock(*line, now))
            knock(id, circuit, *line);
        else
            waiting = true;
    }
    return waiting;
}

bool RelayTransport::may_knock(Line& line, Milliseconds now) const {
    const auto place = place_of(line);
    const auto unanswered = std::ranges::count_if(circuits_, [&](const auto& entry) {
        const Circuit& circuit = entry.second;
        return circuit.asked && !circuit.incoming && !circuit.ticket && circuit.place == place;
    });
    return now >= line.busy_until && static_cast<std::size_t>(unanswered) < knocks_unanswered &&
           line.knocks.try_take(now);
}

void RelayTransport::refused(Line& line, const CircuitRefusal& refusal) {
    const auto found = circuits_.find(refusal.request);
    if (found == circuits_.end() || found->second.incoming || found->second.ticket ||
        line_at(found->second.place) != &line)
        return;
    if (refusal.reason == CircuitReason::busy)
        line.busy_until = ports_.clock.monotonic() +
                          std::min(std::chrono::seconds(refusal.retry_after_s), busy_most);
    fail(refusal.request, Reason::unreachable);
}

void RelayTransport::knock(LinkId id, Circuit& circuit, Line& line) {
    circuit.asked = true;
    const Bytes token = upper_->dial_token(circuit.peer);
    if (token.empty()) return failed_.emplace_back(id, Reason::unreachable), void();
    const KnockParties parties{line.line.address().relay, self_.fingerprint(), circuit.peer};
    line.line.session()->send(
        CircuitKnock{id, circuit.peer.bytes, make_proof(parties, token, ports_.random)});
}

void RelayTransport::called(Line& line, const CircuitCall& call) {
    const auto now = ports_.clock.monotonic();
    const Fingerprint caller{call.peer};
    if (shut_ || !may_be_called(line) || !line.calls.try_take(now)) return;
    const KnockParties parties{line.line.address().relay, caller, self_.fingerprint()};
    const bool admitted =
        upper_->admits(caller, [&](ByteView token) { return fits(call.proof, parties, token); });
    if (!admitted) return;
    const LinkId id = circuit_bit | ++last_circuit_;
    Circuit& circuit = circuits_[id];
    circuit.place = place_of(line);
    circuit.peer = caller;
    circuit.incoming = true;
    circuit.ticket = call.ticket;
    open(id, circuit, line);
}

/// People are reached through relays of their own; a relay of somebody else's knows no reason to
/// call.
bool RelayTransport::may_be_called(const Line& line) const {
    if (!line.line.own || circuits_.size() >= circuits_max) return false;
    const auto own =
        std::ranges::count_if(lines_, [](const auto& entry) { return entry.second.line.own; });
    const auto place = place_of(line);
    const auto here = std::ranges::count_if(circuits_, [&](const auto& entry) {
        return entry.second.incoming && entry.second.place == place;
    });
    return static_cast<std::size_t>(here * own) < incoming_max;
}

void RelayTransport::ready(Line& line, const CircuitReady& message) {
    const auto found = circuits_.find(message.request);
    if (found == circuits_.end() || found->second.incoming || found->second.ticket ||
        line_at(found->second.place) != &line)
        return;
    found->second.ticket = message.ticket;
    open(message.request, found->second, line);
}

/// Where the line goes: a name may mean another machine by now.
void RelayTransport::open(LinkId id, Circuit& circuit, Line& line) {
    circuit.until = ports_.clock.monotonic() + knock_patience;
    circuit.lower = ports_.lower.dial_shared(line.line.remote());
    upper_of_lower_[*circuit.lower] = id;
}

void RelayTransport::circuit_dialled(LinkId id, Circuit& circuit) {
    Bytes frame;
    append_frame(frame, *circuit.ticket);
    ports_.lower.send(*circuit.lower, std::move(frame));
    circuit.stands = true;
    if (!circuit.incoming) return upper_->on_dialled(id);
    const SocketAddress from{circuit.place.first, circuit.place.second, 0};
    upper_->on_accepted(id, from);
}

void RelayTransport::fail(LinkId id, Reason reason) {
    const auto found = circuits_.find(id);
    if (found == circuits_.end()) return;
    const Circuit circuit = std::move(found->second);
    circuits_.erase(found);
    if (circuit.lower) {
        upper_of_lower_.erase(*circuit.lower);
        ports_.lower.close(*circuit.lower, true);
    }
    if (!circuit.incoming || circuit.stands) upper_->on_closed(id, reason);
}

LinkId RelayTransport::dial_beside(LinkId link, const SocketAddress& to) {
    return ports_.lower.dial_beside(lower_of(link).value_or(0), to);
}

bool RelayTransport::ask_whence(LinkId id) {
    const auto found = circuits_.find(id);
    if (found == circuits_.end() || !found->second.ticket) return false;
    Line* line = line_at(found->second.place);
    if (line == nullptr || !line->line.up()) return false;
    line->line.session()->send(CircuitWhence{*found->second.ticket});
    return true;
}

void RelayTransport::seen(const Line& line, const CircuitSeen& message) {
    const auto found = std::ranges::find_if(circuits_, [&](const auto& entry) {
        return entry.second.stands && entry.second.ticket == message.ticket;
    });
    if (found == circuits_.end() || line_at(found->second.place) != &line) return;
    upper_->on_seen(found->first, {message.address, message.port, 0});
}

std::optional<LinkId> RelayTransport::lower_of(LinkId link) const {
    if (!is_circuit(link)) return link;
    const auto found = circuits_.find(link);
    return found == circuits_.end() ? std::nullopt : found->second.lower;
}

}  // namespace kith::net
