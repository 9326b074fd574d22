// SPDX-License-Identifier: MIT
//
// The fields of the messages about mailboxes and names, in the order on the wire. Included by
// message_codec.cpp alone; see there.
#pragma once

#include "crypto/xwing.hpp"
#include "net/archive.hpp"
#include "net/file_messages.hpp"
#include "net/message.hpp"

namespace kith::net {

/// u32 count || elements of `size` bytes each.
template <typename T>
struct Elements {
    std::vector<T>& value;
    std::size_t max;
    std::size_t size;
};
template <typename T>
Elements<T> elements(std::vector<T>& value, std::size_t max, std::size_t size) {
    return {value, max, size};
}
template <typename T>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Elements<T>& field) {
    if (field.value.size() > field.max) return archive.fail();
    archive.size(field.value.size());
    for (auto& element : field.value) archive(element);
}
template <typename T>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Elements<T>& field) {
    field.value.resize(archive.size(field.max, field.size));
    for (auto& element : field.value) archive(element);
}

inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Prekey& m) {
    if (m.public_key.size() != crypto::xwing::public_key_size) return archive.fail();
    archive.integer(m.id);
    archive.raw(m.public_key);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Prekey& m) {
    archive.integer(m.id);
    const auto key = archive.raw(crypto::xwing::public_key_size);
    m.public_key.assign(key.begin(), key.end());
}
template <typename Archive>
void serialize(Archive& archive, Prekeys& m) {
    archive(elements(m.keys, prekeys_max, sizeof(std::uint64_t) + crypto::xwing::public_key_size));
}
template <typename Archive>
void serialize(Archive& archive, PrekeyStock& m) {
    archive(m.left);
}
template <typename Archive>
void serialize(Archive& archive, MailboxSlot& m) {
    archive(m.key, flag(m.open));
}
template <typename Archive>
void serialize(Archive& archive, Deposit& m) {
    archive(m.request, m.token, m.id, bytes(m.sealed, sealed_max), flag(m.held));
}
template <typename Archive>
void serialize(Archive& archive, OpenSlots& m) {
    archive(m.request, flag(m.adds), elements(m.slots, slots_max, sizeof(SlotKey) + 1),
            bytes(m.card, slot_card_max));
}
template <typename Archive>
void serialize(Archive& archive, Mail& m) {
    archive(m.number, m.slot, bytes(m.sealed, sealed_max));
}
template <typename Archive>
void serialize(Archive& archive, MailTaken& m) {
    archive(elements(m.numbers, mail_taken_max, sizeof(std::uint64_t)));
}
template <typename Archive>
void serialize(Archive& archive, CardAsk& m) {
    archive(m.request, m.token);
}
template <typename Archive>
void serialize(Archive& archive, NameClaim& m) {
    archive(m.request, text(m.name, relay_name_max), bytes(m.card, slot_card_max));
}
template <typename Archive>
void serialize(Archive& archive, NameAsk& m) {
    archive(m.request, text(m.name, relay_name_max));
}
template <typename Archive>
void serialize(Archive& archive, HeldAsk& m) {
    archive(m.request, m.slot, m.id);
}
template <typename Archive>
void serialize(Archive& archive, HeldDrop& m) {
    archive(m.request, m.slot, elements(m.ids, held_drop_max, sizeof(MessageId)));
}
// Outcomes of newer versions keep their number.
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const HeldItem& m) {
    if (m.sealed.size() > sealed_max) return archive.fail();
    archive.integer(m.request);
    archive.integer(static_cast<std::uint8_t>(m.outcome));
    archive.integer(m.retry_after_s);
    archive.size(m.sealed.size());
    archive.raw(m.sealed);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, HeldItem& m) {
    std::uint8_t outcome = 0;
    archive.integer(m.request);
    archive.integer(outcome);
    archive.integer(m.retry_after_s);
    const auto sealed = archive.raw(archive.size(sealed_max, 1));
    m.outcome = static_cast<MailboxOutcome>(outcome);
    m.sealed.assign(sealed.begin(), sealed.end());
}
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const MailboxAnswer& m) {
    if (m.card.size() > slot_card_max) return archive.fail();
    archive.integer(m.request);
    archive.integer(static_cast<std::uint8_t>(m.outcome));
    archive.integer(m.retry_after_s);
    archive.size(m.card.size());
    archive.raw(m.card);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, MailboxAnswer& m) {
    std::uint8_t outcome = 0;
    archive.integer(m.request);
    archive.integer(outcome);
    archive.integer(m.retry_after_s);
    const auto card = archive.raw(archive.size(slot_card_max, 1));
    m.outcome = static_cast<MailboxOutcome>(outcome);
    m.card.assign(card.begin(), card.end());
}

}  // namespace kith::net
