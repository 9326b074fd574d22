// SPDX-License-Identifier: MIT
//
// A relay that can do whatever a relay can: it has sessions with its clients, sees their knocks and
// holds both ends of circuits. Left alone it does its work; each hook replaces a part of it.
// Network thread of its transport only.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>

#include "net/link_listener.hpp"
#include "net/session.hpp"

namespace kith::test {

class HostileRelay final : public net::LinkListener, private net::Session::Host {
public:
    struct Ports {
        net::Transport& transport;
        net::DecryptLane& lane;
        const net::Clock& clock;
        crypto::RandomSource& random;
    };
    HostileRelay(const crypto::PublicBundle& self, Ports ports);
    ~HostileRelay() override;

    struct Knock {
        net::Fingerprint caller;
        net::CircuitKnock message;
    };
    // What replaces its work; empty: it works.
    std::function<void(const Knock& knock)> on_knock;
    std::function<void(net::LinkId link, const net::CircuitTicket& ticket)> on_ticket_shown;
    std::function<void(net::LinkId to, net::Bytes bytes)> on_bytes;

    // Its work.
    void call(const Knock& knock);
    void ticket_shown(net::LinkId link, const net::CircuitTicket& ticket);
    void give(net::LinkId to, net::Bytes bytes);

    /// To a client, at once. False: it is not there.
    bool say(const net::Fingerprint& client, const net::Message& message);
    /// What one says is given to the other from now on.
    void join(net::LinkId a, net::LinkId b);
    void close(net::LinkId link);
    [[nodiscard]] bool has(const net::Fingerprint& client) const {
        return clients_.contains(client);
    }
    [[nodiscard]] std::size_t circuit_links() const { return ends_.size(); }
    net::CircuitTicket new_ticket() { return ports_.random.array<64>(); }

    std::vector<Knock> knocks;  ///< all of them

    // LinkListener
    void on_accepted(net::LinkId link, const net::SocketAddress& from) override;
    void on_dialled(net::LinkId) override {}
    void on_data(net::LinkId link, net::ByteView bytes) override;
    void on_writable(net::LinkId link) override;
    void on_closed(net::LinkId link, net::Ending::Reason reason) override;
    void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) override;
    void on_accept_failed() override {}
    void flush() override;
    std::chrono::milliseconds tick() override;

private:
    struct End {
        net::Bytes early;
        std::optional<net::LinkId> other;
    };
    struct Expected {
        net::Fingerprint caller;
        std::uint64_t request = 0;
        std::optional<net::LinkId> callee;  ///< it waits; otherwise the ticket is the callee's
    };

    // Session::Host
    crypto::Responder::Config admission_for(const net::Session&) override;
    bool decrypt(net::Session& session, net::Bytes ciphertext, bool contact) override;
    void on_knocked(net::Session&) override {}
    void on_answered(net::Session&) override {}
    bool welcomes(const net::Fingerprint&) const override { return true; }
    void on_proven(net::Session& session) override { clients_[session.peer()] = &session; }
    void on_message(net::Session& session, net::Message message) override;
    std::optional<net::Bytes> answer_probe(net::Session&, net::ByteView) override { return {}; }
    bool on_ticket(net::Session&, net::ByteView, net::ByteView) override { return false; }
    void on_dirty(net::Session&) override {}
    void on_drained(net::Session&) override {}
    void on_ended(net::Session& session, const net::Ending& ending) override;

    void first_bytes(net::LinkId link, net::Bytes bytes);

    const crypto::PublicBundle self_;
    const Ports ports_;
    const net::Timing timing_;
    std::unordered_map<net::LinkId, net::SocketAddress> fresh_;
    std::unordered_map<net::LinkId, std::unique_ptr<net::Session>> sessions_;
    std::unordered_map<net::Fingerprint, net::Session*> clients_;
    std::unordered_map<net::LinkId, End> ends_;
    std::map<net::CircuitTicket, Expected> expected_;
};

}  // namespace kith::test
