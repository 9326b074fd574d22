// SPDX-License-Identifier: MIT
//
// Where the puncher meets the sessions: what it makes becomes one, with who leads as initiator.
#include "net/endpoint_impl.hpp"

namespace kith::net {

void Endpoint::on_seen(LinkId circuit, const SocketAddress& from) {
    const Impl::Entry entry(*impl_);
    const auto now = impl_->clock.monotonic();
    impl_->puncher.on_seen(circuit, from, now);
    impl_->due_at(now);
}

void Endpoint::Impl::send_punch(const Fingerprint& peer, const Message& message) {
    if (Session* session = live_session(peer)) session->send(message);
}

void Endpoint::Impl::on_punched(const Fingerprint& peer, LinkId link, const SocketAddress& to,
                                bool leads) {
    if (leads) {
        const Route* route = dialer.route(peer);
        if (route == nullptr || route->dial_token.empty() || !welcomes(peer))
            return transport.close(link, true);
        on_connected(link, peer, to, Bytes(route->dial_token));
        punched.insert(link);
    } else {
        accept(link, to);
    }
    if (Session* session = find(link)) session->punched = true;
}

bool Endpoint::Impl::on_punch_message(const Session& session, const Message& message) {
    const auto now = clock.monotonic();
    const auto* offer = std::get_if<PunchOffer>(&message);
    const auto* go = std::get_if<PunchGo>(&message);
    if (offer != nullptr) puncher.on_offer(session.peer(), *offer, now);
    if (go != nullptr) puncher.on_go(session.peer(), *go, now);
    if (offer == nullptr && go == nullptr) return false;
    due_at(now);
    return true;
}

void Endpoint::Impl::withdraw_punched(const Fingerprint& peer) {
    for (const LinkId link : std::unordered_set(punched)) {
        Session* session = find(link);
        if (session != nullptr && session->peer() == peer) (void)withdraw(link, true);
    }
}

}  // namespace kith::net
