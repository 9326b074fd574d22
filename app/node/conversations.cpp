// SPDX-License-Identifier: MIT
#include "app/node/conversations.hpp"

#include <unordered_set>

namespace kith::node {
namespace {

// Messages looked up again because they may have been read or begun to count down; those further
// back are seen when they are listed.
constexpr std::size_t look_up_max = 200;

}  // namespace

std::string preview(std::string_view text) {
    constexpr std::size_t bytes_max = 200;
    std::size_t size = std::min(text.size(), bytes_max);
    while (size > 0 && size < text.size() &&
           (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        --size;
    std::string line(text.substr(0, size));
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
}

Conversations::Conversations(Context& context, Outboxes& outboxes)
    : context_(context), outboxes_(outboxes) {
    outboxes_.on_delivered = [this](const auto& peer, const auto& texts) {
        delivered(peer, texts);
    };
}

model::Message Conversations::as_now(model::Message message) {
    if (message.outgoing && message.state == model::MessageState::queued &&
        outboxes_.of(message.peer).in_flight(message.id)) {
        message.state = model::MessageState::sent;
    }
    if (message.transfer) refresh_transfer(message);
    return message;
}

void Conversations::send(const model::PeerId& peer, std::optional<store::Outgoing> entry) {
    if (entry) outboxes_.committed(peer, std::move(*entry));
}

void Conversations::added(model::Message message, std::optional<store::Outgoing> entry) {
    const auto peer = message.peer;
    if (Person* person = context_.people.find(peer)) {
        if (!message.outgoing && !message.deleted) ++person->unread;
        person->last_activity = message.at;  // as the store counts it: of the one that came last
        person->last_text = preview(message.text);
        context_.events.person_changed(peer);
    }
    context_.events.publish(model::MessageAdded{std::move(message)});
    send(peer, std::move(entry));
}

void Conversations::changed(store::Changed change) {
    if (Person* person = context_.people.find(change.peer)) {
        const bool other_count = std::exchange(person->unread, change.unread) != change.unread;
        if (change.last_text) person->last_text = preview(*change.last_text);
        if (other_count || change.last_text) context_.events.person_changed(change.peer);
    }
    if (change.message) {
        if (change.message->deleted) {
            outboxes_.of(change.peer).forget(change.message->id);
            on_message_gone(change.message->id);
        }
        context_.events.publish(model::MessageChanged{as_now(std::move(*change.message))});
    }
    send(change.peer, std::move(change.entry));
}

void Conversations::show_newest(const model::PeerId& peer, const Newest& newest) {
    Person* person = context_.people.find(peer);
    if (person == nullptr) return;
    person->unread = newest.unread;
    person->last_activity = newest.last_activity;
    person->last_text = preview(newest.last_text);
    context_.events.person_changed(peer);
}

void Conversations::gone(store::Gone gone, const model::MessageId& message) {
    show_newest(gone.peer, {gone.unread, gone.last_activity, gone.last_text});
    on_message_gone(message);
    context_.events.publish(model::MessagesRemoved{gone.peer, {message}});
    send(gone.peer, std::move(gone.entry));
}

void Conversations::emptied(const model::PeerId& peer, const store::Emptied& emptied) {
    show_newest(peer, {emptied.unread, emptied.last_activity, emptied.last_text});
    context_.events.publish(model::MessagesRemoved{peer, {}});
}

void Conversations::pruned(const store::Pruned& pruned) {
    for (const auto& conversation : pruned.conversations) {
        show_newest(conversation.peer,
                    {conversation.unread, conversation.last_activity, conversation.last_text});
        if (conversation.messages.empty()) continue;  // would mean all of them
        context_.events.publish(model::MessagesRemoved{conversation.peer, conversation.messages});
    }
}

void Conversations::read_here(const model::PeerId& peer, const model::MessageId& message,
                              store::Unread read) {
    std::size_t counting = 0;
    if (Person* person = context_.people.find(peer)) {
        counting = std::min<std::size_t>(person->unread, look_up_max / 2);
        person->unread = read.count;
        context_.events.person_changed(peer);
    }
    if (read.changed) {
        on_countdown();
        look_up(peer, message, 2 * counting + 1, [this](const model::Message& now) {
            if (!now.outgoing && now.expires_at != 0)
                context_.events.publish(model::MessageChanged{now});
        });
    }
    send(peer, std::move(read.entry));
}

void Conversations::read_there(const model::PeerId& peer, const store::ReadByPeer& read) {
    for (const auto& id : read.texts) {
        context_.events.publish(model::MessageStateChanged{peer, id, model::MessageState::read});
    }
}

/// They may be below what the peer had read before we learned of the delivery, and those with a
/// timer count down from now on. One tells whether the others are worth looking at.
void Conversations::delivered(const model::PeerId& peer,
                              const std::vector<model::MessageId>& texts) {
    on_countdown();
    const auto newest = texts.back();
    const std::size_t all = std::min(look_up_max, 2 * texts.size() - 1);
    std::unordered_set<model::MessageId> changed(texts.begin(), texts.end());
    look_up(peer, newest, 1, [=, this, changed = std::move(changed)](const model::Message& one) {
        if (one.state != model::MessageState::read && one.timer == 0) return;
        look_up(peer, newest, all, [this, changed](const model::Message& now) {
            if (changed.contains(now.id)) show_delivered(now);
        });
    });
}

void Conversations::show_delivered(const model::Message& now) {
    if (now.state == model::MessageState::read)
        context_.events.publish(model::MessageStateChanged{now.peer, now.id, now.state});
    if (now.expires_at != 0) context_.events.publish(model::MessageChanged{now});
}

void Conversations::look_up(const model::PeerId& peer, const model::MessageId& around,
                            std::size_t limit, std::function<void(const model::Message&)> visit) {
    store::LoadPage job{peer, limit, {}, {}, around};
    context_.store.submit(job, [visit = std::move(visit)](const store::Result& result) {
        if (!result) return;  // gone already, or seen when the messages are listed
        for (const auto& message : std::get<store::Page>(*result).messages) visit(message);
    });
}

void Conversations::timers(const model::PeerId& peer, store::Timers timers) {
    if (Person* person = context_.people.find(peer)) {
        person->timer_mine = timers.mine;
        person->timer_theirs = timers.theirs;
        context_.events.person_changed(peer);
    }
    send(peer, std::move(timers.entry));
}

}  // namespace kith::node
