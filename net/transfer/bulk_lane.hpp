// SPDX-License-Identifier: MIT
//
// One run on a thread of its own: moves payloads between its pump and its pipe, within the limits,
// and puts news into a mailbox for the network thread. Internal to net/. Public functions: network
// thread.
#pragma once

#include <thread>

#include "net/transfer/bulk_rates.hpp"
#include "net/transfer/bulk_session_pipe.hpp"
#include "net/transport.hpp"

namespace kith::net {

/// The deadlines of runs; tests shorten them.
struct BulkTiming {
    Milliseconds silence{30'000};  ///< nothing heard for so long: cut
    Milliseconds busy{5'000};      ///< nothing said for so long: Busy
    Milliseconds news{100};        ///< at most one in so long
};

class BulkLane {
public:
    /// What lanes share; outlives them. `clock` is asked on all threads, `ring` called on them:
    /// there is mail.
    struct Shared {
        const Clock& clock;
        SharedRates& rates;
        std::function<void()> ring;
        BulkTiming timing;
        crypto::RekeyLimits rekey;
    };
    /// News are put together until they are fetched, so it is bounded by the run's entries, its
    /// output by bulk_output_max.
    struct Mail {
        bool fresh = false;  ///< news or rate
        BulkNews news;
        std::uint64_t rate = 0;
        std::vector<crypto::Bytes> output;
        std::uint32_t credit = 0;
        std::optional<RunEnd> end;  ///< nothing follows
    };

    BulkLane(BulkPath path, MakeBulkJob make, const Shared& shared);
    ~BulkLane();  ///< stops and joins
    BulkLane(const BulkLane&) = delete;
    BulkLane& operator=(const BulkLane&) = delete;

    void stop();
    void rates_changed() { pipe_->wake(); }
    /// Null: it has a connection of its own.
    [[nodiscard]] SessionPipe* in_session() const noexcept { return session_; }
    [[nodiscard]] Mail fetch();

private:
    struct RateMeter {
        double bytes = 0;
        double seconds = 0;
        std::uint64_t add(std::uint64_t more, Milliseconds in);
    };

    [[nodiscard]] std::unique_ptr<BulkPipe> pipe_for(BulkPath path);
    void run();
    [[nodiscard]] RunEnd go();
    [[nodiscard]] RunEnd carry(BulkPump& pump);
    [[nodiscard]] PipeResult<bool> say(BulkPump& pump);
    [[nodiscard]] PipeResult<bool> hear(BulkPump& pump);
    [[nodiscard]] PipeResult<void> say_busy_if_due();
    void rest(const BulkPump& pump);
    void tell(BulkPump& pump, bool now);
    [[nodiscard]] bool cancelled();
    void look_at_the_time() { now_ = shared_.clock.monotonic(); }

    const Shared& shared_;
    MakeBulkJob make_;
    SessionPipe* session_ = nullptr;
    std::unique_ptr<BulkPipe> pipe_;
    std::atomic<bool> stop_{false};

    // The run's thread.
    Throttle out_;
    Throttle in_;
    Milliseconds now_{0};
    Milliseconds heard_{0};
    Milliseconds said_{0};
    Milliseconds told_{0};
    bool untold_ = false;  // something moved since told_
    std::uint64_t rate_ = 0;
    RateMeter meter_;

    std::mutex mutex_;
    Mail mail_;
    std::thread thread_;  // last: everything else is there when it begins
};

}  // namespace kith::net
