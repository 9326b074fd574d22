// SPDX-License-Identifier: MIT
#include "app/node/outboxes.hpp"

namespace kith::node {

Outbox& Outboxes::of(const model::PeerId& peer) {
    auto& slot = outboxes_[peer];
    if (!slot) slot = std::make_unique<Outbox>(context_, hand_over, peer, on_delivered);
    return *slot;
}

void Outboxes::committed(const model::PeerId& peer, store::Outgoing entry) {
    const Person* person = context_.people.find(peer);
    if (person == nullptr || !person->is_contact()) return;
    of(peer).committed(std::move(entry));
    if (!person->session && on_waiting) on_waiting(peer);
}

void Outboxes::hold(const model::MessageId& text) {
    hand_over.hold(text);
    for (const auto& [peer, outbox] : outboxes_) outbox->withhold(text);
}

void Outboxes::taken_back(const model::PeerId& peer, const model::MessageId& text) {
    hand_over.release(text);
    of(peer).forget(text);
}

void Outboxes::kept(const model::MessageId& text) {
    hand_over.release(text);
    for (const auto& [peer, outbox] : outboxes_) {
        outbox->resume();
        // Whose it is only the store knows: whoever looks finds it, or nothing.
        const Person* person = context_.people.find(peer);
        if (person != nullptr && !person->session && on_waiting) on_waiting(peer);
    }
}

}  // namespace kith::node
