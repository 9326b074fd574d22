// SPDX-License-Identifier: MIT
//
// A short conversation with Alice, open in the window.
#pragma once

#include "tests/gui/harness.hpp"

namespace kith::gui::test {

// 1 from Alice, 2 delivered and 3 still queued from here, 4 an answer of Alice to 2.
inline std::vector<model::Message> talk() {
    std::vector<model::Message> all{message(1, 1, "hello"), message(1, 2, "good morning", true),
                                    message(1, 3, "still here", true), message(1, 4, "yes")};
    all[2].state = model::MessageState::queued;
    all[3].reply_to = message_id(2);
    all[3].quote = model::Quote{"good morning", true, false};
    return all;
}

inline void open_chat(Harness& app, std::vector<model::Message> messages = talk()) {
    app.node = [messages](const model::Command& command) -> std::optional<model::Reply> {
        const auto* list = std::get_if<model::ListMessages>(&command);
        if (!list) return std::nullopt;
        model::Messages page{.peer = list->peer, .messages = {}};
        if (list->peer == peer_id(1)) page.messages = messages;
        return page;
    };
    app.run_with({contact(1, "Alice"), contact(2, "Bob")});
    app.click(label_of("conversation", peer_id(1)));
}

}  // namespace kith::gui::test
