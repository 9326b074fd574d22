// SPDX-License-Identifier: MIT
//
// Many clients of one relay without anything behind them: each has a session of its own and says
// only what it is told to. They share an RSA key, as making thousands takes long; their other keys
// make them different people. Network thread of its transport only.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>

#include "crypto/relay_address.hpp"
#include "net/link_listener.hpp"
#include "net/session.hpp"

namespace kith::test {

/// The bundle of `shared`'s RSA key and an Ed25519 key of this number.
[[nodiscard]] crypto::PublicBundle bundle_of(const crypto::PublicBundle& shared,
                                             std::uint32_t number);

class RelayCrowd final : public net::LinkListener, private net::Session::Host {
public:
    struct Ports {
        net::Transport& transport;
        net::DecryptLane& lane;  ///< with the shared RSA key
        const net::Clock& clock;
        crypto::RandomSource& random;
    };
    /// `first`: number of the first client, so that crowds differ.
    RelayCrowd(const crypto::PublicBundle& shared, Ports ports, crypto::RelayAddress relay,
               net::SocketAddress at, std::uint32_t first = 0);
    ~RelayCrowd() override;

    struct Heard {
        net::Milliseconds at;
        net::Message message;
    };
    struct Client {
        explicit Client(crypto::PublicBundle own) : bundle(std::move(own)) {}
        crypto::PublicBundle bundle;
        std::unique_ptr<net::Session> session;
        bool up = false;
        std::optional<net::Ending> ended;
        std::vector<Heard> heard;  ///< Circuit…, in the order they came
    };

    /// Dials; gives the index of the client.
    std::size_t add();
    [[nodiscard]] Client& at(std::size_t client) { return *clients_[client]; }
    [[nodiscard]] const net::Fingerprint& id(std::size_t client) const {
        return clients_[client]->bundle.fingerprint();
    }
    [[nodiscard]] std::size_t size() const noexcept { return clients_.size(); }
    [[nodiscard]] std::size_t up() const noexcept { return up_; }
    [[nodiscard]] std::size_t ended() const noexcept { return ended_; }
    void say(std::size_t client, const net::Message& message) { at(client).session->send(message); }

    /// A connection that is nobody's: says what it is told to.
    struct Raw {
        bool up = false, closed = false;
        net::Bytes heard;
    };
    net::LinkId open();
    [[nodiscard]] Raw& raw(net::LinkId link) { return raws_.at(link); }
    void forget(net::LinkId link) { raws_.erase(link); }
    [[nodiscard]] std::size_t raws_open() const;

    /// Instead of keeping it in `heard`.
    std::function<void(std::size_t client, const net::Message& message)> on_said;

    // LinkListener
    void on_accepted(net::LinkId, const net::SocketAddress&) override {}
    void on_dialled(net::LinkId link) override;
    void on_data(net::LinkId link, net::ByteView bytes) override;
    void on_writable(net::LinkId link) override;
    void on_closed(net::LinkId link, net::Ending::Reason reason) override;
    void on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) override;
    void on_accept_failed() override {}
    void flush() override;
    std::chrono::milliseconds tick() override;

private:
    // Session::Host
    crypto::Responder::Config admission_for(const net::Session&) override { return {}; }
    bool decrypt(net::Session& session, net::Bytes ciphertext, bool contact) override;
    void on_knocked(net::Session&) override {}
    void on_answered(net::Session&) override {}
    bool welcomes(const net::Fingerprint&) const override { return true; }
    void on_proven(net::Session& session) override;
    void on_message(net::Session& session, net::Message message) override;
    std::optional<net::Bytes> answer_probe(net::Session&, net::ByteView) override { return {}; }
    bool on_ticket(net::Session&, net::ByteView, net::ByteView) override { return false; }
    void on_dirty(net::Session& session) override { dirty_.push_back(session.link()); }
    void on_drained(net::Session&) override {}
    void on_ended(net::Session& session, const net::Ending& ending) override;

    [[nodiscard]] Client* of(net::LinkId link);

    const crypto::PublicBundle shared_;
    const Ports ports_;
    const crypto::RelayAddress relay_;
    const net::SocketAddress at_;
    const std::uint32_t first_;
    const net::Timing timing_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::unordered_map<net::LinkId, std::size_t> by_link_;
    std::unordered_map<net::LinkId, Raw> raws_;
    std::vector<net::LinkId> dirty_;
    net::Milliseconds next_due_{0};
    std::size_t up_ = 0, ended_ = 0;
};

}  // namespace kith::test
