// SPDX-License-Identifier: MIT
//
// What has to hold once the faults are over.
#include <algorithm>
#include <set>

#include "tests/sim/chaos.hpp"

namespace kith::sim {

using namespace std::chrono_literals;

namespace {

constexpr int rounds_max = 150;
constexpr auto round = 4s;  // of simulated time

std::string about(const model::Message& message) {
    return model::to_string(message.id) + " \"" + message.text.substr(0, 40) + "\"";
}

std::vector<const model::Message*> of(const std::vector<model::Message>& all, bool outgoing) {
    std::vector<const model::Message*> some;
    for (const auto& message : all) {
        if (message.outgoing == outgoing) some.push_back(&message);
    }
    return some;
}

std::set<std::pair<std::string, bool>> reactions(const model::Message& message, bool mirrored) {
    std::set<std::pair<std::string, bool>> all;
    for (const auto& r : message.reactions) all.emplace(r.emoji, r.mine != mirrored);
    return all;
}

std::optional<std::string> difference(const model::Message& sent, const model::Message& received) {
    if (sent.text != received.text) return "the texts differ";
    if (sent.deleted != received.deleted) return "only one side has deleted it";
    if (sent.edited != received.edited) return "only one side shows it as edited";
    if (sent.reply_to != received.reply_to) return "the replies differ";
    if (reactions(sent, false) != reactions(received, true)) return "the reactions differ";
    if (sent.state != model::MessageState::delivered && sent.state != model::MessageState::read)
        return "it is not delivered";
    return std::nullopt;
}

}  // namespace

Chaos::Problem Chaos::settle() {
    Problem problem = "never checked";
    for (int i = 0; i < rounds_max && problem; ++i) {
        network_.run_for(round);
        problem = check_all();
    }
    if (problem) return problem;
    network_.run_for(60s);  // and it stays so
    if (problem = check_all(); problem) return problem;
    return check_restart();
}

Chaos::Problem Chaos::check_all() {
    for (std::size_t a = 0; a < nodes_.size(); ++a) {
        for (std::size_t b = 0; b < nodes_.size(); ++b) {
            if (a == b) continue;
            if (auto problem = compare({a, b})) return problem;
            if (auto problem = compare_people({a, b})) return problem;
        }
    }
    return std::nullopt;
}

/// The texts of one writer, as both have them. A text that was deleted before it had left leaves
/// its tombstone with the writer only; one that was taken back after it had arrived, with the
/// reader.
Chaos::Problem Chaos::compare(Pair pair) {
    const auto here = node(pair.first).conversation(node(pair.second));
    const auto there = node(pair.second).conversation(node(pair.first));
    auto expected = of(here, true);
    auto received = of(there, false);
    const auto only_tombstones_miss = [](auto& some, const auto& others) {
        std::set<model::MessageId> ids;
        for (const auto* message : others) ids.insert(message->id);
        std::erase_if(some, [&](const auto* m) { return m->deleted && !ids.contains(m->id); });
    };
    only_tombstones_miss(expected, received);
    only_tombstones_miss(received, expected);
    for (std::size_t i = 0; i < std::max(expected.size(), received.size()); ++i) {
        if (i >= received.size()) return "missing at the reader: " + about(*expected[i]);
        if (i >= expected.size()) return "unknown to its writer: " + about(*received[i]);
        if (expected[i]->id != received[i]->id)
            return "the order differs at " + about(*expected[i]) + " and " + about(*received[i]);
        if (const auto what = difference(*expected[i], *received[i]))
            return *what + ": " + about(*expected[i]) + " / " + about(*received[i]);
    }
    return check_promises(pair, here);
}

Chaos::Problem Chaos::check_promises(Pair pair, const std::vector<model::Message>& history) {
    std::map<model::MessageId, const model::Message*> by_id;
    for (const auto* message : of(history, true)) by_id[message->id] = message;
    const auto& written = written_[pair];
    for (std::size_t i = 0; i < written.size(); ++i) {
        const Written& text = written[i];
        const auto found = by_id.find(text.id);
        const std::string name = "\"" + text.versions.front().substr(0, 40) + "\"";
        if (found == by_id.end()) {
            if (!text.cancel_asked) return "promised and lost: " + name;
            continue;
        }
        const model::Message& message = *found->second;
        if (text.cancelled) return "taken back and still there: " + name;
        if (message.deleted && !text.erase_asked) return "deleted by nobody: " + name;
        const auto& versions = text.versions;
        if (!message.deleted &&
            std::find(versions.begin(), versions.end(), message.text) == versions.end())
            return "a text nobody wrote: " + about(message);
        if (!message.deleted && i < read_up_to_[pair] && message.state != model::MessageState::read)
            return "its reader has read it and it does not say so: " + name;
    }
    return std::nullopt;
}

Chaos::Problem Chaos::compare_people(Pair pair) {
    const auto mine = node(pair.first).peer(node(pair.second));
    const auto theirs = node(pair.second).peer(node(pair.first));
    if (!mine || !theirs) return "they are no longer contacts";
    if (mine->timer_mine != theirs->timer_theirs)
        return "the times after which messages disappear differ";
    return std::nullopt;
}

/// What is shown while running is what is found after a crash.
Chaos::Problem Chaos::check_restart() {
    for (std::size_t a = 0; a < nodes_.size(); ++a) {
        for (std::size_t b = 0; b < nodes_.size(); ++b) {
            if (a == b) continue;
            const auto before = node(a).peer(node(b));
            node(a).crash(true);
            node(a).start();
            const auto after = node(a).peer(node(b));
            if (!before || !after) return "a contact was lost in a restart";
            if (before->unread != after->unread)
                return "unread: " + std::to_string(before->unread) + " before and " +
                       std::to_string(after->unread) + " after a restart";
            if (before->last_text != after->last_text ||
                before->last_activity != after->last_activity)
                return "the list shows another last text after a restart: \"" + before->last_text +
                       "\", \"" + after->last_text + "\"";
        }
    }
    return std::nullopt;
}

}  // namespace kith::sim
