// SPDX-License-Identifier: MIT
//
// A text from one headless instance to another, as a script sees it: command in, event out.
#include <future>

#include "tests/bench/benches.hpp"
#include "tests/bench/yardsticks.hpp"
#include "tests/e2e/instance.hpp"

namespace kith::bench {
namespace {

using e2e::Instance;
using e2e::Json;

constexpr int warm_up = 20, texts = 300, reconnects = 10;
constexpr std::size_t frame_size = 160;    ///< about what a short text takes on the wire
constexpr std::size_t commit_size = 8192;  ///< two pages of a write-ahead log

struct Times {
    std::vector<Seconds> one_way, round_trip;
};

Times measure_texts(Instance& alice, Instance& bob) {
    Times times;
    const std::string peer = bob.fingerprint();
    for (int i = 0; i < warm_up + texts; ++i) {
        const std::string text = "message number " + std::to_string(i);
        auto arrived = std::async(std::launch::async, [&] {
            bob.wait_for_event("the text", [&](const Json& e) {
                return e.at("event") == "message" && e.at("text") == text;
            });
            return Clock::now();
        });
        const auto start = Clock::now();
        const std::string id = alice.say(peer, text);
        alice.wait_for_event("delivery", [&](const Json& e) {
            return e.at("event") == "message_state" && e.at("message") == id &&
                   e.at("state") == "delivered";
        });
        const auto delivered = Clock::now();
        const auto received = arrived.get();
        if (i < warm_up) continue;
        times.round_trip.emplace_back(delivered - start);
        times.one_way.emplace_back(received - start);
    }
    return times;
}

std::vector<Seconds> measure_reconnects(Instance& alice, Instance& bob) {
    const Json peer = bob.fingerprint();
    const auto state_is = [&](const char* state, bool wanted) {
        alice.wait_for_event(state, [&](const Json& e) {
            return e.at("event") == "peer" && e.at("peer") == peer &&
                   (e.at("state") == state) == wanted;
        });
    };
    std::vector<Seconds> samples;
    for (int i = 0; i < reconnects; ++i) {
        alice.ask({{"cmd", "disconnect"}, {"peer", peer}});
        state_is("online", false);
        const auto start = Clock::now();
        alice.ask({{"cmd", "connect"}, {"peer", peer}});
        state_is("online", true);
        samples.emplace_back(Clock::now() - start);
    }
    return samples;
}

}  // namespace

void latency_bench() {
    Instance alice("Alice"), bob("Bob");
    e2e::befriend(alice, bob);
    const auto echo = tcp_echo(frame_size, 2000);
    const auto sync = file_sync(alice.profile(), commit_size, 300);
    const Times times = measure_texts(alice, bob);
    const auto connects = measure_reconnects(alice, bob);
    const Seconds echo50 = percentile(echo, 0.5), echo99 = percentile(echo, 0.99);
    const Seconds sync50 = percentile(sync, 0.5), sync99 = percentile(sync, 0.99);
    const auto row = [&](const char* what, const std::vector<Seconds>& samples, double share,
                         Seconds base, const char* of) {
        return Row{what, as_time(percentile(samples, share)), of + as_time(base),
                   as_ratio(percentile(samples, share) / base)};
    };
    // The sender commits before it sends, the receiver before it acknowledges or shows.
    print("A text between two headless instances",
          {row("one way, p50", times.one_way, 0.5, echo50 / 2 + 2 * sync50,
               "half a bare TCP echo + two commits: "),
           row("one way, p99", times.one_way, 0.99, echo99 / 2 + 2 * sync99,
               "half a bare TCP echo + two commits: "),
           row("until delivered is shown, p50", times.round_trip, 0.5, echo50 + 2 * sync50,
               "bare TCP echo + two commits: "),
           row("until delivered is shown, p99", times.round_trip, 0.99, echo99 + 2 * sync99,
               "bare TCP echo + two commits: "),
           {"reconnecting a contact", summary(connects), "", ""},
           {"yardsticks", "TCP echo " + summary(echo), "fdatasync " + summary(sync), ""}});
}

}  // namespace kith::bench
