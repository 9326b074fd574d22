// SPDX-License-Identifier: MIT
//
// The two public faces of Endpoint; what happens behind them is in endpoint_impl.cpp.
#include "net/endpoint_impl.hpp"

namespace kith::net {

Endpoint::Endpoint(const crypto::PublicBundle& self, Transport& transport, DecryptLane& lane,
                   const Clock& clock, crypto::RandomSource& random, EndpointListener& listener,
                   const Timing& timing)
    : impl_(std::make_unique<Impl>(self, transport, lane, clock, random, listener, timing)) {}

Endpoint::~Endpoint() = default;

// --- the node's side ---

void Endpoint::set_invite_token(const crypto::InviteToken& token) {
    const Impl::Entry entry(*impl_);
    impl_->invite_token = token;
}

void Endpoint::set_route(Route route) {
    const Impl::Entry entry(*impl_);
    const Fingerprint peer = route.peer;
    const auto now = impl_->clock.monotonic();
    impl_->dialer.set_route(std::move(route), now);
    impl_->update_trust(peer);
    impl_->due_at(now);
}

void Endpoint::remove_route(const Fingerprint& peer) {
    const Impl::Entry entry(*impl_);
    const Fingerprint copy = peer;  // `peer` may lie in the route that goes
    impl_->dialer.remove_route(copy);
    impl_->guards.erase(copy);
}

void Endpoint::set_blocked(const Fingerprint& peer, bool blocked) {
    const Impl::Entry entry(*impl_);
    if (blocked) {
        impl_->blocked.insert(peer);
    } else {
        impl_->blocked.erase(peer);
    }
}

void Endpoint::connect(const Fingerprint& peer) {
    const Impl::Entry entry(*impl_);
    const auto now = impl_->clock.monotonic();
    if (!impl_->dialer.connect(peer, now)) {
        impl_->on_attempt_failed(peer, ending_of(Ending::Reason::no_addresses), {});
    }
    impl_->due_at(now);
}

void Endpoint::disconnect(const Fingerprint& peer, GoodbyeReason reason) {
    const Impl::Entry entry(*impl_);
    impl_->dialer.suspend(peer);
    impl_->later([impl = impl_.get(), peer, reason] {
        if (Session* session = impl->live_session(peer)) {
            session->leave(reason, ending_of(Ending::Reason::closed_here));
        }
    });
}

void Endpoint::drop_session(const Fingerprint& peer) {
    const Impl::Entry entry(*impl_);
    impl_->later([impl = impl_.get(), peer] {
        if (Session* session = impl->live_session(peer))
            session->end(ending_of(Ending::Reason::lost), false);
    });
}

void Endpoint::set_reading(const Fingerprint& peer, bool reading) {
    const Impl::Entry entry(*impl_);
    if (Session* session = impl_->live_session(peer)) session->set_reading(reading);
    impl_->due_at(impl_->clock.monotonic());
}

void Endpoint::network_changed() {
    const Impl::Entry entry(*impl_);
    const auto now = impl_->clock.monotonic();
    for (const auto& [peer, session] : impl_->live) session->probe(now);
    impl_->dialer.network_changed(now);
    impl_->due_at(now);
}

void Endpoint::set_probe_responder(ProbeResponder* responder) {
    const Impl::Entry entry(*impl_);
    impl_->responder = responder;
}

void Endpoint::ask(std::vector<SocketAddress> addresses, Bytes probe, Asked done) {
    const Impl::Entry entry(*impl_);
    if (impl_->shut) return;
    const auto now = impl_->clock.monotonic();
    impl_->asker.ask(std::move(addresses), std::move(probe), std::move(done), now);
    impl_->due_at(now);
}

bool Endpoint::send(const Fingerprint& peer, const Message& message) {
    const Impl::Entry entry(*impl_);
    Session* session = impl_->live_session(peer);
    return session != nullptr && session->send(message);
}

bool Endpoint::has_session(const Fingerprint& peer) const {
    impl_->affinity.check();
    return impl_->live_session(peer) != nullptr;
}

bool Endpoint::initiated(const Fingerprint& peer) const {
    impl_->affinity.check();
    const Session* session = impl_->live_session(peer);
    return session != nullptr && session->initiated_here();
}

void Endpoint::open_bulk(const Fingerprint& peer, const RunId& run) {
    const Impl::Entry entry(*impl_);
    const Session* session = impl_->live_session(peer);
    if (session == nullptr || impl_->shut)
        return impl_->bulk_failed(peer, run, ending_of(Ending::Reason::lost));
    // A second connection would need a hole of its own.
    if (session->punched)
        return impl_->bulk_failed(peer, run, ending_of(Ending::Reason::unreachable));
    const auto now = impl_->clock.monotonic();
    impl_->bulk.dial(peer, run, session->remote(), impl_->bulk_secrets(*session, run), now);
    impl_->due_at(now);
}

void Endpoint::expect_bulk(const Fingerprint& peer, const RunId& run) {
    const Impl::Entry entry(*impl_);
    const Session* session = impl_->live_session(peer);
    if (session == nullptr || impl_->shut)
        return impl_->bulk_failed(peer, run, ending_of(Ending::Reason::lost));
    const auto now = impl_->clock.monotonic();
    impl_->bulk.expect(peer, run, impl_->bulk_secrets(*session, run), now);
    impl_->due_at(now);
}

void Endpoint::forget_bulk(const RunId& run) {
    const Impl::Entry entry(*impl_);
    impl_->bulk.forget(run);
}

std::size_t Endpoint::bulk_room(const Fingerprint& peer) {
    const Impl::Entry entry(*impl_);
    Session* session = impl_->live_session(peer);
    return session == nullptr ? 0 : session->bulk_room();
}

EndpointStats Endpoint::stats() const {
    impl_->affinity.check();
    EndpointStats stats = impl_->counters;
    for (const auto& [reason, count] : impl_->failed) {
        stats.handshakes_failed.emplace_back(name_of(reason), count);
    }
    for (const auto& [link, session] : impl_->sessions) {
        if (session->phase() == Session::Phase::ended) continue;  // counted when it ended
        stats.messages_out += session->messages_out();
        stats.bytes_out += session->bytes_out();
    }
    stats.sessions = impl_->live.size();
    stats.bytes_out += impl_->asker.bytes_out();
    stats.links = impl_->sessions.size() + impl_->asker.links();
    return stats;
}

void Endpoint::shut_down() {
    const Impl::Entry entry(*impl_);
    impl_->shut_down_all();
}

// --- the driver's side ---

void Endpoint::on_accepted(LinkId link, const SocketAddress& from) {
    const Impl::Entry entry(*impl_);
    impl_->accept(link, from);
}

void Endpoint::on_dialled(LinkId link) {
    const Impl::Entry entry(*impl_);
    if (impl_->asker.owns(link)) return impl_->asker.on_dialled(link);
    if (impl_->bulk.owns(link)) return impl_->bulk.on_dialled(link);
    if (impl_->puncher.owns(link)) return impl_->puncher.on_dialled(link, impl_->clock.monotonic());
    impl_->dialer.on_dialled(link);
}

void Endpoint::on_data(LinkId link, ByteView bytes) {
    const Impl::Entry entry(*impl_);
    impl_->counters.bytes_in += bytes.size();
    if (Session* session = impl_->find(link)) return session->on_data(bytes);
    if (!impl_->asker.owns(link)) return;
    impl_->asker.on_data(link, bytes);
    impl_->due_at(impl_->clock.monotonic());
}

void Endpoint::on_writable(LinkId link) {
    const Impl::Entry entry(*impl_);
    if (Session* session = impl_->find(link)) session->on_writable();
}

void Endpoint::on_closed(LinkId link, Ending::Reason reason) {
    const Impl::Entry entry(*impl_);
    if (Session* session = impl_->find(link)) return session->on_closed(reason);
    const auto now = impl_->clock.monotonic();
    impl_->due_at(now);
    if (impl_->asker.owns(link)) return impl_->asker.on_closed(link, reason);
    if (impl_->bulk.owns(link)) return impl_->bulk.on_closed(link, reason);
    if (impl_->puncher.owns(link)) return impl_->puncher.on_closed(link, now);
    impl_->dialer.on_link_ended(link, ending_of(reason), now);
}

void Endpoint::on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) {
    const Impl::Entry entry(*impl_);
    if (Session* session = impl_->find(ticket)) session->on_decrypted(secret);
}

void Endpoint::on_accept_failed() {
    const Impl::Entry entry(*impl_);
    if (const auto oldest = impl_->door.oldest()) impl_->evict(*oldest);
}

void Endpoint::flush() {
    const Impl::Entry entry(*impl_);
    impl_->flush_all();
}

std::chrono::milliseconds Endpoint::tick() {
    impl_->affinity.bind();
    const Impl::Entry entry(*impl_);
    return impl_->tick_all();
}

// --- the relays' side ---

Bytes Endpoint::dial_token(const Fingerprint& peer) const {
    impl_->affinity.check();
    const Route* route = impl_->dialer.route(peer);
    return route == nullptr ? Bytes{} : route->dial_token;
}

bool Endpoint::admits(const Fingerprint& caller,
                      const std::function<bool(ByteView)>& matches) const {
    impl_->affinity.check();
    if (impl_->shut || !impl_->welcomes(caller)) return false;
    const Route* route = impl_->dialer.route(caller);
    if (route != nullptr && route->door_token && matches(*route->door_token)) return true;
    return impl_->invite_token && matches(*impl_->invite_token);
}

}  // namespace kith::net
