// SPDX-License-Identifier: MIT
//
// What carries the payloads of a run: a connection of its own (SocketPipe), or the session
// (SessionPipe). Payloads are written and read where they lie. Internal to net/; the run's thread
// only, but for wake().
#pragma once

#include <tl/expected.hpp>

#include "net/transfer/bulk_output.hpp"
#include "net/transfer/bulk_runner.hpp"

namespace kith::net {

/// How a run ended, in words.
struct RunEnd {
    RunOutcome outcome = RunOutcome::cut;
    std::string text;
};
template <typename T>
using PipeResult = tl::expected<T, RunEnd>;

class BulkPipe {
public:
    virtual ~BulkPipe() = default;

    /// All that was said is out of our hands: room() may be filled.
    [[nodiscard]] virtual bool clear() const = 0;
    /// Where the next payload goes: bulk::payload_max bytes.
    [[nodiscard]] virtual crypto::MutableByteView room() = 0;
    /// The first `size` bytes of room() go, as far as they can now.
    virtual PipeResult<void> send(std::size_t size, Milliseconds now) = 0;
    /// A small payload, while room() is being filled.
    virtual PipeResult<void> send_aside(ByteView payload, Milliseconds now) = 0;
    /// Goes on with what was said, and with keys that are due.
    virtual PipeResult<void> flush(Milliseconds now) = 0;
    /// The next payload, valid until the next call; empty: not yet. Reads `most` bytes or fewer.
    virtual PipeResult<ByteView> receive(std::size_t most, Milliseconds now) = 0;
    /// Everything is said and heard: the other side gets the last of it.
    virtual void finish() = 0;
    /// Nothing comes or goes any more.
    virtual void abandon() noexcept = 0;

    /// Until something can be done, wake(), or `most` has passed. `reading`: bytes that come count.
    virtual void wait(Milliseconds most, bool reading) = 0;
    virtual void wake() noexcept = 0;  ///< any thread
    /// The other side is gone: what it left is to be read whatever the limits say.
    [[nodiscard]] virtual bool hung_up() const = 0;

    /// Since the beginning, with what is around them.
    [[nodiscard]] virtual std::uint64_t bytes_out() const = 0;
    [[nodiscard]] virtual std::uint64_t bytes_in() const = 0;
};

}  // namespace kith::net
