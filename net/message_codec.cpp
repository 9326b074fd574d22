// SPDX-License-Identifier: MIT
//
// The order of fields in the serialize() functions is the order on the wire. New fields go to the
// end of a message: older readers ignore them.
#include "net/message_codec.hpp"

#include "net/address_field.hpp"
#include "net/archive.hpp"
#include "net/candidate_field.hpp"
#include "net/file_messages.hpp"
#include "net/group/wire_fields.hpp"
#include "net/relay/mailbox_messages.hpp"
#include "net/relay/relay_messages.hpp"
#include "net/utf8.hpp"

namespace kith::net {
namespace {

constexpr std::size_t greeting_code_points_max = 256;

}  // namespace

// From here on by the names cereal finds through the archives' namespace.

template <typename Archive>
void serialize(Archive& archive, Hello& m) {
    archive(m.minor, text(m.agent, agent_bytes_max), m.features);
}
template <typename Archive>
void serialize(Archive& archive, Ping& m) {
    archive(m.nonce);
}
template <typename Archive>
void serialize(Archive& archive, Pong& m) {
    archive(m.nonce);
}
// Reasons of newer versions keep their number; nobody switches over them without a default.
static void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Goodbye& m) {
    archive.integer(static_cast<std::uint8_t>(m.reason));
}
static void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Goodbye& m) {
    std::uint8_t reason = 0;
    archive.integer(reason);
    m.reason = static_cast<GoodbyeReason>(reason);
}
template <typename Archive>
void serialize(Archive& archive, ContactRequest& m) {
    archive(text(m.name, name_bytes_max), text(m.greeting, greeting_bytes_max), m.token,
            list(m.candidates));
    if (count_code_points(m.greeting) > greeting_code_points_max) archive.fail();
}
template <typename Archive>
void serialize(Archive&, RequestReceipt&) {}
template <typename Archive>
void serialize(Archive& archive, ContactCard& m) {
    archive(text(m.name, name_bytes_max), m.token, list(m.candidates));
}
template <typename Archive>
void serialize(Archive&, ContactDecline&) {}
template <typename Archive>
void serialize(Archive& archive, Text& m) {
    archive(m.id, m.sent_at, text(m.text, text_bytes_max), m.reply_to, trailing(m.timer));
}
template <typename Archive>
void serialize(Archive& archive, Ack& m) {
    archive(bounded(m.ids, ack_ids_max));
}
template <typename Archive>
void serialize(Archive& archive, Edit& m) {
    archive(m.id, m.target, m.revision, text(m.text, text_bytes_max));
}
template <typename Archive>
void serialize(Archive& archive, Erase& m) {
    archive(m.id, m.target);
}
template <typename Archive>
void serialize(Archive& archive, Reactions& m) {
    archive(m.id, m.target, m.revision, texts(m.emojis, reactions_max, emoji_bytes_max));
}
template <typename Archive>
void serialize(Archive& archive, ReadUpTo& m) {
    archive(m.id, m.target);
}
template <typename Archive>
void serialize(Archive& archive, Disappearing& m) {
    archive(m.id, m.revision, m.seconds);
}
static void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Typing& m) {
    archive.integer(static_cast<std::uint8_t>(m.on ? 1 : 0));
}
static void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Typing& m) {
    std::uint8_t on = 0;
    archive.integer(on);
    if (on > 1) archive.fail();
    m.on = on == 1;
}
template <typename Archive>
void serialize(Archive& archive, Presence& m) {
    archive(m.state, text(m.status, status_bytes_max));
}
template <typename Archive>
void serialize(Archive& archive, Observed& m) {
    archive(address_field(m));
}

namespace {

// clang-format off
template <typename T> constexpr MessageType type_of = MessageType{};
template <> constexpr MessageType type_of<Hello> = MessageType::hello;
template <> constexpr MessageType type_of<Ping> = MessageType::ping;
template <> constexpr MessageType type_of<Pong> = MessageType::pong;
template <> constexpr MessageType type_of<Goodbye> = MessageType::goodbye;
template <> constexpr MessageType type_of<ContactRequest> = MessageType::contact_request;
template <> constexpr MessageType type_of<RequestReceipt> = MessageType::request_receipt;
template <> constexpr MessageType type_of<ContactCard> = MessageType::contact_card;
template <> constexpr MessageType type_of<ContactDecline> = MessageType::contact_decline;
template <> constexpr MessageType type_of<Text> = MessageType::text;
template <> constexpr MessageType type_of<Ack> = MessageType::ack;
template <> constexpr MessageType type_of<Edit> = MessageType::edit;
template <> constexpr MessageType type_of<Erase> = MessageType::erase;
template <> constexpr MessageType type_of<Reactions> = MessageType::reactions;
template <> constexpr MessageType type_of<ReadUpTo> = MessageType::read_up_to;
template <> constexpr MessageType type_of<Disappearing> = MessageType::disappearing;
template <> constexpr MessageType type_of<Typing> = MessageType::typing;
template <> constexpr MessageType type_of<Presence> = MessageType::presence;
template <> constexpr MessageType type_of<Observed> = MessageType::observed;
template <> constexpr MessageType type_of<FileOffer> = MessageType::file_offer;
template <> constexpr MessageType type_of<ManifestRequest> = MessageType::manifest_request;
template <> constexpr MessageType type_of<ManifestPart> = MessageType::manifest_part;
template <> constexpr MessageType type_of<FileAnswer> = MessageType::file_answer;
template <> constexpr MessageType type_of<FileStop> = MessageType::file_stop;
template <> constexpr MessageType type_of<FileState> = MessageType::file_state;
template <> constexpr MessageType type_of<FileRun> = MessageType::file_run;
template <> constexpr MessageType type_of<FileReady> = MessageType::file_ready;
template <> constexpr MessageType type_of<BulkData> = MessageType::bulk_data;
template <> constexpr MessageType type_of<BulkCredit> = MessageType::bulk_credit;
template <> constexpr MessageType type_of<CircuitKnock> = MessageType::circuit_knock;
template <> constexpr MessageType type_of<CircuitCall> = MessageType::circuit_call;
template <> constexpr MessageType type_of<CircuitReady> = MessageType::circuit_ready;
template <> constexpr MessageType type_of<CircuitRefusal> = MessageType::circuit_refusal;
template <> constexpr MessageType type_of<CircuitWhence> = MessageType::circuit_whence;
template <> constexpr MessageType type_of<CircuitSeen> = MessageType::circuit_seen;
template <> constexpr MessageType type_of<PunchOffer> = MessageType::punch_offer;
template <> constexpr MessageType type_of<PunchGo> = MessageType::punch_go;
template <> constexpr MessageType type_of<Prekeys> = MessageType::prekeys;
template <> constexpr MessageType type_of<PrekeyStock> = MessageType::prekey_stock;
template <> constexpr MessageType type_of<Deposit> = MessageType::deposit;
template <> constexpr MessageType type_of<OpenSlots> = MessageType::open_slots;
template <> constexpr MessageType type_of<Mail> = MessageType::mail;
template <> constexpr MessageType type_of<MailTaken> = MessageType::mail_taken;
template <> constexpr MessageType type_of<CardAsk> = MessageType::card_ask;
template <> constexpr MessageType type_of<NameClaim> = MessageType::name_claim;
template <> constexpr MessageType type_of<NameAsk> = MessageType::name_ask;
template <> constexpr MessageType type_of<MailboxAnswer> = MessageType::mailbox_answer;
template <> constexpr MessageType type_of<HeldAsk> = MessageType::held_ask;
template <> constexpr MessageType type_of<HeldItem> = MessageType::held_item;
template <> constexpr MessageType type_of<HeldDrop> = MessageType::held_drop;
template <> constexpr MessageType type_of<FileWaits> = MessageType::file_waits;
template <> constexpr MessageType type_of<GroupChanges> = MessageType::group_changes;
template <> constexpr MessageType type_of<GroupChangesAsk> = MessageType::group_changes_ask;
template <> constexpr MessageType type_of<GroupHave> = MessageType::group_have;
template <> constexpr MessageType type_of<GroupItem> = MessageType::group_item;
template <> constexpr MessageType type_of<GroupAsk> = MessageType::group_ask;
template <> constexpr MessageType type_of<GroupAnswered> = MessageType::group_answered;
template <> constexpr MessageType type_of<GroupSeen> = MessageType::group_seen;
template <> constexpr MessageType type_of<GroupTyping> = MessageType::group_typing;
// clang-format on

template <typename T>
std::optional<Message> decode(crypto::ByteView body) {
    T message;
    WireReader archive(body);
    archive(message);
    if (archive.failed()) return std::nullopt;
    return Message{std::move(message)};
}

enum class Known { yes, no };
struct Decoded {
    Known type = Known::no;
    std::optional<Message> message;
};

/// Tries the alternatives of Message one after the other.
template <std::size_t I = 0>
Decoded decode_any(MessageType type, crypto::ByteView body) {
    if constexpr (I < std::variant_size_v<Message>) {
        using T = std::variant_alternative_t<I, Message>;
        static_assert(type_of<T> != MessageType{}, "every message has a type number");
        if (type == type_of<T>) return {Known::yes, decode<T>(body)};
        return decode_any<I + 1>(type, body);
    } else {
        return {};
    }
}

}  // namespace

bool append_message(crypto::Bytes& out, const Message& message) {
    const std::size_t start = out.size();
    const auto type = std::visit(
        [](const auto& m) { return type_of<std::remove_cvref_t<decltype(m)>>; }, message);
    WireWriter archive(out);
    archive.integer(static_cast<std::uint16_t>(type));
    archive.size(0);  // the length is known when the body is there
    std::visit([&](const auto& m) { archive(m); }, message);
    if (archive.failed()) {
        out.resize(start);
        return false;
    }
    const std::size_t length = out.size() - start - message_header_size;
    for (std::size_t i = 0; i < 4; ++i) {
        out[start + 2 + i] = static_cast<std::uint8_t>(length >> (8 * (3 - i)) & 0xFF);
    }
    return true;
}

std::optional<Message> RecordReader::next() {
    while (!left_.empty() && !malformed_) {
        WireReader header(left_);
        std::uint16_t type = 0;
        std::uint32_t length = 0;
        header.integer(type);
        header.integer(length);
        const auto body = header.raw(length);
        malformed_ = header.failed();
        if (malformed_) break;
        left_ = left_.subspan(message_header_size + length);
        auto decoded = decode_any(static_cast<MessageType>(type), body);
        if (decoded.type == Known::no) continue;
        malformed_ = !decoded.message.has_value();
        return std::move(decoded.message);
    }
    return std::nullopt;
}

}  // namespace kith::net
