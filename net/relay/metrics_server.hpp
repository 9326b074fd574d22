// SPDX-License-Identifier: MIT
//
// A page or two over HTTP for those who watch a relay: GET only, one request a connection. Bounds:
// status_http::request_max, connections_max, time_max. Network thread only.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>

#include "net/listen_place.hpp"
#include "net/reactor.hpp"

namespace kith::net {

class MetricsServer {
public:
    static constexpr std::size_t connections_max = 16;  ///< one more is closed at once
    static constexpr std::chrono::seconds time_max{5};  ///< from accept to the end, whatever comes

    struct Page {
        int status = 200;
        std::string content_type;
        std::string body;
    };
    /// Of this path, without its query; nothing: there is none (404).
    using Pages = std::function<std::optional<Page>(std::string_view path)>;

    MetricsServer(Reactor& reactor, Pages pages);
    ~MetricsServer();
    /// Gives the port. The address is not empty. The error is a sentence with place and reason.
    tl::expected<std::uint16_t, std::string> listen(const ListenPlace& place);
    /// Closes everything; `done` runs on the loop when libuv has let go.
    void shut_down(std::function<void()> done);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
