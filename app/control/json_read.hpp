// SPDX-License-Identifier: MIT
//
// Members of JSON that may be anything: a default instead of an exception. For app/control's own
// files.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "app/control/terminal_text.hpp"

namespace kith::control {

using Json = nlohmann::ordered_json;

inline const Json& member(const Json& object, const char* name) {
    static const Json none;
    if (!object.is_object()) return none;
    const auto found = object.find(name);
    return found == object.end() ? none : *found;
}

inline std::string string_in(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

/// For one line of a terminal.
inline std::string name_in(const Json& object, const char* name) {
    return safe_name(string_in(object, name));
}

inline bool flag_in(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_boolean() && value.get<bool>();
}

inline std::optional<std::uint64_t> whole_number(const Json& value) {
    if (!value.is_number_integer() || value < 0) return std::nullopt;
    return value.get<std::uint64_t>();
}

inline std::uint64_t number_in(const Json& object, const char* name) {
    return whole_number(member(object, name)).value_or(0);
}

inline const Json& list_in(const Json& object, const char* name) {
    static const Json none = Json::array();
    const Json& value = member(object, name);
    return value.is_array() ? value : none;
}

}  // namespace kith::control
