// SPDX-License-Identifier: MIT
//
// An EndpointListener that remembers, for tests.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include "net/endpoint.hpp"

namespace kith::test {

class RecordingListener : public net::EndpointListener {
public:
    struct Failure {
        net::Fingerprint peer;
        net::Ending ending;
        std::chrono::milliseconds retry_in;
    };

    void on_session_up(const net::SessionInfo& session) override {
        ups.push_back(session);
        up[session.peer] = session;
        if (when_up) when_up(session);
    }
    void on_session_down(const net::Fingerprint& peer, const net::Ending& ending) override {
        downs.emplace_back(peer, ending);
        up.erase(peer);
        if (when_down) when_down(peer);
    }
    void on_message(const net::Fingerprint& peer, net::Message message) override {
        if (const auto* seen = std::get_if<net::Observed>(&message)) {
            observed.emplace_back(peer, *seen);
            return;
        }
        messages.emplace_back(peer, message);
        if (when_message) when_message(peer, messages.back().second);
    }
    void on_dialling(const net::Fingerprint& peer) override { dialling.push_back(peer); }
    void on_dial_failed(const net::Fingerprint& peer, const net::Ending& ending,
                        std::chrono::milliseconds retry_in) override {
        failures.push_back({peer, ending, retry_in});
    }
    void on_drained(const net::Fingerprint& peer) override {
        ++drained;
        if (when_drained) when_drained(peer);
    }
    void on_log(net::LogLevel, std::string text) override { log.push_back(std::move(text)); }
    void on_bulk(const net::Fingerprint&, const net::RunId& run, net::BulkLink link) override {
        bulk.emplace(run, std::move(link));
    }
    void on_bulk_failed(const net::Fingerprint&, const net::RunId& run,
                        const net::Ending& ending) override {
        bulk_failures.emplace_back(run, ending.reason);
    }

    std::vector<net::SessionInfo> ups;
    std::map<net::Fingerprint, net::SessionInfo> up;  ///< now
    std::vector<std::pair<net::Fingerprint, net::Ending>> downs;
    std::vector<std::pair<net::Fingerprint, net::Message>> messages;
    std::vector<std::pair<net::Fingerprint, net::Observed>> observed;  ///< not in `messages`
    std::vector<net::Fingerprint> dialling;
    std::vector<Failure> failures;
    std::vector<std::string> log;
    std::map<net::RunId, net::BulkLink> bulk;
    std::vector<std::pair<net::RunId, net::Ending::Reason>> bulk_failures;
    int drained = 0;
    std::function<void(const net::SessionInfo&)> when_up;
    std::function<void(const net::Fingerprint&)> when_down;
    std::function<void(const net::Fingerprint&, const net::Message&)> when_message;
    std::function<void(const net::Fingerprint&)> when_drained;
};

}  // namespace kith::test
