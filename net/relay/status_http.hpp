// SPDX-License-Identifier: MIT
//
// As much of HTTP/1.0 (RFC 1945) as a page of figures needs: GET, one answer, closed. Pure
// functions. Internal to net/relay.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kith::net::status_http {

inline constexpr std::size_t request_max = 4 * 1024;  ///< head; a scraper sends about 300 bytes

/// The empty line that ends a head has come.
[[nodiscard]] bool head_complete(std::string_view text);

struct Request {
    int refusal = 0;   ///< 0, or the status to answer with: 400, 405
    std::string path;  ///< without the query
};
[[nodiscard]] Request parse_request(std::string_view head);

/// Status line, head and body.
[[nodiscard]] std::string response(int status, std::string_view content_type,
                                   std::string_view body);

}  // namespace kith::net::status_http
