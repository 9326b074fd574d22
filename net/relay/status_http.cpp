// SPDX-License-Identifier: MIT
#include "net/relay/status_http.hpp"

namespace kith::net::status_http {
namespace {

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 431:
            return "Request Header Fields Too Large";
        case 503:
            return "Service Unavailable";
        default:
            return "Status";
    }
}

/// What stands before the next space; that is taken off, with the space.
std::string_view next_word(std::string_view& line) {
    const auto end = line.find(' ');
    const auto word = line.substr(0, end);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    return word;
}

}  // namespace

bool head_complete(std::string_view text) {
    return text.find("\r\n\r\n") != std::string_view::npos ||
           text.find("\n\n") != std::string_view::npos;
}

Request parse_request(std::string_view head) {
    std::string_view line = head.substr(0, head.find_first_of("\r\n"));
    const auto method = next_word(line);
    const auto target = next_word(line);
    const bool known = line == "HTTP/1.0" || line == "HTTP/1.1";
    if (method.empty() || !target.starts_with('/') || !known) return {400, {}};
    if (method != "GET") return {405, {}};
    return {0, std::string(target.substr(0, target.find('?')))};
}

std::string response(int status, std::string_view content_type, std::string_view body) {
    std::string text = "HTTP/1.0 " + std::to_string(status) + " ";
    text += reason_phrase(status);
    text += "\r\nContent-Type: ";
    text += content_type;
    text += "\r\nContent-Length: " + std::to_string(body.size());
    if (status == 405) text += "\r\nAllow: GET";
    text += "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";
    text += body;
    return text;
}

}  // namespace kith::net::status_http
