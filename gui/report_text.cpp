// SPDX-License-Identifier: MIT
#include "gui/report_text.hpp"

#include <algorithm>
#include <cctype>

#include "gui/amount_text.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"

namespace kith::gui {
namespace {

using Lines = std::vector<ReportLine>;

Lines lines_of(const std::vector<std::string>& texts, std::string_view empty,
               Tone tone_of_empty = Tone::dim) {
    Lines lines;
    for (const auto& text : texts) lines.push_back({safe_text(text)});
    if (lines.empty()) lines.push_back({std::string(empty), tone_of_empty});
    return lines;
}

Lines log_lines(const ViewState& view) {
    Lines lines;
    for (auto at = view.notices.rbegin(); at != view.notices.rend(); ++at)
        lines.push_back({full_text(at->at) + "  " + safe_text(at->text)});
    if (lines.empty()) lines.push_back({std::string(strings::log_empty), Tone::dim});
    return lines;
}

ReportLine outside_line(const model::NetworkStatus& network) {
    const auto say = [&](std::string_view usual, Tone tone) -> ReportLine {
        return {network.outside_text.empty() ? std::string(usual) : safe_text(network.outside_text),
                tone};
    };
    if (network.outside == model::Outside::yes) return say(strings::outside_yes, Tone::good);
    if (network.outside == model::Outside::no) return say(strings::outside_no, Tone::bad);
    return say(strings::outside_unknown, Tone::plain);
}

Lines reach_lines(const model::NetworkStatus& network) {
    Lines lines{outside_line(network)};
    const std::string from = network.public_address_from.empty()
                                 ? std::string()
                                 : std::string(strings::known_from) + network.public_address_from;
    lines.push_back(
        network.public_address.empty()
            ? ReportLine{std::string(strings::public_address_unknown), Tone::dim}
            : ReportLine{std::string(strings::public_address_is) + network.public_address + from});
    return lines;
}

std::string words_of(const model::PortMapping& mapping) {
    std::string text = mapping.how + ": " + mapping.external + " → " +
                       std::string(strings::mapped_port) + std::to_string(mapping.internal_port);
    if (!mapping.router.empty()) text += std::string(strings::mapped_at) + mapping.router;
    text += mapping.lifetime_s == 0
                ? std::string()
                : std::string(strings::mapped_for) + duration_text(mapping.lifetime_s);
    return text;
}

Lines mapping_lines(const model::NetworkStatus& network) {
    Lines lines;
    for (const auto& mapping : network.mapped) lines.push_back({words_of(mapping), Tone::good});
    if (lines.empty() && network.mapping != "none") lines.push_back({safe_text(network.mapping)});
    if (lines.empty()) lines.push_back({std::string(strings::not_mapped), Tone::dim});
    for (const auto& words : network.mapping_words) lines.push_back({safe_text(words), Tone::dim});
    return lines;
}

std::string heard_text(const model::InterfaceStatus& interface) {
    std::string text = std::to_string(interface.sent) + std::string(strings::datagrams_sent) +
                       " · " + std::to_string(interface.heard) +
                       std::string(strings::datagrams_heard) + " · " +
                       std::to_string(interface.ignored) + std::string(strings::datagrams_ignored);
    if (!interface.last_heard_ms) return text + " · " + std::string(strings::heard_nothing);
    const auto seconds = static_cast<std::uint32_t>(std::max<std::int64_t>(
        0, std::min<std::int64_t>(*interface.last_heard_ms / 1000, 1'000'000)));
    return text + " · " + std::string(strings::last_heard) + duration_text(seconds) +
           std::string(strings::ago);
}

void add_interface(Lines& lines, const model::InterfaceStatus& interface) {
    std::string who = interface.name;
    for (const auto& address : interface.addresses)
        who += (&address == interface.addresses.data() ? ": " : ", ") + address;
    lines.push_back({safe_text(who)});
    lines.push_back({heard_text(interface), Tone::dim});
    if (!interface.problem.empty()) lines.push_back({safe_text(interface.problem), Tone::bad});
}

Lines discovery_lines(const model::NetworkStatus& network) {
    Lines lines;
    if (!network.discovery_problem.empty())
        lines.push_back({safe_text(network.discovery_problem), Tone::bad});
    if (!network.discovery && lines.empty())
        lines.push_back({std::string(strings::discovery_off), Tone::dim});
    if (network.discovery)
        lines.push_back({count_text(network.nearby, strings::one_near, strings::some_near)});
    for (const auto& interface : network.interfaces) add_interface(lines, interface);
    for (const auto& words : network.discovery_words)
        lines.push_back({safe_text(words), Tone::dim});
    return lines;
}

Lines relay_lines(const model::NetworkStatus& network) {
    Lines lines;
    for (const auto& relay : network.relays) {
        const bool online = relay.state == model::RelayState::online;
        lines.push_back({safe_line(relay.name) + ": " + std::string(relay_state_text(relay.state)),
                         online ? Tone::good : Tone::plain});
        if (!relay.error.empty()) lines.push_back({safe_text(relay.error), Tone::bad});
    }
    if (lines.empty()) lines.push_back({std::string(strings::no_relays), Tone::dim});
    return lines;
}

struct KnownName {
    std::string name;
    std::size_t number;
};

// Longest first, so that "Anna Lind" does not become "contact 1 Lind".
std::vector<KnownName> names_of(const ViewState& view) {
    std::vector<model::PeerId> people = view.order;
    people.insert(people.end(), view.nearby.begin(), view.nearby.end());
    std::vector<KnownName> names;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const model::Peer* peer = view.find(people[i]);
        if (!peer) continue;
        for (const auto& name : {safe_text(peer->name), safe_text(peer->own_name)})
            if (!name.empty()) names.push_back({name, i + 1});
    }
    for (const auto& request : view.requests)
        names.push_back({safe_text(request.name), names.size() + people.size() + 1});
    names.push_back({safe_text(view.profile.name), 0});
    std::stable_sort(names.begin(), names.end(),
                     [](const auto& a, const auto& b) { return a.name.size() > b.name.size(); });
    return names;
}

bool word_byte(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || std::isalnum(static_cast<unsigned char>(c));
}

// A short name is not looked for inside of words.
void hide_name(std::string& text, const KnownName& known) {
    const std::string instead =
        known.number == 0 ? std::string(strings::report_self)
                          : std::string(strings::report_contact) + std::to_string(known.number);
    for (auto at = text.find(known.name); !known.name.empty() && at != std::string::npos;
         at = text.find(known.name, at)) {
        const auto end = at + known.name.size();
        const bool whole = (at == 0 || !word_byte(text[at - 1]) || !word_byte(text[at])) &&
                           (end == text.size() || !word_byte(text[end]));
        if (whole) text.replace(at, known.name.size(), instead);
        at += whole ? instead.size() : 1;
    }
}

void hide_after(std::string& text, std::string_view start) {
    for (auto at = text.find(start); at != std::string::npos; at = text.find(start, at)) {
        at += start.size();
        auto end = at;
        while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) ||
                                     text[end] == '-' || text[end] == '_'))
            ++end;
        text.replace(at, end - at, "…");
    }
}

/// Whoever has the one may ask to be a contact; who has the other, use a private relay.
void hide_connection_ids(std::string& text) {
    hide_after(text, "kith1");
    hide_after(text, "kith-relay1");
}

}  // namespace

std::string_view relay_state_text(model::RelayState state) {
    switch (state) {
        case model::RelayState::online:
            return strings::relay_online;
        case model::RelayState::offline:
            return strings::relay_offline;
        case model::RelayState::connecting:
            break;
    }
    return strings::relay_connecting;
}

std::vector<ReportSection> sections_of(const ViewState& view) {
    const model::NetworkStatus& network = view.network;
    return {{strings::reaching, reach_lines(network)},
            {strings::listening, lines_of(network.listening, strings::not_listening, Tone::bad)},
            {strings::addresses,
             lines_of(network.addresses.empty() ? view.profile.addresses : network.addresses,
                      strings::no_addresses)},
            {strings::mapping, mapping_lines(network)},
            {strings::relays, relay_lines(network)},
            {strings::discovery, discovery_lines(network)},
            {strings::last_errors, lines_of(network.last_errors, strings::no_errors)},
            {strings::own_fingerprint, {{model::to_hex(view.profile.self)}}},
            {strings::version, {{std::string(strings::app) + " " + view.profile.version}}},
            {strings::log, log_lines(view)}};
}

std::string report_of(const ViewState& view) {
    const auto names = names_of(view);
    std::string text(strings::report_head);
    for (const ReportSection& section : sections_of(view)) {
        text.append("\n").append(section.caption).append(":\n");
        for (ReportLine line : section.lines) {
            if (section.caption == strings::own_fingerprint) line.text.resize(8);
            // Captions and what the program itself says stay: only what names people is changed.
            const bool free =
                section.caption == strings::last_errors || section.caption == strings::log ||
                section.caption == strings::discovery || section.caption == strings::mapping;
            for (const KnownName& known : names)
                if (free) hide_name(line.text, known);
            hide_connection_ids(line.text);
            text.append("  ").append(line.text).append("\n");
        }
    }
    return text;
}

}  // namespace kith::gui
