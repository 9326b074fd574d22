// SPDX-License-Identifier: MIT
#include "app/control/request.hpp"

#include <algorithm>
#include <array>

#include "app/control/readers.hpp"

namespace kith::control {
namespace {

using nlohmann::json;
using namespace model;

/// Commands of the contract that belong to later versions.
constexpr std::array not_supported{"create_group",  "groups",      "add_members",
                                   "remove_member", "leave_group", "rename_group"};

/// Whether arrays and objects nest deeper than `nesting_max`; looks at nothing else, so that it can
/// run before the parser builds anything.
bool too_deep(std::string_view line) {
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (in_string) {
            if (c == '\\') ++i;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > nesting_max) return true;
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    return false;
}

tl::expected<Action, Error> read_action(const json& object, const NodePort& node) {
    Fields fields(object, node);
    const std::string name = fields.string("cmd");
    if (fields.error()) return tl::unexpected(*fields.error());
    if (name == "set_settings") return read_settings(object, node);
    if (const Reader read = find_reader(name); read != nullptr) {
        Action action = read(fields);
        if (fields.error()) return tl::unexpected(*fields.error());
        return action;
    }
    if (std::find(not_supported.begin(), not_supported.end(), name) != not_supported.end()) {
        return tl::unexpected(
            Error{"not_supported", "This version of Kith has no \"" + name + "\" yet."});
    }
    return tl::unexpected(
        Error{"unknown_command", "There is no command \"" + name.substr(0, 64) + "\"."});
}

Refusal bad_request(std::string id, std::string text) {
    return {std::move(id), {"bad_request", std::move(text)}};
}

/// A scalar as JSON text; nothing for arrays and objects.
std::optional<std::string> id_of(const json& object) {
    const auto found = object.find("id");
    if (found == object.end()) return "null";
    if (found->is_structured()) return std::nullopt;
    return found->dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace

tl::expected<Request, Refusal> parse_request(std::string_view line, const NodePort& node) {
    if (too_deep(line)) return tl::unexpected(bad_request("null", "This line nests too deeply."));
    const json object = json::parse(line, nullptr, /*allow_exceptions=*/false);
    if (object.is_discarded()) {
        return tl::unexpected(bad_request("null", "This line is not JSON (in UTF-8)."));
    }
    if (!object.is_object()) {
        return tl::unexpected(bad_request(
            "null", "A request is a JSON object such as {\"id\":1,\"cmd\":\"whoami\"}."));
    }
    auto id = id_of(object);
    if (!id) {
        return tl::unexpected(bad_request(
            "null", "The field \"id\" must be a number, a string, true, false or null."));
    }
    auto action = read_action(object, node);
    if (!action) return tl::unexpected(Refusal{std::move(*id), std::move(action.error())});
    return Request{std::move(*id), std::move(*action)};
}

}  // namespace kith::control
