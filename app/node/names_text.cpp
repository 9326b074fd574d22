// SPDX-License-Identifier: MIT
#include "app/node/names_text.hpp"

#include <algorithm>

#include "app/node/addresses.hpp"
#include "net/relay/mailbox_desk.hpp"

namespace kith::node {
namespace {

using crypto::RelayAddress;

constexpr std::string_view blanks = " \t\r\n";
/// More than any name with the longest address of a relay.
constexpr std::size_t text_max = 1024;

tl::unexpected<model::Error> refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

tl::unexpected<model::Error> bad_name() {
    return refuse(
        "bad_name",
        "A name has 3 to 32 letters from a to z, digits, dots, dashes or underscores, and "
        "begins and ends with a letter or a digit.");
}

std::string without_blanks(std::string_view text) {
    std::string out;
    std::ranges::copy_if(text, std::back_inserter(out),
                         [](char c) { return blanks.find(c) == std::string_view::npos; });
    return out;
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// "host:port", "host" or "[host]".
bool is_at(const RelayAddress& relay, const std::string& place) {
    const std::string host = lower(relay.host);
    return place == lower(name_of(relay)) || place == host || place == "[" + host + "]";
}

bool same_relay(const RelayAddress& a, const RelayAddress& b) {
    return a.relay == b.relay && a.host == b.host && a.port == b.port;
}

/// Without repetitions; those whose secret differs are the same.
std::vector<RelayAddress> all_at(std::span<const RelayAddress> relays, const std::string& place) {
    std::vector<RelayAddress> found;
    for (const auto& relay : relays) {
        const auto same = [&](const auto& known) { return same_relay(known, relay); };
        if (is_at(relay, place) && std::ranges::none_of(found, same)) found.push_back(relay);
    }
    return found;
}

/// For a person; what was typed may be anything.
std::string shown(std::string_view place) {
    return crypto::is_relay_host(place) ? " at " + std::string(place) : std::string(" there");
}

}  // namespace

bool looks_like_name(std::string_view text) { return text.find('@') != std::string_view::npos; }

bool looks_like_relay_address(std::string_view text) {
    return lower(text.substr(0, text.find_first_of("0123456789"))) == "kith-relay";
}

tl::expected<std::string, model::Error> parse_relay_name(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return bad_name();
    auto name =
        net::normal_relay_name(text.substr(first, text.find_last_not_of(blanks) - first + 1));
    if (!name) return bad_name();
    return std::move(*name);
}

tl::expected<RelayAddress, model::Error> find_relay(std::string_view text,
                                                    std::span<const RelayAddress> own,
                                                    std::span<const RelayAddress> others) {
    const std::string place = lower(without_blanks(text));
    auto found = all_at(own, place);
    if (found.empty()) found = all_at(others, place);
    if (found.empty()) {
        return refuse("unknown_relay",
                      "No relay is known" + shown(place) +
                          ". Its full address is needed (name@kith-relay1…): a host alone does not "
                          "say which relay it has to be.");
    }
    if (found.size() > 1) {
        return refuse("ambiguous_relay", "More than one relay is known" + shown(place) +
                                             ": add the port, or use the full address of the one "
                                             "that is meant (kith-relay1…).");
    }
    return std::move(found.front());
}

tl::expected<NameAt, model::Error> parse_name_at(std::string_view text) {
    if (text.size() > text_max) return bad_name();
    const std::string whole = without_blanks(text);
    const auto at = whole.find('@');
    auto name = parse_relay_name(std::string_view(whole).substr(0, at));
    if (!name) return tl::unexpected(std::move(name.error()));
    if (at == std::string::npos || at + 1 == whole.size()) {
        return refuse("bad_name", "The relay is missing: write it behind an @, as in " + *name +
                                      "@relay.example.org:4720.");
    }
    return NameAt{std::move(*name), whole.substr(at + 1)};
}

}  // namespace kith::node
