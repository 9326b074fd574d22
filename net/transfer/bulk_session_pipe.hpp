// SPDX-License-Identifier: MIT
//
// Payloads in pieces that travel inside the session: a stream of BE32 length || payload, cut into
// at most bulk_data_max bytes, each piece sent only when the other side has given credit for it.
// Internal to net/.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "net/framing.hpp"
#include "net/transfer/bulk_pipe.hpp"

namespace kith::net {

class SessionPipe final : public BulkPipe {
public:
    /// Called on the run's thread: bytes for the session, credit for the other side.
    struct Out {
        std::function<void(crypto::Bytes)> bytes;
        std::function<void(std::uint32_t)> credit;
    };
    explicit SessionPipe(Out out);

    // Network thread.
    [[nodiscard]] bool on_input(crypto::Bytes bytes);
    void on_credit(std::uint32_t bytes);
    void on_sent(std::size_t bytes);

    // The run's thread.
    [[nodiscard]] bool clear() const override { return output_.clear(); }
    [[nodiscard]] crypto::MutableByteView room() override { return output_.room(); }
    PipeResult<void> send(std::size_t size, Milliseconds now) override;
    PipeResult<void> send_aside(ByteView payload, Milliseconds now) override;
    PipeResult<void> flush(Milliseconds now) override;
    PipeResult<ByteView> receive(std::size_t most, Milliseconds now) override;
    void finish() override {}
    void abandon() noexcept override {}
    void wait(Milliseconds most, bool reading) override;
    void wake() noexcept override;
    [[nodiscard]] bool hung_up() const override { return false; }
    [[nodiscard]] std::uint64_t bytes_out() const override { return bytes_out_; }
    [[nodiscard]] std::uint64_t bytes_in() const override { return bytes_in_; }

private:
    std::size_t take_credit(std::size_t wanted);
    bool next_piece();
    void consumed(std::size_t bytes);

    const Out out_;
    BulkOutput output_{frame_prefix_size, 0};
    crypto::Bytes piece_;  // what came last
    std::size_t piece_at_ = 0;
    FrameReader reader_{bulk::payload_max};
    std::uint32_t to_give_ = bulk_window;  // consumed, and no credit given for it
    std::uint64_t bytes_out_ = 0;
    std::uint64_t bytes_in_ = 0;

    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool signal_ = false;
    std::deque<crypto::Bytes> input_;  // at most given_ bytes
    std::size_t given_ = 0;            // credit the other side has
    std::uint64_t credit_ = 0;         // that we have
    std::size_t unsent_ = 0;           // with the session
    bool overrun_ = false;
};

}  // namespace kith::net
