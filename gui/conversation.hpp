// SPDX-License-Identifier: MIT
//
// The part of one conversation that is held in memory: a window of at most `held_max` messages that
// moves over the history in pages.
//
//   store:   ……[older page]|[ window, ≤ 1000 ]|[newer page]……[newest]
//
// Pages are asked for as the reader nears an end; what is then too many at the far end is dropped
// and asked for again on the way back. A jump replaces the window by one around its target. Events
// of messages outside the window change nothing here: they are in the page when it comes. Plain
// data; UI thread.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "app/model/command.hpp"

namespace kith::gui {

/// A message and which state of its looks this is: never the same again for another one.
struct HeldMessage : model::Message {
    std::uint64_t version = 0;
};

class Conversation {
public:
    static constexpr std::size_t page_size = 100;
    static constexpr std::size_t held_max = 1000;

    /// Oldest first.
    [[nodiscard]] const std::deque<HeldMessage>& messages() const { return messages_; }
    [[nodiscard]] const HeldMessage* find(const model::MessageId& id) const;
    [[nodiscard]] bool loaded() const { return loaded_; }
    [[nodiscard]] bool loading() const { return waiting_.has_value(); }
    [[nodiscard]] bool has_older() const { return loaded_ && more_older_; }
    [[nodiscard]] bool has_newer() const { return loaded_ && more_newer_; }
    /// Changes whenever the messages do; never goes back.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }
    /// How many came from the other side since the conversation was first read.
    [[nodiscard]] std::uint64_t arrived() const { return arrived_; }

    // What to ask the node for; nothing while an answer is due or when there is nothing to get.
    std::optional<model::ListMessages> ask_newest(const model::PeerId& peer);
    std::optional<model::ListMessages> ask_older(const model::PeerId& peer);
    std::optional<model::ListMessages> ask_newer(const model::PeerId& peer);
    /// A jump does not wait: what was asked before is no longer wanted.
    std::optional<model::ListMessages> ask_around(const model::PeerId& peer,
                                                  const model::MessageId& message);

    void take_page(const model::ListMessages& asked, model::Messages page);
    void page_failed(const model::ListMessages& asked);
    /// A message that was just written or received.
    void add(const model::Message& message);
    void set_state(const model::MessageId& id, model::MessageState state);
    void change(const model::Message& message);
    /// Of the message that offers it. What moves while bytes do changes no layout.
    void set_transfer(const model::Transfer& transfer);
    /// Its looks have changed for another reason: its picture is there.
    void touch(const model::MessageId& id);
    void remove(const std::vector<model::MessageId>& ids);
    /// Forgets everything; the next ask_newest starts anew.
    void reset();

private:
    enum class Direction { newest, older, newer, around };
    struct Waiting {
        Direction direction;
        model::ListMessages asked;
    };

    std::optional<model::ListMessages> ask(Direction direction, model::ListMessages question);
    /// Whether this is the answer that is waited for; it no longer is then.
    std::optional<Direction> answered(const model::ListMessages& asked);
    void abandon();
    void insert(const model::Message& message);
    void replace(HeldMessage& held, const model::Message& message);
    void drop_newest();
    void drop_oldest();

    std::deque<HeldMessage> messages_;
    std::optional<Waiting> waiting_;
    std::vector<model::ListMessages> abandoned_;  ///< their answers are still due
    bool loaded_ = false;
    bool more_older_ = false;
    bool more_newer_ = false;
    std::uint64_t revision_ = 0;
    std::uint64_t versions_ = 0;
    std::uint64_t arrived_ = 0;
};

}  // namespace kith::gui
