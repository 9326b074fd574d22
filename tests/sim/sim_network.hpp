// SPDX-License-Identifier: MIT
//
// A simulated network: hosts with addresses, links with latency, a clock and one queue of events.
// The same seed gives the same run. Faults: links cut (both sides hear of it), swallowed (nobody
// does), partitions, hosts that crash and come back, bytes that are changed, repeated, swapped or
// left out on the way, and time that passes while everybody sleeps. One thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <random>
#include <set>

#include "net/transport.hpp"

namespace kith::sim {

class SimHost;
using std::chrono::milliseconds;

/// What happens to the bytes of one arrival, each in so many of 10,000. TCP does none of this; who
/// sits on the way may do all of it.
struct Damage {
    unsigned corrupt = 0;
    unsigned repeat = 0;
    unsigned swap = 0;  ///< with those that arrive next
    unsigned omit = 0;
};

class SimClock final : public net::Clock {
public:
    [[nodiscard]] milliseconds monotonic() const override { return now_; }
    [[nodiscard]] milliseconds wall() const override { return wall_at_start + now_; }

private:
    friend class SimNetwork;
    static constexpr milliseconds wall_at_start{1'700'000'000'000};
    milliseconds now_{1'000'000};
};

class SimNetwork {
public:
    explicit SimNetwork(std::uint64_t seed) : random_(seed) {}
    SimNetwork(const SimNetwork&) = delete;
    SimNetwork& operator=(const SimNetwork&) = delete;

    /// One way; each packet draws from it, order within a link is kept.
    void set_latency(milliseconds min, milliseconds max) { latency_min_ = min, latency_max_ = max; }
    [[nodiscard]] const SimClock& clock() const noexcept { return clock_; }
    [[nodiscard]] std::mt19937_64& random() noexcept { return random_; }

    void run_for(milliseconds duration);
    /// False: `done` did not become true within `limit` of simulated time.
    [[nodiscard]] bool run_until(const std::function<bool()>& done, milliseconds limit);
    void after(milliseconds delay, std::function<void()> task);

    /// All links between two hosts break; both sides hear of it, and what is on its way is lost.
    void cut(const SimHost& a, const SimHost& b);
    /// On every link, from now on.
    void set_damage(const Damage& damage) { damage_ = damage; }
    /// Arrivals that were damaged so far.
    [[nodiscard]] std::uint64_t damaged() const noexcept { return damaged_; }
    /// Everybody sleeps for so long: the clock goes on, nothing happens.
    void suspend(milliseconds duration) { clock_.now_ += duration; }
    /// From now on nothing gets from one to the other: bytes vanish, dials stay unanswered.
    void set_partitioned(const SimHost& a, const SimHost& b, bool partitioned);
    /// Connections that were begun so far.
    [[nodiscard]] std::size_t dials() const noexcept { return dials_; }
    [[nodiscard]] std::size_t links_between(const SimHost& a, const SimHost& b) const;

private:
    friend class SimHost;

    struct Direction {
        std::vector<net::Bytes> queued;  // not taken by the "kernel" yet
        std::size_t queued_bytes = 0;
        std::size_t in_flight = 0;
        std::vector<net::Bytes> unread;  // arrived, but the receiver does not read
        net::Bytes overtaken;            // swapped: delivered behind what arrives next
        milliseconds last_arrival{0};
        bool fin_queued = false;
        bool fin_arrived = false;
        bool fin_sent = false;
    };
    struct End {
        SimHost* host = nullptr;  // null: closed or crashed
        net::LinkId link = 0;
        bool reading = true;
    };
    struct Connection {
        End ends[2];
        Direction out[2];  // [i]: from ends[i]
        const SimHost* hosts[2] = {nullptr, nullptr};
        bool swallowed = false;   // bytes vanish in both directions
        net::SocketAddress from;  // what ends[1] sees
        net::SocketAddress to;
    };
    using Shared = std::shared_ptr<Connection>;

    struct Event {
        milliseconds at;
        std::uint64_t order;
        std::function<void()> task;
        bool operator>(const Event& other) const noexcept {
            return std::tie(at, order) > std::tie(other.at, other.order);
        }
    };

    void attach(SimHost& host) { hosts_.push_back(&host); }
    void detach(SimHost& host);
    /// `port`: the local one, if more than one link may have it; else nothing.
    void dial(SimHost& from, net::LinkId link, const net::SocketAddress& to,
              std::optional<std::uint16_t> port);
    void knock(const Shared& connection);
    void fail(const Shared& connection, bool there);
    [[nodiscard]] SimHost* host_at(const net::SocketAddress& address) const;
    /// Who dials back from just there.
    [[nodiscard]] Shared opposite(const Connection& connection) const;
    void join(const Shared& connection, const Shared& other);
    void establish(const Shared& connection, SimHost& to);
    void pump(const Shared& connection, int side);
    void arrive(const Shared& connection, int side, const net::Bytes& bytes);
    void deliver(const Shared& connection, int side, net::Bytes bytes);
    void hand_over(const Shared& connection, int side, const net::Bytes& bytes);
    [[nodiscard]] bool strikes(unsigned of_ten_thousand);
    void deliver_fin(const Shared& connection, int side);
    void maybe_fin(const Shared& connection, int side);
    [[nodiscard]] bool partitioned(const SimHost* a, const SimHost* b) const;
    [[nodiscard]] milliseconds latency();
    void settle_all();
    bool step(milliseconds until);

    SimClock clock_;
    std::mt19937_64 random_;
    milliseconds latency_min_{1};
    milliseconds latency_max_{20};
    Damage damage_;
    std::uint64_t damaged_ = 0;
    std::size_t dials_ = 0;
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events_;
    std::uint64_t order_ = 0;
    std::vector<SimHost*> hosts_;  // in the order they came: addresses differ between runs
    std::set<std::pair<const SimHost*, const SimHost*>> partitions_;
    std::vector<std::weak_ptr<Connection>> connections_;
    std::vector<std::weak_ptr<Connection>> openings_;  // dialled from ports that may be shared
};

}  // namespace kith::sim
