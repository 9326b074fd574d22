// SPDX-License-Identifier: MIT
//
// Payloads in records over a connection of their own; sealed and opened where they lie. Internal to
// net/; the run's thread only, but for wake().
#pragma once

#include "crypto/random.hpp"
#include "net/transfer/bulk_pipe.hpp"

namespace kith::net {

class SocketPipe final : public BulkPipe {
public:
    SocketPipe(BulkLink link, const crypto::RekeyLimits& rekey);
    ~SocketPipe() override;
    SocketPipe(const SocketPipe&) = delete;
    SocketPipe& operator=(const SocketPipe&) = delete;

    [[nodiscard]] bool clear() const override { return output_.clear(); }
    [[nodiscard]] crypto::MutableByteView room() override { return output_.room(); }
    PipeResult<void> send(std::size_t size, Milliseconds now) override;
    PipeResult<void> send_aside(ByteView payload, Milliseconds now) override;
    PipeResult<void> flush(Milliseconds now) override;
    PipeResult<ByteView> receive(std::size_t most, Milliseconds now) override;
    void finish() override;
    void abandon() noexcept override;
    void wait(Milliseconds most, bool reading) override;
    void wake() noexcept override;
    [[nodiscard]] bool hung_up() const override { return hung_up_; }
    [[nodiscard]] std::uint64_t bytes_out() const override { return bytes_out_; }
    [[nodiscard]] std::uint64_t bytes_in() const override { return bytes_in_; }

private:
    PipeResult<void> write();
    PipeResult<bool> fill(std::size_t& most);
    PipeResult<void> begin_body();
    PipeResult<ByteView> open_body(Milliseconds now);
    PipeResult<std::size_t> read(crypto::MutableByteView into, crypto::MutableByteView behind);
    void wake_for(std::size_t bytes);

    BulkSocket socket_;
    crypto::SystemRandom random_;
    crypto::RecordChannel channel_;
    std::array<int, 2> wake_{-1, -1};  // read end, write end
    bool hung_up_ = false;
    BulkOutput output_;

    std::size_t early_ = 0;  // of socket_.early(), read
    std::array<std::uint8_t, crypto::record_prefix_size> prefix_{};
    std::size_t prefix_got_ = 0;
    crypto::Bytes body_;
    std::size_t body_got_ = 0;
    bool in_body_ = false;
    std::size_t wake_for_ = 1;  // bytes that end wait()
    std::uint64_t bytes_out_ = 0;
    std::uint64_t bytes_in_ = 0;
};

}  // namespace kith::net
