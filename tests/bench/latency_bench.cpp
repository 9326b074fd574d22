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

constexpr int rounds = 10, texts_per_round = 30, reconnects = 10;
constexpr std::size_t frame_size = 160;    ///< about what a short text takes on the wire
constexpr std::size_t sync_size = 16'384;  ///< the four log pages that one text takes

struct Times {
    std::vector<Seconds> one_way, round_trip, echo, sync, commit;
};

void append(std::vector<Seconds>& to, const std::vector<Seconds>& more) {
    to.insert(to.end(), more.begin(), more.end());
}

void measure_text(Instance& alice, Instance& bob, const std::string& text, Times& times) {
    auto arrived = std::async(std::launch::async, [&] {
        bob.wait_for_event("the text", [&](const Json& e) {
            return e.at("event") == "message" && e.at("text") == text;
        });
        return Clock::now();
    });
    const auto start = Clock::now();
    const std::string id = alice.say(bob.fingerprint(), text);
    alice.wait_for_event("delivery", [&](const Json& e) {
        return e.at("event") == "message_state" && e.at("message") == id &&
               e.at("state") == "delivered";
    });
    times.round_trip.emplace_back(Clock::now() - start);
    times.one_way.emplace_back(arrived.get() - start);
}

/// The yardsticks are taken in between: a disk that others use is not the same a second later.
Times measure(Instance& alice, Instance& bob) {
    Times times, warm_up;
    for (int i = 0; i < texts_per_round; ++i)
        measure_text(alice, bob, "warm " + std::to_string(i), warm_up);
    for (int round = 0; round < rounds; ++round) {
        append(times.echo, tcp_echo(frame_size, 200));
        append(times.sync, file_sync(alice.profile(), sync_size, texts_per_round));
        append(times.commit, store_commits(alice.profile(), texts_per_round));
        for (int i = 0; i < texts_per_round; ++i) {
            measure_text(alice, bob, "message " + std::to_string(round * texts_per_round + i),
                         times);
        }
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
    const Times times = measure(alice, bob);
    const auto &echo = times.echo, &sync = times.sync, &commit = times.commit;
    const auto connects = measure_reconnects(alice, bob);
    const Seconds echo50 = percentile(echo, 0.5), echo99 = percentile(echo, 0.99);
    const Seconds commit50 = percentile(commit, 0.5), commit99 = percentile(commit, 0.99);
    const auto row = [&](const char* what, const std::vector<Seconds>& samples, double share,
                         Seconds base, const char* of) {
        return Row{what, as_time(percentile(samples, share)), of + as_time(base),
                   as_ratio(percentile(samples, share) / base)};
    };
    // The sender commits before it sends, the receiver before it acknowledges or shows.
    print("A text between two headless instances",
          {row("one way, p50", times.one_way, 0.5, echo50 / 2 + 2 * commit50,
               "half a bare TCP echo + two commits: "),
           row("one way, p99", times.one_way, 0.99, echo99 / 2 + 2 * commit99,
               "half a bare TCP echo + two commits: "),
           row("until delivered is shown, p50", times.round_trip, 0.5, echo50 + 2 * commit50,
               "bare TCP echo + two commits: "),
           row("until delivered is shown, p99", times.round_trip, 0.99, echo99 + 2 * commit99,
               "bare TCP echo + two commits: "),
           {"reconnecting a contact", summary(connects), "", ""},
           {"yardsticks", "TCP echo " + summary(echo), "fdatasync of 16 KiB " + summary(sync), ""},
           {"", "", "one commit alone " + summary(commit), ""}});
}

}  // namespace kith::bench
