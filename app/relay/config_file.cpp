// SPDX-License-Identifier: MIT
#include "app/relay/config_file.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "app/relay/text_file.hpp"

namespace kith::relay {
namespace {

using Outcome = tl::expected<void, std::string>;

std::string place(const std::string& file_name, const toml::source_region& source) {
    return file_name + ", line " + std::to_string(source.begin.line) + ": ";
}

const Setting* find_setting(std::string_view name) {
    for (const Setting& setting : all_settings()) {
        if (setting.name == name) return &setting;
    }
    return nullptr;
}

std::string wrong_with(const Setting& setting, const std::string& value) {
    if (setting.value == &Settings::secret && value == "new")
        return "\"secret\" cannot be \"new\" here, where every start would make one: start the "
               "relay once with --secret new.";
    return setting.check(value);
}

/// As it would stand on the command line; nothing: it is of another type.
std::optional<std::string> value_of(const Setting& setting, const toml::node& node) {
    if (!setting.number) return node.value_exact<std::string>();
    const auto number = node.value_exact<std::int64_t>();
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

/// Gives what is wrong, or nothing.
std::string take(Settings& settings, std::string_view name, const toml::node& node) {
    const std::string quoted_name = "\"" + std::string(name) + "\"";
    const Setting* setting = find_setting(name);
    if (setting == nullptr) return "There is no setting " + quoted_name + ".";
    const auto value = value_of(*setting, node);
    if (!value)
        return quoted_name + " has to be a " +
               (setting->number ? "whole number, without quotes." : "text in quotes.");
    settings.*setting->value = *value;
    return wrong_with(*setting, *value);
}

}  // namespace

tl::expected<Settings, std::string> parse_config(std::string_view text,
                                                 const std::string& file_name) {
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
        const auto& error = parsed.error();
        return tl::unexpected(place(file_name, error.source()) + std::string(error.description()) +
                              ".");
    }
    Settings settings;
    for (const auto& [key, node] : parsed.table()) {
        if (auto wrong = take(settings, key.str(), node); !wrong.empty())
            return tl::unexpected(place(file_name, key.source()) + wrong);
    }
    return settings;
}

tl::expected<Settings, std::string> read_config(const std::filesystem::path& file) {
    const auto text = read_text_file(file, config_file_max);
    if (!text) return tl::unexpected(text.error());
    return parse_config(*text, file.string());
}

}  // namespace kith::relay
