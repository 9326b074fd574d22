// SPDX-License-Identifier: MIT
//
// Durable messages per second: a reply to send_text says that the message is committed. Requests
// are pipelined, at most 1,000 unanswered.
#include <stdexcept>

#include "tests/bench/benches.hpp"
#include "tests/bench/yardsticks.hpp"
#include "tests/e2e/instance.hpp"

namespace kith::bench {
namespace {

using e2e::Instance;
using e2e::Json;

constexpr int messages = 50'000, batch = 250, window = 1000;
constexpr double goal = 20'000;

std::string requests(const std::string& peer, int from) {
    std::string lines;
    for (int i = from; i < from + batch; ++i) {
        if (i > from) lines += '\n';
        lines += R"({"id":)" + std::to_string(i) + R"(,"cmd":"send_text","peer":")" + peer +
                 R"(","text":"message number )" + std::to_string(i) +
                 R"( of the throughput benchmark"})";
    }
    return lines;
}

/// Seconds from the first request to the last reply.
Seconds send_all(Instance& alice, const std::string& peer) {
    net::LocalClient client;
    if (!client.connect(alice.ready().at("control").get<std::string>()))
        throw std::runtime_error("no control socket");
    const auto start = Clock::now();
    for (int sent = 0, answered = 0; answered < messages;) {
        while (sent < messages && sent - answered + batch <= window) {
            if (!client.send_line(requests(peer, sent))) throw std::runtime_error("cannot send");
            sent += batch;
        }
        for (int i = 0; i < batch; ++i, ++answered) {
            const auto reply = client.read_line(60'000);
            if (!reply) throw std::runtime_error(reply.error());
            if (reply->find("\"ok\":true") == std::string::npos) throw std::runtime_error(*reply);
        }
    }
    return Clock::now() - start;
}

/// The state of the newest message: messages are delivered in order.
bool newest_is_delivered(Instance& alice, const std::string& peer) {
    const Json page = alice.ask({{"cmd", "messages"}, {"peer", peer}, {"limit", 1}}).at("messages");
    return !page.empty() && page.at(0).at("state") == "delivered";
}

Row row(const char* what, Seconds time) {
    const double rate = messages / time.count();
    return {what, as_rate(rate, "messages"), "goal " + as_rate(goal, "messages"),
            as_ratio(rate / goal)};
}

}  // namespace

void throughput_bench() {
    Instance alice("Alice"), bob("Bob");
    e2e::befriend(alice, bob);
    const std::string peer = bob.fingerprint();
    const auto start = Clock::now();
    const Seconds online = send_all(alice, peer);
    alice.wait_until(
        "all delivered", [&] { return newest_is_delivered(alice, peer); }, std::chrono::minutes(5));
    const Seconds delivered = Clock::now() - start;
    bob.kill();
    const Seconds offline = send_all(alice, peer);
    const auto stats = alice.ask({{"cmd", "stats"}});
    print("Durable messages, " + std::to_string(messages) + " pipelined",
          {row("acknowledged, peer online", online),
           row("delivered to the peer", delivered),
           row("acknowledged, peer offline", offline),
           {"memory of the sender afterwards",
            std::to_string(stats.at("rss").get<std::uint64_t>() >> 20) + " MiB", "", ""}});
}

}  // namespace kith::bench
