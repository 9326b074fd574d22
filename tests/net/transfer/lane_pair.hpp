// SPDX-License-Identifier: MIT
//
// Runs on their threads, with files in memory: two programs' lanes, and what their listeners heard.
// Everything is waited for, with a deadline that only a failure meets.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <condition_variable>
#include <mutex>

#include "net/transfer/bulk_lanes.hpp"
#include "tests/net/transfer/bulk_pair.hpp"

namespace kith::test {

/// Stands still until it is moved. Any thread.
class HandClock final : public net::Clock {
public:
    [[nodiscard]] net::Milliseconds monotonic() const override {
        return net::Milliseconds{now_.load()};
    }
    [[nodiscard]] net::Milliseconds wall() const override { return monotonic(); }
    void advance(net::Milliseconds by) { now_ += by.count(); }

private:
    std::atomic<std::int64_t> now_{1'000'000};
};

inline net::RunId run_id(std::uint8_t number) {
    net::RunId run{};
    run.fill(number);
    return run;
}

inline crypto::RecordChannel::Keys bulk_keys(bool initiator) {
    const std::uint8_t send = initiator ? 1 : 2;
    return {crypto::SecretBytes(32, send), crypto::SecretBytes(32, 3 - send),
            crypto::SecretBytes(64, 3), crypto::SecretBytes(64, 4), Bytes(64)};
}

inline std::array<net::BulkSocket, 2> socket_pair() {
    int files[2] = {-1, -1};
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, files) == 0);
    return {net::BulkSocket(files[0], {}), net::BulkSocket(files[1], {})};
}

/// Over TCP on loopback, which knows what a local pair does not (how much is worth a waking).
inline std::array<net::BulkSocket, 2> tcp_pair() {
    const net::BulkSocket listener(::socket(AF_INET, SOCK_STREAM, 0), {});
    net::BulkSocket near_end(::socket(AF_INET, SOCK_STREAM, 0), {});
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* general = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener.get(), general, size) == 0);
    REQUIRE(::listen(listener.get(), 1) == 0);
    REQUIRE(::getsockname(listener.get(), general, &size) == 0);
    REQUIRE(::connect(near_end.get(), general, size) == 0);
    return {std::move(near_end), net::BulkSocket(::accept(listener.get(), nullptr, nullptr), {})};
}

inline net::BulkLink bulk_link(net::BulkSocket socket, bool initiator) {
    using Side = crypto::RecordChannel::Side;
    return {std::move(socket), initiator ? Side::initiator : Side::responder, bulk_keys(initiator)};
}

/// The other end of a run, record by record. Blocks.
class RawPeer {
public:
    RawPeer(int socket, bool initiator)
        : socket_(socket),
          channel_(initiator ? crypto::RecordChannel::Side::initiator
                             : crypto::RecordChannel::Side::responder,
                   bulk_keys(initiator), random_) {}
    /// What it says next.
    Bytes next() {
        const Bytes prefix = receive(crypto::record_prefix_size);
        std::size_t size = 0;
        for (const std::uint8_t byte : prefix) size = size << 8 | byte;
        return channel_.open(receive(size), {})->payload;
    }
    Bytes seal(net::ByteView payload) { return *channel_.seal(payload, {}); }
    void send(net::ByteView bytes) const {
        REQUIRE(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(bytes.size()));
    }

private:
    [[nodiscard]] Bytes receive(std::size_t size) const {
        Bytes bytes(size);
        REQUIRE(::recv(socket_, bytes.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size));
        return bytes;
    }
    int socket_;
    crypto::SystemRandom random_;
    crypto::RecordChannel channel_;
};

class SendJob final : public net::BulkJob {
public:
    SendJob(const net::Manifest& manifest, const std::vector<Bytes>& files,
            std::function<bool()> cancelled)
        : source(files), sender(manifest, all_entries(manifest), source, std::move(cancelled)) {}
    [[nodiscard]] net::BulkPump& pump() override { return sender; }
    MemorySource source;
    net::BulkSender sender;
};

/// The sink stays with the test, which looks at it when the run has ended.
class ReceiveJob final : public net::BulkJob {
public:
    ReceiveJob(const net::Manifest& manifest, MemorySink& sink, std::function<bool()> cancelled)
        : receiver(manifest, what_is_there(all_entries(manifest), sink), sink,
                   std::move(cancelled)) {}
    [[nodiscard]] net::BulkPump& pump() override { return receiver; }
    net::BulkReceiver receiver;
};

inline net::MakeBulkJob sending(const net::Manifest& manifest, const std::vector<Bytes>& files) {
    return [&](std::function<bool()> cancelled) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        return std::make_unique<SendJob>(manifest, files, std::move(cancelled));
    };
}
inline net::MakeBulkJob receiving(const net::Manifest& manifest, MemorySink& sink) {
    return [&](std::function<bool()> cancelled) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        return std::make_unique<ReceiveJob>(manifest, sink, std::move(cancelled));
    };
}

/// The lanes of one program, on their reactor.
class LaneHost final : public net::BulkRunListener {
public:
    struct Ended {
        net::RunOutcome outcome;
        std::string text;
    };

    explicit LaneHost(const net::Clock& clock, const crypto::RekeyLimits& rekey = {},
                      const net::BulkTiming& timing = {}) {
        reactor.start();
        reactor.run_and_wait([&] {
            lanes = std::make_unique<net::BulkLanes>(reactor, clock, timing, rekey);
            lanes->set_listener(this);
            reactor.add_wake_handler([this] { run_posted(); });
        });
    }
    ~LaneHost() override {
        reactor.run_and_wait([&] { lanes.reset(); });
        reactor.stop_and_join();
    }

    void start(const net::RunId& run, net::BulkPath path, net::MakeBulkJob make) {
        reactor.run_and_wait([&] { lanes->start(run, std::move(path), std::move(make)); });
    }
    void run(const std::function<void()>& task) { reactor.run_and_wait(task); }
    /// Soon, on the reactor's thread; from any.
    void post(std::function<void()> task) {
        {
            const std::lock_guard lock(mutex_);
            posted_.push_back(std::move(task));
        }
        reactor.wake();
    }
    std::size_t running() {
        std::size_t count = 0;
        run([&] { count = lanes->running(); });
        return count;
    }
    /// Lanes look at the clock.
    void nudge() {
        run([&] { lanes->set_rates({}); });
    }
    Ended wait_for_end(const net::RunId& run) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, std::chrono::seconds(60),
                                  [&] { return ended_.contains(run); }));
        return ended_.at(run);
    }
    /// Until the news so far say that at least so many bytes went.
    void wait_for_bytes(const net::RunId& run, std::uint64_t bytes) {
        std::unique_lock lock(mutex_);
        REQUIRE(changed_.wait_for(lock, std::chrono::seconds(60),
                                  [&] { return news_[run].bytes >= bytes; }));
    }
    net::BulkNews news(const net::RunId& run) {
        const std::lock_guard lock(mutex_);
        return news_[run];
    }

    void on_run_news(const net::RunId& run, const net::BulkNews& more, std::uint64_t) override {
        const std::lock_guard lock(mutex_);
        late_ = late_ || ended_.contains(run);
        net::BulkNews& news = news_[run];
        news.bytes += more.bytes;
        news.resumed += more.resumed;
        news.landed.insert(news.landed.end(), more.landed.begin(), more.landed.end());
        news.troubles.insert(news.troubles.end(), more.troubles.begin(), more.troubles.end());
        changed_.notify_all();
    }
    void on_run_ended(const net::RunId& run, net::RunOutcome outcome,
                      const std::string& text) override {
        const std::lock_guard lock(mutex_);
        ended_.insert_or_assign(run, Ended{outcome, text});
        changed_.notify_all();
    }
    void on_run_output(const net::RunId& run, Bytes bytes) override {
        if (when_output) when_output(run, std::move(bytes));
    }
    void on_run_credit(const net::RunId& run, std::uint32_t bytes) override {
        if (when_credit) when_credit(run, bytes);
    }
    [[nodiscard]] bool heard_after_the_end() {
        const std::lock_guard lock(mutex_);
        return late_;
    }

    net::Reactor reactor;
    std::unique_ptr<net::BulkLanes> lanes;
    std::function<void(const net::RunId&, Bytes)> when_output;          // on the reactor's thread
    std::function<void(const net::RunId&, std::uint32_t)> when_credit;  // on the reactor's thread

private:
    void run_posted() {
        std::vector<std::function<void()>> tasks;
        {
            const std::lock_guard lock(mutex_);
            tasks.swap(posted_);
        }
        if (!lanes) return;  // the end has come
        for (const auto& task : tasks) task();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::function<void()>> posted_;
    std::map<net::RunId, net::BulkNews> news_;
    std::map<net::RunId, Ended> ended_;
    bool late_ = false;
};

}  // namespace kith::test
