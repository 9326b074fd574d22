// SPDX-License-Identifier: MIT
//
// Two whole nodes and a relay that keeps mail, on a simulated network.
#pragma once

#include "tests/net/memory_mailbox_store.hpp"
#include "tests/node/two_nodes.hpp"

namespace kith::test {

using model::MessageState;

/// Alice and Bob with a relay that both have.
struct Post {
    explicit Post(std::uint64_t seed = 1, bool friends = true,
                  const net::MailboxLimits& limits = {})
        : network(seed),
          relay(network, sim::test_identity("carol"), 9),
          store(relay.clock(), limits),
          a(network, "alice", 1),
          b(network, "bob", 2) {
        open_relay();
        for (auto* node : {&a, &b}) {
            node->live_relays = true;
            node->relays = {relay.relay_address()};
            node->start();
        }
        if (!friends) return;
        if (!sim::befriend(network, a, b)) throw std::runtime_error("they did not become contacts");
        network.run_for(5s);  // cards and prekeys
    }
    void open_relay() {
        relay.on_settle = [this] {
            while (store.run() > 0) {
            }
        };
        relay.start_relay({}, {}, &store);
    }
    bool until(const std::function<bool()>& done, std::chrono::milliseconds limit = 120s) {
        return network.run_until(done, limit);
    }
    model::MessageId write(sim::SimNode& from, sim::SimNode& to, std::string text) {
        return Friends::write(from, to, std::move(text));
    }
    MessageState state(sim::SimNode& at, sim::SimNode& with, const model::MessageId& id) {
        return Friends::find(at, with, id).value().state;
    }
    bool waits(const model::MessageId& id) {
        return until([&] { return state(a, b, id) == MessageState::at_relay; });
    }
    [[nodiscard]] std::uint64_t kept() const { return store.figures().items; }

    sim::SimNetwork network;
    sim::SimHost relay;
    MemoryMailboxStore store;
    sim::SimNode a, b;
};

}  // namespace kith::test
