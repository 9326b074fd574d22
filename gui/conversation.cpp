// SPDX-License-Identifier: MIT
#include "gui/conversation.hpp"

#include <algorithm>
#include <tuple>

namespace kith::gui {
namespace {

bool comes_before(const model::Message& a, const model::Message& b) {
    return std::tie(a.position, a.id) < std::tie(b.position, b.id);
}

}  // namespace

std::optional<model::ListMessages> Conversation::ask(const model::PeerId& peer, Direction direction,
                                                     std::optional<model::MessageId> before,
                                                     std::size_t limit) {
    waiting_ = Waiting{direction, before};
    return model::ListMessages{peer, std::min(limit, model::page_max), before};
}

std::optional<model::ListMessages> Conversation::ask_newest(const model::PeerId& peer) {
    if (loading() || (loaded_ && !has_newer())) return std::nullopt;
    return ask(peer, Direction::newest, std::nullopt, page_size);
}

std::optional<model::ListMessages> Conversation::ask_older(const model::PeerId& peer) {
    if (loading() || !has_older() || messages_.empty()) return std::nullopt;
    return ask(peer, Direction::older, messages_.front().id, page_size);
}

std::optional<model::ListMessages> Conversation::ask_newer(const model::PeerId& peer) {
    if (loading() || !has_newer()) return std::nullopt;
    const bool newest = newer_.size() == 1;
    const auto before = newest ? std::nullopt : std::optional(newer_[newer_.size() - 2].first);
    return ask(peer, Direction::newer, before, newer_.back().count);
}

void Conversation::take_page(const model::ListMessages& asked, model::Messages page) {
    // Answers to questions from before a reset() find nobody waiting.
    if (!waiting_ || waiting_->before != asked.before) return;
    const Direction direction = waiting_->direction;
    waiting_.reset();
    if (direction == Direction::newest && has_newer()) messages_.clear(), newer_.clear();
    if (direction == Direction::newer) newer_.pop_back();
    if (direction != Direction::newer) more_older_ = page.more;
    for (auto& message : page.messages) insert(std::move(message));
    if (direction == Direction::older) drop_newest();
    if (direction == Direction::newer) drop_oldest();
    loaded_ = true;
    ++revision_;
}

void Conversation::page_failed(const model::ListMessages& asked) {
    if (!waiting_ || waiting_->before != asked.before) return;
    waiting_.reset();
    // Asking again at once would fail again, for every frame drawn.
    more_older_ = false;
    loaded_ = true;
    ++revision_;
}

void Conversation::add(const model::Message& message) {
    if (!loaded_ && !loading()) return;
    if (has_newer()) {
        ++newer_.front().count;
        return;
    }
    insert(message);
    if (messages_.size() > held_max + page_size) drop_oldest();
    ++revision_;
}

void Conversation::set_state(const model::MessageId& id, model::MessageState state) {
    const auto found = std::find_if(messages_.rbegin(), messages_.rend(),
                                    [&](const auto& message) { return message.id == id; });
    if (found == messages_.rend()) return;
    found->state = state;
    ++revision_;
}

void Conversation::reset() {
    const auto revision = revision_;
    *this = Conversation{};
    revision_ = revision + 1;
}

void Conversation::insert(model::Message message) {
    const auto same = [&](const auto& held) { return held.id == message.id; };
    const auto at = std::lower_bound(messages_.begin(), messages_.end(), message, comes_before);
    if (at != messages_.end() && same(*at)) {
        *at = std::move(message);
        return;
    }
    messages_.insert(at, std::move(message));
}

void Conversation::drop_newest() {
    while (messages_.size() > held_max) {
        const std::size_t count = std::min(page_size, messages_.size() - held_max);
        const auto first = messages_.end() - static_cast<std::ptrdiff_t>(count);
        newer_.push_back({first->id, count});
        messages_.erase(first, messages_.end());
    }
}

void Conversation::drop_oldest() {
    if (messages_.size() <= held_max) return;
    const auto count = static_cast<std::ptrdiff_t>(messages_.size() - held_max);
    messages_.erase(messages_.begin(), messages_.begin() + count);
    more_older_ = true;
}

}  // namespace kith::gui
