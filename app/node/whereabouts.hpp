// SPDX-License-Identifier: MIT
//
// Where this node can be reached, kept up to date: gathers what interfaces, the router, the user
// and contacts say, and tells when the conclusions (reachability.hpp) have changed. Network thread
// only.
#pragma once

#include "app/node/address_probe.hpp"
#include "app/node/reachability.hpp"

namespace kith::node {

class Whereabouts {
public:
    using Milliseconds = std::chrono::milliseconds;
    /// A name set by hand may come to stand for another address.
    static constexpr Milliseconds resolve_every{std::chrono::minutes(15)};
    static constexpr Milliseconds resolve_again{std::chrono::minutes(1)};  ///< after a failure

    struct Ports {
        std::function<std::vector<net::SocketAddress>()> listening, reachable;
        std::function<void(std::uint16_t)> map_port;  ///< 0: off; may be empty
        ResolveHost resolve;                          ///< may be empty
    };
    Whereabouts(Context& context, Ports ports) : context_(context), ports_(std::move(ports)) {}

    /// As of now; asks the system for its interfaces.
    [[nodiscard]] Reach now() const { return assess(facts()); }
    [[nodiscard]] const net::MappingStatus& mapping() const { return known_.mapping; }

    void listening_on(std::uint16_t port);
    /// The settings: whether the router is asked, and what is forwarded by hand ("": nothing).
    void configure(bool mapping_wanted, const std::string& manual);
    void interfaces_changed();
    void mapping_changed(net::MappingStatus status);
    /// A contact says where our connection comes from.
    void observed(const model::PeerId& by, const crypto::Bytes& address);
    void session_up(const net::SessionInfo& session);
    /// Relays to be told, and the name of one that is online (empty: none).
    void relays_changed(std::vector<crypto::Candidate> relays, std::string online);

    /// Resolves again when it is time to; when to be called next (monotonic).
    Milliseconds tick(Milliseconds now);

    std::function<void()> on_changed;  ///< what now() says differs from the last time

private:
    [[nodiscard]] ReachFacts facts() const;
    void ask_router();
    void resolve();
    void resolved(Resolved found);
    void check();

    Context& context_;
    Ports ports_;
    ReachFacts known_;                     ///< without what the system is asked for each time
    std::vector<net::SocketAddress> own_;  ///< when they were last looked at
    Reach last_;
    bool mapping_wanted_ = false;
    std::uint64_t questions_ = 0;  ///< to the resolver; only the answer to the last one counts
    Milliseconds resolve_at_ = Milliseconds::max();
};

}  // namespace kith::node
