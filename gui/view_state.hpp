// SPDX-License-Identifier: MIT
//
// What the window knows: plain data built from events and answers, read by the panels. No I/O and
// no clock. UI thread.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/model/window_port.hpp"
#include "gui/conversation.hpp"

namespace kith::gui {

inline constexpr std::size_t notices_max = 200;  ///< kept for the log page

/// How the last AddContact went, for its dialog.
struct AddContactProgress {
    bool waiting = false;
    std::string error;  ///< for a person; empty when all is well
    std::optional<model::PeerId> added;
};

struct ViewState {
    model::Stage stage = model::Stage::working;
    std::string stage_text;
    bool wrong_password = false;

    model::Profile profile;
    model::Settings settings;
    bool settings_known = false;
    model::NetworkStatus network;
    std::unordered_map<model::PeerId, model::Peer> peers;
    std::vector<model::PeerId> order;            ///< newest activity first
    std::vector<model::Request> requests;        ///< oldest first
    std::unordered_set<model::PeerId> answered;  ///< requests with a decision on its way
    std::unordered_map<model::PeerId, Conversation> conversations;
    std::unordered_map<model::PeerId, std::string> safety_numbers;

    std::deque<model::Notice> notices;  ///< newest last
    std::uint64_t notices_seen = 0;     ///< how many there have ever been
    AddContactProgress add_contact;
    std::vector<model::SendText> unsent;  ///< refused texts, to be put back into the draft

    [[nodiscard]] const model::Peer* find(const model::PeerId& peer) const;
    [[nodiscard]] std::uint32_t unread_total() const;
};

// What happened.
void apply(ViewState& view, const model::StageChanged& change);
void apply(ViewState& view, const model::Event& event);
/// The answer to a command that was given earlier. `now` dates the notice of a failure.
void apply(ViewState& view, const model::Command& asked, const model::Reply& reply,
           model::Timestamp now);
/// A command is on its way: panels show that they wait.
void note_asked(ViewState& view, const model::Command& command);

/// What a fresh or lost view asks for.
[[nodiscard]] std::vector<model::Command> initial_questions();

void add_notice(ViewState& view, model::NoticeLevel level, std::string text, model::Timestamp at);

}  // namespace kith::gui
