// SPDX-License-Identifier: MIT
//
// Texts on their way to one contact. The store is the outbox; this is the part of it that a live
// session needs: what was read from the store and not sent, and what was sent and not acknowledged.
// Everything not acknowledged when a session ends is sent again in the next, in order; the receiver
// drops what it already has. Network thread only.
//
//   store --LoadOutbox--> ready_ --send--> in_flight_ --Ack--> MarkDelivered --> store
#pragma once

#include <unordered_map>

#include "app/node/context.hpp"

namespace kith::node {

class Outbox {
public:
    /// Unacknowledged texts in flight: how far a sender runs ahead. docs/protocol.md,
    /// "Texts in flight".
    static constexpr std::size_t window_messages = 2048;
    static constexpr std::size_t window_bytes = 4 << 20;
    /// Texts kept in memory between store and session; more wait in the store.
    static constexpr std::size_t ready_max = 1000;
    static constexpr std::size_t page = 500;

    Outbox(Context& context, model::PeerId peer) : context_(context), peer_(peer) {}

    void session_up();
    void session_down();
    /// A new text was committed at `position`.
    void committed(const model::Message& message);
    void drained();  ///< the session takes more
    void acknowledged(const std::vector<net::MessageId>& ids);
    [[nodiscard]] bool in_flight(const model::MessageId& id) const {
        return in_flight_.contains(id);
    }

private:
    void load();
    void loaded(std::uint64_t session, const store::Result& result);
    void pump();
    void send(const model::Message& message);
    [[nodiscard]] bool window_open() const;
    void announce(const model::MessageId& id, model::MessageState state);

    Context& context_;
    const model::PeerId peer_;
    std::uint64_t session_ = 0;  ///< counts sessions, so that late answers of the store are known
    bool up_ = false;
    bool loading_ = false;
    bool more_in_store_ = false;
    bool stopped_ = false;          ///< the session asked to wait for drained()
    std::uint64_t read_up_to_ = 0;  ///< position
    std::deque<model::Message> ready_;
    std::unordered_map<model::MessageId, std::size_t> in_flight_;  ///< id, bytes of text
    std::size_t in_flight_bytes_ = 0;
};

}  // namespace kith::node
