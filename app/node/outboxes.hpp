// SPDX-License-Identifier: MIT
//
// The outboxes of all contacts. Network thread only.
#pragma once

#include <memory>

#include "app/node/outbox.hpp"

namespace kith::node {

class Outboxes {
public:
    explicit Outboxes(Context& context) : context_(context) {}

    [[nodiscard]] Outbox& of(const model::PeerId& peer);
    /// A new entry was committed; nothing to do for those who are no contacts (any more).
    void committed(const model::PeerId& peer, store::Outgoing entry);

    /// Taking back a text whose conversation only the store knows: hold(), ask the store, then one
    /// of the other two.
    void hold(const model::MessageId& text);
    void taken_back(const model::PeerId& peer, const model::MessageId& text);
    void kept(const model::MessageId& text);

    HandOver hand_over;
    Outbox::OnDelivered on_delivered;
    /// A new entry, and no session to send it in.
    std::function<void(const model::PeerId&)> on_waiting;

private:
    Context& context_;
    std::map<model::PeerId, std::unique_ptr<Outbox>> outboxes_;
};

}  // namespace kith::node
