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
    Poll(const std::vector<SocketPair>& pairs, bool writing) {
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            epoll_event event{};
            event.events = writing ? EPOLLOUT : EPOLLIN;
            event.data.u64 = i;
            ::epoll_ctl(file_, EPOLL_CTL_ADD, writing ? pairs[i].from() : pairs[i].to(), &event);
        }
    }
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

}  // namespace

Pumped pump_records(const std::vector<SocketPair>& pairs, std::size_t record_size,
                    std::size_t window, Seconds time) {
    const crypto::Bytes record(record_size, 0x5A);
    crypto::Bytes buffer(record_size * window);
    std::vector<std::size_t> partly(pairs.size());  // bytes of a record that is not whole yet
    Poll poll(pairs, false);
    Pumped result;
    const auto start = Clock::now();
    for (const auto& pair : pairs) write_records(pair.from(), record, window);
    bool more = true;
    std::size_t under_way = pairs.size() * window;
    while (under_way > 0) {
        more = more && Clock::now() - start < time;
        poll.wait([&](std::size_t i) {
            const auto count = ::recv(pairs[i].to(), buffer.data(), buffer.size(), MSG_DONTWAIT);
            check(count);
            if (count < 0) return;
            partly[i] += static_cast<std::size_t>(count);
            const std::size_t whole = partly[i] / record_size;
            partly[i] %= record_size;
            result.amount += whole;
            under_way -= whole;
            if (!more) return;
            write_records(pairs[i].from(), record, whole);
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
        Poll poll(pairs, true);
        while (!over) {
            poll.wait([&](std::size_t i) {
                (void)::send(pairs[i].from(), bytes.data(), bytes.size(),
                             MSG_DONTWAIT | MSG_NOSIGNAL);
            });
        }
    });
    Pumped result;
    Poll poll(pairs, false);
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
