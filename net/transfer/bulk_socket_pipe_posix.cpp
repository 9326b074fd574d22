// SPDX-License-Identifier: MIT
//
//   room() -> seal in place -> socket                 socket -> body_ -> open in place -> payload
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "net/transfer/bulk_socket_pipe.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;

constexpr auto farewell = 2s;                      // for the other side to take the last of it
constexpr std::size_t small_max = 64 * 1024;       // answers that nobody reads
constexpr std::size_t smallest_body = 1 + 16 + 1;  // type, tag, one byte

tl::unexpected<RunEnd> cut() {
    return tl::unexpected(RunEnd{RunOutcome::cut, "The connection for the files was cut."});
}

tl::unexpected<RunEnd> cut(const std::string& why) {
    return tl::unexpected(RunEnd{RunOutcome::cut, "The connection for the files was cut: " + why});
}

void set_flags(int file) {
    (void)::fcntl(file, F_SETFL, ::fcntl(file, F_GETFL) | O_NONBLOCK);
    (void)::fcntl(file, F_SETFD, FD_CLOEXEC);
}

void close_file(int& file) {
    if (file >= 0) ::close(file);
    file = -1;
}

}  // namespace

SocketPipe::SocketPipe(BulkLink link, const crypto::RekeyLimits& rekey)
    : socket_(std::move(link.socket)),
      channel_(link.side, std::move(link.keys), random_, rekey),
      output_(crypto::record_prefix_size, crypto::record_overhead - crypto::record_prefix_size) {
    body_.reserve(crypto::record_body_max);
    set_flags(socket_.get());
    // Without it only wakes are lost: what was asked for happens a little later.
    if (::pipe(wake_.data()) != 0) wake_ = {-1, -1};
    for (const int file : wake_)
        if (file >= 0) set_flags(file);
}

SocketPipe::~SocketPipe() {
    for (int& file : wake_) close_file(file);
}

// --- out ---

PipeResult<void> SocketPipe::send(std::size_t size, Milliseconds now) {
    if (const auto sealed = channel_.seal_in_place(output_.frame(size), now); !sealed)
        return cut(sealed.error().text);
    output_.push(size);
    return write();
}

PipeResult<void> SocketPipe::send_aside(ByteView payload, Milliseconds now) {
    const auto frame = channel_.seal(payload, now);
    if (!frame) return cut(frame.error().text);
    output_.push_small(*frame);
    return write();
}

PipeResult<void> SocketPipe::flush(Milliseconds now) {
    if (const auto frame = channel_.rekey_if_due(now)) output_.push_small(*frame);
    return write();
}

PipeResult<void> SocketPipe::write() {
    while (!output_.clear()) {
        const ByteView bytes = output_.next();
        const auto went = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (went < 0 && errno == EINTR) continue;
        if (went < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return {};
        if (went < 0) return cut();
        output_.went(static_cast<std::size_t>(went));
        bytes_out_ += static_cast<std::uint64_t>(went);
    }
    return {};
}

// --- in ---

PipeResult<ByteView> SocketPipe::receive(std::size_t most, Milliseconds now) {
    while (true) {
        const auto whole = fill(most);
        if (!whole) return tl::unexpected(whole.error());
        if (!*whole) return ByteView{};
        const auto payload = open_body(now);
        if (!payload || !payload->empty()) return payload;
    }
}

/// True: body_ is whole. False: nothing more is there, or `most` was read.
PipeResult<bool> SocketPipe::fill(std::size_t& most) {
    while (!in_body_ || body_got_ < body_.size()) {
        if (!in_body_ && prefix_got_ == prefix_.size()) {
            if (const auto begun = begin_body(); !begun) return tl::unexpected(begun.error());
            continue;
        }
        if (most == 0) return false;
        const auto prefix = crypto::MutableByteView(prefix_).subspan(prefix_got_);
        const auto rest = in_body_ ? crypto::MutableByteView(body_).subspan(body_got_) : prefix;
        const auto into = rest.first(std::min(rest.size(), most));
        // The next prefix comes with the end of this body, without a call of its own.
        const bool last = in_body_ && into.size() == rest.size();
        const auto got = read(into, last ? prefix : crypto::MutableByteView{});
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) return false;
        most -= std::min(most, *got);
        const std::size_t of_into = std::min(*got, into.size());
        (in_body_ ? body_got_ : prefix_got_) += of_into;
        if (last) prefix_got_ += *got - of_into;
    }
    return true;
}

PipeResult<void> SocketPipe::begin_body() {
    std::size_t size = 0;
    for (const std::uint8_t byte : prefix_) size = size << 8 | byte;
    if (size < smallest_body - 1 || size > crypto::record_body_max)
        return cut("a record has an impossible length.");
    body_.resize(size);
    body_got_ = 0;
    prefix_got_ = 0;
    in_body_ = true;
    return {};
}

PipeResult<ByteView> SocketPipe::open_body(Milliseconds now) {
    in_body_ = false;
    auto opened = channel_.open(std::move(body_), now);
    if (!opened) return cut(opened.error().text);
    body_ = std::move(opened->payload);
    if (!opened->reply.empty()) {
        output_.push_small(opened->reply);
        if (output_.small() > small_max) return cut("its answers are not read.");
        if (const auto written = write(); !written) return tl::unexpected(written.error());
    }
    return ByteView(body_);
}

/// How much was read, 0: nothing is there now.
PipeResult<std::size_t> SocketPipe::read(crypto::MutableByteView into,
                                         crypto::MutableByteView behind) {
    if (early_ < socket_.early().size()) {
        const auto left = ByteView(socket_.early()).subspan(early_);
        const auto taken = left.first(std::min(left.size(), into.size()));
        std::ranges::copy(taken, into.begin());
        early_ += taken.size();
        bytes_in_ += taken.size();
        return taken.size();
    }
    std::array<iovec, 2> places{{{into.data(), into.size()}, {behind.data(), behind.size()}}};
    while (true) {
        const auto got = ::readv(socket_.get(), places.data(), behind.empty() ? 1 : 2);
        if (got > 0) {
            bytes_in_ += static_cast<std::uint64_t>(got);
            return static_cast<std::size_t>(got);
        }
        if (got < 0 && errno == EINTR) continue;
        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::size_t{0};
        return cut();
    }
}

// --- the end ---

/// Closing at once would answer bytes that are still arriving with a reset, which can destroy what
/// was said last.
void SocketPipe::finish() {
    ::shutdown(socket_.get(), SHUT_WR);
    const auto deadline = std::chrono::steady_clock::now() + farewell;
    std::array<std::uint8_t, 4096> thrown_away{};
    while (true) {
        const auto left =
            std::chrono::duration_cast<Milliseconds>(deadline - std::chrono::steady_clock::now());
        std::array<pollfd, 2> waiting{{{socket_.get(), POLLIN, 0}, {wake_[0], POLLIN, 0}}};
        if (left <= 0ms ||
            ::poll(waiting.data(), waiting.size(), static_cast<int>(left.count())) <= 0)
            return;
        if (waiting[1].revents != 0) return;
        const auto got = ::recv(socket_.get(), thrown_away.data(), thrown_away.size(), 0);
        if (got == 0 || (got < 0 && errno != EINTR && errno != EAGAIN)) return;
    }
}

void SocketPipe::abandon() noexcept { ::shutdown(socket_.get(), SHUT_RDWR); }

// --- waiting ---

void SocketPipe::wait(Milliseconds most, bool reading) {
    if (reading && early_ < socket_.early().size()) return;
    if (reading) wake_for(in_body_ ? body_.size() - body_got_ : 1);
    const int events = (reading ? POLLIN : 0) | (output_.clear() ? 0 : POLLOUT);
    std::array<pollfd, 2> waiting{
        {{socket_.get(), static_cast<short>(events), 0}, {wake_[0], POLLIN, 0}}};
    if (::poll(waiting.data(), waiting.size(), static_cast<int>(most.count())) <= 0) return;
    hung_up_ = hung_up_ || (waiting[0].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    std::array<char, 64> bytes{};
    if (waiting[1].revents != 0) (void)!::read(wake_[0], bytes.data(), bytes.size());
}

/// Less than the rest of a record is of no use, and every waking costs more than a small read. What
/// comes slowly is read when the time to wait is over.
void SocketPipe::wake_for(std::size_t bytes) {
    if (std::exchange(wake_for_, bytes) == bytes) return;
    const int least = static_cast<int>(bytes);
    (void)::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVLOWAT, &least, sizeof least);
}

void SocketPipe::wake() noexcept {
    const char byte = 0;
    (void)!::write(wake_[1], &byte, 1);  // full: it wakes up anyway
}

}  // namespace kith::net
