// SPDX-License-Identifier: MIT
#include "app/relay/settings.hpp"

#include <array>
#include <charconv>

#include "app/relay/configuration.hpp"

namespace kith::relay {
namespace {

std::string quoted(const std::string& value) { return "\"" + value + "\""; }

std::string check_listen(const std::string& value) {
    if (net::parse_listen_place(value)) return {};
    return quoted(value) +
           " is no place to listen: write a numeric address and a port, such as 192.0.2.1:4747, "
           "[2001:db8::1]:4747 or *:4747.";
}

std::string check_metrics(const std::string& value) {
    const auto place = net::parse_listen_place(value);
    if (place && !place->address.empty()) return {};
    return quoted(value) +
           " is no place for metrics: write one numeric address and a port, such as "
           "127.0.0.1:9474.";
}

std::string check_path(const std::string& value) {
    return value.empty() ? "A path must not be empty." : std::string{};
}

std::string check_public_host(const std::string& value) {
    if (parse_public_host(value)) return {};
    return quoted(value) +
           " is no host: write a name or a numeric address, and a port if it is another than the "
           "relay listens on, such as relay.example.org:4747.";
}

std::string check_secret(const std::string& value) {
    if (parse_secret_choice(value)) return {};
    return quoted(value) + " is not one of keep, new and none.";
}

std::string check_log_level(const std::string& value) {
    if (parse_log_level(value)) return {};
    return quoted(value) + " is not one of error, warning, info and debug.";
}

std::string check_limit(const std::string& value) {
    if (parse_limit(value)) return {};
    return quoted(value) + " is not a whole number from 1 to " + std::to_string(limit_max) + ".";
}

std::string check_mailbox(const std::string& value) {
    if (parse_mailbox_choice(value)) return {};
    return quoted(value) + " is not one of on and off.";
}

std::string check_mailbox_days(const std::string& value) {
    if (parse_mailbox_days(value)) return {};
    return quoted(value) + " is no number of days from 1 to 365.";
}

std::string check_mailbox_size(const std::string& value) {
    if (parse_mailbox_size(value)) return {};
    return quoted(value) +
           " is no size from 1 MiB to 1024 TiB: write it in bytes, or as 256 MiB or 10 GiB.";
}

constexpr std::array table{
    Setting{"listen", "ADDR:PORT", "Where to listen; *:PORT for all addresses, port 0 for any",
            &Settings::listen, check_listen},
    Setting{"data", "DIR", "Folder for the key, the secret and the lock", &Settings::data,
            check_path},
    Setting{"public-host", "HOST[:PORT]", "Where clients find the relay (default: as it listens)",
            &Settings::public_host, check_public_host},
    Setting{"secret", "keep|new|none",
            "Invite secret in the address: that of last time, a new one, or open to everybody",
            &Settings::secret, check_secret},
    Setting{"allow", "FILE", "Only these people, one fingerprint a line", &Settings::allow,
            check_path},
    Setting{"metrics", "ADDR:PORT", "Where to answer /metrics and /healthz (default: nowhere)",
            &Settings::metrics, check_metrics},
    Setting{"log-level", "L", "error, warning, info (default) or debug", &Settings::log_level,
            check_log_level},
    Setting{"clients-max", "N", "Clients at a time (20000)", &Settings::clients_max, check_limit,
            true},
    Setting{"circuits-max", "N", "Circuits at a time (4096)", &Settings::circuits_max, check_limit,
            true},
    Setting{"circuits-per-client", "N", "Of them one client's (256)",
            &Settings::circuits_per_client, check_limit, true},
    Setting{"links-per-address", "N", "Connections from one address (2048)",
            &Settings::links_per_address, check_limit, true},
    Setting{"connections-per-second", "N", "New ones from one address (200)",
            &Settings::connections_per_second, check_limit, true},
    Setting{"mailbox", "on|off", "Keep sealed messages for people who are away (default: on)",
            &Settings::mailbox, check_mailbox},
    Setting{"mailbox-days", "DAYS", "How long they are kept (default: 30)", &Settings::mailbox_days,
            check_mailbox_days, true},
    Setting{"mailbox-per-person", "SIZE", "How much may wait for one (default: 256 MiB)",
            &Settings::mailbox_per_person, check_mailbox_size},
    Setting{"mailbox-total", "SIZE", "How much may wait altogether (default: 10 GiB)",
            &Settings::mailbox_total, check_mailbox_size},
};

}  // namespace

std::optional<std::uint32_t> parse_limit(const std::string& text) {
    std::uint32_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const bool fits = read.ec == std::errc{} && read.ptr == end && number >= 1;
    return fits && number <= limit_max ? std::optional(number) : std::nullopt;
}

std::span<const Setting> all_settings() { return table; }

Settings merged(Settings first, const Settings& second) {
    for (const Setting& setting : table) {
        if (!(first.*setting.value)) first.*setting.value = second.*setting.value;
    }
    return first;
}

}  // namespace kith::relay
