// SPDX-License-Identifier: MIT
#include "gui/conversation.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_set>
#include <utility>

#include "gui/transfer_feed.hpp"
#include "gui/utf8.hpp"

namespace kith::gui {
namespace {

constexpr std::size_t quote_max = 200;  // bytes, as the store cuts it

bool comes_before(const model::Message& a, const model::Message& b) {
    return std::tie(a.position, a.id) < std::tie(b.position, b.id);
}

model::ListMessages page_at(const model::PeerId& peer) {
    model::ListMessages question;
    question.peer = peer;
    question.limit = Conversation::page_size;
    return question;
}

bool same_question(const model::ListMessages& a, const model::ListMessages& b) {
    return a.before == b.before && a.after == b.after && a.around == b.around;
}

// What a reply shows of the message it answers, as that is now.
model::Quote quote_of(const model::Message& message) {
    return {std::string(cut_utf8(message.deleted ? std::string_view{} : message.text, quote_max)),
            message.outgoing, message.deleted};
}

}  // namespace

const HeldMessage* Conversation::find(const model::MessageId& id) const {
    const auto at = std::find_if(messages_.rbegin(), messages_.rend(),
                                 [&](const HeldMessage& held) { return held.id == id; });
    return at == messages_.rend() ? nullptr : &*at;
}

std::optional<model::ListMessages> Conversation::ask(Direction direction,
                                                     model::ListMessages question) {
    waiting_ = Waiting{direction, question};
    return question;
}

std::optional<model::ListMessages> Conversation::ask_newest(const model::PeerId& peer) {
    if (loading() || (loaded_ && !has_newer())) return std::nullopt;
    return ask(Direction::newest, page_at(peer));
}

std::optional<model::ListMessages> Conversation::ask_older(const model::PeerId& peer) {
    if (loading() || !has_older() || messages_.empty()) return std::nullopt;
    auto question = page_at(peer);
    question.before = messages_.front().id;
    return ask(Direction::older, std::move(question));
}

std::optional<model::ListMessages> Conversation::ask_newer(const model::PeerId& peer) {
    if (loading() || !has_newer() || messages_.empty()) return std::nullopt;
    auto question = page_at(peer);
    question.after = messages_.back().id;
    return ask(Direction::newer, std::move(question));
}

std::optional<model::ListMessages> Conversation::ask_around(const model::PeerId& peer,
                                                            const model::MessageId& message) {
    abandon();
    auto question = page_at(peer);
    question.around = message;
    return ask(Direction::around, std::move(question));
}

// Answers come in the order of the questions, so the first of equal ones is the abandoned one.
std::optional<Conversation::Direction> Conversation::answered(const model::ListMessages& asked) {
    const auto old = std::find_if(abandoned_.begin(), abandoned_.end(), [&](const auto& question) {
        return same_question(question, asked);
    });
    if (old != abandoned_.end()) {
        abandoned_.erase(old);
        return std::nullopt;
    }
    if (!waiting_ || !same_question(waiting_->asked, asked)) return std::nullopt;
    const Direction direction = waiting_->direction;
    waiting_.reset();
    return direction;
}

void Conversation::take_page(const model::ListMessages& asked, model::Messages page) {
    const auto direction = answered(asked);
    if (!direction) return;
    const bool elsewhere =
        *direction == Direction::around || (*direction == Direction::newest && has_newer());
    if (elsewhere) messages_.clear();
    if (*direction != Direction::newer) more_older_ = page.more;
    if (*direction != Direction::older) more_newer_ = page.more_newer;
    // From the end that joins what is held, so that nothing is moved over and over.
    if (*direction == Direction::older)
        for (auto at = page.messages.rbegin(); at != page.messages.rend(); ++at) insert(*at);
    else
        for (const auto& message : page.messages) insert(message);
    if (*direction == Direction::older) drop_newest();
    if (*direction == Direction::newer) drop_oldest();
    loaded_ = true;
    ++revision_;
}

void Conversation::page_failed(const model::ListMessages& asked) {
    const auto direction = answered(asked);
    if (!direction) return;
    // Asking again at once would fail again, for every frame drawn.
    if (*direction == Direction::older) more_older_ = false;
    if (*direction == Direction::newer) more_newer_ = false;
    // A jump that failed leaves what is held, or what is asked for next.
    if (*direction != Direction::around) loaded_ = true;
    ++revision_;
}

void Conversation::add(const model::Message& message) {
    if (!loaded_ && !loading()) return;
    if (!message.outgoing) ++arrived_;
    ++revision_;
    // Elsewhere in the history it would leave a gap; it is in a page that is still to come.
    const bool at_newest = loaded_ ? !more_newer_ : waiting_->direction == Direction::newest;
    if (!at_newest) return;
    insert(message);
    if (messages_.size() > held_max + page_size) drop_oldest();
}

void Conversation::set_state(const model::MessageId& id, model::MessageState state) {
    const auto held = std::find_if(messages_.rbegin(), messages_.rend(),
                                   [&](const HeldMessage& message) { return message.id == id; });
    if (held == messages_.rend()) return;
    const bool failure =
        held->state == model::MessageState::failed || state == model::MessageState::failed;
    if (failure) held->version = ++versions_;
    held->state = state;
    ++revision_;
}

void Conversation::change(const model::Message& message) {
    for (HeldMessage& held : messages_) {
        if (held.id == message.id) replace(held, message);
        if (held.reply_to != message.id) continue;
        held.quote = quote_of(message);
        held.version = ++versions_;
    }
    ++revision_;
}

void Conversation::set_transfer(const model::Transfer& transfer) {
    const auto held = std::find_if(messages_.rbegin(), messages_.rend(),
                                   [&](const auto& message) { return message.id == transfer.id; });
    if (held == messages_.rend()) return;
    const bool same = held->transfer && same_shape(*held->transfer, transfer);
    held->transfer = transfer;
    if (same) return;
    held->version = ++versions_;
    ++revision_;
}

void Conversation::touch(const model::MessageId& id) {
    const auto held = std::find_if(messages_.rbegin(), messages_.rend(),
                                   [&](const auto& message) { return message.id == id; });
    if (held == messages_.rend()) return;
    held->version = ++versions_;
    ++revision_;
}

void Conversation::remove(const std::vector<model::MessageId>& ids) {
    const std::unordered_set<model::MessageId> gone(ids.begin(), ids.end());
    std::erase_if(messages_, [&](const HeldMessage& held) { return gone.contains(held.id); });
    for (HeldMessage& held : messages_) {
        if (!held.quote || !gone.contains(*held.reply_to)) continue;
        held.quote.reset();
        held.version = ++versions_;
    }
    // With nothing left there is no place to page on from.
    if (messages_.empty() && (more_older_ || more_newer_)) return reset();
    ++revision_;
}

void Conversation::abandon() {
    if (waiting_) abandoned_.push_back(waiting_->asked);
    waiting_.reset();
}

void Conversation::reset() {
    abandon();
    messages_.clear();
    loaded_ = more_older_ = more_newer_ = false;
    ++revision_;
}

void Conversation::insert(const model::Message& message) {
    const auto at = std::lower_bound(messages_.begin(), messages_.end(), message, comes_before);
    if (at != messages_.end() && at->id == message.id) return replace(*at, message);
    messages_.insert(at, HeldMessage{message, ++versions_});
}

void Conversation::replace(HeldMessage& held, const model::Message& message) {
    held = HeldMessage{message, ++versions_};
}

void Conversation::drop_newest() {
    if (messages_.size() <= held_max) return;
    messages_.erase(messages_.begin() + static_cast<std::ptrdiff_t>(held_max), messages_.end());
    more_newer_ = true;
}

void Conversation::drop_oldest() {
    if (messages_.size() <= held_max) return;
    const auto count = static_cast<std::ptrdiff_t>(messages_.size() - held_max);
    messages_.erase(messages_.begin(), messages_.begin() + count);
    more_older_ = true;
}

}  // namespace kith::gui
