// SPDX-License-Identifier: MIT
//
// A whole node on a simulated host: real endpoint, real node logic, a real (unencrypted, in-memory)
// database that survives crashes. What waits for the disk takes its time in simulated milliseconds.
#pragma once

#include <optional>

#include "app/node/node.hpp"
#include "app/store/direct_store.hpp"
#include "tests/sim/sim_files.hpp"
#include "tests/sim/sim_host.hpp"
#include "tests/sim/sim_runner.hpp"
#include "tests/sim/sim_segment.hpp"

namespace kith::sim {

class SimNode final : public model::EventSink {
public:
    /// `person` names a test identity.
    SimNode(SimNetwork& network, const std::string& person, std::uint8_t number);
    ~SimNode() override;

    void start();
    /// From the next start on: discovery in this local network, whose host is the node's number.
    void join(SimSegment& segment) { segment_ = &segment; }
    /// The process ends as it should: goodbyes are said.
    void quit();
    /// The cable to the segment, out and in again. (See SimNetwork::set_partitioned for the rest.)
    void unplug();
    void plug();
    /// The process ends without warning; what was not committed is gone. `silently`: a power cut.
    void crash(bool silently = false);
    [[nodiscard]] bool running() const { return node_ != nullptr; }

    /// Gives the command and runs the network until it is answered.
    model::Reply call(model::Command command);
    void send(model::Command command, std::function<void(model::Reply)> done);

    [[nodiscard]] model::PeerId id() const { return {host_.fingerprint().bytes}; }
    [[nodiscard]] std::string connection_id();
    [[nodiscard]] std::optional<model::Peer> peer(const SimNode& other);
    [[nodiscard]] model::Presence presence(const SimNode& other);
    /// The whole conversation, oldest first.
    [[nodiscard]] std::vector<model::Message> conversation(const SimNode& other);
    /// How many messages can be sealed to them before they have to give more keys.
    [[nodiscard]] std::size_t prekeys_of(const SimNode& other);
    [[nodiscard]] SimHost& host() { return host_; }
    [[nodiscard]] std::size_t jobs_waiting() const { return store_->backlog(); }
    /// From the next start on: everybody seems to be of a version that knows texts only.
    bool only_old_peers = false;
    /// The disk is full: the database refuses to write, reading works.
    void fail_writes(bool fail);

    /// Names of hosts, as the system resolves them; of numbers nobody needs to be told.
    std::map<std::string, std::vector<net::SocketAddress>> hosts;
    /// From the next start on: relays of that run. And what the node wants to be used.
    std::vector<crypto::RelayAddress> relays, used_relays;
    /// From the next start on: relays are connected to, not only noted.
    bool live_relays = false;
    /// What the router was asked to pass on, 0: nothing.
    std::optional<std::uint16_t> asked_to_map;
    [[nodiscard]] node::Node& node() { return *node_; }
    [[nodiscard]] net::Discovery* discovery() { return discovery_.get(); }

    /// Its disk; survives crashes.
    SimFiles files;
    SimRunner runner;

    /// Events since start, newest last.
    std::vector<model::Event> events;
    template <typename E>
    [[nodiscard]] std::size_t count() const {
        std::size_t n = 0;
        for (const auto& event : events) n += std::holds_alternative<E>(event) ? 1 : 0;
        return n;
    }

    void on_event(const model::Event& event) override { events.push_back(event); }

private:
    class OldPeers;
    void work();
    void on_wake();
    void ring_after(milliseconds delay);
    void schedule_commit();
    void start_discovery();
    void resolve(const std::string& host, std::uint16_t port,
                 std::function<void(node::Resolved)> done);

    SimNetwork& network_;
    SimHost host_;
    std::string person_;
    std::uint8_t number_;
    store::Database database_;
    std::unique_ptr<store::DirectStore> store_;
    std::unique_ptr<node::Node> node_;
    std::unique_ptr<OldPeers> old_peers_;
    SimSegment* segment_ = nullptr;
    bool plugged_ = false;
    crypto::SigningKey signing_;
    SimStation station_;
    std::unique_ptr<net::Discovery> discovery_;
    bool commit_scheduled_ = false;
    std::uint64_t incarnation_ = 0;
};

/// Two nodes become contacts: `a` asks, `b` accepts. False if it did not work within 20 s.
[[nodiscard]] bool befriend(SimNetwork& network, SimNode& a, SimNode& b);

}  // namespace kith::sim
