// SPDX-License-Identifier: MIT
#include "app/control/request.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "app/control/fields.hpp"

namespace kith::control {
namespace {

using nlohmann::json;
using namespace model;

/// A string within a settings request: one of the names the window knows.
std::optional<std::string> theme(Fields& f) {
    auto name = f.optional_string("theme");
    if (name && *name != "system" && *name != "dark" && *name != "light") {
        f.refuse("bad_request",
                 "The setting \"theme\" is one of \"system\", \"dark\" and \"light\".");
    }
    return name;
}

Action screenshot(Fields& f) {
    std::string path = f.text("path", 4096);
    if (!f.error() && !path.ends_with(".png")) {
        f.refuse("bad_request", "The field \"path\" must name a .png file.");
    }
    return TakeScreenshot{std::move(path)};
}

Action list_messages(Fields& f) {
    return ListMessages{f.peer(), f.integer("limit", 1, page_max, 100),
                        f.optional_message("before")};
}

using Reader = Action (*)(Fields&);

template <typename T>
Action plain(Fields&) {
    return T{};
}
template <typename T>
Action plain_command(Fields&) {
    return Command{T{}};
}
template <typename T>
Action for_peer(Fields& f) {
    return Command{T{f.peer()}};
}

const std::unordered_map<std::string_view, Reader>& readers() {
    // Braced initialisers read their fields from left to right.
    static const std::unordered_map<std::string_view, Reader> table{
        {"whoami", plain_command<WhoAmI>},
        {"set_name", [](Fields& f) -> Action { return SetName{f.text("name", name_max)}; }},
        {"new_connection_id", plain_command<NewConnectionId>},
        {"add_contact",
         [](Fields& f) -> Action {
             return AddContact{f.text("connection_id", 16 * 1024),
                               f.optional_text("greeting", greeting_max_code_points)};
         }},
        {"requests", plain_command<ListRequests>},
        {"accept", for_peer<AcceptRequest>},
        {"deny", for_peer<DenyRequest>},
        {"block", for_peer<BlockPeer>},
        {"unblock", for_peer<UnblockPeer>},
        {"remove_contact", for_peer<RemoveContact>},
        {"rename_contact",
         [](Fields& f) -> Action {
             return RenameContact{f.peer(), f.text("name", name_max)};
         }},
        {"peers", plain_command<ListPeers>},
        {"connect", for_peer<ConnectPeer>},
        {"disconnect", for_peer<DisconnectPeer>},
        {"safety_number", for_peer<GetSafetyNumber>},
        {"set_verified",
         [](Fields& f) -> Action {
             return SetVerified{f.peer(), f.boolean("verified")};
         }},
        {"send_text",
         [](Fields& f) -> Action {
             return SendText{f.peer(), f.text("text", text_max), f.optional_message("reply_to")};
         }},
        {"messages", list_messages},
        {"mark_read",
         [](Fields& f) -> Action {
             return MarkRead{f.peer(), f.message("message")};
         }},
        {"settings", plain_command<GetSettings>},
        {"network_status", plain_command<GetNetworkStatus>},
        {"stats", plain_command<GetStats>},
        {"subscribe", plain<Subscribe>},
        {"quit", plain<QuitProgram>},
        {"screenshot", screenshot},
        {"raise", plain<RaiseWindow>},
    };
    return table;
}

/// Commands of the contract that belong to later versions.
constexpr std::array not_supported{
    "edit_message",   "delete_message",  "react",           "typing",          "search",
    "export_history", "send_files",      "transfers",       "accept_transfer", "decline_transfer",
    "pause_transfer", "resume_transfer", "cancel_transfer", "create_group",    "groups",
    "add_members",    "remove_member",   "leave_group",     "rename_group",    "set_team",
    "set_visibility", "relays",          "add_relay",       "remove_relay"};

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

/// The settings stand in an object "settings" or beside "cmd".
Action read_settings(const json& object, const NodePort& node, std::optional<Error>& error) {
    const auto inner = object.find("settings");
    const bool nested = inner != object.end() && inner->is_object();
    const json& source = nested ? *inner : object;
    for (const auto& [key, value] : source.items()) {
        if (key == "theme" || key == "zoom" || (!nested && (key == "id" || key == "cmd"))) continue;
        error = Error{"bad_request", "There is no setting \"" + key.substr(0, 64) + "\"."};
        return ChangeSettings{};
    }
    Fields fields(source, node);
    ChangeSettings change{theme(fields), fields.optional_number("zoom", 0.5, 3.0)};
    error = fields.error();
    return change;
}

tl::expected<Action, Error> read_action(const json& object, const NodePort& node) {
    Fields fields(object, node);
    const std::string name = fields.string("cmd");
    if (fields.error()) return tl::unexpected(*fields.error());
    if (name == "set_settings") {
        std::optional<Error> error;
        Action change = read_settings(object, node, error);
        if (error) return tl::unexpected(*error);
        return change;
    }
    if (const auto found = readers().find(name); found != readers().end()) {
        Action action = found->second(fields);
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
