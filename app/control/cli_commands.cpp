// SPDX-License-Identifier: MIT
#include "app/control/cli_commands.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <iomanip>
#include <ostream>
#include <unordered_map>

#include "app/control/terminal_text.hpp"

namespace kith::control {
namespace {

using Request = tl::expected<Json, std::string>;

/// Members of contract type string: "123" is a text, not a number.
constexpr std::array string_members{
    "address", "before",   "cmd",      "connection_id", "dir",   "emoji",
    "format",  "greeting", "group",    "message",       "name",  "passphrase",
    "path",    "peer",     "reply_to", "text",          "theme", "transfer"};

std::string string_in(const Json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::string name_in(const Json& object, const char* name) {
    return safe_name(string_in(object, name));
}

const Json& list_in(const Json& object, const char* name) {
    static const Json none = Json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : none;
}

template <const char* Cmd>
Request bare(const ClientCommand&) {
    return Json{{"cmd", Cmd}};
}
template <const char* Cmd>
Request about_peer(const ClientCommand& c) {
    return Json{{"cmd", Cmd}, {"peer", c.words.at(0)}};
}

constexpr char whoami[] = "whoami", peers[] = "peers", requests[] = "requests", accept[] = "accept",
               deny[] = "deny", block[] = "block", unblock[] = "unblock", transfers[] = "transfers";

Request add(const ClientCommand& c) {
    Json request{{"cmd", "add_contact"}, {"connection_id", c.words.at(0)}};
    if (!c.greeting.empty()) request["greeting"] = c.greeting;
    return request;
}

Request send(const ClientCommand& c) {
    return Json{{"cmd", "send_text"}, {"peer", c.words.at(0)}, {"text", c.words.at(1)}};
}

/// The instance runs in another folder.
std::string from_anywhere(const std::string& path) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(path, failed);
    return failed ? path : absolute.string();
}

Request screenshot(const ClientCommand& c) {
    return Json{{"cmd", "screenshot"}, {"path", from_anywhere(c.words.at(0))}};
}

Request send_file(const ClientCommand& c) {
    Json paths = Json::array();
    for (std::size_t i = 1; i < c.words.size(); ++i) paths.push_back(from_anywhere(c.words[i]));
    return Json{{"cmd", "send_files"}, {"peer", c.words.at(0)}, {"paths", std::move(paths)}};
}

Request history(const ClientCommand& c) {
    return Json{{"cmd", "messages"}, {"peer", c.words.at(0)}, {"limit", c.limit}};
}

Request search(const ClientCommand& c) {
    std::string text;
    for (const auto& word : c.words) text += (text.empty() ? "" : " ") + word;
    return Json{{"cmd", "search"}, {"text", text}, {"limit", c.limit}};
}

Request call(const ClientCommand& c) {
    Json request{{"cmd", c.words.at(0)}};
    for (std::size_t i = 1; i < c.words.size(); ++i) {
        const std::string& word = c.words[i];
        const auto equals = word.find('=');
        if (equals == std::string::npos || equals == 0) {
            return tl::unexpected("\"" + word + "\" is not of the form key=value.");
        }
        const std::string key = word.substr(0, equals);
        if (key == "id" || key == "cmd")
            return tl::unexpected("\"" + key + "\" is set by kith itself.");
        request[key] = call_value(key, word.substr(equals + 1));
    }
    return request;
}

void print_id(const Json& reply, const Ask&, std::ostream& out) {
    out << name_in(reply, "connection_id") << "\n";
}

void print_peers(const Json& reply, const Ask&, std::ostream& out) {
    for (const Json& peer : list_in(reply, "peers")) {
        const Json unread = peer.value("unread", Json(0));
        out << std::left << std::setw(12) << name_in(peer, "state") << std::setw(4)
            << (unread == 0 ? std::string("-") : unread.dump()) << name_in(peer, "peer") << "  "
            << name_in(peer, "name") << "\n";
    }
}

void print_requests(const Json& reply, const Ask&, std::ostream& out) {
    for (const Json& request : list_in(reply, "requests")) {
        out << name_in(request, "peer") << "  " << name_in(request, "name");
        const std::string greeting = string_in(request, "greeting");
        if (!greeting.empty()) out << "\n    " << safe_text(greeting, "    ");
        out << "\n";
    }
}

void print_added(const Json& reply, const Ask&, std::ostream& out) {
    out << "Asked " << name_in(reply, "peer") << " to be a contact.\n";
}

void print_message_id(const Json& reply, const Ask&, std::ostream& out) {
    out << name_in(reply, "message") << "\n";
}

void print_nothing(const Json&, const Ask&, std::ostream&) {}

/// The name of the person a page of history is about.
std::string partner_of(const Json& page, const Ask& ask) {
    const std::string peer = string_in(page, "peer");
    if (const auto listed = ask(Json{{"cmd", "peers"}})) {
        for (const Json& candidate : list_in(*listed, "peers")) {
            if (string_in(candidate, "peer") == peer) return name_in(candidate, "name");
        }
    }
    return peer.substr(0, 8);
}

void print_history(const Json& reply, const Ask& ask, std::ostream& out) {
    const std::string partner = partner_of(reply, ask);
    for (const Json& message : list_in(reply, "messages")) {
        const bool outgoing = message.value("outgoing", false);
        out << name_in(message, "at") << "  " << (outgoing ? "me" : partner) << ": "
            << safe_text(string_in(message, "text"), "    ");
        if (outgoing) out << "  [" << name_in(message, "state") << "]";
        out << "\n";
    }
}

}  // namespace

Json call_value(std::string_view key, const std::string& text) {
    if (std::find(string_members.begin(), string_members.end(), key) != string_members.end())
        return text;
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_discarded() ? Json(text) : value;
}

const CliCommand* find_cli_command(std::string_view name) {
    static const std::unordered_map<std::string_view, CliCommand> table{
        {"id", {bare<whoami>, print_id}},
        {"peers", {bare<peers>, print_peers}},
        {"requests", {bare<requests>, print_requests}},
        {"add", {add, print_added}},
        {"accept", {about_peer<accept>, print_nothing}},
        {"deny", {about_peer<deny>, print_nothing}},
        {"block", {about_peer<block>, print_nothing}},
        {"unblock", {about_peer<unblock>, print_nothing}},
        {"send", {send, print_message_id}},
        {"send-file", {send_file, nullptr}},
        {"transfers", {bare<transfers>, nullptr}},
        {"history", {history, print_history}},
        {"search", {search, nullptr}},
        {"screenshot", {screenshot, print_nothing}},
        {"call", {call, nullptr}},
    };
    const auto found = table.find(name);
    return found == table.end() ? nullptr : &found->second;
}

}  // namespace kith::control
