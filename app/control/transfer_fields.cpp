// SPDX-License-Identifier: MIT
#include "app/control/transfer_fields.hpp"

#include "app/control/message_fields.hpp"

namespace kith::control {
namespace {

using json = nlohmann::ordered_json;
using namespace model;

json entry_fields(const TransferFile& file) {
    return {{"index", file.index}, {"path", file.path},         {"folder", file.folder},
            {"size", file.size},   {"selected", file.selected}, {"done", file.done},
            {"error", file.error}};
}

}  // namespace

json transfer_fields(const Transfer& t) {
    return {{"transfer", model::to_string(t.id)},
            {"peer", to_hex(t.peer)},
            {"direction", t.outgoing ? "out" : "in"},
            {"name", t.name},
            {"files", t.files},
            {"bytes", t.bytes},
            {"total", t.total},
            {"state", model::to_string(t.state)},
            {"rate", t.rate},
            {"eta", t.eta_s ? json(*t.eta_s) : json(nullptr)},
            {"path", t.path},
            {"error", t.error},
            {"files_done", t.files_done},
            {"files_failed", t.files_failed},
            {"paused_by_peer", t.paused_by_peer},
            {"listed", t.listed},
            {"waiting_at", t.at_relay ? json("relay") : json(nullptr)},
            {"at", moment(t.at)}};
}

json offered_files(const Message& m) {
    json files = json::array();
    if (!m.transfer) return files;
    files.push_back({{"transfer", model::to_string(m.transfer->id)},
                     {"name", m.transfer->name},
                     {"files", m.transfer->files},
                     {"bytes", m.transfer->total},
                     {"state", model::to_string(m.transfer->state)},
                     {"path", m.transfer->path}});
    return files;
}

json offered_fields(const Offered& o) {
    return {{"transfer", model::to_string(o.transfer)},
            {"skipped", o.skipped},
            {"skipped_count", o.skipped_count}};
}

json transfers_fields(const Transfers& t) {
    json list = json::array();
    for (const auto& one : t.transfers) list.push_back(transfer_fields(one));
    return {{"transfers", std::move(list)}};
}

json list_fields(const TransferFiles& l) {
    json files = json::array();
    for (const auto& file : l.files) files.push_back(entry_fields(file));
    return {{"transfer", model::to_string(l.transfer)},
            {"files", std::move(files)},
            {"entries", l.entries},
            {"folder", l.folder},
            {"free_bytes", l.free_bytes ? json(*l.free_bytes) : json(nullptr)}};
}

std::string_view to_string(AutoAccept::Rule rule) {
    switch (rule) {
        case AutoAccept::Rule::ask:
            return "ask";
        case AutoAccept::Rule::up_to:
            return "up_to";
        case AutoAccept::Rule::always:
            return "always";
    }
    return "ask";
}

}  // namespace kith::control
