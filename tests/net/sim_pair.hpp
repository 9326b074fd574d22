// SPDX-License-Identifier: MIT
//
// Hosts that know each other, for endpoint tests.
#pragma once

#include "tests/net/recording_listener.hpp"
#include "tests/sim/sim_host.hpp"

namespace kith::test {

struct Peer {
    Peer(sim::SimNetwork& network, const std::string& name, std::uint8_t number,
         const net::Timing& timing = {})
        : host(network, sim::test_identity(name), number) {
        host.start(listener, timing);
        invite = host.random().array<8>();
        host.endpoint().set_invite_token(invite);
    }

    [[nodiscard]] net::Endpoint& endpoint() { return host.endpoint(); }
    [[nodiscard]] const net::Fingerprint& id() const { return host.fingerprint(); }
    [[nodiscard]] bool sees(const Peer& other) const { return listener.up.contains(other.id()); }

    RecordingListener listener;
    sim::SimHost host;
    crypto::InviteToken invite{};
};

/// What `token` at whose door means: each pair of contacts derives its tokens from a number.
inline net::ContactToken contact_token(std::uint8_t door) {
    net::ContactToken token{};
    token.fill(door);
    return token;
}

/// `from` may come in at `at` with token 0xA0 + number, and the other way round.
inline net::Route contact_route(const Peer& to, std::uint8_t door_here, std::uint8_t door_there,
                                bool keep_connected) {
    const auto there = contact_token(door_there);
    return {to.id(),
            {there.begin(), there.end()},
            contact_token(door_here),
            {to.host.address()},
            keep_connected};
}

inline net::Route invite_route(const Peer& to, bool keep_connected = false) {
    return {to.id(),
            {to.invite.begin(), to.invite.end()},
            std::nullopt,
            {to.host.address()},
            keep_connected};
}

inline void make_contacts(Peer& a, Peer& b, bool a_dials, bool b_dials) {
    a.endpoint().set_route(contact_route(b, 0xA0, 0xB0, a_dials));
    b.endpoint().set_route(contact_route(a, 0xB0, 0xA0, b_dials));
}

inline net::Text text_message(const std::string& text, std::uint8_t id = 1) {
    net::Text message;
    message.id.fill(id);
    message.sent_at = 1'700'000'000'000;
    message.text = text;
    return message;
}

}  // namespace kith::test
