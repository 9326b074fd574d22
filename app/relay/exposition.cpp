// SPDX-License-Identifier: MIT
#include "app/relay/exposition.hpp"

namespace kith::relay {
namespace {

/// Within quotes: backslash, quote and line break are escaped.
std::string escaped(std::string_view value) {
    std::string result;
    for (const char letter : value) {
        if (letter == '\\' || letter == '"') result += '\\';
        if (letter == '\n') {
            result += "\\n";
        } else {
            result += letter;
        }
    }
    return result;
}

std::string sample(std::string_view name, std::uint64_t value) {
    return std::string(name) + " " + std::to_string(value) + "\n";
}

}  // namespace

void Exposition::head(std::string_view name, std::string_view help, std::string_view type) {
    text_ += "# HELP " + std::string(name) + " " + std::string(help) + "\n";
    text_ += "# TYPE " + std::string(name) + " " + std::string(type) + "\n";
}

void Exposition::gauge(std::string_view name, std::string_view help, std::uint64_t value) {
    head(name, help, "gauge");
    text_ += sample(name, value);
}

void Exposition::counter(std::string_view name, std::string_view help, std::uint64_t value) {
    head(name, help, "counter");
    text_ += sample(name, value);
}

void Exposition::counter_family(std::string_view name, std::string_view help) {
    head(name, help, "counter");
}

void Exposition::labelled(std::string_view name, std::string_view label,
                          std::string_view label_value, std::uint64_t value) {
    text_ += sample(
        std::string(name) + "{" + std::string(label) + "=\"" + escaped(label_value) + "\"}", value);
}

}  // namespace kith::relay
