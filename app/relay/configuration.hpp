// SPDX-License-Identifier: MIT
//
// Settings as the program uses them. Pure functions, any thread.
#pragma once

#include <filesystem>
#include <tl/expected.hpp>

#include "app/relay/settings.hpp"
#include "net/listen_place.hpp"
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
};

[[nodiscard]] std::optional<PublicHost> parse_public_host(const std::string& text);
[[nodiscard]] std::optional<LogLevel> parse_log_level(const std::string& text);
[[nodiscard]] std::optional<SecretChoice> parse_secret_choice(const std::string& text);

/// The error is a sentence about the first thing that is missing or wrong.
[[nodiscard]] tl::expected<Configuration, std::string> configuration_of(const Settings& settings);

}  // namespace kith::relay
