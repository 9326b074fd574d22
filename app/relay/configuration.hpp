// SPDX-License-Identifier: MIT
//
// Settings as the program uses them. Pure functions, any thread.
#pragma once

#include <filesystem>
#include <tl/expected.hpp>

#include "app/relay/settings.hpp"
#include "net/listen_place.hpp"
#include "net/relay/mailbox_limits.hpp"
#include "net/relay/relay_server.hpp"

namespace kith::relay {

enum class LogLevel { debug, info, warning, error };

/// Where clients find the relay, if that is not where it listens.
struct PublicHost {
    std::string host;                   ///< a name or a numeric address, without brackets
    std::optional<std::uint16_t> port;  ///< none: the one it listens on
    bool operator==(const PublicHost&) const = default;
};

enum class SecretChoice {
    keep,  ///< the one in the data folder; the first start makes it
    fresh,
    none,  ///< open to everybody
};

struct Configuration {
    net::ListenPlace listen;
    std::filesystem::path data;
    std::optional<PublicHost> public_host;
    SecretChoice secret = SecretChoice::keep;
    std::optional<std::filesystem::path> allow;
    std::optional<net::ListenPlace> metrics;
    LogLevel log_level = LogLevel::info;
    net::RelayLimits limits;
    bool mailbox = true;
    net::MailboxLimits mailbox_limits;
};

[[nodiscard]] std::optional<PublicHost> parse_public_host(const std::string& text);
[[nodiscard]] std::optional<LogLevel> parse_log_level(const std::string& text);
[[nodiscard]] std::optional<SecretChoice> parse_secret_choice(const std::string& text);
[[nodiscard]] std::optional<bool> parse_mailbox_choice(const std::string& text);
/// 1 to 365
[[nodiscard]] std::optional<std::chrono::days> parse_mailbox_days(const std::string& text);
/// 1 MiB to 1024 TiB, in bytes
[[nodiscard]] std::optional<std::uint64_t> parse_mailbox_size(const std::string& text);

/// The error is a sentence about the first thing that is missing or wrong.
[[nodiscard]] tl::expected<Configuration, std::string> configuration_of(const Settings& settings);

}  // namespace kith::relay
