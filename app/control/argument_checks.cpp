// SPDX-License-Identifier: MIT
#include "app/control/argument_checks.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "app/model/types.hpp"
#include "crypto/relay_address.hpp"

namespace kith::control {

std::string not_empty(const std::string& value) {
    return value.empty() ? "must not be empty" : std::string{};
}

std::string check_name(const std::string& name) {
    if (name.find_first_not_of(" \t\r\n") == std::string::npos) return "A name must not be empty.";
    if (name.size() <= model::name_max) return {};
    return "A name may have at most " + std::to_string(model::name_max) + " bytes.";
}

std::string check_profile(const std::string& name) {
    constexpr std::size_t profile_name_max = 64;
    constexpr auto allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    const bool plain = !name.empty() && name.front() != '.' && name.size() <= profile_name_max &&
                       name.find_first_not_of(allowed) == std::string::npos;
    if (plain) return {};
    return "A profile name has 1 to 64 of the characters A-Z, a-z, 0-9, '.', '_' and '-' and does "
           "not begin with a dot; --profile-dir takes any folder.";
}

std::string check_address(const std::string& address) {
    if (address.find(':') != std::string::npos &&
        address.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string::npos) {
        return {};
    }
    if (CLI::ValidIPV4(address).empty()) return {};
    return "\"" + address + "\" is not a numeric IPv4 or IPv6 address.";
}

std::string check_message(const std::string& id) {
    if (model::parse_message_id(id)) return {};
    return "\"" + id + "\" is not the ID of a message; `kith history PEER --ids` prints them.";
}

std::string check_fingerprint(const std::string& fingerprint) {
    if (model::parse_peer_id(fingerprint)) return {};
    return "\"" + fingerprint + "\" is not a fingerprint: 64 lower-case hex digits.";
}

std::string check_relay(const std::string& address) {
    const auto relay = crypto::parse_relay_address(address);
    return relay ? std::string{} : relay.error().text;
}

Check whole_number(std::uint64_t min, std::uint64_t max) {
    return [min, max](const std::string& value) -> std::string {
        std::uint64_t number = 0;
        const char* end = value.data() + value.size();
        const auto read = std::from_chars(value.data(), end, number);
        if (read.ec == std::errc{} && read.ptr == end && number >= min && number <= max) return {};
        return "\"" + value + "\" is not a whole number from " + std::to_string(min) + " to " +
               std::to_string(max) + ".";
    };
}

}  // namespace kith::control
