// SPDX-License-Identifier: MIT
#include "gui/message_words.hpp"

#include <catch2/catch_test_macros.hpp>
#include <set>

using namespace kith;
using model::MessageState;

TEST_CASE("where a message of one's own has got to is said in words, each its own") {
    model::Message message;
    message.outgoing = true;
    std::set<std::string_view> words;
    for (const auto state : {MessageState::queued, MessageState::at_relay, MessageState::sent,
                             MessageState::delivered, MessageState::read, MessageState::failed}) {
        message.state = state;
        words.insert(gui::words_for(message));
        CHECK(gui::tip_of(message).ends_with("\n" + std::string(gui::words_for(message))));
    }
    CHECK(words.size() == 6);
    CHECK_FALSE(words.contains(""));
    message.state = MessageState::at_relay;
    CHECK(gui::words_for(message).starts_with("Waiting at their relay"));
    message.transfer = model::Transfer{};
    CHECK(gui::words_for(message).starts_with("The offer waits at their relay"));
    message.transfer->at_relay = true;
    CHECK(gui::words_for(message).starts_with("Waiting at their relay"));
    message.deleted = true;
    CHECK(gui::words_for(message).empty());
    model::Message theirs;
    theirs.state = MessageState::received;
    CHECK(gui::tip_of(theirs).find('\n') == std::string::npos);
}
