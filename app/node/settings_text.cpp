// SPDX-License-Identifier: MIT
#include "app/node/settings_text.hpp"

#include <charconv>

#include "app/node/rules.hpp"

namespace kith::node {
namespace {

template <typename Number>
void read(std::string_view text, Number& number) {
    Number parsed{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
    if (error == std::errc{} && end == text.data() + text.size()) number = parsed;
}

void read(std::string_view text, bool& flag) {
    if (text == "on" || text == "off") flag = text == "on";
}

std::string spell(double number) {
    char digits[32];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), number);
    return {digits, end};
}

std::string_view spell(bool flag) { return flag ? "on" : "off"; }

}  // namespace

bool read_setting(std::string_view key, std::string_view value, model::Settings& settings) {
    model::Settings changed = settings;
    if (key == "theme") {
        changed.theme = value;
    } else if (key == "zoom") {
        read(value, changed.zoom);
    } else if (key == "read_receipts") {
        read(value, changed.read_receipts);
    } else if (key == "typing") {
        read(value, changed.typing);
    } else if (key == "history_days") {
        read(value, changed.history_days);
    } else if (key == "visible") {
        read(value, changed.visible);
    } else if (key == "mapping") {
        read(value, changed.mapping);
    } else if (key == "public_address") {
        changed.public_address = value;
    } else if (key == "downloads") {
        changed.downloads = value;
    } else if (key == "naming") {
        changed.naming = value;
    } else if (key == "rate_total") {
        read(value, changed.rate_total);
    } else if (key == "rate_each") {
        read(value, changed.rate_each);
    } else {
        return false;
    }
    if (!settings_problem(changed)) settings = std::move(changed);
    return true;
}

void read_settings(std::string_view text, model::Settings& settings,
                   std::vector<std::string>& unknown) {
    unknown.clear();
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        const auto equals = line.find('=');
        if (equals == std::string_view::npos) continue;
        if (read_setting(line.substr(0, equals), line.substr(equals + 1), settings)) continue;
        if (unknown.size() < unknown_settings_max) unknown.emplace_back(line);
    }
}

std::string write_settings(const model::Settings& settings,
                           const std::vector<std::string>& unknown) {
    std::string text;
    const auto line = [&](std::string_view key, std::string_view value) {
        text.append(key).append("=").append(value).append("\n");
    };
    line("theme", settings.theme);
    line("zoom", spell(settings.zoom));
    line("read_receipts", spell(settings.read_receipts));
    line("typing", spell(settings.typing));
    line("history_days", std::to_string(settings.history_days));
    line("visible", spell(settings.visible));
    line("mapping", spell(settings.mapping));
    line("public_address", settings.public_address);
    line("downloads", settings.downloads);
    line("naming", settings.naming);
    line("rate_total", std::to_string(settings.rate_total));
    line("rate_each", std::to_string(settings.rate_each));
    for (const auto& kept : unknown) text.append(kept).append("\n");
    return text;
}

}  // namespace kith::node
