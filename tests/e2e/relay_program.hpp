// SPDX-License-Identifier: MIT
//
// The relay's program beside those of people.
#pragma once

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "crypto/connection_id.hpp"
#include "tests/e2e/http_get.hpp"
#include "tests/e2e/instance.hpp"

namespace kith::e2e {

class Relay {
public:
    Relay() { start("0"); }
    void start(const std::string& port) {
        const std::string program = KITH_RELAY_PROGRAM;
        const std::vector<std::string> arguments{"--listen",  "127.0.0.1:" + port,
                                                 "--data",    (folder_.path() / "relay").string(),
                                                 "--metrics", "127.0.0.1:0"};
        process_ = std::make_unique<Process>(program, arguments, folder_.path() / "stderr");
        const auto line = process_->read_line();
        if (!line) throw std::runtime_error("no relay: " + process_->errors());
        ready_ = Json::parse(*line);
    }
    /// kill -9, and there again at the same place.
    void restart() {
        process_->signal(SIGKILL);
        process_->wait();
        start(std::to_string(ready_.at("port").get<int>()));
    }
    /// As /metrics has it now, without the prefix.
    [[nodiscard]] long figure(const std::string& name) const {
        const std::string log = process_->errors(), field = "\"metrics_port\":";
        const auto at = log.rfind(field);
        if (at == std::string::npos) throw std::runtime_error("no metrics: " + log);
        const auto port = std::stoi(log.substr(at + field.size()));
        const auto page = http_get(static_cast<std::uint16_t>(port), "/metrics");
        const std::string line = "\nkith_relay_" + name + " ";
        const auto found = page.find(line);
        if (found == std::string::npos) throw std::runtime_error("no " + name + " in " + page);
        return std::stol(page.substr(found + line.size()));
    }
    /// There are no events for it: looked at again and again.
    void wait_for_figure(const std::string& name, long value) const {
        const auto end = Clock::now() + 2 * patience;
        while (figure(name) != value) {
            if (Clock::now() > end)
                throw std::runtime_error(name + " is " + std::to_string(figure(name)));
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }
    void end() {
        process_->signal(SIGTERM);
        process_->wait();
    }
    [[nodiscard]] std::string address() const { return ready_.at("address"); }
    [[nodiscard]] std::filesystem::path folder() const { return folder_.path() / "relay"; }

private:
    TemporaryFolder folder_;
    std::unique_ptr<Process> process_;
    Json ready_;
};

inline Instance::Options at(const Relay& relay, const std::string& name) {
    return {name, {}, {"--relay", relay.address()}, {}, {}, {}};
}

inline void wait_for_relay(Instance& who) {
    who.wait_until("the relay", [&] {
        const Json relays = who.ask({{"cmd", "relays"}}).at("relays");
        return relays.size() == 1 && relays[0].at("state") == "online";
    });
}

/// What somebody far away would see of it: the way through the relay.
inline std::string relayed_id(Instance& who) {
    auto id = kith::crypto::parse_connection_id(who.connection_id()).value();
    std::erase_if(id.candidates, [](const kith::crypto::Candidate& candidate) {
        return candidate.kind != kith::crypto::CandidateKind::relay;
    });
    if (id.candidates.size() != 1) throw std::runtime_error("no relay in the connection ID");
    return kith::crypto::format(id);
}

}  // namespace kith::e2e
