// SPDX-License-Identifier: MIT
//
// What the store has committed, for those who look at it: people in the list, events, and entries
// for the outbox. Everything that changes a history comes through here. Network thread only.
#pragma once

#include "app/node/outboxes.hpp"

namespace kith::node {

class Conversations {
public:
    Conversations(Context& context, Outboxes& outboxes);

    /// A new message; `entry` when it is one of ours.
    void added(model::Message message, std::optional<store::Outgoing> entry = {});
    void changed(store::Changed change);
    void gone(store::Gone gone, const model::MessageId& message);
    void emptied(const model::PeerId& peer, const store::Emptied& emptied);
    void pruned(const store::Pruned& pruned);
    void read_here(const model::PeerId& peer, const model::MessageId& message, store::Unread read);
    void read_there(const model::PeerId& peer, const store::ReadByPeer& read);
    void timers(const model::PeerId& peer, store::Timers timers);

    /// With the state of the moment: what is on its way in a live session is `sent`.
    [[nodiscard]] model::Message as_now(model::Message message);

    /// Messages may have begun to count down.
    std::function<void()> on_countdown;
    /// Puts in how the transfer of an offer stands now.
    std::function<void(model::Message&)> refresh_transfer;
    /// Withdrawn or taken out of the history.
    std::function<void(const model::MessageId&)> on_message_gone;

private:
    struct Newest {
        std::uint32_t unread;
        model::Timestamp last_activity;
        const std::string& last_text;
    };
    void delivered(const model::PeerId& peer, const std::vector<model::MessageId>& texts);
    void show_delivered(const model::Message& now);
    void look_up(const model::PeerId& peer, const model::MessageId& around, std::size_t limit,
                 std::function<void(const model::Message&)> visit);
    void show_newest(const model::PeerId& peer, const Newest& newest);
    void send(const model::PeerId& peer, std::optional<store::Outgoing> entry);

    Context& context_;
    Outboxes& outboxes_;
};

/// A message's text as the conversation list shows it: one line, cut at a code point.
[[nodiscard]] std::string preview(std::string_view text);

}  // namespace kith::node
