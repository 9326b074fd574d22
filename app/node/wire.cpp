// SPDX-License-Identifier: MIT
#include "app/node/wire.hpp"

#include <algorithm>

#include "app/node/rules.hpp"
#include "net/message_codec.hpp"

namespace kith::node {
namespace {

using store::Kind;

/// Clocks of others may be wrong or lie; a message from the far future would stay on top for ever.
constexpr model::Timestamp future_tolerance_ms = 24LL * 3600 * 1000;

net::Text to_text(const store::Outgoing& entry) {
    net::Text text;
    text.id = entry.id.bytes;
    text.sent_at = entry.at;
    text.text = entry.text;
    if (entry.reply_to) text.reply_to = entry.reply_to->bytes;
    text.timer = entry.timer;
    return text;
}

net::FileOffer to_offer(const store::Outgoing& entry) {
    net::FileOffer offer;
    offer.id = entry.id.bytes;
    offer.sent_at = entry.at;
    if (!entry.transfer) return offer;
    const auto& row = *entry.transfer;
    offer.title = row.name;
    offer.files = row.files;
    offer.bytes = row.bytes;
    std::copy_n(row.manifest_hash.begin(),
                std::min(row.manifest_hash.size(), offer.manifest_hash.size()),
                offer.manifest_hash.begin());
    offer.manifest_size = row.manifest_size;
    offer.manifest = entry.body;
    return offer;
}

/// Written by pack(), so it can be read; otherwise nothing is said.
net::Message unpack(const store::Blob& body) {
    net::RecordReader reader(body);
    auto message = reader.next();
    return message ? std::move(*message) : net::Message(net::Typing{});
}

/// A text stamped as one that stays does so, and so does every text while we wish to keep them. The
/// longer time counts: a sender does not make its words vanish sooner than was agreed.
std::uint32_t honoured_timer(std::uint32_t stamped, std::uint32_t mine) {
    return agreed_timer(mine, std::min(stamped, model::timer_max_s));
}

std::vector<std::string> proper(std::vector<std::string> emojis) {
    std::vector<std::string> kept;
    for (auto& emoji : emojis) {
        const bool again = std::find(kept.begin(), kept.end(), emoji) != kept.end();
        if (!again && !emoji_problem(emoji)) kept.push_back(std::move(emoji));
    }
    return kept;
}

}  // namespace

std::uint32_t agreed_timer(std::uint32_t mine, std::uint32_t theirs) {
    return mine == 0 || theirs == 0 ? 0 : std::max(mine, theirs);
}

net::Message to_wire(const store::Outgoing& entry) {
    const auto& id = entry.id.bytes;
    const auto& target = entry.target.bytes;
    switch (entry.kind) {
        case Kind::edit:
            return net::Edit{id, target, entry.revision, entry.text};
        case Kind::erase:
            return net::Erase{id, target};
        case Kind::reactions:
            return net::Reactions{id, target, entry.revision, entry.emojis};
        case Kind::read_up_to:
            return net::ReadUpTo{id, target};
        case Kind::disappearing:
            return net::Disappearing{id, entry.revision, entry.timer};
        case Kind::file_offer:
            return to_offer(entry);
        case Kind::file_answer:
        case Kind::file_stop:
        case Kind::file_waits:
            return unpack(entry.body);
        case Kind::text:
            break;
    }
    return to_text(entry);
}

store::Blob pack(const net::Message& message) {
    store::Blob body;
    (void)net::append_message(body, message);
    return body;
}

store::Job to_job(const Arrival& arrival, net::Text text) {
    model::Message message;
    message.id.bytes = text.id;
    message.peer = arrival.from;
    message.text = std::move(text.text);
    message.at = std::clamp<model::Timestamp>(text.sent_at, 0, arrival.now + future_tolerance_ms);
    message.state = model::MessageState::received;
    if (text.reply_to) message.reply_to = model::MessageId{*text.reply_to};
    message.timer = honoured_timer(text.timer, arrival.timer_mine);
    return store::InsertIncoming{std::move(message), arrival.session, arrival.now};
}

store::Job to_job(const Arrival& arrival, net::Edit edit) {
    return store::ApplyEdit{arrival.from,         {edit.target},   {edit.id},  edit.revision,
                            std::move(edit.text), arrival.session, arrival.now};
}

store::Job to_job(const Arrival& arrival, const net::Erase& erase) {
    return store::ApplyErase{
        arrival.from, {erase.target}, {erase.id}, arrival.session, arrival.now};
}

store::Job to_job(const Arrival& arrival, net::Reactions reactions) {
    return store::ApplyReactions{arrival.from,
                                 {reactions.target},
                                 {reactions.id},
                                 reactions.revision,
                                 proper(std::move(reactions.emojis)),
                                 arrival.session,
                                 arrival.now};
}

store::Job to_job(const Arrival& arrival, const net::ReadUpTo& read) {
    return store::ApplyRead{arrival.from, {read.target}, arrival.session};
}

store::Job to_job(const Arrival& arrival, const net::Disappearing& disappearing) {
    return store::ApplyTimer{arrival.from,
                             {disappearing.id},
                             disappearing.revision,
                             std::min(disappearing.seconds, model::timer_max_s),
                             arrival.session};
}

}  // namespace kith::node
