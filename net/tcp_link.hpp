// SPDX-License-Identifier: MIT
//
// One TCP connection on the loop: its write queue, and an end that lets what was said arrive.
// Internal to net/; network thread only.
#pragma once

#include <deque>
#include <memory>

#include "net/link_listener.hpp"
#include "net/reactor_impl.hpp"

namespace kith::net {

class TcpLink {
public:
    class Host {
    public:
        virtual ~Host() = default;
        virtual void on_link_up(TcpLink&) = 0;
        virtual void on_link_data(TcpLink&, ByteView bytes) = 0;
        virtual void on_link_writable(TcpLink&) = 0;
        /// It broke; close() has been called.
        virtual void on_link_broken(TcpLink&, Ending::Reason reason) = 0;
        /// libuv has let go: the host drops the object.
        virtual void on_link_closed(TcpLink&) = 0;
        /// One buffer for all links: it is used up before the next read.
        virtual uv_buf_t read_buffer() = 0;
    };

    TcpLink(Host& host, uv_loop_t& loop, LinkId id);
    TcpLink(const TcpLink&) = delete;
    TcpLink& operator=(const TcpLink&) = delete;

    /// Before connect(): comes from there (port 0: any), and others may, too.
    [[nodiscard]] int bind_shared(const SocketAddress& local);
    [[nodiscard]] int connect(const SocketAddress& to);  ///< on_link_up or on_link_broken follows
    [[nodiscard]] int accept_from(uv_stream_t* listener);
    void start_reading();
    void set_reading(bool reading);
    void send(Bytes bytes);
    /// Writes what is queued, says so (FIN) and waits for theirs: closing at once would answer
    /// bytes that are still arriving with a reset, which can destroy what we sent last.
    void finish(std::uint64_t deadline);
    void close();  ///< now
    /// A descriptor of the same connection, which survives close(); -1 if it cannot be had.
    [[nodiscard]] int duplicate() const;

    [[nodiscard]] LinkId id() const noexcept { return id_; }
    [[nodiscard]] std::size_t backlog() const noexcept { return backlog_; }
    [[nodiscard]] SocketAddress remote() const;
    [[nodiscard]] SocketAddress local() const;
    /// Nobody hears of this link any more.
    [[nodiscard]] bool finishing() const noexcept { return finishing_; }
    [[nodiscard]] bool closed() const noexcept { return closed_; }
    [[nodiscard]] std::uint64_t deadline() const noexcept { return deadline_; }

private:
    void on_read(ssize_t size, const uv_buf_t* buffer);
    void on_written(int status);
    void write_queue();
    void shut_down_writing();
    void broken(Ending::Reason reason);

    Host& host_;
    LinkId id_;
    uv_tcp_t tcp_{};
    uv_connect_t connect_{};
    uv_write_t write_{};
    uv_shutdown_t shutdown_{};
    std::deque<Bytes> queue_;
    std::vector<Bytes> writing_;  // owned by libuv until the callback
    std::size_t backlog_ = 0;
    std::uint64_t deadline_ = 0;
    bool finishing_ = false;
    bool closed_ = false;
};

[[nodiscard]] Ending::Reason reason_of(int uv_error) noexcept;

}  // namespace kith::net
