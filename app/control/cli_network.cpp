// SPDX-License-Identifier: MIT
//
// The answer of `kith network` for a person.
#include <ostream>

#include "app/control/cli_printing.hpp"
#include "app/control/json_read.hpp"

namespace kith::control::printing {
namespace {

void sentence(const Json& reply, const char* name, std::ostream& out) {
    const std::string text = name_in(reply, name);
    if (!text.empty()) out << text << "\n";
}

std::string joined(const Json& list) {
    std::string text;
    for (const Json& item : list) {
        if (!item.is_string()) continue;
        text += (text.empty() ? "" : ", ") + safe_name(item.get<std::string>());
    }
    return text;
}

void row(const char* title, const std::string& text, std::ostream& out) {
    if (!text.empty()) out << title << text << "\n";
}

void lines(const char* title, const Json& list, std::ostream& out) {
    if (list.empty()) return;
    out << title << "\n";
    for (const Json& item : list) {
        if (item.is_string()) out << "  " << safe_name(item.get<std::string>()) << "\n";
    }
}

std::string number(const Json& object, const char* name) {
    const Json& value = member(object, name);
    return value.is_number_unsigned() ? std::to_string(value.get<std::uint64_t>()) : "0";
}

void mappings(const Json& reply, std::ostream& out) {
    for (const Json& one : list_in(reply, "mapped")) {
        out << "Passed on:     " << name_in(one, "external") << " to port "
            << number(one, "internal_port") << " (" << name_in(one, "how");
        const std::string router = name_in(one, "router");
        out << (router.empty() ? "" : ", router " + router) << ")\n";
    }
}

void relay_lines(const Json& reply, std::ostream& out) {
    for (const Json& one : list_in(reply, "relays")) {
        out << "Relay:         " << name_in(one, "name") << " (" << name_in(one, "state") << ")";
        const std::string error = name_in(one, "error");
        out << (error.empty() ? "" : ": " + error) << "\n";
    }
}

void discovery(const Json& reply, std::ostream& out) {
    out << "Local network: ";
    if (!flag_in(reply, "discovery_on")) {
        const std::string problem = name_in(reply, "discovery_problem");
        out << (problem.empty() ? "people are not looked for" : problem) << "\n";
        return;
    }
    const std::string count = number(reply, "nearby");
    out << count << (count == "1" ? " person" : " people") << " heard\n";
    for (const Json& one : list_in(reply, "discovery")) {
        out << "  " << name_in(one, "interface") << " (" << joined(list_in(one, "addresses"))
            << "): sent " << number(one, "sent") << ", heard " << number(one, "heard")
            << ", ignored " << number(one, "ignored");
        const std::string problem = name_in(one, "problem");
        out << (problem.empty() ? "" : "; " + problem) << "\n";
    }
}

/// As relays keep names.
std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return text;
}

std::string name_of(const Json& relay) {
    const std::string name = name_in(relay, "registered_name");
    return name.empty() ? name : name + "@" + name_in(relay, "name");
}

}  // namespace

/// A name that is not answered for as it should be says why.
void relays(const Json& reply, const Printing& to) {
    for (const Json& one : list_in(reply, "relays")) {
        to.out << name_in(one, "name") << " (" << name_in(one, "state") << ")";
        const std::string error = name_in(one, "error"), name = name_of(one);
        to.out << (error.empty() ? "" : ": " + error) << "\n";
        if (name.empty()) continue;
        const std::string problem = name_in(one, "name_error");
        to.out << "  you are " << name;
        if (!problem.empty())
            to.out << ", but: " << problem;
        else if (!flag_in(one, "registered"))
            to.out << " (the relay is yet to be told)";
        to.out << "\n";
    }
}

void claimed(const Json& reply, const Printing& to) {
    if (to.command.off) {
        to.out << "The name is given back.\n";
        return;
    }
    const std::string word = to.command.words.empty() ? std::string() : to.command.words.front();
    const std::string wanted = lower(word.substr(0, word.find('@')));
    for (const Json& one : list_in(reply, "relays")) {
        if (name_in(one, "registered_name") == wanted)
            to.out << "You are " << name_of(one) << ".\n";
    }
}

void found_name(const Json& reply, const Printing& to) {
    to.out << name_in(reply, "name") << "@" << name_in(reply, "relay") << " has the fingerprint\n"
           << name_in(reply, "fingerprint") << "\nand the connection ID\n"
           << name_in(reply, "connection_id") << "\n";
}

void network(const Json& reply, const Printing& to) {
    sentence(reply, "outside_text", to.out);
    row("Listening:     ", joined(list_in(reply, "listening")), to.out);
    row("Addresses:     ", joined(list_in(reply, "addresses")), to.out);
    const std::string address = name_in(reply, "public_address");
    if (!address.empty())
        row("Public:        ", address + " (" + name_in(reply, "public_address_from") + ")",
            to.out);
    mappings(reply, to.out);
    relay_lines(reply, to.out);
    lines("Router:", list_in(reply, "mapping_words"), to.out);
    discovery(reply, to.out);
    lines("Ignored:", list_in(reply, "discovery_words"), to.out);
    lines("Last errors:", list_in(reply, "last_errors"), to.out);
}

}  // namespace kith::control::printing
