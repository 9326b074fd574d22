// SPDX-License-Identifier: MIT
#include "app/control/fields.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

namespace kith::control {
namespace {

using nlohmann::json;

std::string quoted(const char* name) { return "\"" + std::string(name) + "\""; }

bool blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n\v\f") == std::string_view::npos;
}

/// 3 and 3.0 are the same number to many JSON writers.
std::optional<std::uint64_t> whole_number(const json& value) {
    if (value.is_number_unsigned()) return value.get<std::uint64_t>();
    if (!value.is_number_float()) return std::nullopt;
    const double number = value.get<double>();
    if (!(number >= 0 && number <= static_cast<double>(whole_number_max)) ||
        std::floor(number) < number)
        return std::nullopt;
    return static_cast<std::uint64_t>(number);
}

}  // namespace

std::size_t code_points(std::string_view utf8) {
    return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

void Fields::refuse(std::string code, std::string text) {
    if (!error_) error_ = model::Error{std::move(code), std::move(text)};
}

bool Fields::has(const char* name) const {
    const auto found = object_.find(name);
    return found != object_.end() && !found->is_null();
}

const json* Fields::required(const char* name) {
    if (has(name)) return &*object_.find(name);
    refuse("bad_request", "The field " + quoted(name) + " is missing.");
    return nullptr;
}

std::string Fields::string(const char* name) {
    const json* value = required(name);
    if (value == nullptr) return {};
    if (value->is_string()) return value->get<std::string>();
    refuse("bad_request", "The field " + quoted(name) + " must be a string.");
    return {};
}

std::string Fields::text(const char* name, std::size_t max) {
    std::string value = string(name);
    if (value.size() > max) {
        refuse("too_long", "The field " + quoted(name) + " may have at most " +
                               std::to_string(max) + " bytes; this one has " +
                               std::to_string(value.size()) + ".");
    } else if (blank(value)) {
        refuse("empty", "The field " + quoted(name) + " must not be empty.");
    }
    return value;
}

std::string Fields::text_or_empty(const char* name, std::size_t max) {
    std::string value = string(name);
    if (value.size() <= max) return value;
    refuse("too_long",
           "The field " + quoted(name) + " may have at most " + std::to_string(max) + " bytes.");
    return {};
}

std::string Fields::optional_text(const char* name, std::size_t code_points_max) {
    std::string value = optional_string(name).value_or("");
    if (code_points(value) > code_points_max) {
        refuse("too_long", "The field " + quoted(name) + " may have at most " +
                               std::to_string(code_points_max) + " characters.");
    }
    return value;
}

std::optional<std::string> Fields::optional_string(const char* name) {
    if (!has(name)) return std::nullopt;
    return string(name);
}

bool Fields::boolean(const char* name) {
    const json* value = required(name);
    if (value == nullptr) return false;
    if (value->is_boolean()) return value->get<bool>();
    refuse("bad_request", "The field " + quoted(name) + " must be true or false.");
    return false;
}

std::size_t Fields::integer(const char* name, std::size_t min, std::size_t max,
                            std::size_t absent) {
    if (!has(name)) return absent;
    const auto number = whole_number(*object_.find(name));
    if (number && *number >= min && *number <= max) return *number;
    refuse("bad_request", "The field " + quoted(name) + " must be a whole number from " +
                              std::to_string(min) + " to " + std::to_string(max) + ".");
    return absent;
}

std::size_t Fields::required_integer(const char* name, std::size_t min, std::size_t max) {
    required(name);
    return integer(name, min, max, min);
}

std::optional<bool> Fields::optional_boolean(const char* name) {
    if (!has(name)) return std::nullopt;
    return boolean(name);
}

std::optional<std::size_t> Fields::optional_integer(const char* name, std::size_t min,
                                                    std::size_t max) {
    if (!has(name)) return std::nullopt;
    return integer(name, min, max, min);
}

std::optional<double> Fields::optional_number(const char* name, double min, double max) {
    if (!has(name)) return std::nullopt;
    const json& value = *object_.find(name);
    const double number =
        value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
    if (number >= min && number <= max) return number;
    refuse("bad_request", "The field " + quoted(name) + " must be a number from " +
                              json(min).dump() + " to " + json(max).dump() + ".");
    return std::nullopt;
}

std::string Fields::path(const char* name) {
    std::string value = text(name, model::path_max);
    if (error_) return {};
    if (value.find('\0') != std::string::npos || !std::filesystem::path(value).is_absolute()) {
        refuse("bad_request", "The field " + quoted(name) + " must be an absolute path.");
    }
    return value;
}

void Fields::check_place(const char* name, const std::string& path) {
    if (path.size() > model::path_max) {
        refuse("too_long", "A path in " + quoted(name) + " may have at most " +
                               std::to_string(model::path_max) + " bytes.");
    } else if (path.empty()) {
        refuse("empty", "A path in " + quoted(name) + " must not be empty.");
    } else if (path.find('\0') != std::string::npos || !std::filesystem::path(path).is_absolute()) {
        refuse("bad_path", "A path in " + quoted(name) + " must be absolute.");
    }
}

std::string Fields::place(const char* name) {
    std::string value = string(name);
    check_place(name, value);
    return value;
}

std::vector<std::string> Fields::places(const char* name, std::size_t max) {
    std::vector<std::string> list;
    const json* value = required(name);
    if (value == nullptr) return list;
    if (!value->is_array()) {
        refuse("bad_request", "The field " + quoted(name) + " must be a list of paths.");
    } else if (value->empty()) {
        refuse("nothing_to_send", "The field " + quoted(name) + " names nothing to send.");
    } else if (value->size() > max) {
        refuse("too_many", "The field " + quoted(name) + " may name at most " +
                               std::to_string(max) + " files and folders.");
    }
    for (std::size_t i = 0; !error_ && i < value->size(); ++i) {
        const json& path = (*value)[i];
        if (path.is_string()) {
            check_place(name, list.emplace_back(path.get<std::string>()));
        } else {
            refuse("bad_request", "Each entry of " + quoted(name) + " must be a string.");
        }
    }
    return list;
}

model::TransferId Fields::transfer() {
    const std::string value = string("transfer");
    if (error_) return {};
    if (const auto id = model::parse_message_id(value)) return *id;
    refuse("bad_request",
           "The field \"transfer\" must be the ID of a transfer (8-4-4-4-12 hex digits).");
    return {};
}

std::optional<std::vector<std::uint32_t>> Fields::optional_entries(const char* name) {
    if (!has(name)) return std::nullopt;
    std::vector<std::uint32_t> entries;
    const json& value = *object_.find(name);
    const auto is_entry = [](const json& entry) {
        const auto number = whole_number(entry);
        return number && *number <= entry_max;
    };
    if (!value.is_array() || !std::all_of(value.begin(), value.end(), is_entry)) {
        refuse("bad_selection",
               "The field " + quoted(name) + " must be a list of indexes from the list of files.");
        return std::nullopt;
    }
    for (const json& entry : value)
        entries.push_back(static_cast<std::uint32_t>(*whole_number(entry)));
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    return entries;
}

std::string Fields::password(const char* name) {
    std::string value = string(name);
    if (value.size() > model::password_max) {
        refuse("too_long", "The field " + quoted(name) + " may have at most " +
                               std::to_string(model::password_max) + " bytes.");
    }
    return value;
}

model::PeerId Fields::peer() {
    if (has("group") && !has("peer")) {
        refuse("not_supported", "This version of Kith has no groups.");
        return {};
    }
    const std::string who = string("peer");
    if (error_) return {};
    auto found = node_.resolve(who);
    if (found) return *found;
    refuse(found.error().code, found.error().text);
    return {};
}

std::optional<model::PeerId> Fields::optional_peer() {
    if (!has("peer") && !has("group")) return std::nullopt;
    return peer();
}

std::optional<model::PeerId> Fields::optional_fingerprint(const char* name) {
    if (!has(name)) return std::nullopt;
    const std::string value = string(name);
    if (error_) return std::nullopt;
    auto id = model::parse_peer_id(value);
    if (!id) {
        refuse("bad_request",
               "The field " + quoted(name) + " must be a fingerprint: 64 lower-case hex digits.");
    }
    return id;
}

model::MessageId Fields::message(const char* name) {
    const std::string value = string(name);
    if (error_) return {};
    if (const auto id = model::parse_message_id(value)) return *id;
    refuse("bad_request",
           "The field " + quoted(name) + " must be the ID of a message (8-4-4-4-12 hex digits).");
    return {};
}

std::optional<model::MessageId> Fields::optional_message(const char* name) {
    if (!has(name)) return std::nullopt;
    return message(name);
}

}  // namespace kith::control
