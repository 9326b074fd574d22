// SPDX-License-Identifier: MIT
#include "app/control/history_export.hpp"

#include "app/control/message_fields.hpp"
#include "app/control/message_lines.hpp"
#include "app/control/terminal_text.hpp"

namespace kith::control {
namespace {

using json = nlohmann::ordered_json;
using model::ExportFormat;

/// Of the document; raised when a member changes its meaning.
constexpr int json_version = 1;

/// An object without its closing brace: "messages" follows.
std::string json_head(const ExportHead& head) {
    std::string fields = dump({{"kith_history", json_version},
                               {"peer", to_hex(head.peer)},
                               {"name", head.peer_name},
                               {"self", to_hex(head.self)},
                               {"self_name", head.self_name},
                               {"exported_at", model::to_rfc3339(head.exported_at)}});
    fields.pop_back();
    return safe_json(fields) + ",\n\"messages\":[";
}

std::string text_head(const ExportHead& head) {
    return "Conversation of " + safe_name(head.self_name) + " and " + safe_name(head.peer_name) +
           "\n" + safe_name(head.self_name) + ": " + to_hex(head.self) + "\n" +
           safe_name(head.peer_name) + ": " + to_hex(head.peer) + "\nExported at " +
           model::to_rfc3339(head.exported_at) + "\n\n";
}

}  // namespace

std::string export_begin(ExportFormat format, const ExportHead& head) {
    return format == ExportFormat::json ? json_head(head) : text_head(head);
}

std::string export_message(ExportFormat format, const ExportHead& head,
                           const model::Message& message, bool first) {
    const json fields = message_fields(message, head.self);
    if (format == ExportFormat::json) return (first ? "\n" : ",\n") + safe_json(dump(fields));
    return message_lines(fields, {head.self_name, head.peer_name, {}});
}

std::string export_end(ExportFormat format) { return format == ExportFormat::json ? "\n]}\n" : ""; }

}  // namespace kith::control
