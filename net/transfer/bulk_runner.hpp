// SPDX-License-Identifier: MIT
//
// Who moves the bytes of runs, for the node: threads with sockets in the program (BulkLanes),
// something of their own in simulations. docs/protocol.md, "Files: bulk connection". Network thread
// only, but for what is said of MakeBulkJob.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <variant>

#include "crypto/record_channel.hpp"
#include "net/transfer/bulk_pump.hpp"

namespace kith::net {

using RunId = std::array<std::uint8_t, 16>;  ///< random; in FileRun

/// The first frame of a connection for a run: id (16) || proof (48).
inline constexpr std::size_t bulk_ticket_size = 64;

/// A connection out of the hands of the reactor. Closes itself.
class BulkSocket {
public:
    BulkSocket() = default;
    BulkSocket(int file, crypto::Bytes early) : file_(file), early_(std::move(early)) {}
    BulkSocket(BulkSocket&& from) noexcept
        : file_(std::exchange(from.file_, -1)), early_(std::move(from.early_)) {}
    BulkSocket& operator=(BulkSocket&& from) noexcept;
    ~BulkSocket();

    [[nodiscard]] int get() const noexcept { return file_; }
    /// What was read behind the first frame.
    [[nodiscard]] const crypto::Bytes& early() const noexcept { return early_; }
    int release() noexcept { return std::exchange(file_, -1); }

private:
    int file_ = -1;
    crypto::Bytes early_{};
};

/// A connection of a run's own, with its keys from the session's exporter.
struct BulkLink {
    BulkSocket socket;
    crypto::RecordChannel::Side side{};
    crypto::RecordChannel::Keys keys;
};
/// The run's bytes go through the session: see BulkRunListener::on_run_output.
struct InSession {};
using BulkPath = std::variant<BulkLink, InSession>;

/// One end of a run with the files behind it.
class BulkJob {
public:
    virtual ~BulkJob() = default;
    [[nodiscard]] virtual BulkPump& pump() = 0;
};
/// Called on the run's thread, as is the job; opening files blocks. `cancelled` may be asked at any
/// time, there.
using MakeBulkJob =
    std::function<FileResult<std::unique_ptr<BulkJob>>(std::function<bool()> cancelled)>;

enum class RunOutcome : std::uint8_t {
    complete,  ///< all that was wanted has landed, or is in trouble
    cut,       ///< the connection went; what is durable stays
    stopped,   ///< by stop()
    failed,    ///< it makes no sense to go on by itself: broken rules, files that cannot be opened
};

class BulkRunListener {
public:
    virtual ~BulkRunListener() = default;
    /// At most 10 a second; `rate` in bytes a second. What landed or is in trouble is never lost,
    /// and comes before on_run_ended.
    virtual void on_run_news(const RunId& run, const BulkNews& news, std::uint64_t rate) = 0;
    /// Once for each start(). `text`: for a person, unless complete or stopped.
    virtual void on_run_ended(const RunId& run, RunOutcome outcome, const std::string& text) = 0;
    /// InSession: to be sent as BulkData when the session has nothing else to do. At most
    /// bulk_data_max bytes; at most the credit that was given, and bulk_output_max, are asked for
    /// ahead of on_run_sent.
    virtual void on_run_output(const RunId& run, crypto::Bytes bytes) = 0;
    /// InSession: to be sent as BulkCredit.
    virtual void on_run_credit(const RunId& run, std::uint32_t bytes) = 0;
};

inline constexpr std::size_t bulk_output_max = 256 * 1024;  ///< bytes of one run between two sents
inline constexpr std::uint32_t bulk_window = 1 << 20;       ///< bytes of credit at most, per run

/// Bytes a second; 0: no limit. Each direction by itself.
struct BulkRates {
    std::uint64_t total = 0;
    std::uint64_t each = 0;  ///< of one run
};

class BulkRunner {
public:
    static constexpr std::size_t runs_max = 8;

    virtual ~BulkRunner() = default;
    /// Null: nothing more is said.
    virtual void set_listener(BulkRunListener* listener) = 0;
    [[nodiscard]] virtual std::size_t running() const = 0;
    /// At most runs_max at a time: the caller looks at running(). Never calls the listener before
    /// it returns.
    virtual void start(const RunId& run, BulkPath path, MakeBulkJob make) = 0;
    /// Within 200 ms; on_run_ended follows.
    virtual void stop(const RunId& run) = 0;
    virtual void set_rates(const BulkRates& rates) = 0;
    // InSession. False: more than the credit allows: the run ends as failed.
    virtual bool on_input(const RunId& run, crypto::Bytes bytes) = 0;
    virtual void on_credit(const RunId& run, std::uint32_t bytes) = 0;
    /// The session took what on_run_output gave.
    virtual void on_run_sent(const RunId& run, std::size_t bytes) = 0;
};

}  // namespace kith::net
