// SPDX-License-Identifier: MIT
//
// As much of HTTP/1.1 (RFC 9112) as UPnP needs, to one numeric IPv4 address: no names, no
// redirections, no connection that stays. miniupnpc's own client follows redirections to any host,
// reads without a limit and cannot be cut short. Blocking; for the mapper's thread. Internal to
// net/mapping.
#pragma once

#include <atomic>
#include <optional>
#include <tl/expected.hpp>

#include "net/transport.hpp"

namespace kith::net::http {

inline constexpr std::size_t reply_max =
    64 * 1024;  ///< head and body; descriptions are 2 to 10 KiB
inline constexpr std::chrono::milliseconds time_max{2500};  ///< from connecting to the last byte

struct Url {
    SocketAddress host;
    std::string path;
};
/// "http://192.168.1.1:5000/rootDesc.xml" of at most 128 bytes, printable, with a numeric IPv4
/// address. Nothing for anything else.
[[nodiscard]] std::optional<Url> parse_url(std::string_view text);

/// The value of the first header line of this (lower-case) name.
[[nodiscard]] std::optional<std::string_view> header(std::string_view head, std::string_view name);

struct Reply {
    int status = 0;
    std::string body;
};
/// A whole reply; lengths, chunks and header lines are checked. Nothing if it is none or not yet
/// whole. `ended`: no more comes.
[[nodiscard]] std::optional<Reply> parse_reply(std::string_view text, bool ended);

[[nodiscard]] std::string get(const Url& url);
[[nodiscard]] std::string post(const Url& url, std::string_view action, std::string_view body);

/// The error is the rest of a sentence that begins with the router's address.
[[nodiscard]] tl::expected<Reply, std::string> exchange(const SocketAddress& host,
                                                        const std::string& request,
                                                        std::chrono::milliseconds time,
                                                        const std::atomic<bool>& cancelled);

}  // namespace kith::net::http
