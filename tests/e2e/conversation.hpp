// SPDX-License-Identifier: MIT
//
// Two people who write to each other, for tests of what happens to the way between them.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/instance.hpp"

namespace kith::e2e {

/// Each says something, and learns that it has arrived.
inline void chat(Instance& a, Instance& b) {
    const auto say = [](Instance& from, Instance& to) {
        const auto id = from.say(to.fingerprint(), "a text");
        to.wait_for_message(from.fingerprint(), id, [](const Json&) { return true; });
        from.wait_for_message(to.fingerprint(), id, [](const Json& message) {
            return message.at("state") == "delivered" || message.at("state") == "read";
        });
    };
    say(a, b);
    say(b, a);
}

/// In the order `who` has them, without offers of files.
inline std::vector<std::string> texts_from(Instance& who, Instance& sender) {
    std::vector<std::string> texts;
    for (const Json& message : who.history(sender.fingerprint())) {
        if (message.at("from") == sender.fingerprint() && message.at("transfer").is_null())
            texts.push_back(message.at("text"));
    }
    return texts;
}

/// The same texts from both sides, numbered.
class Conversation {
public:
    Conversation(Instance& a, Instance& b) : a_(a), b_(b) {}
    void write(int count) {
        for (int i = 0; i < count; ++i) {
            const std::string text = "text " + std::to_string(said_.size());
            a_.say(b_.fingerprint(), text);
            b_.say(a_.fingerprint(), text);
            said_.push_back(text);
        }
    }
    /// Exactly once, in order.
    void check_arrived() {
        check_arrived(a_, b_);
        check_arrived(b_, a_);
    }

private:
    void check_arrived(Instance& from, Instance& to) const {
        to.wait_until("the texts", [&] { return texts_from(to, from).size() >= said_.size(); });
        CHECK(texts_from(to, from) == said_);
    }

    Instance &a_, &b_;
    std::vector<std::string> said_;
};

}  // namespace kith::e2e
