// SPDX-License-Identifier: MIT
#include "app/node/whereabouts.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

/// Where the router lets others in, if it does.
std::optional<net::SocketAddress> entrance(const net::MappingStatus& status) {
    if (!status.mapping) return std::nullopt;
    return status.mapping->external;
}

}  // namespace

ReachFacts Whereabouts::facts() const {
    ReachFacts facts = known_;
    facts.listening = ports_.listening();
    facts.own = ports_.reachable();
    return facts;
}

void Whereabouts::check() {
    Reach reach = now();
    if (reach == last_) return;
    last_ = std::move(reach);
    if (on_changed) on_changed();
}

void Whereabouts::ask_router() {
    if (!ports_.map_port) return;
    const bool useful = mapping_wanted_ && known_.port != 0 && !loopback_only(ports_.listening());
    ports_.map_port(useful ? known_.port : 0);
}

void Whereabouts::listening_on(std::uint16_t port) {
    known_.port = port;
    own_ = ports_.reachable();
    ask_router();
    check();
}

void Whereabouts::configure(bool mapping_wanted, const std::string& manual) {
    if (std::exchange(mapping_wanted_, mapping_wanted) != mapping_wanted) ask_router();
    if (manual != known_.manual) {
        known_.manual = manual;
        known_.manual_found.clear();
        known_.manual_problem.clear();
        resolve();
    }
    check();
}

void Whereabouts::interfaces_changed() {
    if (auto own = ports_.reachable(); own != own_) {
        own_ = std::move(own);
        known_.observed.clear();
        known_.visited = false;
    }
    resolve();
    ask_router();
    check();
}

void Whereabouts::mapping_changed(net::MappingStatus status) {
    if (status == known_.mapping) return;
    // Who came in by a way that is closed proves nothing any more.
    const auto before = entrance(known_.mapping);
    if (before && before != entrance(status)) known_.visited = false;
    known_.mapping = std::move(status);
    check();
}

void Whereabouts::observed(const model::PeerId& by, const crypto::Bytes& address) {
    // Through a relay they do not see where we come from.
    const auto session = context_.live.find(by);
    if (session == context_.live.end() || net::is_relayed(session->second.remote)) return;
    // Those who are gone may have seen us elsewhere.
    std::erase_if(known_.observed, [&](const auto& o) { return !context_.live.contains(o.first); });
    known_.observed[by] = address;
    check();
}

void Whereabouts::session_up(const net::SessionInfo& session) {
    // Both dialled, and the router let nobody else in.
    if (known_.visited || session.initiated_here || session.punched) return;
    if (!from_outside(session.remote, facts())) return;
    known_.visited = true;
    check();
}

void Whereabouts::relays_changed(std::vector<crypto::Candidate> relays, std::string online) {
    known_.relays = std::move(relays);
    known_.relay_online = std::move(online);
    check();
}

void Whereabouts::resolve() {
    const std::uint64_t question = ++questions_;
    resolve_at_ = Milliseconds::max();
    const auto where = parse_host_port(known_.manual);
    if (!where || !ports_.resolve) return;
    ports_.resolve(where->host, where->port, [this, question](Resolved found) {
        if (question == questions_) resolved(std::move(found));
    });
}

void Whereabouts::resolved(Resolved found) {
    known_.manual_problem = found ? std::string{} : std::move(found.error());
    // An address that was good is kept over a failure of the name service.
    if (found) known_.manual_found = std::move(*found);
    resolve_at_ = context_.clock.monotonic() +
                  (known_.manual_problem.empty() ? resolve_every : resolve_again);
    context_.events.wake_up();
    check();
}

Whereabouts::Milliseconds Whereabouts::tick(Milliseconds now) {
    if (resolve_at_ <= now) resolve();
    return resolve_at_;
}

}  // namespace kith::node
