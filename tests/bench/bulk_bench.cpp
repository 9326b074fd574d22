// SPDX-License-Identifier: MIT
//
// 4 GiB from memory to memory through two lanes over loopback, against what sealing, opening and a
// bare loopback copy of the same bytes take when each runs alone. Each end has one thread, so the
// limit is the slower end: its share of the copy, and its half of the cryptography.
#include <sys/resource.h>
#include <sys/socket.h>

#include <cstring>
#include <future>
#include <stdexcept>
#include <thread>

#include "net/tcp_driver.hpp"
#include "net/transfer/bulk_lanes.hpp"
#include "net/transfer/bulk_receiver.hpp"
#include "net/transfer/bulk_sender.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/report.hpp"
#include "tests/bench/tcp_pair.hpp"

namespace kith::bench {
namespace {

using crypto::Bytes;
using crypto::RecordChannel;

constexpr std::uint64_t total = std::uint64_t{4} << 30;
constexpr std::size_t record = crypto::record_payload_max;
constexpr std::size_t ring = 64 << 20;  // more than the caches hold
constexpr double goal = 0.8;

RecordChannel::Keys keys(bool initiator) {
    const std::uint8_t send = initiator ? 1 : 2;
    return {crypto::SecretBytes(32, send), crypto::SecretBytes(32, 3 - send),
            crypto::SecretBytes(64, 3), crypto::SecretBytes(64, 4), Bytes(64)};
}

/// Of all threads, in the program and in the kernel for it.
Seconds processor_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

double rate(Seconds time) { return static_cast<double>(total) / time.count(); }

// --- yardsticks ---

double seal_alone() {
    crypto::SystemRandom random;
    RecordChannel channel(RecordChannel::Side::initiator, keys(true), random);
    Bytes frame(record + crypto::record_overhead);
    const auto start = processor_time();
    for (std::uint64_t done = 0; done < total; done += record)
        if (!channel.seal_in_place(frame, {})) throw std::runtime_error("cannot seal");
    return rate(processor_time() - start);
}

double open_alone() {
    crypto::SystemRandom random;
    RecordChannel sender(RecordChannel::Side::initiator, keys(true), random);
    RecordChannel receiver(RecordChannel::Side::responder, keys(false), random);
    Seconds spent{};
    std::vector<Bytes> bodies(16);
    for (std::uint64_t done = 0; done < total; done += bodies.size() * record) {
        for (Bytes& body : bodies) {
            const Bytes frame = *sender.seal(Bytes(record), {});
            body.assign(frame.begin() + crypto::record_prefix_size, frame.end());
        }
        const auto start = processor_time();
        for (Bytes& body : bodies)
            if (!receiver.open(std::move(body), {})) throw std::runtime_error("cannot open");
        spent += processor_time() - start;
    }
    return rate(spent);
}

double copy_alone() {
    const TcpPair pair;
    const Bytes from(record, 7);
    Bytes into(record);
    std::thread sender([&] {
        for (std::uint64_t done = 0; done < total; done += record)
            for (std::size_t sent = 0; sent < record;) {
                const auto size =
                    ::send(pair.near_end(), from.data() + sent, record - sent, MSG_NOSIGNAL);
                if (size <= 0) return;
                sent += static_cast<std::size_t>(size);
            }
    });
    const auto start = Clock::now();
    for (std::uint64_t done = 0; done < total;) {
        const auto size = ::recv(pair.far_end(), into.data(), into.size(), 0);
        if (size <= 0) throw std::runtime_error("the copy was cut");
        done += static_cast<std::uint64_t>(size);
    }
    const double result = rate(Clock::now() - start);
    sender.join();
    return result;
}

// --- two lanes ---

class RingSource final : public net::FileSource {
public:
    net::FileResult<void> open(std::uint32_t, std::uint64_t) override { return {}; }
    net::FileResult<std::size_t> read(crypto::MutableByteView into) override {
        if (at_ + into.size() > ring_.size()) at_ = 0;
        std::memcpy(into.data(), ring_.data() + at_, into.size());
        at_ += into.size();
        return into.size();
    }
    net::FileResult<void> close() override { return {}; }
    net::FileResult<crypto::Digest256> hash(std::uint32_t, std::uint64_t,
                                            const std::function<bool()>&) override {
        return crypto::Digest256{};
    }

private:
    Bytes ring_ = Bytes(ring, 7);
    std::size_t at_ = 0;
};

class RingSink final : public net::FileSink {
public:
    net::FileResult<std::uint64_t> open(std::uint32_t) override { return 0; }
    net::FileResult<void> write(crypto::ByteView bytes) override {
        if (at_ + bytes.size() > ring_.size()) at_ = 0;
        std::memcpy(ring_.data() + at_, bytes.data(), bytes.size());
        at_ += bytes.size();
        return {};
    }
    net::FileResult<void> close() override {
        whole_ = true;
        return {};
    }
    std::vector<Progress> commit() override {
        if (!whole_) return {};
        return {{0, {total, true}, std::nullopt}};
    }
    net::FileResult<crypto::Digest256> hash(std::uint32_t, std::uint64_t,
                                            const std::function<bool()>&) override {
        return crypto::Digest256{};
    }
    net::FileResult<void> discard(std::uint32_t) override { return {}; }

private:
    Bytes ring_ = Bytes(ring);
    std::size_t at_ = 0;
    bool whole_ = false;
};

template <typename Files, typename Pump>
class Job final : public net::BulkJob {
public:
    template <typename Selected>
    Job(const net::Manifest& manifest, Selected selected, std::function<bool()> cancelled)
        : selected_(std::move(selected)),
          pump_(manifest, selected_, files_, std::move(cancelled)) {}
    [[nodiscard]] net::BulkPump& pump() override { return pump_; }

private:
    Files files_;
    std::conditional_t<std::is_same_v<Pump, net::BulkReceiver>,
                       std::vector<net::BulkReceiver::Selected>, std::vector<std::uint32_t>>
        selected_;
    Pump pump_;
};

class Ends final : public net::BulkRunListener {
public:
    void on_run_news(const net::RunId&, const net::BulkNews&, std::uint64_t) override {}
    void on_run_ended(const net::RunId&, net::RunOutcome outcome,
                      const std::string& text) override {
        ended.set_value(outcome == net::RunOutcome::complete ? "" : "the run ended: " + text);
    }
    void on_run_output(const net::RunId&, Bytes) override {}
    void on_run_credit(const net::RunId&, std::uint32_t) override {}
    std::promise<std::string> ended;
};

struct Program {
    explicit Program(const net::Clock& clock) {
        reactor.start();
        reactor.run_and_wait([&] {
            lanes.emplace(reactor, clock);
            lanes->set_listener(&ends);
        });
    }
    ~Program() {
        reactor.run_and_wait([&] { lanes.reset(); });
        reactor.stop_and_join();
    }
    template <typename JobType, typename Selected>
    void start(int socket, bool initiator, const net::Manifest& manifest, Selected selected) {
        using Side = RecordChannel::Side;
        const net::MakeBulkJob make =
            [&manifest,
             selected](auto cancelled) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
            return std::make_unique<JobType>(manifest, selected, std::move(cancelled));
        };
        reactor.run_and_wait([&] {
            lanes->start(
                net::RunId{},
                net::BulkLink{net::BulkSocket(socket, {}),
                              initiator ? Side::initiator : Side::responder, keys(initiator)},
                make);
        });
    }
    void wait() {
        if (const auto error = ends.ended.get_future().get(); !error.empty())
            throw std::runtime_error(error);
    }

    Ends ends;
    net::Reactor reactor;
    std::optional<net::BulkLanes> lanes;
};

double through_lanes() {
    const net::SystemClock clock;
    net::Manifest manifest;
    manifest.entries.push_back({"file", false, false, total, 0});
    const TcpPair pair;
    Program sender(clock), receiver(clock);
    const auto start = Clock::now();
    receiver.start<Job<RingSink, net::BulkReceiver>>(
        ::dup(pair.far_end()), false, manifest, std::vector<net::BulkReceiver::Selected>{{0, {}}});
    sender.start<Job<RingSource, net::BulkSender>>(::dup(pair.near_end()), true, manifest,
                                                   std::vector<std::uint32_t>{0});
    receiver.wait();
    const double result = rate(Clock::now() - start);
    sender.wait();
    return result;
}

std::string as_gigabytes(double bytes) { return as_rate(bytes / 1e6, "MB"); }

}  // namespace

void bulk_bench() {
    const double seal = seal_alone();
    const double open = open_alone();
    const Seconds before_copy = processor_time();
    const double copy = copy_alone();
    const Seconds before_lanes = processor_time();
    const double lanes = through_lanes();
    const Seconds of_copy = before_lanes - before_copy;
    const Seconds of_lanes = processor_time() - before_lanes;
    // Other programs take from the rates, but not from this.
    const Seconds of_parts = of_copy + Seconds(total / seal) + Seconds(total / open);
    const double limit = 1 / (1 / copy + 1 / std::min(seal, open));
    print("4 GiB from memory to memory",
          {{"sealing alone, one core", as_gigabytes(seal), "", ""},
           {"opening alone, one core", as_gigabytes(open), "", ""},
           {"loopback copy alone, two cores", as_gigabytes(copy), "", ""},
           {"what these allow, one thread at each end", as_gigabytes(limit), "", ""},
           {"two lanes", as_gigabytes(lanes), "goal " + as_gigabytes(goal * limit),
            as_ratio(lanes / limit)},
           {"processor time of two lanes", as_time(of_lanes), "its parts " + as_time(of_parts),
            as_ratio(of_parts / of_lanes)}});
}

}  // namespace kith::bench
