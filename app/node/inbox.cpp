// SPDX-License-Identifier: MIT
#include "app/node/inbox.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

/// Clocks of others may be wrong or lie; a message from the far future would stay on top for ever.
constexpr model::Timestamp future_tolerance_ms = 24LL * 3600 * 1000;

model::Message to_model(const model::PeerId& from, net::Text text, model::Timestamp now) {
    model::Message message;
    message.id.bytes = text.id;
    message.peer = from;
    message.text = std::move(text.text);
    message.at = std::clamp<model::Timestamp>(text.sent_at, 0, now + future_tolerance_ms);
    message.state = model::MessageState::received;
    if (text.reply_to) message.reply_to = model::MessageId{*text.reply_to};
    return message;
}

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

bool Inbox::receive(const model::PeerId& from, net::Text text) {
    Waiting& waiting = waiting_[from];
    if (waiting.messages >= waiting_messages || waiting.bytes >= waiting_bytes) return false;
    ++waiting.messages;
    waiting.bytes += text.text.size();
    const model::Message message = to_model(from, std::move(text), context_.now());
    context_.store.submit(
        store::InsertIncoming{message},
        [this, message](const store::Result& result) { stored(message, result); });
    return true;
}

void Inbox::stored(const model::Message& message, const store::Result& result) {
    Waiting& waiting = waiting_[message.peer];
    --waiting.messages;
    waiting.bytes -= message.text.size();
    if (!result) {
        // Not acknowledged: it comes again, in order, with the next session.
        context_.endpoint->drop_session(fingerprint(message.peer));
        return context_.report(model::NoticeLevel::error, result.error().text);
    }
    committed_[message.peer].push_back(message.id.bytes);
    const auto& inserted = std::get<store::Inserted>(*result);
    if (!inserted.duplicate) show(message, inserted.position);
}

void Inbox::show(model::Message message, std::uint64_t position) {
    message.position = position;
    if (Person* person = context_.people.find(message.peer)) {
        ++person->unread;
        person->last_activity = std::max(person->last_activity, message.at);
        person->last_text = preview(message.text);
        context_.events.person_changed(message.peer);
    }
    context_.events.publish(model::MessageAdded{std::move(message)});
}

void Inbox::flush() {
    for (auto& [peer, ids] : std::exchange(committed_, {})) {
        for (std::size_t at = 0; at < ids.size(); at += net::ack_ids_max) {
            const auto end = std::min(ids.size(), at + net::ack_ids_max);
            net::Ack ack{{ids.begin() + static_cast<std::ptrdiff_t>(at),
                          ids.begin() + static_cast<std::ptrdiff_t>(end)}};
            if (context_.endpoint->has_session(fingerprint(peer))) {
                context_.endpoint->send(fingerprint(peer), ack);
            }
        }
    }
}

}  // namespace kith::node
