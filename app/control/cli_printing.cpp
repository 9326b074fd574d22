// SPDX-License-Identifier: MIT
#include "app/control/cli_printing.hpp"

#include <iomanip>
#include <map>
#include <ostream>

#include "app/control/amounts.hpp"
#include "app/control/json_read.hpp"
#include "app/control/message_lines.hpp"
#include "app/control/qr_lines.hpp"
#include "app/control/transfer_progress.hpp"

namespace kith::control::printing {
namespace {

constexpr const char *emphasis_on = "\x1b[1m", *emphasis_off = "\x1b[0m";

/// What each person is called, by fingerprint.
std::map<std::string, std::string> names_of_all(const Ask& ask) {
    std::map<std::string, std::string> names;
    const auto listed = ask(Json{{"cmd", "peers"}});
    if (!listed) return names;
    for (const Json& peer : list_in(*listed, "peers"))
        names[string_in(peer, "peer")] = string_in(peer, "name");
    return names;
}

/// The beginning of the fingerprint of somebody who is not listed.
std::string name_of(const std::map<std::string, std::string>& names, const std::string& peer) {
    constexpr std::size_t prefix = 8;
    const auto found = names.find(peer);
    return found == names.end() ? peer.substr(0, prefix) : found->second;
}

/// [offset, size] within `text` and not before `from`; nothing for what is no such thing.
std::optional<std::pair<std::size_t, std::size_t>> mark_of(const Json& mark, std::size_t from,
                                                           const std::string& text) {
    if (!mark.is_array() || mark.size() != 2) return std::nullopt;
    const auto offset = whole_number(mark[0]), size = whole_number(mark[1]);
    if (!offset || !size || *offset < from || *offset > text.size()) return std::nullopt;
    if (*size > text.size() - *offset) return std::nullopt;
    return std::pair{*offset, *size};
}

std::string snippet_of(const Json& hit, bool emphasis) {
    const std::string text = string_in(hit, "snippet");
    if (!emphasis) return safe_line(text);
    std::string shown;
    std::size_t done = 0;
    for (const Json& entry : list_in(hit, "marks")) {
        const auto mark = mark_of(entry, done, text);
        if (!mark) continue;
        const auto [offset, size] = *mark;
        shown += safe_line(std::string_view(text).substr(done, offset - done)) + emphasis_on +
                 safe_line(std::string_view(text).substr(offset, size)) + emphasis_off;
        done = offset + size;
    }
    return shown + safe_line(std::string_view(text).substr(done));
}

const char* plural(std::uint64_t count) { return count == 1 ? " message" : " messages"; }

}  // namespace

/// The code first, so that what stands on the last line can still be copied.
void connection_id(const Json& reply, const Printing& to) {
    const std::string id = string_in(reply, "connection_id");
    if (to.command.qr) to.out << qr_lines(id, to.emphasis);
    to.out << safe_name(id) << "\n";
}

/// What Kith says stands before what people call themselves.
void peers(const Json& reply, const Printing& to) {
    for (const Json& peer : list_in(reply, "peers")) {
        const auto unread = number_in(peer, "unread");
        to.out << std::left << std::setw(12) << name_in(peer, "state") << std::setw(6)
               << (unread == 0 ? std::string("-") : std::to_string(unread)) << std::setw(10)
               << (flag_in(peer, "verified") ? "verified" : "-") << name_in(peer, "peer") << "  "
               << name_in(peer, "name") << "\n";
    }
}

void nearby(const Json& reply, const Printing& to) {
    for (const Json& peer : list_in(reply, "peers")) {
        if (!flag_in(peer, "nearby")) continue;
        to.out << std::left << std::setw(12) << name_in(peer, "state") << std::setw(24)
               << name_in(peer, "address") << name_in(peer, "peer") << "  " << name_in(peer, "name")
               << "\n";
    }
}

void found(const Json& reply, const Printing& to) {
    const std::string peer = name_in(reply, "peer");
    to.out << name_in(reply, "name") << " answers at " << name_in(reply, "address")
           << ", with the fingerprint\n"
           << peer << "\n";
    if (flag_in(reply, "added")) {
        to.out << "They were asked to be a contact.\n";
    } else {
        to.out << "Compare it with theirs (`kith call whoami` on their side). If it is the same:\n"
               << "kith connect " << name_in(reply, "address") << " --fingerprint " << peer << "\n";
    }
}

void requests(const Json& reply, const Printing& to) {
    for (const Json& request : list_in(reply, "requests")) {
        to.out << name_in(request, "peer") << "  " << name_in(request, "name");
        const std::string greeting = string_in(request, "greeting");
        if (!greeting.empty()) to.out << "\n    " << safe_text(greeting, "    ");
        to.out << "\n";
    }
}

void added(const Json& reply, const Printing& to) {
    to.out << "Asked " << name_in(reply, "peer") << " to be a contact.\n";
}

void message_id(const Json& reply, const Printing& to) {
    to.out << name_in(reply, "message") << "\n";
}

void history(const Json& reply, const Printing& to) {
    const std::string partner = name_of(names_of_all(to.ask), string_in(reply, "peer"));
    for (const Json& message : list_in(reply, "messages")) {
        const std::string id = to.command.ids ? string_in(message, "message") : std::string{};
        to.out << message_lines(message, {"me", partner, id});
    }
}

void hits(const Json& reply, const Printing& to) {
    const auto names = names_of_all(to.ask);
    for (const Json& hit : list_in(reply, "messages")) {
        if (to.command.ids) to.out << name_in(hit, "message") << "  ";
        const std::string partner = safe_name(name_of(names, string_in(hit, "peer")));
        to.out << name_in(hit, "at") << "  "
               << (flag_in(hit, "outgoing") ? "me to " + partner : partner) << ": "
               << snippet_of(hit, to.emphasis) << "\n";
    }
}

void exported(const Json& reply, const Printing& to) {
    const auto count = number_in(reply, "count");
    to.out << "Wrote " << count << plural(count) << " to " << name_in(reply, "path") << ".\n";
}

void conversation_deleted(const Json& reply, const Printing& to) {
    const auto removed = number_in(reply, "removed"), kept = number_in(reply, "kept");
    to.out << "Deleted " << removed << plural(removed) << " here.";
    if (kept > 0) to.out << " Kept " << kept << plural(kept) << " that still wait to be sent.";
    to.out << "\n";
}

void settings(const Json& reply, const Printing& to) {
    const Json& settings = member(reply, "settings");
    if (!settings.is_object()) return;
    for (const auto& [key, value] : settings.items()) {
        to.out << safe_name(key) << "="
               << safe_name(value.is_string() ? value.get<std::string>() : value.dump()) << "\n";
    }
}

void backed_up(const Json& reply, const Printing& to) {
    to.out << "Wrote the backup " << name_in(reply, "path") << " (" << number_in(reply, "bytes")
           << " bytes).\n";
}

/// What Kith says stands before what people call themselves and their files.
void transfers(const Json& reply, const Printing& to) {
    const auto names = names_of_all(to.ask);
    for (const Json& one : list_in(reply, "transfers")) {
        to.out << name_in(one, "transfer") << "  " << std::left << std::setw(11)
               << name_in(one, "state") << std::right << std::setw(3) << percent_of(one) << "%"
               << std::setw(10) << size_words(number_in(one, "total")) << "  "
               << (string_in(one, "direction") == "out" ? "to   " : "from ")
               << safe_name(name_of(names, string_in(one, "peer"))) << ": " << name_in(one, "name");
        const bool at_relay = string_in(one, "waiting_at") == "relay";
        const std::string why = at_relay ? "waiting at the relay" : name_in(one, "error");
        to.out << (why.empty() ? "" : " (" + why + ")") << "\n";
    }
}

void landed(const Json& reply, const Printing& to) { to.out << name_in(reply, "path") << "\n"; }

void nothing(const Json&, const Printing&) {}

}  // namespace kith::control::printing
