// SPDX-License-Identifier: MIT
#include "app/control/message_fields.hpp"

#include "app/control/transfer_fields.hpp"

namespace kith::control {
namespace {

using json = nlohmann::ordered_json;
using namespace model;

/// Emoji to the fingerprints of those who gave it, in the order they came.
json reactions_of(const Message& m, const PeerId& self) {
    json reactions = json::object();
    for (const auto& reaction : m.reactions) {
        json& people = reactions[reaction.emoji];
        if (people.is_null()) people = json::array();
        people.push_back(to_hex(reaction.mine ? self : m.peer));
    }
    return reactions;
}

json quote_of(const Message& m) {
    if (!m.quote) return nullptr;
    return {
        {"text", m.quote->text}, {"outgoing", m.quote->outgoing}, {"deleted", m.quote->deleted}};
}

}  // namespace

std::string dump(const json& value) {
    return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json moment(Timestamp at) { return at > 0 ? json(to_rfc3339(at)) : json(nullptr); }

json waiting_at(MessageState state) {
    return state == MessageState::at_relay ? json("relay") : json(nullptr);
}

json message_fields(const Message& m, const PeerId& self) {
    return {{"message", to_string(m.id)},
            {"from", to_hex(m.outgoing ? self : m.peer)},
            {"text", m.text},
            {"at", to_rfc3339(m.at)},
            {"state", to_string(m.state)},
            {"waiting_at", waiting_at(m.state)},
            {"edited", m.edited},
            {"deleted", m.deleted},
            {"reply_to", m.reply_to ? json(to_string(*m.reply_to)) : json(nullptr)},
            {"quote", quote_of(m)},
            {"reactions", reactions_of(m, self)},
            {"files", offered_files(m)},
            {"transfer", m.transfer ? json(to_string(m.transfer->id)) : json(nullptr)},
            {"timer", m.timer},
            {"expires_at", moment(m.expires_at)},
            {"peer", to_hex(m.peer)},
            {"outgoing", m.outgoing}};
}

}  // namespace kith::control
