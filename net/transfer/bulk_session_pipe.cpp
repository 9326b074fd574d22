// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_session_pipe.hpp"

#include <algorithm>

#include "net/message.hpp"

namespace kith::net {
namespace {

constexpr std::uint32_t credit_step = bulk_window / 4;

tl::unexpected<RunEnd> broken_rules(const char* what) {
    return tl::unexpected(RunEnd{
        RunOutcome::failed, std::string("The other side does not keep to the protocol: ") + what});
}

}  // namespace

SessionPipe::SessionPipe(Out out) : out_(std::move(out)) {}

// --- from the network thread ---

bool SessionPipe::on_input(crypto::Bytes bytes) {
    const std::lock_guard lock(mutex_);
    overrun_ = overrun_ || bytes.size() > given_;
    if (!overrun_) {
        given_ -= bytes.size();
        // Tiny pieces must not cost more than they hold.
        const bool joined = !input_.empty() && input_.back().size() + bytes.size() <= bulk_data_max;
        if (joined) input_.back().insert(input_.back().end(), bytes.begin(), bytes.end());
        if (!joined) input_.push_back(std::move(bytes));
    }
    signal_ = true;
    changed_.notify_one();
    return !overrun_;
}

void SessionPipe::on_credit(std::uint32_t bytes) {
    const std::lock_guard lock(mutex_);
    // More than a window says nothing: as much is never asked for at a time.
    credit_ = std::min<std::uint64_t>(credit_ + bytes, bulk_window);
    signal_ = true;
    changed_.notify_one();
}

void SessionPipe::on_sent(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    unsent_ -= std::min(unsent_, bytes);
    signal_ = true;
    changed_.notify_one();
}

void SessionPipe::wake() noexcept {
    const std::lock_guard lock(mutex_);
    signal_ = true;
    changed_.notify_one();
}

// --- out ---

PipeResult<void> SessionPipe::send(std::size_t size, Milliseconds now) {
    const auto frame = output_.frame(size);
    for (std::size_t i = 0; i < frame_prefix_size; ++i)
        frame[i] = static_cast<std::uint8_t>(size >> (8 * (frame_prefix_size - 1 - i)) & 0xFF);
    output_.push(size);
    return flush(now);
}

PipeResult<void> SessionPipe::send_aside(ByteView payload, Milliseconds now) {
    crypto::Bytes frame;
    append_frame(frame, payload);
    output_.push_small(frame);
    return flush(now);
}

PipeResult<void> SessionPipe::flush(Milliseconds) {
    // A quarter of a window at a time: each word of credit is a message.
    if (to_give_ >= credit_step) {
        {
            const std::lock_guard lock(mutex_);
            given_ += to_give_;
        }
        out_.credit(std::exchange(to_give_, 0));
    }
    while (!output_.clear()) {
        const ByteView next = output_.next();
        const std::size_t size = take_credit(std::min(next.size(), bulk_data_max));
        if (size == 0) break;
        const ByteView piece = next.first(size);
        out_.bytes(crypto::Bytes(piece.begin(), piece.end()));
        output_.went(size);
        bytes_out_ += size;
    }
    return {};
}

std::size_t SessionPipe::take_credit(std::size_t wanted) {
    const std::lock_guard lock(mutex_);
    const auto allowed = std::min<std::uint64_t>(credit_, bulk_output_max - unsent_);
    const auto taken = static_cast<std::size_t>(std::min<std::uint64_t>(wanted, allowed));
    credit_ -= taken;
    unsent_ += taken;
    return taken;
}

// --- in ---

PipeResult<ByteView> SessionPipe::receive(std::size_t most, Milliseconds) {
    while (most > 0) {
        if (piece_at_ == piece_.size() && !next_piece()) break;
        const ByteView all = ByteView(piece_).subspan(piece_at_);
        ByteView left = all.first(std::min(all.size(), most));
        const std::size_t before = left.size();
        const auto payload = reader_.next(left);
        const std::size_t taken = before - left.size();
        piece_at_ += taken;
        most -= taken;
        consumed(taken);
        if (reader_.refused()) return broken_rules("a payload has an impossible length.");
        if (payload) return *payload;
    }
    const std::lock_guard lock(mutex_);
    if (overrun_) return broken_rules("more came than was asked for.");
    return ByteView{};
}

bool SessionPipe::next_piece() {
    const std::lock_guard lock(mutex_);
    if (input_.empty()) return false;
    piece_ = std::move(input_.front());
    piece_at_ = 0;
    input_.pop_front();
    return true;
}

void SessionPipe::consumed(std::size_t bytes) {
    bytes_in_ += bytes;
    to_give_ += static_cast<std::uint32_t>(bytes);
}

void SessionPipe::wait(Milliseconds most, bool) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, most, [this] { return signal_; });
    signal_ = false;
}

}  // namespace kith::net
