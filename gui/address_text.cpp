// SPDX-License-Identifier: MIT
#include "gui/address_text.hpp"

#include <charconv>

namespace kith::gui {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool starts_like_an_id(std::string_view text) {
    constexpr std::string_view start = "kith1";
    if (text.size() < start.size()) return false;
    for (std::size_t i = 0; i < start.size(); ++i)
        if (lower(text[i]) != start[i]) return false;
    return true;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65'536;
}

AddressForm form_in_brackets(std::string_view text) {
    const auto close = text.find(']');
    if (close == std::string_view::npos || close < 3) return AddressForm::none;
    const std::string_view rest = text.substr(close + 1);
    if (rest.empty()) return AddressForm::without_port;
    return rest.front() == ':' && is_port(rest.substr(1)) ? AddressForm::address
                                                          : AddressForm::bad_port;
}

}  // namespace

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n') out += c;
    return out;
}

AddressForm form_of(std::string_view text) {
    if (text.empty() || text.size() > model::address_max * 4) return AddressForm::none;
    if (const auto at = text.find('@'); at != std::string_view::npos)
        return at > 0 && at + 1 < text.size() ? AddressForm::name : AddressForm::none;
    if (text.front() == '[') return form_in_brackets(text);
    const auto colon = text.find(':');
    if (starts_like_an_id(text) && colon == std::string_view::npos)
        return AddressForm::connection_id;
    if (colon == std::string_view::npos)
        return text.find('.') == std::string_view::npos ? AddressForm::none
                                                        : AddressForm::without_port;
    if (text.find(':', colon + 1) != std::string_view::npos) return AddressForm::without_port;
    if (colon == 0) return AddressForm::none;
    return is_port(text.substr(colon + 1)) ? AddressForm::address : AddressForm::bad_port;
}

std::optional<model::PeerId> parse_fingerprint(std::string_view text) {
    std::string hex;
    for (const char c : without_blanks(text))
        if (c != ':') hex += lower(c);
    return model::parse_peer_id(hex);
}

std::string grouped_fingerprint(const model::PeerId& peer) {
    const std::string hex = model::to_hex(peer);
    std::string spaced;
    for (std::size_t i = 0; i < hex.size(); i += 4) {
        if (i > 0) spaced += ' ';
        spaced.append(hex, i, 4);
    }
    return spaced;
}

}  // namespace kith::gui
