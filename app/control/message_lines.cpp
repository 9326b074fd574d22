// SPDX-License-Identifier: MIT
#include "app/control/message_lines.hpp"

#include "app/control/amounts.hpp"
#include "app/control/json_read.hpp"

namespace kith::control {
namespace {

/// Of a message of one's own.
std::string whereabouts_of(const Json& message) {
    return string_in(message, "waiting_at") == "relay" ? "waiting at their relay"
                                                       : name_in(message, "state");
}

/// " [delivered, edited]", or nothing.
std::string marks_of(const Json& message) {
    std::string marks = flag_in(message, "outgoing") ? whereabouts_of(message) : std::string{};
    if (flag_in(message, "edited")) marks += marks.empty() ? "edited" : ", edited";
    return marks.empty() ? marks : "  [" + marks + "]";
}

std::string reply_line_of(const Json& message, const Speakers& speakers) {
    if (!member(message, "reply_to").is_string()) return {};
    const Json& quote = member(message, "quote");
    if (!quote.is_object()) return "  reply to a message that is no longer here\n";
    const std::string whom = safe_name(flag_in(quote, "outgoing") ? speakers.me : speakers.partner);
    if (flag_in(quote, "deleted")) return "  reply to a deleted message of " + whom + "\n";
    return "  reply to " + whom + ": \"" + safe_line(string_in(quote, "text")) + "\"\n";
}

std::string reaction_line_of(const Json& message, const Speakers& speakers) {
    const Json& reactions = member(message, "reactions");
    if (!reactions.is_object() || reactions.empty()) return {};
    const std::string partner = string_in(message, "peer");
    std::string line = "  reactions:";
    for (const auto& [emoji, people] : reactions.items()) {
        line += " " + safe_line(emoji);
        if (!people.is_array()) continue;
        const char* separator = " ";
        for (const Json& person : people) {
            line += separator + safe_name(person == partner ? speakers.partner : speakers.me);
            separator = ", ";
        }
        line += ";";
    }
    line.back() = '\n';
    return line;
}

std::string files_line_of(const Json& message) {
    std::string line;
    for (const Json& offer : list_in(message, "files"))
        line += "  files: " + std::to_string(number_in(offer, "files")) + ", " +
                size_words(number_in(offer, "bytes")) + ", " + name_in(offer, "state") + "\n";
    return line;
}

}  // namespace

std::string message_lines(const Json& message, const Speakers& speakers) {
    const bool outgoing = flag_in(message, "outgoing");
    std::string lines = speakers.id.empty() ? std::string{} : safe_name(speakers.id) + "  ";
    lines += name_in(message, "at") + "  " + safe_name(outgoing ? speakers.me : speakers.partner);
    if (flag_in(message, "deleted")) return lines + "  [deleted]\n";
    lines += ": " + safe_text(string_in(message, "text"), "    ") + marks_of(message) + "\n";
    return lines + files_line_of(message) + reply_line_of(message, speakers) +
           reaction_line_of(message, speakers);
}

}  // namespace kith::control
