// SPDX-License-Identifier: MIT
#include "tests/bench/circuit_pump.hpp"

#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>

namespace kith::bench {
namespace {

constexpr int at_once = 64;
constexpr int wait_ms = 100;
constexpr std::size_t chunk = 256 << 10;

class Poll {
public:
    void add(int file, std::uint32_t events, std::size_t index) {
        epoll_event event{};
        event.events = events;
        event.data.u64 = index;
        ::epoll_ctl(file_, EPOLL_CTL_ADD, file, &event);
    }
    Poll() = default;
    ~Poll() { ::close(file_); }
    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    /// Calls with the index of each pair that is ready.
    template <typename Ready>
    void wait(Ready ready) {
        std::array<epoll_event, at_once> events{};
        const int count = ::epoll_wait(file_, events.data(), at_once, wait_ms);
        for (int i = 0; i < count; ++i) ready(static_cast<std::size_t>(events[i].data.u64));
    }

private:
    int file_ = ::epoll_create1(EPOLL_CLOEXEC);
};

void check(ssize_t done) {
    if (done > 0 || (done < 0 && (errno == EAGAIN || errno == EINTR))) return;
    throw std::runtime_error("a connection through the relay ended");
}

void write_records(int file, const crypto::Bytes& record, std::size_t count) {
    for (; count > 0; --count) check(::send(file, record.data(), record.size(), MSG_NOSIGNAL));
}

/// What arrives at one socket makes as much be written to another, or to itself.
struct Flow {
    int read;
    int write;
    std::size_t partly = 0;  ///< bytes of a record that is not whole yet
};

std::vector<Flow> flows_of(const std::vector<SocketPair>& pairs, bool there_and_back) {
    std::vector<Flow> flows;
    for (const auto& pair : pairs) {
        flows.push_back({pair.to(), there_and_back ? pair.to() : pair.from()});
        if (there_and_back) flows.push_back({pair.from(), pair.from()});
    }
    return flows;
}

}  // namespace

Pumped pump_records(const std::vector<SocketPair>& pairs, const Records& records, Seconds time) {
    const crypto::Bytes record(records.size, 0x5A);
    crypto::Bytes buffer(records.size * records.window);
    auto flows = flows_of(pairs, records.there_and_back);
    Poll poll;
    for (std::size_t i = 0; i < flows.size(); ++i) poll.add(flows[i].read, EPOLLIN, i);
    Pumped result;
    const auto start = Clock::now();
    for (const auto& pair : pairs) write_records(pair.from(), record, records.window);
    bool more = true;
    std::size_t under_way = pairs.size() * records.window;
    while (under_way > 0) {
        more = more && Clock::now() - start < time;
        poll.wait([&](std::size_t i) {
            Flow& flow = flows[i];
            const auto count = ::recv(flow.read, buffer.data(), buffer.size(), MSG_DONTWAIT);
            check(count);
            if (count < 0) return;
            flow.partly += static_cast<std::size_t>(count);
            const std::size_t whole = flow.partly / records.size;
            flow.partly %= records.size;
            result.amount += whole;
            under_way -= whole;
            if (!more) return;
            write_records(flow.write, record, whole);
            under_way += whole;
        });
    }
    result.time = Clock::now() - start;
    return result;
}

Pumped pump_bytes(const std::vector<SocketPair>& pairs, Seconds time) {
    std::atomic<bool> over = false;
    std::thread writer([&] {
        const crypto::Bytes bytes(chunk, 0x5A);
        Poll poll;
        for (std::size_t i = 0; i < pairs.size(); ++i) poll.add(pairs[i].from(), EPOLLOUT, i);
        while (!over) {
            poll.wait([&](std::size_t i) {
                (void)::send(pairs[i].from(), bytes.data(), bytes.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
            });
        }
    });
    Pumped result;
    Poll poll;
    for (std::size_t i = 0; i < pairs.size(); ++i) poll.add(pairs[i].to(), EPOLLIN, i);
    const auto take = [&](std::size_t i) {
        const auto count = ::recv(pairs[i].to(), nullptr, 16 * chunk, MSG_DONTWAIT | MSG_TRUNC);
        if (count > 0) result.amount += static_cast<std::uint64_t>(count);
    };
    const auto start = Clock::now();
    while (Clock::now() - start < time) poll.wait(take);
    result.time = Clock::now() - start;
    over = true;
    writer.join();
    // What is under way still belongs to this round.
    Pumped rest;
    std::swap(rest, result);
    for (auto quiet = Clock::now(); Clock::now() - quiet < Seconds(0.3);) {
        const auto before = result.amount;
        poll.wait(take);
        if (result.amount != before) quiet = Clock::now();
    }
    return rest;
}

}  // namespace kith::bench
