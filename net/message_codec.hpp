// SPDX-License-Identifier: MIT
//
// Messages to bytes and back. A record's payload is a sequence of u16 type || u32 length || body.
// docs/protocol.md, "Session messages". Pure functions, any thread.
#pragma once

#include "net/message.hpp"

namespace kith::net {

enum class MessageType : std::uint16_t {
    hello = 1,
    ping = 2,
    pong = 3,
    goodbye = 4,
    contact_request = 16,
    request_receipt = 17,
    contact_card = 18,
    contact_decline = 19,
    text = 32,
    ack = 33,
    edit = 34,
    erase = 35,
    reactions = 36,
    read_up_to = 37,
    disappearing = 38,
    typing = 39,
    presence = 40,
    observed = 41,
    file_offer = 48,
    manifest_request = 49,
    manifest_part = 50,
    file_answer = 51,
    file_stop = 52,
    file_state = 53,
    file_run = 54,
    file_ready = 55,
    bulk_data = 56,
    bulk_credit = 57,
    circuit_knock = 96,
    circuit_call = 97,
    circuit_ready = 98,
    circuit_refusal = 99,
    prekeys = 100,
    prekey_stock = 101,
    deposit = 102,
    open_slots = 103,
    circuit_whence = 104,
    circuit_seen = 105,
    punch_offer = 106,
    punch_go = 107,
    mail = 108,
    mail_taken = 109,
    card_ask = 110,
    name_claim = 111,
    name_ask = 112,
    mailbox_answer = 113,
    held_ask = 114,
    held_item = 115,
    held_drop = 116,
    file_waits = 117,
    group_changes = 120,
    group_changes_ask = 121,
    group_have = 122,
    group_item = 123,
    group_ask = 124,
    group_answered = 125,
    group_seen = 126,
    group_typing = 128,
};

inline constexpr std::size_t message_header_size = 6;

/// Appends one message. False, and `out` as before, when a field is outside its bounds: the other
/// side would end the session over it.
[[nodiscard]] bool append_message(crypto::Bytes& out, const Message& message);

/// Walks over the messages of one record. Each is decoded from its own slice.
class RecordReader {
public:
    explicit RecordReader(crypto::ByteView payload) : left_(payload) {}

    /// The next message of a known type; nothing at the end or when malformed().
    [[nodiscard]] std::optional<Message> next();
    [[nodiscard]] bool malformed() const noexcept { return malformed_; }

private:
    crypto::ByteView left_;
    bool malformed_ = false;
};

}  // namespace kith::net
