// SPDX-License-Identifier: MIT
#include "net/mapping/http.hpp"

#include <algorithm>
#include <charconv>

#include "net/socket_names.hpp"

namespace kith::net::http {
namespace {

constexpr std::size_t url_max = 128;
constexpr std::string_view line_end = "\r\n";

std::optional<std::size_t> number(std::string_view text, int base) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// RFC 9112 section 7.1; extensions and trailers are skipped.
std::optional<std::string> join_chunks(std::string_view text) {
    std::string body;
    while (true) {
        const auto end = text.find(line_end);
        if (end == text.npos) return std::nullopt;
        const auto size = number(trimmed(text.substr(0, std::min(end, text.find(';')))), 16);
        if (!size || *size > reply_max) return std::nullopt;
        text.remove_prefix(end + line_end.size());
        if (*size == 0) return body;
        if (text.size() < *size + line_end.size()) return std::nullopt;
        body += text.substr(0, *size);
        text.remove_prefix(*size + line_end.size());
    }
}

}  // namespace

std::optional<std::string_view> header(std::string_view head, std::string_view name) {
    while (!head.empty()) {
        const auto end = std::min(head.find(line_end), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(head.size(), end + line_end.size()));
        const auto colon = line.find(':');
        if (colon != line.npos && lower(line.substr(0, colon)) == name)
            return trimmed(line.substr(colon + 1));
    }
    return std::nullopt;
}

std::optional<Url> parse_url(std::string_view text) {
    constexpr std::string_view scheme = "http://";
    const auto plain = [](char c) { return c > ' ' && c <= '~'; };
    if (text.size() > url_max || !std::ranges::all_of(text, plain)) return std::nullopt;
    if (lower(text.substr(0, scheme.size())) != scheme) return std::nullopt;
    text.remove_prefix(scheme.size());
    const auto slash = std::min(text.find('/'), text.size());
    const auto authority = text.substr(0, slash);
    const auto colon = authority.find(':');
    std::size_t port = 80;
    if (colon != authority.npos) port = number(authority.substr(colon + 1), 10).value_or(0);
    if (port == 0 || port > 65535) return std::nullopt;
    const auto host =
        parse_numeric(std::string(authority.substr(0, colon)), static_cast<std::uint16_t>(port));
    if (!host || host->address.size() != 4) return std::nullopt;
    const auto path = text.substr(slash);
    return Url{*host, path.empty() ? "/" : std::string(path)};
}

std::optional<Reply> parse_reply(std::string_view text, bool ended) {
    const auto head_end = text.find("\r\n\r\n");
    if (head_end == text.npos || text.size() > reply_max) return std::nullopt;
    if (!text.starts_with("HTTP/1.") || text.size() < 12) return std::nullopt;
    const auto status = number(text.substr(9, 3), 10);
    if (!status) return std::nullopt;
    const auto head = text.substr(0, head_end);
    const auto body = text.substr(head_end + 4);
    Reply reply{static_cast<int>(*status), {}};
    if (const auto coding = header(head, "transfer-encoding")) {
        auto joined = lower(*coding) == "chunked" ? join_chunks(body) : std::nullopt;
        if (!joined) return std::nullopt;
        reply.body = std::move(*joined);
        return reply;
    }
    if (const auto length = header(head, "content-length")) {
        const auto size = number(*length, 10);
        if (!size || *size > body.size()) return std::nullopt;
        reply.body = body.substr(0, *size);
        return reply;
    }
    if (!ended) return std::nullopt;
    reply.body = body;
    return reply;
}

std::string get(const Url& url) {
    return "GET " + url.path + " HTTP/1.1\r\nHost: " + to_string(url.host) +
           "\r\nConnection: close\r\n\r\n";
}

std::string post(const Url& url, std::string_view action, std::string_view body) {
    return "POST " + url.path + " HTTP/1.1\r\nHost: " + to_string(url.host) +
           "\r\nContent-Type: text/xml; charset=\"utf-8\"\r\nSOAPAction: \"" + std::string(action) +
           "\"\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nConnection: close\r\n\r\n" + std::string(body);
}

}  // namespace kith::net::http
