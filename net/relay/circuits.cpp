// SPDX-License-Identifier: MIT
#include "net/relay/circuits.hpp"

#include <algorithm>

namespace kith::net {

bool Circuits::has_room_for(const crypto::Fingerprint& person) const {
    const auto found = per_person_.find(person);
    const std::size_t theirs = found == per_person_.end() ? 0 : found->second;
    return circuits_.size() < limits_.circuits_max && theirs < limits_.per_person_max;
}

std::optional<Circuits::Opened> Circuits::open(const crypto::Fingerprint& from,
                                               const crypto::Fingerprint& to, Milliseconds now) {
    if (!has_room_for(from) || !has_room_for(to)) return std::nullopt;
    const CircuitId id = ++last_;
    Circuit& circuit = circuits_[id];
    circuit.people = {to, from};
    for (const auto& person : circuit.people) ++per_person_[person];
    circuit.until = now + limits_.calling;
    for (const Side side : {callee, caller}) {
        circuit.tickets[side] = random_.array<sizeof(CircuitTicket)>();
        tickets_[circuit.tickets[side]] = {id, side};
    }
    return Opened{id, circuit.tickets[callee]};
}

CircuitTicket Circuits::ticket_of_caller(CircuitId circuit) const {
    return circuits_.at(circuit).tickets[caller];
}

void Circuits::free_place(const crypto::Fingerprint& person) {
    const auto found = per_person_.find(person);
    if (found != per_person_.end() && --found->second == 0) per_person_.erase(found);
}

void Circuits::drop(CircuitId id) {
    const auto found = circuits_.find(id);
    if (found != circuits_.end() && !found->second.joined()) end(id, {});
}

bool Circuits::on_ticket(LinkId link, const CircuitTicket& ticket, ByteView early,
                         Milliseconds now) {
    const auto found = tickets_.find(ticket);
    if (found == tickets_.end()) return false;
    const End place = found->second;
    Circuit& circuit = circuits_.at(place.circuit);
    if (place.side == caller && !circuit.links[callee]) return false;  // it was not told yet
    tickets_.erase(found);
    links_[link] = place;
    circuit.links[place.side] = link;
    circuit.early[place.side].assign(early.begin(), early.end());
    transport_.set_reading(link, false);
    if (circuit.joined()) {
        join(circuit, now);
    } else {
        circuit.until = now + limits_.waiting;
        if (on_waiting) on_waiting(place.circuit);
    }
    return true;
}

void Circuits::join(Circuit& circuit, Milliseconds now) {
    ++joined_;
    circuit.until = now + limits_.idle;
    for (const Side side : {callee, caller}) {
        transport_.set_reading(*circuit.links[side], true);
        pass_on(circuit, side, std::exchange(circuit.early[side], {}));
    }
}

void Circuits::on_data(LinkId link, ByteView bytes, Milliseconds now) {
    const End place = links_.at(link);
    Circuit& circuit = circuits_.at(place.circuit);
    if (!circuit.joined()) {
        // Read before reading was stopped: at most one buffer of the driver.
        Bytes& early = circuit.early[place.side];
        early.insert(early.end(), bytes.begin(), bytes.end());
        if (early.size() > limits_.buffer_high) end(place.circuit, {});
        return;
    }
    circuit.until = now + limits_.idle;
    pass_on(circuit, place.side, Bytes(bytes.begin(), bytes.end()));
}

void Circuits::pass_on(Circuit& circuit, Side from, Bytes bytes) {
    if (bytes.empty()) return;
    const LinkId to = *circuit.links[1 - from];
    bytes_ += bytes.size();
    transport_.send(to, std::move(bytes));
    if (transport_.backlog(to) >= limits_.buffer_high)
        transport_.set_reading(*circuit.links[from], false);
}

void Circuits::on_writable(LinkId link) {
    const End place = links_.at(link);
    const Circuit& circuit = circuits_.at(place.circuit);
    if (circuit.joined() && transport_.backlog(link) <= limits_.buffer_low)
        transport_.set_reading(*circuit.links[1 - place.side], true);
}

void Circuits::on_closed(LinkId link) { end(links_.at(link).circuit, link); }

/// The other side still gets what was said to it.
void Circuits::end(CircuitId id, std::optional<LinkId> gone) {
    const auto found = circuits_.find(id);
    if (found == circuits_.end()) return;
    const Circuit circuit = std::move(found->second);
    circuits_.erase(found);
    joined_ -= circuit.joined() ? 1 : 0;
    for (const Side side : {callee, caller}) {
        free_place(circuit.people[side]);
        tickets_.erase(circuit.tickets[side]);
        if (!circuit.links[side]) continue;
        links_.erase(*circuit.links[side]);
        if (circuit.links[side] == gone) continue;
        transport_.close(*circuit.links[side], !gone);
        if (on_link_closed) on_link_closed(*circuit.links[side]);
    }
}

Circuits::Milliseconds Circuits::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    std::vector<CircuitId> over;
    for (const auto& [id, circuit] : circuits_) {
        if (circuit.until <= now)
            over.push_back(id);
        else
            next = std::min(next, circuit.until);
    }
    for (const CircuitId id : over) end(id, {});
    return next;
}

void Circuits::close_all() {
    while (!circuits_.empty()) end(circuits_.begin()->first, {});
}

}  // namespace kith::net
