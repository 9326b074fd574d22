// SPDX-License-Identifier: MIT
//
// A line server on a local socket (Unix socket, named pipe), and nothing about what the lines mean.
// Network thread only. Mode 0600; bounds: clients_max, line_max, output_max.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "net/reactor.hpp"

namespace kith::net {

class LocalServer {
public:
    static constexpr std::size_t clients_max = 64;
    static constexpr std::size_t line_max = 1 << 20;     ///< without the newline
    static constexpr std::size_t output_max = 64 << 20;  ///< a client that does not read is cut
    static constexpr std::size_t output_high = 4 << 20;  ///< reading of its requests pauses
    using ClientId = std::uint64_t;

    class Handler {
    public:
        virtual ~Handler() = default;
        virtual void on_client(ClientId) = 0;
        virtual void on_line(ClientId client, std::string_view line) = 0;
        /// A line above line_max was thrown away up to its newline.
        virtual void on_oversized_line(ClientId client) = 0;
        virtual void on_client_gone(ClientId client) = 0;
        /// The client has read everything queued for it.
        virtual void on_drained(ClientId client) = 0;
    };

    LocalServer(Reactor& reactor, Handler& handler);
    ~LocalServer();
    /// A stale socket of a dead process is replaced (the profile lock is held by the caller).
    tl::expected<void, std::string> listen(const std::string& path);
    /// Adds the newline. Written in one go at the end of the current batch of events.
    void send_line(ClientId client, std::string line);
    [[nodiscard]] std::size_t queued(ClientId client) const;
    void shut_down(std::function<void()> done);  ///< flushes replies (at most 1 s), unlinks

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// The other side: blocking, for the command line. Any thread, no loop.
class LocalClient {
public:
    LocalClient();
    ~LocalClient();
    LocalClient(LocalClient&&) noexcept;
    /// The error says whether nothing listens there.
    tl::expected<void, std::string> connect(const std::string& path);
    tl::expected<void, std::string> send_line(std::string_view line);
    /// Next line without its newline; an error at end of stream or after `timeout` (negative:
    /// never).
    tl::expected<std::string, std::string> read_line(int timeout_ms);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
