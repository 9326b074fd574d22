// SPDX-License-Identifier: MIT
//
// What the parts of a node share: the ports to the world and the people. Network thread only.
#pragma once

#include <algorithm>
#include <deque>

#include "app/model/node_port.hpp"
#include "app/node/people.hpp"
#include "app/store/store.hpp"
#include "net/endpoint.hpp"
#include "net/uuid.hpp"

namespace kith::node {

/// Hands events to everybody who listens, and people who changed once per batch of work.
class Events {
public:
    void subscribe(model::EventSink& sink) { sinks_.push_back(&sink); }
    void unsubscribe(model::EventSink& sink) { std::erase(sinks_, &sink); }
    void publish(const model::Event& event) {
        const auto sinks = sinks_;  // a sink may unsubscribe while it listens
        for (auto* sink : sinks) sink->on_event(event);
    }
    void person_changed(const model::PeerId& id) {
        if (changed_.empty() && wake) wake();
        changed_.insert(id);
    }
    void wake_up() const {
        if (wake) wake();
    }
    [[nodiscard]] std::set<model::PeerId> take_changed() { return std::exchange(changed_, {}); }

    std::function<void()> wake;  ///< somebody is to call Node::flush()

private:
    std::vector<model::EventSink*> sinks_;
    std::set<model::PeerId> changed_;
};

/// What the peer of a live session has said of itself, also while it is a stranger.
struct LiveSession {
    store::SessionNumber number = 0;  ///< counts the sessions of this run
    bool amendments = false;          ///< they understand them
    bool files = false;               ///< and what is said about files
    bool prekeys = false;             ///< and seal to them
    net::SocketAddress remote{};
    crypto::SignerKey signer{};
};

struct Context {
    store::Store& store;
    const net::Clock& clock;
    crypto::RandomSource& random;
    net::UuidGenerator uuids;
    net::Endpoint* endpoint = nullptr;  ///< set before the node is loaded
    People people{};
    Events events{};
    std::map<model::PeerId, LiveSession> live{};
    std::deque<std::string> errors{};  ///< newest first, errors_max
    bool network_dirty = true;         ///< the diagnosis page may read otherwise now

    static constexpr std::size_t errors_max = 20;

    [[nodiscard]] model::Timestamp now() const { return clock.wall().count(); }
    /// For a person: shown in the window and on the diagnosis page.
    void report(model::NoticeLevel level, std::string text);
    /// For a person who looks for the reason: shown on the diagnosis page.
    void note_error(std::string_view text);
    void network_changed();
    /// Writes the row; a failure is reported, and given to `done` as an error to reply with.
    void save(const Person& person, std::function<void(tl::expected<void, model::Error>)> done);
};

[[nodiscard]] model::Error to_model(const store::Error& error);

}  // namespace kith::node
