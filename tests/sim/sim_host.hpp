// SPDX-License-Identifier: MIT
//
// One machine of the simulated network: identity, address, transport, RSA lane and, while started,
// an Endpoint with its way through relays, or a relay.
#pragma once

#include <algorithm>
#include <unordered_map>

#include "crypto/oaep_kem.hpp"
#include "net/endpoint.hpp"
#include "net/relay/relay_server.hpp"
#include "net/relay/relay_transport.hpp"
#include "tests/sim/sim_nat.hpp"
#include "tests/sim/sim_network.hpp"
#include "tests/support/deterministic_random.hpp"

namespace kith::sim {

/// The network's time with a wall clock of the host's own, which may be wrong and may jump.
class HostClock final : public net::Clock {
public:
    explicit HostClock(const SimClock& clock) : clock_(clock) {}
    [[nodiscard]] milliseconds monotonic() const override { return clock_.monotonic(); }
    [[nodiscard]] milliseconds wall() const override { return clock_.wall() + offset; }
    milliseconds offset{0};

private:
    const SimClock& clock_;
};

class SimHost final : public net::Transport, public net::DecryptLane {
public:
    /// `address` in the documentation range: 192.0.2.`number`, port 4711.
    SimHost(SimNetwork& network, const crypto::Identity& identity, std::uint8_t number);
    ~SimHost() override;

    void start(net::EndpointListener& listener, const net::Timing& timing = {});
    void start_relay(net::RelayRules rules = {}, const net::RelayLimits& limits = {},
                     net::MailboxStore* mailbox = nullptr);
    /// Anything else that uses links; outlives the host's use.
    void start_with(net::LinkListener& upper);
    /// The process ends. `silently`: the others do not hear of it (power cut).
    void crash(bool silently);
    [[nodiscard]] bool running() const noexcept { return upper_ != nullptr; }
    [[nodiscard]] net::Endpoint& endpoint() noexcept { return *endpoint_; }
    [[nodiscard]] net::RelayTransport& relays() noexcept { return *relays_; }
    [[nodiscard]] net::RelayServer& relay() noexcept { return *relay_; }
    /// Of a relay here, by the host's numeric address.
    [[nodiscard]] crypto::RelayAddress relay_address(const crypto::InviteToken& secret = {}) const;
    [[nodiscard]] const net::Fingerprint& fingerprint() const noexcept {
        return bundle_.fingerprint();
    }
    /// The Ed25519 key of its bundle.
    [[nodiscard]] crypto::SignerKey signer() const {
        crypto::SignerKey key{};
        std::ranges::copy(bundle_.ed25519(), key.begin());
        return key;
    }
    [[nodiscard]] const net::SocketAddress& address() const noexcept { return address_; }
    [[nodiscard]] crypto::RandomSource& random() noexcept { return random_; }
    [[nodiscard]] SimNetwork& network() noexcept { return network_; }
    [[nodiscard]] const HostClock& clock() const noexcept { return clock_; }
    /// The wall clock of this host is set forward or back.
    void jump_wall_clock(milliseconds by) { clock_.offset += by; }

    /// Dials are refused while false.
    bool listening = true;
    /// The router between it and the rest, if there is one: nobody can dial it then.
    SimNat* behind = nullptr;
    /// The application stopped taking bytes from the kernel, on every link.
    void set_frozen(bool frozen);
    std::size_t links() const noexcept { return links_.size(); }
    std::uint64_t decryptions = 0;
    std::uint64_t dials = 0;
    std::size_t backlog_peak = 0;
    net::RelayListener* relay_listener = nullptr;  ///< of start()
    /// Runs after each batch of events, before flush(): for what sits on the endpoint.
    std::function<void()> on_settle;

    // Transport
    net::LinkId dial(const net::SocketAddress& to) override;
    net::LinkId dial_shared(const net::SocketAddress& to) override;
    net::LinkId dial_beside(net::LinkId link, const net::SocketAddress& to) override;
    void send(net::LinkId link, net::Bytes bytes) override;
    [[nodiscard]] std::size_t backlog(net::LinkId link) const override;
    void set_reading(net::LinkId link, bool reading) override;
    void close(net::LinkId link, bool now) override;
    // DecryptLane
    bool submit(std::uint64_t ticket, net::Bytes ciphertext, bool contact) override;

private:
    friend class SimNetwork;
    struct Place {
        SimNetwork::Shared connection;
        int side = 0;
    };

    /// Names are numeric here; answers come later.
    void resolve(const std::string& host, std::uint16_t port,
                 std::function<void(tl::expected<std::vector<net::SocketAddress>, std::string>)>);
    /// What the driver does before it waits: flush, tick, timer.
    void settle();
    net::LinkId dial_from(std::optional<std::uint16_t> port, const net::SocketAddress& to);
    net::LinkId add_link(const SimNetwork::Shared& connection, int side);
    void forget(net::LinkId link) { links_.erase(link); }
    SimNetwork::Shared find(net::LinkId link, int& side) const;

    SimNetwork& network_;
    HostClock clock_;
    crypto::PublicBundle bundle_;
    crypto::oaep_kem::Decapsulator decapsulator_;
    test::DeterministicRandom random_;
    net::SocketAddress address_;
    std::unique_ptr<net::RelayTransport> relays_;
    std::unique_ptr<net::Endpoint> endpoint_;
    std::unique_ptr<net::RelayServer> relay_;
    net::LinkListener* upper_ = nullptr;
    std::unordered_map<net::LinkId, Place> links_;
    net::LinkId last_link_ = 0;
    std::unordered_map<net::LinkId, std::uint16_t> shared_ports_;
    std::uint16_t last_port_ = 50'000;
    std::uint64_t incarnation_ = 0;
    std::optional<milliseconds> timer_;
    bool frozen_ = false;
};

/// alice, bob, carol and mallory of tests/vectors/identities.json, loaded once.
[[nodiscard]] const crypto::Identity& test_identity(const std::string& name);

}  // namespace kith::sim
