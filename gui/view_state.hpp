// SPDX-License-Identifier: MIT
//
// What the window knows: plain data built from events and answers, read by the panels. No I/O and
// no clock. UI thread.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "app/model/window_port.hpp"
#include "gui/conversation.hpp"
#include "gui/review_list.hpp"
#include "gui/search_feed.hpp"
#include "gui/transfer_feed.hpp"

namespace kith::gui {

inline constexpr std::size_t notices_max = 200;  ///< kept for the log page

/// Commands whose outcome is shown where they were given, rather than as a notice.
enum class Task {
    add_contact,
    set_name,
    set_password,
    backup,
    export_history,
    new_id,
    set_status,
    set_team,
    relays,
    relay_name,
    network_status
};
inline constexpr std::size_t task_count = 11;

/// How the last command of a task went.
struct Progress {
    bool waiting = false;
    bool done = false;
    std::string error;   ///< for a person; empty when all is well
    std::string result;  ///< for a person, when done
};

/// Heard in the local network and nothing else: listed under *Nearby*, not among conversations.
[[nodiscard]] bool is_nearby_stranger(const model::Peer& peer);

[[nodiscard]] std::optional<Task> task_of(const model::Command& command);

/// How many people have a name that looks like this (name_skeleton.hpp).
using NameCounts = std::unordered_map<std::string, std::uint32_t>;

/// A texture that is there to be drawn, and its size in pixels.
struct Picture {
    std::uint64_t texture = 0;
    int width = 0, height = 0;
};

/// Who answered at an address, or has a name, that was asked for.
struct AnsweredAt {
    std::string asked;  ///< as it was typed, without blanks
    model::FoundPerson person;
    std::string connection_id{};  ///< of whoever has the name; empty: it was an address
};

struct ViewState {
    model::Stage stage = model::Stage::working;
    std::string stage_text;
    bool wrong_password = false;
    bool can_set_aside = false;

    model::Profile profile;
    model::Settings settings;
    bool settings_known = false;
    model::NetworkStatus network;
    std::vector<model::Relay> relays;  ///< of one's own, in the order they were added
    std::unordered_map<model::PeerId, model::Peer> peers;
    std::vector<model::PeerId> order;            ///< newest activity first, without `nearby`
    std::vector<model::PeerId> nearby;           ///< strangers in the local network, by name
    NameCounts nearby_names, known_names;        ///< of strangers nearby, of everybody else
    std::unordered_set<model::PeerId> asking;    ///< nearby people who are being asked
    std::vector<model::Request> requests;        ///< oldest first
    std::unordered_set<model::PeerId> answered;  ///< requests with a decision on its way
    std::unordered_map<model::PeerId, Conversation> conversations;
    std::unordered_map<model::PeerId, std::string> safety_numbers;

    std::deque<model::Notice> notices;  ///< newest last
    std::uint64_t notices_seen = 0;     ///< how many there have ever been
    std::array<Progress, task_count> tasks;
    SearchFeed search;
    TransferFeed transfers;
    ReviewList review;  ///< the list of one transfer, while it is looked through
    std::unordered_map<model::TransferId, Picture> pictures;  ///< previews that are loaded

    // For whoever carries out what an answer means; taken from here.
    std::optional<model::PeerId> opening;    ///< a contact just added or accepted
    std::optional<AnsweredAt> answered_at;   ///< not added yet
    std::vector<model::SendText> unsent;     ///< refused texts, to be put back into the draft
    std::vector<model::EditMessage> unmade;  ///< refused edits, likewise
    std::optional<model::MessageId> missed;  ///< a jump that led nowhere
    bool settings_in_doubt = false;          ///< a change was refused: they are read anew

    [[nodiscard]] Progress& task(Task which) { return tasks.at(static_cast<std::size_t>(which)); }
    [[nodiscard]] const Progress& task(Task which) const {
        return tasks.at(static_cast<std::size_t>(which));
    }
    [[nodiscard]] const model::Peer* find(const model::PeerId& peer) const;
    [[nodiscard]] std::uint32_t unread_total() const;
    /// Of a stranger: somebody else nearby or a contact has the same name or one that looks alike.
    [[nodiscard]] bool looks_like_another(const model::Peer& stranger) const;
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
