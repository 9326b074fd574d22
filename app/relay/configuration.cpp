// SPDX-License-Identifier: MIT
#include "app/relay/configuration.hpp"

#include <array>
#include <utility>

#include "app/relay/sizes.hpp"
#include "crypto/relay_address.hpp"

namespace kith::relay {
namespace {

template <typename T, std::size_t N>
std::optional<T> chosen(const std::array<std::pair<std::string_view, T>, N>& words,
                        std::string_view text) {
    for (const auto& [word, value] : words) {
        if (word == text) return value;
    }
    return std::nullopt;
}

tl::unexpected<std::string> fail(std::string text) { return tl::unexpected(std::move(text)); }

/// Values, and that the least is there.
tl::expected<void, std::string> check(const Settings& settings) {
    for (const Setting& setting : all_settings()) {
        const auto& value = settings.*setting.value;
        if (!value) continue;
        if (auto wrong = setting.check(*value); !wrong.empty()) return fail(std::move(wrong));
    }
    if (!settings.listen) return fail("Say where to listen: --listen ADDR:PORT, such as *:4747.");
    if (!settings.data) return fail("Say where the relay keeps its key: --data DIR.");
    return {};
}

net::RelayLimits limits_of(const Settings& settings) {
    net::RelayLimits limits;
    const auto take = [](const std::optional<std::string>& text, auto& limit) {
        if (text) limit = *parse_limit(*text);
    };
    take(settings.clients_max, limits.clients_max);
    take(settings.circuits_max, limits.circuits.circuits_max);
    take(settings.circuits_per_client, limits.circuits.per_person_max);
    take(settings.links_per_address, limits.door.links_per_address);
    take(settings.connections_per_second, limits.door.accepts_per_second);
    limits.door.accept_burst = 2 * limits.door.accepts_per_second;
    return limits;
}

net::MailboxLimits mailbox_limits(const Settings& settings) {
    net::MailboxLimits limits;
    if (settings.mailbox_days) limits.age = parse_mailbox_days(*settings.mailbox_days).value();
    if (settings.mailbox_per_person)
        limits.owner_bytes = parse_mailbox_size(*settings.mailbox_per_person).value();
    if (settings.mailbox_total)
        limits.total_bytes = parse_mailbox_size(*settings.mailbox_total).value();
    return limits;
}

}  // namespace

std::optional<PublicHost> parse_public_host(const std::string& text) {
    PublicHost result{text, std::nullopt};
    const auto colon = text.rfind(':');
    const bool brackets = text.starts_with('[');
    const bool port_given =
        colon != std::string::npos && (brackets ? text[colon - 1] == ']' : text.find(':') == colon);
    if (port_given) {
        result.port = net::parse_port(text.substr(colon + 1));
        if (result.port.value_or(0) == 0) return std::nullopt;
        result.host = text.substr(0, colon);
    }
    if (brackets) {
        if (result.host.size() < 3 || result.host.back() != ']') return std::nullopt;
        result.host = result.host.substr(1, result.host.size() - 2);
    }
    const bool fits = !result.host.empty() && result.host.size() <= crypto::relay_host_max;
    if (!fits || !crypto::is_relay_host(result.host)) return std::nullopt;
    return result;
}

std::optional<LogLevel> parse_log_level(const std::string& text) {
    using Word = std::pair<std::string_view, LogLevel>;
    return chosen(std::array{Word{"debug", LogLevel::debug}, Word{"info", LogLevel::info},
                             Word{"warning", LogLevel::warning}, Word{"error", LogLevel::error}},
                  text);
}

std::optional<SecretChoice> parse_secret_choice(const std::string& text) {
    using Word = std::pair<std::string_view, SecretChoice>;
    return chosen(std::array{Word{"keep", SecretChoice::keep}, Word{"new", SecretChoice::fresh},
                             Word{"none", SecretChoice::none}},
                  text);
}

std::optional<bool> parse_mailbox_choice(const std::string& text) {
    using Word = std::pair<std::string_view, bool>;
    return chosen(std::array{Word{"on", true}, Word{"off", false}}, text);
}

std::optional<std::chrono::days> parse_mailbox_days(const std::string& text) {
    const auto days = parse_limit(text);
    if (!days || *days > 365) return std::nullopt;
    return std::chrono::days(*days);
}

std::optional<std::uint64_t> parse_mailbox_size(const std::string& text) {
    const auto bytes = parse_size(text);
    if (!bytes || *bytes < (1ULL << 20) || *bytes > (1ULL << 50)) return std::nullopt;
    return bytes;
}

tl::expected<Configuration, std::string> configuration_of(const Settings& settings) {
    if (auto checked = check(settings); !checked) return tl::unexpected(checked.error());
    Configuration result;
    result.listen = *net::parse_listen_place(*settings.listen);
    result.data = *settings.data;
    if (settings.public_host) result.public_host = parse_public_host(*settings.public_host);
    result.secret = parse_secret_choice(settings.secret.value_or("keep")).value();
    if (settings.allow) result.allow = *settings.allow;
    if (settings.metrics) result.metrics = net::parse_listen_place(*settings.metrics);
    result.limits = limits_of(settings);
    result.log_level = parse_log_level(settings.log_level.value_or("info")).value();
    result.mailbox = parse_mailbox_choice(settings.mailbox.value_or("on")).value();
    result.mailbox_limits = mailbox_limits(settings);
    return result;
}

}  // namespace kith::relay
