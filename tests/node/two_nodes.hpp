// SPDX-License-Identifier: MIT
//
// Two whole nodes on a simulated network, for tests of the node.
#pragma once

#include <algorithm>

#include "tests/sim/sim_node.hpp"

namespace kith::test {

using namespace std::chrono_literals;

struct Two {
    explicit Two(std::uint64_t seed = 1)
        : network(seed), a(network, "alice", 1), b(network, "bob", 2) {
        a.start();
        b.start();
    }
    sim::SimNetwork network;
    sim::SimNode a;
    sim::SimNode b;

    bool until(const std::function<bool()>& done) { return network.run_until(done, 120s); }
    bool all_delivered() {
        for (const auto& m : a.conversation(b)) {
            const bool arrived =
                m.state == model::MessageState::delivered || m.state == model::MessageState::read;
            if (m.outgoing && !arrived) return false;
        }
        return true;
    }
};

/// Two who are contacts and online.
struct Friends : Two {
    explicit Friends(std::uint64_t seed = 1) : Two(seed) {
        if (!sim::befriend(network, a, b)) throw std::runtime_error("they did not become contacts");
        a.events.clear();
        b.events.clear();
    }
    /// From a to b unless said; stored here, on its way.
    model::MessageId write(std::string text) { return write(a, b, std::move(text)); }
    static model::MessageId write(sim::SimNode& from, sim::SimNode& to, std::string text) {
        const auto reply = from.call(model::SendText{to.id(), std::move(text), {}});
        return std::get<model::Accepted>(reply.value()).message;
    }
    /// Written by a and arrived at b.
    model::MessageId deliver(std::string text) {
        const auto id = write(std::move(text));
        if (!until([&] { return find(b, a, id).has_value() && all_delivered(); }))
            throw std::runtime_error("a text was not delivered");
        return id;
    }
    static std::optional<model::Message> find(sim::SimNode& at, sim::SimNode& with,
                                              const model::MessageId& id) {
        for (auto& message : at.conversation(with)) {
            if (message.id == id) return std::move(message);
        }
        return std::nullopt;
    }
    /// As b has it.
    std::optional<model::Message> there(const model::MessageId& id) { return find(b, a, id); }
    std::optional<model::Message> here(const model::MessageId& id) { return find(a, b, id); }
};

inline std::vector<std::string> texts(const std::vector<model::Message>& messages) {
    std::vector<std::string> out;
    for (const auto& message : messages) out.push_back(message.text);
    return out;
}

inline std::string code(const model::Reply& reply) { return reply ? "ok" : reply.error().code; }

/// Events of one kind, oldest first.
template <typename E>
std::vector<E> events_of(const sim::SimNode& node) {
    std::vector<E> out;
    for (const auto& event : node.events) {
        if (const auto* one = std::get_if<E>(&event)) out.push_back(*one);
    }
    return out;
}

/// A message of the other side's, as a hostile or an older program may send it. `number` makes ids.
inline net::MessageId wire_id(std::uint8_t number) {
    net::MessageId id{};
    id.fill(number);
    id[6] = 0x70;
    id[8] = 0x80;
    return id;
}

}  // namespace kith::test
