// SPDX-License-Identifier: MIT
#include "app/store/message_rows.hpp"

#include "app/store/codes.hpp"
#include "app/store/emojis.hpp"

namespace kith::store {
namespace {

constexpr std::size_t preview_bytes = 200;

std::optional<model::Quote> read_quote(const Query& row, int column) {
    if (row.null(column)) return std::nullopt;
    return model::Quote{preview(row.text(column + 3)), row.flag(column + 1), row.flag(column + 2)};
}

void append(std::vector<model::Reaction>& reactions, const Blob& packed, bool mine) {
    for (auto& emoji : unpack_emojis(packed)) reactions.push_back({std::move(emoji), mine});
}

/// The side that changed its own first comes first, here as there.
std::vector<model::Reaction> read_reactions(const Query& row, int column) {
    std::vector<model::Reaction> reactions;
    const bool mine_first = row.flag(column + 2);
    for (const bool mine : {mine_first, !mine_first})
        append(reactions, row.blob(mine ? column : column + 1), mine);
    return reactions;
}

model::MessageState read_state(const Query& row, int column) {
    const auto state = state_of(row.integer(column));
    const bool read = state == model::MessageState::delivered && row.flag(column + 1);
    return read ? model::MessageState::read : state;
}

}  // namespace

Message read_message(const Query& row) {
    Message message;
    message.position = static_cast<std::uint64_t>(row.integer(0));
    message.peer = row.id<PeerId>(1);
    message.id = row.id<MessageId>(2);
    message.outgoing = row.flag(3);
    message.state = read_state(row, 4);
    message.edited = row.flag(6);
    message.deleted = row.flag(7);
    message.at = row.integer(8);
    message.timer = static_cast<std::uint32_t>(row.integer(9));
    message.expires_at = row.integer(10);
    if (!row.null(11)) message.reply_to = row.id<MessageId>(11);
    message.text = row.text(12);
    message.quote = read_quote(row, 13);
    message.reactions = read_reactions(row, 17);
    constexpr int transfer_column = 20;
    if (!message.deleted && !row.null(transfer_column))
        message.transfer = to_model(read_transfer(row, transfer_column, message.peer));
    return message;
}

std::string preview(std::string text) {
    if (text.size() <= preview_bytes) return text;
    std::size_t end = preview_bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    text.resize(end);
    return text;
}

}  // namespace kith::store
