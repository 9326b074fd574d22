// SPDX-License-Identifier: MIT
#include "app/control/readers.hpp"

#include <algorithm>
#include <array>

namespace kith::control {
namespace {

using nlohmann::json;
using namespace model;

constexpr std::size_t connection_id_max = 16 * 1024;
constexpr std::size_t relay_address_max = connection_id_max;

Action screenshot(Fields& f) {
    std::string path = f.path("path");
    if (!f.error() && !path.ends_with(".png")) {
        f.refuse("bad_request", "The field \"path\" must name a .png file.");
    }
    return TakeScreenshot{std::move(path)};
}

/// By connection ID or name@relay; by peer, who is near.
Action add_contact(Fields& f) {
    if (f.has("peer") && !f.has("connection_id"))
        return AddNearby{f.peer(), f.optional_text("greeting", greeting_max_code_points)};
    return AddContact{f.text("connection_id", connection_id_max),
                      f.optional_text("greeting", greeting_max_code_points)};
}

/// Dials somebody known; by address, asks who is there.
Action connect(Fields& f) {
    if (!f.has("address") || f.has("peer")) return ConnectPeer{f.peer()};
    return ConnectAddress{f.text("address", address_max), f.optional_fingerprint("fingerprint"),
                          f.optional_text("greeting", greeting_max_code_points)};
}

/// At most one of before, after and around.
Action list_messages(Fields& f) {
    if (f.has("before") + f.has("after") + f.has("around") > 1) {
        f.refuse("bad_request",
                 "Only one of the fields \"before\", \"after\" and \"around\" can be given.");
    }
    return ListMessages{f.peer(), f.integer("limit", 1, page_max, 100),
                        f.optional_message("before"), f.optional_message("after"),
                        f.optional_message("around")};
}

Action mark_read(Fields& f) {
    if (!f.has("message")) return MarkAllRead{f.peer()};
    return MarkRead{f.peer(), f.message("message")};
}

Action delete_message(Fields& f) {
    const auto whom = f.optional_string("for").value_or("both");
    if (whom != "both" && whom != "me") {
        f.refuse("bad_request", "The field \"for\" is one of \"both\" and \"me\".");
    }
    return DeleteMessage{f.message("message"), whom == "me" ? DeleteFor::me : DeleteFor::both};
}

Action export_history(Fields& f) {
    const auto format = f.optional_string("format").value_or("json");
    if (format != "json" && format != "text") {
        f.refuse("bad_request", "The field \"format\" is one of \"json\" and \"text\".");
    }
    return ExportHistory{f.peer(), f.path("path"),
                         format == "text" ? ExportFormat::text : ExportFormat::json};
}

Action set_password(Fields& f) {
    std::string current = f.has("current") ? f.password("current") : std::string{};
    return SetPassword{std::move(current), f.password("password")};
}

Action backup(Fields& f) {
    CreateBackup command{f.path("path"), f.password("password")};
    if (command.password.empty()) f.refuse("empty", "A backup needs a password.");
    return command;
}

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

// Braced initialisers read their fields from left to right.

Readers people() {
    return {
        {"whoami", plain_command<WhoAmI>},
        {"set_name", [](Fields& f) -> Action { return SetName{f.text("name", name_max)}; }},
        {"new_connection_id", plain_command<NewConnectionId>},
        {"add_contact", add_contact},
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
        {"connect", connect},
        {"disconnect", for_peer<DisconnectPeer>},
        {"safety_number", for_peer<GetSafetyNumber>},
        {"set_verified",
         [](Fields& f) -> Action {
             return SetVerified{f.peer(), f.boolean("verified")};
         }},
    };
}

Readers messages() {
    return {
        {"send_text",
         [](Fields& f) -> Action {
             return SendText{f.peer(), f.text("text", text_max), f.optional_message("reply_to")};
         }},
        {"edit_message",
         [](Fields& f) -> Action {
             return EditMessage{f.message("message"), f.text("text", text_max)};
         }},
        {"delete_message", delete_message},
        {"cancel_message", [](Fields& f) -> Action { return CancelMessage{f.message("message")}; }},
        {"react",
         [](Fields& f) -> Action {
             return React{f.message("message"), f.text("emoji", emoji_max), f.boolean("on")};
         }},
        {"messages", list_messages},
        {"mark_read", mark_read},
        {"typing",
         [](Fields& f) -> Action {
             return SetTyping{f.peer(), f.boolean("on")};
         }},
        {"search",
         [](Fields& f) -> Action {
             return Search{f.text("text", query_max), f.optional_peer(),
                           f.integer("limit", 1, hits_max, 50), f.optional_message("before")};
         }},
        {"delete_conversation", for_peer<DeleteConversation>},
        {"set_disappearing",
         [](Fields& f) -> Action {
             return SetDisappearing{f.peer(), static_cast<std::uint32_t>(
                                                  f.required_integer("seconds", 0, timer_max_s))};
         }},
        {"export_history", export_history},
    };
}

Readers surroundings() {
    return {
        {"set_team",
         [](Fields& f) -> Action {
             return SetTeam{f.text_or_empty("passphrase", passphrase_max)};
         }},
        {"set_visibility", [](Fields& f) -> Action { return SetVisibility{f.boolean("visible")}; }},
        {"set_status",
         [](Fields& f) -> Action { return SetStatus{f.text_or_empty("text", status_max)}; }},
        {"set_activity", [](Fields& f) -> Action { return SetActivity{f.boolean("active")}; }},
        {"network_status", plain_command<GetNetworkStatus>},
        {"relays", plain_command<ListRelays>},
        {"add_relay",
         [](Fields& f) -> Action { return AddRelay{f.text("address", relay_address_max)}; }},
        {"remove_relay",
         [](Fields& f) -> Action { return RemoveRelay{f.text("address", relay_address_max)}; }},
        {"claim_name",
         [](Fields& f) -> Action {
             return ClaimName{f.text("relay", relay_address_max),
                              f.has("name") ? f.text_or_empty("name", name_max) : std::string{}};
         }},
        {"find_name",
         [](Fields& f) -> Action { return FindName{f.text("name", relay_address_max)}; }},
    };
}

Readers program() {
    return {
        {"set_password", set_password},
        {"backup", backup},
        {"settings", plain_command<GetSettings>},
        {"stats", plain_command<GetStats>},
        {"subscribe", plain<Subscribe>},
        {"quit", plain<QuitProgram>},
        {"screenshot", screenshot},
        {"raise", plain<RaiseWindow>},
    };
}

/// One of the names the window knows.
std::optional<std::string> theme(Fields& f) {
    auto name = f.optional_string("theme");
    if (name && *name != "system" && *name != "dark" && *name != "light") {
        f.refuse("bad_request",
                 "The setting \"theme\" is one of \"system\", \"dark\" and \"light\".");
    }
    return name;
}

/// May be empty: none.
std::optional<std::string> public_address(Fields& f) {
    if (!f.has("public_address")) return std::nullopt;
    return f.text_or_empty("public_address", address_max);
}

/// May be empty: the usual folder. The instance runs in another folder than its clients.
std::optional<std::string> downloads(Fields& f) {
    if (!f.has("downloads")) return std::nullopt;
    if (f.text_or_empty("downloads", path_max).empty()) return std::string{};
    return f.place("downloads");
}

/// May be empty: the usual names. The node looks at what it says.
std::optional<std::string> naming(Fields& f) {
    if (!f.has("naming")) return std::nullopt;
    return f.text_or_empty("naming", naming_max);
}

constexpr std::array setting_names{"theme",        "zoom",    "read_receipts", "typing",
                                   "history_days", "visible", "mapping",       "public_address",
                                   "downloads",    "naming",  "rate_total",    "rate_each"};

bool is_setting(std::string_view key) {
    return std::find(setting_names.begin(), setting_names.end(), key) != setting_names.end();
}

}  // namespace

Reader find_reader(std::string_view command) {
    static const Readers table = [] {
        Readers all = people();
        all.merge(messages());
        all.merge(surroundings());
        all.merge(file_readers());
        all.merge(program());
        return all;
    }();
    const auto found = table.find(command);
    return found == table.end() ? nullptr : found->second;
}

tl::expected<Action, Error> read_settings(const json& object, const NodePort& node) {
    const auto inner = object.find("settings");
    const bool nested = inner != object.end() && inner->is_object();
    const json& source = nested ? *inner : object;
    for (const auto& [key, value] : source.items()) {
        if (is_setting(key) || (!nested && (key == "id" || key == "cmd"))) continue;
        return tl::unexpected(
            Error{"bad_request", "There is no setting \"" + key.substr(0, 64) + "\"."});
    }
    Fields f(source, node);
    model::ChangeSettings change{
        .theme = theme(f),
        .zoom = f.optional_number("zoom", 0.5, 3.0),
        .read_receipts = f.optional_boolean("read_receipts"),
        .typing = f.optional_boolean("typing"),
        .history_days = f.optional_integer("history_days", 0, history_days_max),
        .visible = f.optional_boolean("visible"),
        .mapping = f.optional_boolean("mapping"),
        .public_address = public_address(f),
        .downloads = downloads(f),
        .naming = naming(f),
        .rate_total = f.optional_integer("rate_total", 0, whole_number_max),
        .rate_each = f.optional_integer("rate_each", 0, whole_number_max)};
    if (f.error()) return tl::unexpected(*f.error());
    return model::Command{change};
}

}  // namespace kith::control
