// SPDX-License-Identifier: MIT
#include "gui/search_feed.hpp"

#include <algorithm>
#include <utility>

#include "gui/utf8.hpp"

namespace kith::gui {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

void SearchFeed::want(std::string_view text, const std::optional<model::PeerId>& peer) {
    const std::string_view query = cut_utf8(trimmed(text), model::query_max);
    if (query == text_ && peer == peer_) return;
    text_ = query;
    peer_ = peer;
    ++number_;
    refresh();
    if (!blank()) return;
    hits_.clear();
    more_ = false;
}

void SearchFeed::refresh() {
    error_.clear();
    wanted_.reset();
    if (!blank()) wanted_ = model::Search{text_, peer_, page_size, std::nullopt};
}

void SearchFeed::want_more() {
    if (!more_ || waiting() || hits_.empty() || hits_.size() >= held_max) return;
    wanted_ = model::Search{text_, peer_, page_size, hits_.back().message.id};
}

std::optional<model::Search> SearchFeed::next_question() {
    if (asked_ || !wanted_) return std::nullopt;
    asked_ = std::exchange(wanted_, std::nullopt);
    return asked_;
}

bool SearchFeed::current(const model::Search& asked) const {
    return !wanted_ && asked.text == text_ && asked.peer == peer_;
}

void SearchFeed::take(const model::Search& asked, const model::Hits& answer) {
    asked_.reset();
    if (!current(asked)) return;
    if (!asked.before) hits_.clear();
    // What the next page goes on behind may have been removed meanwhile.
    const bool joins = !asked.before || (!hits_.empty() && hits_.back().message.id == asked.before);
    if (!joins) return refresh();
    hits_.insert(hits_.end(), answer.hits.begin(), answer.hits.end());
    more_ = answer.more && !answer.hits.empty();
}

void SearchFeed::failed(const model::Search& asked, const model::Error& error) {
    asked_.reset();
    if (!current(asked)) return;
    error_ = error.text;
    if (!asked.before) hits_.clear();
    more_ = false;
}

void SearchFeed::forget(const model::PeerId& peer, const std::vector<model::MessageId>& ids) {
    std::erase_if(hits_, [&](const model::Hit& hit) {
        if (hit.message.peer != peer) return false;
        return ids.empty() || std::find(ids.begin(), ids.end(), hit.message.id) != ids.end();
    });
}

void SearchFeed::apply(const model::Event& event) {
    if (const auto* gone = std::get_if<model::MessagesRemoved>(&event))
        forget(gone->peer, gone->messages);
    if (const auto* gone = std::get_if<model::PeerRemoved>(&event)) forget(gone->peer, {});
    if (std::holds_alternative<model::Resync>(event)) refresh();
    const auto* changed = std::get_if<model::MessageChanged>(&event);
    if (!changed) return;
    const model::Message& now = changed->message;
    if (now.deleted) return forget(now.peer, {now.id});
    const bool other_text = std::any_of(hits_.begin(), hits_.end(), [&](const model::Hit& hit) {
        return hit.message.id == now.id && hit.message.peer == now.peer &&
               hit.message.text != now.text;
    });
    if (other_text) refresh();
}

}  // namespace kith::gui
