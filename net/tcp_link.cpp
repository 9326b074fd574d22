// SPDX-License-Identifier: MIT
#include "net/tcp_link.hpp"

#include <utility>

#include <fcntl.h>

#include <algorithm>

#include "net/socket_names.hpp"

namespace kith::net {
namespace {

constexpr std::size_t buffers_per_write = 64;

uv_buf_t to_buffer(Bytes& bytes) {
    return uv_buf_init(reinterpret_cast<char*>(bytes.data()), static_cast<unsigned>(bytes.size()));
}

using NameOf = int (*)(const uv_tcp_t*, sockaddr*, int*);

SocketAddress name_by(NameOf name_of, const uv_tcp_t& tcp) {
    sockaddr_storage storage{};
    int size = sizeof storage;
    if (name_of(&tcp, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return {};
    return from_sockaddr(as_sockaddr(storage));
}

}  // namespace

Ending::Reason reason_of(int uv_error) noexcept {
    switch (uv_error) {
        case UV_ECONNREFUSED:
            return Ending::Reason::refused;
        case UV_ETIMEDOUT:
            return Ending::Reason::timed_out;
        case UV_ENETUNREACH:
        case UV_EHOSTUNREACH:
        case UV_EADDRNOTAVAIL:
        case UV_EAFNOSUPPORT:
        case UV_ENETDOWN:
        case UV_EINVAL:
        case UV_EACCES:
        case UV_EPERM:
            return Ending::Reason::unreachable;
        default:
            return Ending::Reason::lost;
    }
}

TcpLink::TcpLink(Host& host, uv_loop_t& loop, LinkId id) : host_(host), id_(id) {
    uv_tcp_init(&loop, &tcp_);  // without flags it only fills the structure
    tcp_.data = this;
    connect_.data = this;
    write_.data = this;
    shutdown_.data = this;
}

/// libuv sets SO_REUSEADDR: sockets that all have it and do not listen may have one port, as long as
/// no two go to the same place.
int TcpLink::bind_shared(const SocketAddress& local) {
    const auto address = to_sockaddr(local);
    return uv_tcp_bind(&tcp_, as_sockaddr(address), 0);
}

int TcpLink::connect(const SocketAddress& to) {
    const auto address = to_sockaddr(to);
    return uv_tcp_connect(&connect_, &tcp_, as_sockaddr(address),
                          [](uv_connect_t* request, int status) {
                              auto& link = owner_of<TcpLink>(request);
                              if (link.closed_) return;
                              if (status != 0) return link.broken(reason_of(status));
                              uv_tcp_nodelay(&link.tcp_, 1);
                              link.start_reading();
                              link.host_.on_link_up(link);
                          });
}

int TcpLink::accept_from(uv_stream_t* listener) {
    const int status = uv_accept(listener, as_stream(tcp_));
    if (status == 0) uv_tcp_nodelay(&tcp_, 1);
    return status;
}

void TcpLink::start_reading() {
    if (closed_) return;
    uv_read_start(
        as_stream(tcp_),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
            *buffer = owner_of<TcpLink>(handle).host_.read_buffer();
        },
        [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
            owner_of<TcpLink>(stream).on_read(size, buffer);
        });
}

void TcpLink::set_reading(bool reading) {
    if (closed_ || finishing_) return;
    if (reading) return start_reading();
    uv_read_stop(as_stream(tcp_));
}

void TcpLink::on_read(ssize_t size, const uv_buf_t* buffer) {
    if (size == 0) return;
    if (size < 0) return finishing_ ? close() : broken(Ending::Reason::lost);
    if (finishing_) return;  // too late to be heard
    host_.on_link_data(*this, {reinterpret_cast<const std::uint8_t*>(buffer->base),
                               static_cast<std::size_t>(size)});
}

// --- writing ---

void TcpLink::send(Bytes bytes) {
    if (closed_ || finishing_ || bytes.empty()) return;
    std::size_t taken = 0;
    if (backlog_ == 0) {
        uv_buf_t buffer = to_buffer(bytes);
        const int result = uv_try_write(as_stream(tcp_), &buffer, 1);
        // An error shows again, with its callback, when the rest is written.
        taken = result > 0 ? static_cast<std::size_t>(result) : 0;
    }
    if (taken == bytes.size()) return;
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    backlog_ += bytes.size();
    queue_.push_back(std::move(bytes));
    if (writing_.empty()) write_queue();
}

void TcpLink::write_queue() {
    std::vector<uv_buf_t> buffers;
    while (!queue_.empty() && buffers.size() < buffers_per_write) {
        writing_.push_back(std::move(queue_.front()));
        queue_.pop_front();
        buffers.push_back(to_buffer(writing_.back()));
    }
    const int status = uv_write(
        &write_, as_stream(tcp_), buffers.data(), static_cast<unsigned>(buffers.size()),
        [](uv_write_t* request, int result) { owner_of<TcpLink>(request).on_written(result); });
    if (status != 0) writing_.clear();  // the read side reports what broke
}

void TcpLink::on_written(int status) {
    for (const Bytes& bytes : writing_) backlog_ -= bytes.size();
    writing_.clear();
    if (closed_) return;
    if (status != 0) return finishing_ ? close() : broken(Ending::Reason::lost);
    if (!queue_.empty()) write_queue();
    if (finishing_ && writing_.empty()) return shut_down_writing();
    if (!finishing_) host_.on_link_writable(*this);
}

// --- the end ---

void TcpLink::finish(std::uint64_t deadline) {
    if (closed_ || finishing_) return;
    finishing_ = true;
    deadline_ = deadline;
    if (writing_.empty()) shut_down_writing();
    // Also when reading was paused: their FIN is what we wait for.
    if (!closed_) start_reading();
}

void TcpLink::shut_down_writing() {
    const int status = uv_shutdown(&shutdown_, as_stream(tcp_), [](uv_shutdown_t*, int) {});
    if (status != 0) close();
}

void TcpLink::close() {
    if (std::exchange(closed_, true)) return;
    queue_.clear();
    uv_close(as_handle(tcp_), [](uv_handle_t* handle) {
        auto& link = owner_of<TcpLink>(handle);
        link.host_.on_link_closed(link);
    });
}

int TcpLink::duplicate() const {
    uv_os_fd_t file = -1;
    const auto* handle = reinterpret_cast<const uv_handle_t*>(&tcp_);
    if (closed_ || finishing_ || uv_fileno(handle, &file) != 0) return -1;
    return fcntl(file, F_DUPFD_CLOEXEC, 0);
}

void TcpLink::broken(Ending::Reason reason) {
    close();
    host_.on_link_broken(*this, reason);
}

SocketAddress TcpLink::remote() const { return name_by(uv_tcp_getpeername, tcp_); }

SocketAddress TcpLink::local() const { return name_by(uv_tcp_getsockname, tcp_); }

}  // namespace kith::net
