// SPDX-License-Identifier: MIT
//
// A node that answers as told and remembers what it was asked.
#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "app/model/node_port.hpp"

namespace kith::test {

inline model::PeerId peer_of(std::uint8_t byte) {
    model::PeerId id;
    id.bytes.fill(byte);
    return id;
}

inline model::MessageId message_of(std::uint8_t byte) {
    model::MessageId id;
    id.bytes.fill(byte);
    return id;
}

inline const model::PeerId self = peer_of(0x5e);
inline const model::PeerId bob = peer_of(0xb0);

class FakeNode final : public model::NodePort {
public:
    using Done = std::function<void(model::Reply)>;

    void execute(model::Command command, Done done) override {
        if (std::holds_alternative<model::WhoAmI>(command)) {
            return done(profile());
        }
        commands.push_back(command);
        if (hold) {
            held.push_back(std::move(done));
        } else {
            done(answer(command));
        }
    }

    [[nodiscard]] tl::expected<model::PeerId, model::Error> resolve(
        std::string_view who) const override {
        if (who == "Bob" || who == model::to_hex(bob)) return bob;
        if (who == "twice")
            return tl::unexpected(model::Error{"ambiguous_peer", "Two people fit."});
        return tl::unexpected(model::Error{"no_such_peer", "Nobody fits."});
    }

    void subscribe(model::EventSink& sink) override { sinks.push_back(&sink); }
    void unsubscribe(model::EventSink& sink) override {
        sinks.erase(std::remove(sinks.begin(), sinks.end(), &sink), sinks.end());
    }
    void emit(const model::Event& event) {
        for (auto* sink : std::vector(sinks)) sink->on_event(event);
    }

    std::function<model::Profile()> profile = [] {
        model::Profile alice;
        alice.self = self;
        alice.name = "Alice";
        return alice;
    };
    std::function<model::Reply(const model::Command&)> answer = [](const model::Command&) {
        return model::Reply{model::Done{}};
    };
    bool hold = false;  ///< keep the answers for later
    std::vector<Done> held;
    std::vector<model::Command> commands;
    std::vector<model::EventSink*> sinks;
};

class FakeHost final : public model::HostPort {
public:
    void quit() override { ++quits; }
    void screenshot(std::string path,
                    std::function<void(tl::expected<void, model::Error>)> done) override {
        paths.push_back(std::move(path));
        if (window) return done({});
        done(tl::unexpected(model::Error{"not_supported", "There is no window."}));
    }
    tl::expected<void, model::Error> raise() override {
        ++raises;
        if (window) return {};
        return tl::unexpected(model::Error{"not_supported", "There is no window."});
    }

    bool window = true;
    int quits = 0, raises = 0;
    std::vector<std::string> paths;
};

}  // namespace kith::test
