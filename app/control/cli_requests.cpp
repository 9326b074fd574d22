// SPDX-License-Identifier: MIT
#include "app/control/cli_requests.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>

#include "app/control/password_input.hpp"
#include "app/model/types.hpp"

namespace kith::control {
namespace {

/// Members of contract type string: "123" is a text, not a number.
constexpr std::array string_members{
    "address",  "after",          "around", "before",      "cmd",        "connection_id", "current",
    "dir",      "downloads",      "emoji",  "fingerprint", "for",        "format",        "group",
    "greeting", "message",        "name",   "naming",      "passphrase", "password",      "path",
    "peer",     "public_address", "relay",  "reply_to",    "rule",       "text",          "theme",
    "transfer"};

bool is_string_member(std::string_view key) {
    return std::find(string_members.begin(), string_members.end(), key) != string_members.end();
}

/// The instance runs in another folder.
std::string from_anywhere(const std::string& path) {
    std::error_code failed;
    const auto absolute = std::filesystem::absolute(path, failed);
    return failed ? path : absolute.string();
}

struct KeyValue {
    std::string key, value;
};

tl::expected<KeyValue, std::string> key_value(const std::string& word) {
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
        return tl::unexpected("\"" + word + "\" is not of the form key=value.");
    return KeyValue{word.substr(0, equals), word.substr(equals + 1)};
}

/// As people write it: on and off, and "forever" for a history that is kept.
Json setting_value(const std::string& key, const std::string& value) {
    if (key == "read_receipts" || key == "typing" || key == "visible" || key == "mapping") {
        if (value == "on" || value == "yes") return true;
        if (value == "off" || value == "no") return false;
    }
    if (key == "downloads" && !value.empty()) return from_anywhere(value);
    if (key == "history_days" && value == "forever") return 0;
    return call_value(key, value);
}

/// "90", "5m", "1h", "7d", "2w", "off".
tl::expected<std::uint64_t, std::string> seconds_of(const std::string& time) {
    if (time == "off") return 0;
    std::uint64_t number = 0;
    const char* end = time.data() + time.size();
    const auto [rest, fault] = std::from_chars(time.data(), end, number);
    const std::string_view unit(rest, static_cast<std::size_t>(end - rest));
    constexpr std::array<std::pair<std::string_view, std::uint64_t>, 6> units{
        {{"", 1}, {"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86'400}, {"w", 604'800}}};
    const auto* known =
        std::find_if(units.begin(), units.end(), [&](const auto& u) { return u.first == unit; });
    const bool fits = fault == std::errc{} && known != units.end() &&
                      number <= model::timer_max_s / known->second;
    if (fits) return number * known->second;
    return tl::unexpected("\"" + time +
                          "\" is not a time up to a year: seconds, or a number with m, h, d or w "
                          "(90, 5m, 1h, 7d), or off.");
}

/// Of the form of name@relay; people nearby may have an "@" in theirs, and blanks and more.
bool is_name_at(std::string_view text) {
    constexpr std::string_view in_name =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
           text.substr(0, at).find_first_not_of(in_name) == std::string_view::npos &&
           text.find_first_of(" @", at + 1) == std::string_view::npos;
}

void add_page(Json& request, const ClientCommand& c, std::size_t limit) {
    request["limit"] = c.limit.value_or(limit);
    if (c.before) request["before"] = *c.before;
}

}  // namespace

Json call_value(std::string_view key, const std::string& text) {
    if (is_string_member(key)) return text;
    Json value = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_discarded() ? Json(text) : value;
}

namespace requests {

/// What begins like a connection ID is one, what has the form of a name at a relay is one; others
/// are near.
Request add(const ClientCommand& c) {
    const std::string& whom = c.words.at(0);
    const auto begin = whom.find_first_not_of(" \t\r\n");
    const bool id = begin != std::string::npos && whom.compare(begin, 5, "kith1") == 0;
    const bool wanted = id || is_name_at(whom);
    Json request{{"cmd", "add_contact"}, {wanted ? "connection_id" : "peer", whom}};
    if (!c.greeting.empty()) request["greeting"] = c.greeting;
    return request;
}

Request claim_name(const ClientCommand& c) {
    const std::string& word = c.words.at(0);
    const auto at = word.find('@');
    const auto relay = at == std::string::npos ? word : word.substr(at + 1);
    if (c.off) return Json{{"cmd", "claim_name"}, {"relay", relay}, {"name", ""}};
    if (at == std::string::npos || relay.empty()) {
        return tl::unexpected("\"" + word +
                              "\" names no relay: write it behind an @, as in "
                              "anna@relay.example.org.");
    }
    if (at == 0) return tl::unexpected(std::string("The name is missing. --off gives it back."));
    return Json{{"cmd", "claim_name"}, {"relay", relay}, {"name", word.substr(0, at)}};
}

Request find_name(const ClientCommand& c) {
    return Json{{"cmd", "find_name"}, {"name", c.words.at(0)}};
}

Request connect(const ClientCommand& c) {
    Json request{{"cmd", "connect"}, {"address", c.words.at(0)}};
    if (c.fingerprint) request["fingerprint"] = *c.fingerprint;
    if (!c.greeting.empty()) request["greeting"] = c.greeting;
    return request;
}

Request status(const ClientCommand& c) {
    return Json{{"cmd", "set_status"}, {"text", c.words.at(0)}};
}

Request visible(const ClientCommand& c) {
    return Json{{"cmd", "set_visibility"}, {"visible", c.words.at(0) == "on"}};
}

Request team(const ClientCommand& c) {
    if (c.off && c.password_file)
        return tl::unexpected(std::string("--off and --password-file contradict each other."));
    if (c.off) return Json{{"cmd", "set_team"}, {"passphrase", ""}};
    const auto passphrase =
        read_new_password(c.password_file, "Passphrase of the team: ", "--password-file");
    if (!passphrase) return tl::unexpected(passphrase.error());
    if (passphrase->empty())
        return tl::unexpected(std::string("The passphrase is empty. --off leaves the team."));
    return Json{{"cmd", "set_team"}, {"passphrase", *passphrase}};
}

Request send(const ClientCommand& c) {
    if (c.words.at(1).find_first_not_of(" \t\r\n") == std::string::npos)
        return tl::unexpected(std::string("An empty message cannot be sent."));
    Json request{{"cmd", "send_text"}, {"peer", c.words.at(0)}, {"text", c.words.at(1)}};
    if (c.reply_to) request["reply_to"] = *c.reply_to;
    return request;
}

Request edit(const ClientCommand& c) {
    return Json{{"cmd", "edit_message"}, {"message", c.words.at(0)}, {"text", c.words.at(1)}};
}

Request erase(const ClientCommand& c) {
    return Json{
        {"cmd", "delete_message"}, {"message", c.words.at(0)}, {"for", c.for_me ? "me" : "both"}};
}

Request react(const ClientCommand& c) {
    return Json{
        {"cmd", "react"}, {"message", c.words.at(0)}, {"emoji", c.words.at(1)}, {"on", !c.off}};
}

Request history(const ClientCommand& c) {
    constexpr std::size_t usual = 100;
    Json request{{"cmd", "messages"}, {"peer", c.words.at(0)}};
    add_page(request, c, usual);
    return request;
}

Request search(const ClientCommand& c) {
    constexpr std::size_t usual = 50;
    std::string text;
    for (const auto& word : c.words) text += (text.empty() ? "" : " ") + word;
    Json request{{"cmd", "search"}, {"text", text}};
    if (c.peer) request["peer"] = *c.peer;
    add_page(request, c, usual);
    return request;
}

Request export_history(const ClientCommand& c) {
    return Json{{"cmd", "export_history"},
                {"peer", c.words.at(0)},
                {"path", from_anywhere(c.words.at(1))},
                {"format", c.format.value_or("json")}};
}

Request delete_conversation(const ClientCommand& c) {
    if (c.yes) return Json{{"cmd", "delete_conversation"}, {"peer", c.words.at(0)}};
    return tl::unexpected(
        std::string("All messages of this conversation would be deleted here, for good. Say --yes "
                    "if you mean it."));
}

Request disappear(const ClientCommand& c) {
    const auto seconds = seconds_of(c.words.at(1));
    if (!seconds) return tl::unexpected(seconds.error());
    return Json{{"cmd", "set_disappearing"}, {"peer", c.words.at(0)}, {"seconds", *seconds}};
}

Request settings(const ClientCommand& c) {
    if (c.words.empty()) return Json{{"cmd", "settings"}};
    Json changed = Json::object();
    for (const auto& word : c.words) {
        const auto pair = key_value(word);
        if (!pair) return tl::unexpected(pair.error());
        changed[pair->key] = setting_value(pair->key, pair->value);
    }
    return Json{{"cmd", "set_settings"}, {"settings", std::move(changed)}};
}

Request backup(const ClientCommand& c) {
    const auto password =
        read_new_password(c.password_file, "Password for the backup: ", "--password-file");
    if (!password) return tl::unexpected(password.error());
    return Json{{"cmd", "backup"}, {"path", from_anywhere(c.words.at(0))}, {"password", *password}};
}

Request screenshot(const ClientCommand& c) {
    return Json{{"cmd", "screenshot"}, {"path", from_anywhere(c.words.at(0))}};
}

Request send_file(const ClientCommand& c) {
    Json paths = Json::array();
    for (std::size_t i = 1; i < c.words.size(); ++i) paths.push_back(from_anywhere(c.words[i]));
    return Json{{"cmd", "send_files"}, {"peer", c.words.at(0)}, {"paths", std::move(paths)}};
}

Request accept_file(const ClientCommand& c) {
    Json request{{"cmd", "accept_transfer"}, {"transfer", c.words.at(0)}};
    if (c.dir) request["dir"] = from_anywhere(*c.dir);
    return request;
}

Request retry_files(const ClientCommand& c) {
    Json request{{"cmd", "retry_transfer"}};
    if (!c.words.empty()) request["transfer"] = c.words.at(0);
    return request;
}

Request call(const ClientCommand& c) {
    Json request{{"cmd", c.words.at(0)}};
    for (std::size_t i = 1; i < c.words.size(); ++i) {
        const auto pair = key_value(c.words[i]);
        if (!pair) return tl::unexpected(pair.error());
        if (pair->key == "id" || pair->key == "cmd")
            return tl::unexpected("\"" + pair->key + "\" is set by kith itself.");
        request[pair->key] = call_value(pair->key, pair->value);
    }
    return request;
}

}  // namespace requests
}  // namespace kith::control
