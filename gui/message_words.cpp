// SPDX-License-Identifier: MIT
#include "gui/message_words.hpp"

#include "gui/strings.hpp"
#include "gui/time_text.hpp"

namespace kith::gui {
namespace {

/// Files that do not wait there with their offer.
bool offers_more(const model::Message& message) {
    return message.transfer && !message.transfer->at_relay;
}

}  // namespace

std::string_view words_for(const model::Message& message) {
    if (!message.outgoing || message.deleted) return {};
    switch (message.state) {
        case model::MessageState::queued:
            return strings::state_queued;
        case model::MessageState::at_relay:
            return offers_more(message) ? strings::state_offer_at_relay : strings::state_at_relay;
        case model::MessageState::sent:
            return strings::state_sent;
        case model::MessageState::delivered:
            return strings::state_delivered;
        case model::MessageState::read:
            return strings::state_read;
        case model::MessageState::failed:
            return strings::state_failed;
        case model::MessageState::received:
            break;
    }
    return {};
}

std::string tip_of(const model::Message& message) {
    std::string tip = full_text(message.at);
    if (const auto words = words_for(message); !words.empty()) tip += "\n" + std::string(words);
    return tip;
}

}  // namespace kith::gui
