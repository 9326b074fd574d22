// SPDX-License-Identifier: MIT
#include "gui/chat_drafts.hpp"

#include <algorithm>

#include "gui/text_safety.hpp"

namespace kith::gui {

void begin_reply(ChatState& chat, const model::Message& message) {
    end_edit(chat);
    chat.reply = ReplyDraft{message.id, safe_line(message.text), message.outgoing};
    chat.focus_composer = true;
}

void begin_edit(ChatState& chat, const model::Message& message) {
    end_edit(chat);
    chat.reply.reset();
    chat.edit = EditDraft{message.id, message.text, std::exchange(chat.draft, message.text)};
    chat.draft_replaced = chat.caret_to_end = true;
    chat.focus_composer = true;
}

void end_edit(ChatState& chat) {
    if (!chat.edit) return;
    chat.draft = std::move(chat.edit->draft_before);
    chat.edit.reset();
    chat.draft_replaced = true;
}

void forget_messages(ChatState& chat, const std::vector<model::MessageId>& ids) {
    const auto gone = [&](const auto& id) {
        return ids.empty() || std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    if (chat.edit && gone(chat.edit->message)) end_edit(chat);
    if (chat.reply && gone(chat.reply->message)) chat.reply.reset();
    if (chat.menu.message && gone(*chat.menu.message)) chat.menu.message.reset();
    if (chat.chosen && gone(*chat.chosen)) chat.chosen.reset();
    if (chat.jump && gone(*chat.jump)) chat.jump.reset();
}

}  // namespace kith::gui
