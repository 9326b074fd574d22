// SPDX-License-Identifier: MIT
#include "tests/sim/sim_network.hpp"

#include <algorithm>

#include "tests/sim/sim_host.hpp"

namespace kith::sim {
namespace {

constexpr std::size_t window = 256 << 10;  // bytes the two "kernels" hold per direction
constexpr std::size_t packet = 16 << 10;

}  // namespace

// --- time ---

void SimNetwork::after(milliseconds delay, std::function<void()> task) {
    events_.push({clock_.now_ + delay, ++order_, std::move(task)});
}

bool SimNetwork::step(milliseconds until) {
    if (events_.empty() || events_.top().at > until) return false;
    const Event event = events_.top();
    events_.pop();
    clock_.now_ = std::max(clock_.now_, event.at);
    event.task();
    return true;
}

void SimNetwork::settle_all() {
    for (SimHost* host : std::vector(hosts_)) host->settle();
}

void SimNetwork::run_for(milliseconds duration) {
    const auto until = clock_.now_ + duration;
    settle_all();
    while (step(until)) {
    }
    clock_.now_ = until;
    settle_all();
}

bool SimNetwork::run_until(const std::function<bool()>& done, milliseconds limit) {
    const auto until = clock_.now_ + limit;
    settle_all();
    while (!done()) {
        if (!step(until)) return false;
    }
    return true;
}

milliseconds SimNetwork::latency() {
    std::uniform_int_distribution<milliseconds::rep> draw(latency_min_.count(),
                                                          latency_max_.count());
    return milliseconds(draw(random_));
}

// --- faults ---

bool SimNetwork::partitioned(const SimHost* a, const SimHost* b) const {
    return partitions_.contains(std::minmax(a, b));
}

void SimNetwork::set_partitioned(const SimHost& a, const SimHost& b, bool value) {
    const std::pair<const SimHost*, const SimHost*> key = std::minmax(&a, &b);
    if (value) {
        partitions_.insert(key);
    } else {
        partitions_.erase(key);
    }
}

void SimNetwork::cut(const SimHost& a, const SimHost& b) {
    for (const auto& weak : std::vector(connections_)) {
        const auto connection = weak.lock();
        if (!connection) continue;
        const bool between =
            std::minmax(connection->hosts[0], connection->hosts[1]) == std::minmax(&a, &b);
        if (!between || connection->swallowed) continue;
        connection->swallowed = true;
        for (const int side : {0, 1})
            after(latency(), [this, connection, side] { deliver_fin(connection, side); });
    }
}

std::size_t SimNetwork::links_between(const SimHost& a, const SimHost& b) const {
    std::size_t count = 0;
    for (const auto& weak : connections_) {
        const auto c = weak.lock();
        if (!c || std::minmax(c->hosts[0], c->hosts[1]) != std::minmax(&a, &b)) continue;
        if (c->ends[0].host != nullptr || c->ends[1].host != nullptr) ++count;
    }
    return count;
}

void SimNetwork::detach(SimHost& host) { std::erase(hosts_, &host); }

// --- connections ---

void SimNetwork::dial(SimHost& from, net::LinkId link, const net::SocketAddress& to,
                      std::optional<std::uint16_t> port) {
    ++dials_;
    auto connection = std::make_shared<Connection>();
    connection->ends[0] = {&from, link, true};
    connection->hosts[0] = &from;
    connection->to = to;
    const net::SocketAddress inside{from.address().address, port.value_or(from.address().port), 0};
    connection->from = from.behind == nullptr ? inside : from.behind->outside_of(inside, to);
    connections_.push_back(connection);
    std::erase_if(connections_, [](const auto& weak) { return weak.expired(); });
    if (port) openings_.push_back(connection);
    std::erase_if(openings_, [](const auto& weak) { return weak.expired(); });
    from.links_[link] = {connection, 0};
    after(latency(), [this, connection] { knock(connection); });
}

SimHost* SimNetwork::host_at(const net::SocketAddress& address) const {
    const auto found = std::find_if(hosts_.begin(), hosts_.end(), [&](const SimHost* host) {
        return host->address() == address;
    });
    return found == hosts_.end() ? nullptr : *found;
}

/// The first packet of a connection arrives.
void SimNetwork::knock(const Shared& connection) {
    const SimHost* from = connection->ends[0].host;
    if (from == nullptr) return;
    if (const auto other = opposite(*connection)) return join(connection, other);
    SimHost* host = host_at(connection->to);
    const auto routed = std::ranges::find_if(hosts_, [&](const SimHost* behind) {
        return behind->behind != nullptr && behind->behind->address() == connection->to.address;
    });
    if (routed != hosts_.end()) {
        if ((*routed)->behind->refuses) return fail(connection, true);
        // Nobody is there yet: it is sent again.
        after(milliseconds{1000}, [this, connection] { knock(connection); });
        return;
    }
    if (host != nullptr && (partitioned(from, host) || host->behind != nullptr)) return;
    const bool open = host != nullptr && host->running() && host->listening;
    if (open) return establish(connection, *host);
    fail(connection, host != nullptr);
}

void SimNetwork::fail(const Shared& connection, bool there) {
    const auto reason = there ? net::Ending::Reason::refused : net::Ending::Reason::unreachable;
    after(latency(), [connection, reason] {
        auto& end = connection->ends[0];
        if (end.host == nullptr) return;
        SimHost& dialler = *std::exchange(end.host, nullptr);
        dialler.forget(end.link);
        dialler.upper_->on_closed(end.link, reason);
        dialler.settle();
    });
}

SimNetwork::Shared SimNetwork::opposite(const Connection& connection) const {
    for (const auto& weak : openings_) {
        auto other = weak.lock();
        if (!other || other.get() == &connection || other->ends[0].host == nullptr) continue;
        const bool fits = other->from == connection.to && other->to == connection.from &&
                          other->hosts[1] == nullptr;
        if (fits && !partitioned(connection.hosts[0], other->hosts[0])) return other;
    }
    return nullptr;
}

/// RFC 9293, section 3.5: both have dialled, and it is one connection.
void SimNetwork::join(const Shared& connection, const Shared& other) {
    const End back = std::exchange(other->ends[0], End{});
    connection->ends[1] = back;
    connection->hosts[1] = back.host;
    back.host->links_[back.link] = {connection, 1};
    const auto until = clock_.now_ + latency();
    connection->out[1].last_arrival = until;  // nothing overtakes the answer
    after(until - clock_.now_, [connection] {
        const auto end = connection->ends[0];
        if (end.host == nullptr) return;
        end.host->upper_->on_dialled(end.link);
        end.host->settle();
    });
    back.host->upper_->on_dialled(back.link);
    back.host->settle();
}

void SimNetwork::establish(const Shared& connection, SimHost& to) {
    connection->ends[1] = {&to, to.add_link(connection, 1), true};
    connection->hosts[1] = &to;
    to.upper_->on_accepted(connection->ends[1].link, connection->from);
    to.settle();
    after(latency(), [connection] {
        const auto end = connection->ends[0];  // who hears of it may close it
        if (end.host == nullptr) return;
        end.host->upper_->on_dialled(end.link);
        end.host->settle();
    });
}

void SimNetwork::pump(const Shared& connection, int side) {
    Direction& out = connection->out[side];
    while (!out.queued.empty() && out.in_flight < window) {
        net::Bytes& front = out.queued.front();
        const auto size = std::min(front.size(), packet);
        net::Bytes bytes(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(size));
        front.erase(front.begin(), front.begin() + static_cast<std::ptrdiff_t>(size));
        if (front.empty()) out.queued.erase(out.queued.begin());
        out.queued_bytes -= size;
        out.in_flight += size;
        out.last_arrival = std::max(out.last_arrival, clock_.now_ + latency());
        after(out.last_arrival - clock_.now_, [this, connection, side, bytes = std::move(bytes)] {
            arrive(connection, side, bytes);
        });
    }
    maybe_fin(connection, side);
}

void SimNetwork::arrive(const Shared& connection, int side, const net::Bytes& bytes) {
    if (connection->swallowed || partitioned(connection->hosts[0], connection->hosts[1])) {
        connection->swallowed =
            true;  // TCP would resend after the partition; no link lives so long
        return;
    }
    End& receiver = connection->ends[1 - side];
    Direction& out = connection->out[side];
    if (receiver.host != nullptr && (!receiver.reading || receiver.host->frozen_)) {
        out.unread.push_back(bytes);
        return;
    }
    out.in_flight -= bytes.size();
    const End sender = connection->ends[side];
    const auto before = out.queued_bytes;
    pump(connection, side);
    deliver(connection, side, bytes);
    if (before > out.queued_bytes && connection->ends[side].host != nullptr) {
        sender.host->upper_->on_writable(sender.link);
        sender.host->settle();
    }
}

bool SimNetwork::strikes(unsigned of_ten_thousand) {
    if (of_ten_thousand == 0 || random_() % 10'000 >= of_ten_thousand) return false;
    ++damaged_;
    return true;
}

void SimNetwork::deliver(const Shared& connection, int side, net::Bytes bytes) {
    net::Bytes& overtaken = connection->out[side].overtaken;
    if (strikes(damage_.omit)) return;
    if (strikes(damage_.corrupt)) {
        bytes[random_() % bytes.size()] ^= static_cast<std::uint8_t>(1 + random_() % 255);
    }
    if (overtaken.empty() && strikes(damage_.swap)) {
        overtaken = std::move(bytes);
        return;
    }
    hand_over(connection, side, bytes);
    if (!overtaken.empty()) hand_over(connection, side, std::exchange(overtaken, {}));
    if (strikes(damage_.repeat)) hand_over(connection, side, bytes);
}

void SimNetwork::hand_over(const Shared& connection, int side, const net::Bytes& bytes) {
    const End& receiver = connection->ends[1 - side];
    if (receiver.host == nullptr) return;
    SimHost& host = *receiver.host;
    host.upper_->on_data(receiver.link, bytes);
    host.settle();
}

void SimNetwork::maybe_fin(const Shared& connection, int side) {
    Direction& out = connection->out[side];
    if (!out.fin_queued || !out.queued.empty() || std::exchange(out.fin_sent, true)) return;
    const auto at = std::max(out.last_arrival, clock_.now_ + latency());
    after(at - clock_.now_, [this, connection, side] {
        if (connection->swallowed || partitioned(connection->hosts[0], connection->hosts[1]))
            return;
        deliver_fin(connection, 1 - side);
    });
}

void SimNetwork::deliver_fin(const Shared& connection, int side) {
    End& end = connection->ends[side];
    if (end.host == nullptr) return;
    SimHost& host = *std::exchange(end.host, nullptr);
    host.forget(end.link);
    host.upper_->on_closed(end.link, net::Ending::Reason::lost);
    host.settle();
}

}  // namespace kith::sim
