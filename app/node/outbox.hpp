// SPDX-License-Identifier: MIT
//
// What is on its way to one contact: texts and amendments. The store is the outbox; this is the
// part of it that a live session needs: what was read from the store and not sent, and what was
// sent and not acknowledged. Everything not acknowledged when a session ends is sent again in the
// next, in order; the receiver drops what it already has. Network thread only.
//
//   store --LoadOutbox--> ready_ --send--> in_flight_ --Ack--> Acknowledged --> store
#pragma once

#include <unordered_map>

#include "app/node/context.hpp"
#include "app/node/hand_over.hpp"

namespace kith::node {

class Outbox {
public:
    /// Unacknowledged messages in flight: how far a sender runs ahead. docs/protocol.md,
    /// "In flight".
    static constexpr std::size_t window_messages = 2048;
    static constexpr std::size_t window_bytes = 4 << 20;
    /// Entries kept in memory between store and session; more wait in the store.
    static constexpr std::size_t ready_max = 1000;
    static constexpr std::size_t page = 500;

    /// Texts the store has marked as delivered. Whether they are counted as read as well, or count
    /// down, is for the listener to look up.
    using OnDelivered =
        std::function<void(const model::PeerId&, const std::vector<model::MessageId>&)>;

    Outbox(Context& context, HandOver& hand_over, model::PeerId peer,
           const OnDelivered& on_delivered)
        : context_(context), hand_over_(hand_over), peer_(peer), on_delivered_(on_delivered) {}

    /// What they understand beside texts; the rest waits in the store.
    struct Understood {
        bool amendments = false;
        bool files = false;
    };
    void session_up(Understood understood);
    void session_down();
    /// A new entry was committed.
    void committed(store::Outgoing entry);
    void drained();  ///< the session takes more
    void acknowledged(const std::vector<net::MessageId>& ids);
    /// The same by mail: whatever was in flight or at a relay.
    void receipt(const std::vector<net::MessageId>& ids);
    [[nodiscard]] bool in_flight(const model::MessageId& id) const {
        return in_flight_.contains(id);
    }

    /// Being taken back: not to be sent until the store has decided.
    void withhold(const model::MessageId& text);
    /// The store has kept it: what was withheld goes out after all.
    void resume();
    /// Withdrawn: the store sends it no more.
    void forget(const model::MessageId& text);

private:
    struct Sent {
        store::Kind kind;
        std::size_t bytes;
        bool at_relay = false;
    };
    [[nodiscard]] bool understood(store::Kind kind) const;
    void read_from_start();
    void load();
    void loaded(std::uint64_t reading, store::Result result);
    void take(store::Outgoing entry);
    void pump();
    void send(const store::Outgoing& entry);
    void stored(std::uint64_t session, const store::Result& result);
    [[nodiscard]] bool window_open() const;
    void announce(const model::MessageId& id, model::MessageState state);

    Context& context_;
    HandOver& hand_over_;
    const model::PeerId peer_;
    const OnDelivered& on_delivered_;
    // Counted, so that late answers of the store are known.
    std::uint64_t session_ = 0;
    std::uint64_t reading_ = 0;  ///< of the store, from the beginning
    bool up_ = false;
    Understood understood_{};
    bool loading_ = false;
    bool more_in_store_ = false;
    bool passed_over_ = false;      ///< something withheld was read and left out
    bool stopped_ = false;          ///< the session asked to wait for drained()
    std::uint64_t read_up_to_ = 0;  ///< sequence
    std::deque<store::Outgoing> ready_;
    std::unordered_map<model::MessageId, Sent> in_flight_;
    std::size_t in_flight_bytes_ = 0;
};

}  // namespace kith::node
