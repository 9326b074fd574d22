// SPDX-License-Identifier: MIT
//
// The part of one conversation that is held in memory: a window of at most `held_max` messages that
// moves over the history in pages. Older pages are asked for as the reader scrolls up; what is then
// too many at the far end is dropped and asked for again on the way back. Plain data; UI thread.
//
// Pages can only be asked for by the message they end before, so each dropped page leaves its first
// message's id behind:
//
//   store:   ……[older]|[ window, ≤ 1000 ]|[page n]…[page 1][page 0 = newest]
//                                         newer_.back()      newer_.front()
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "app/model/command.hpp"

namespace kith::gui {

class Conversation {
public:
    static constexpr std::size_t page_size = 100;
    static constexpr std::size_t held_max = 1000;

    /// Oldest first.
    [[nodiscard]] const std::deque<model::Message>& messages() const { return messages_; }
    [[nodiscard]] bool loaded() const { return loaded_; }
    [[nodiscard]] bool loading() const { return waiting_.has_value(); }
    [[nodiscard]] bool has_older() const { return loaded_ && more_older_; }
    [[nodiscard]] bool has_newer() const { return !newer_.empty(); }
    /// Changes whenever the messages do.
    [[nodiscard]] std::uint64_t revision() const { return revision_; }

    // What to ask the node for; nothing while an answer is due or when there is nothing to get.
    std::optional<model::ListMessages> ask_newest(const model::PeerId& peer);
    std::optional<model::ListMessages> ask_older(const model::PeerId& peer);
    std::optional<model::ListMessages> ask_newer(const model::PeerId& peer);

    void take_page(const model::ListMessages& asked, model::Messages page);
    void page_failed(const model::ListMessages& asked);
    /// A message that was just written or received.
    void add(const model::Message& message);
    void set_state(const model::MessageId& id, model::MessageState state);
    /// Forgets everything; the next ask_newest starts anew.
    void reset();

private:
    enum class Direction { newest, older, newer };
    struct Waiting {
        Direction direction;
        std::optional<model::MessageId> before;
    };
    struct DroppedPage {
        model::MessageId first;
        std::size_t count;
    };

    std::optional<model::ListMessages> ask(const model::PeerId& peer, Direction direction,
                                           std::optional<model::MessageId> before,
                                           std::size_t limit);
    void insert(model::Message message);
    void drop_newest();
    void drop_oldest();

    std::deque<model::Message> messages_;
    std::vector<DroppedPage> newer_;
    std::optional<Waiting> waiting_;
    bool loaded_ = false;
    bool more_older_ = false;
    std::uint64_t revision_ = 0;
};

}  // namespace kith::gui
