// SPDX-License-Identifier: MIT
#include "gui/conversation.hpp"

#include <catch2/catch_test_macros.hpp>
#include <random>

#include "tests/gui/script.hpp"

using namespace kith;
using namespace kith::gui;
using namespace kith::gui::test;

namespace {

// A store with messages 1 to `total`, of which some are gone.
struct Store {
    std::uint64_t total = 0;
    std::vector<model::MessageId> gone{};

    model::Messages answer(const model::ListMessages& asked) const {
        model::Messages page = page_of(1, asked, total);
        std::erase_if(page.messages, [&](const auto& message) {
            return std::find(gone.begin(), gone.end(), message.id) != gone.end();
        });
        return page;
    }
};

void fetch(Conversation& chat, const Store& store, std::optional<model::ListMessages> asked) {
    REQUIRE(asked);
    chat.take_page(*asked, store.answer(*asked));
}

Conversation opened(const Store& store) {
    Conversation chat;
    fetch(chat, store, chat.ask_newest(peer_id(1)));
    return chat;
}

void check_unbroken(const Conversation& chat) {
    const auto& held = chat.messages();
    for (std::size_t i = 1; i < held.size(); ++i)
        REQUIRE(held[i].position == held[i - 1].position + 1);
    REQUIRE(held.size() <= Conversation::held_max + Conversation::page_size);
}

std::uint64_t first(const Conversation& chat) { return chat.messages().front().position; }
std::uint64_t last(const Conversation& chat) { return chat.messages().back().position; }

}  // namespace

TEST_CASE("a window over a long history moves both ways without a gap") {
    const Store store{5000};
    Conversation chat = opened(store);
    CHECK_FALSE(chat.has_newer());
    while (first(chat) > 2000) fetch(chat, store, chat.ask_older(peer_id(1)));
    check_unbroken(chat);
    CHECK(chat.has_newer());
    CHECK(chat.messages().size() == Conversation::held_max);
    while (chat.has_newer()) fetch(chat, store, chat.ask_newer(peer_id(1)));
    check_unbroken(chat);
    CHECK(last(chat) == 5000);
    CHECK(chat.has_older());
}

TEST_CASE("messages that come while the reader is far up are there on the way back") {
    Store store{5000};
    Conversation chat = opened(store);
    while (!chat.has_newer() || first(chat) > 3000) fetch(chat, store, chat.ask_older(peer_id(1)));
    for (std::uint64_t n = 5001; n <= 5050; ++n) chat.add(message(1, n, "new"));
    store.total = 5050;
    CHECK(chat.arrived() == 50);
    while (chat.has_newer()) fetch(chat, store, chat.ask_newer(peer_id(1)));
    CHECK(last(chat) == 5050);
    check_unbroken(chat);
}

TEST_CASE("a jump shows the pages around its target, and the way back to the newest") {
    const Store store{1'000'000};
    Conversation chat = opened(store);
    fetch(chat, store, chat.ask_around(peer_id(1), message_id(500'000)));
    CHECK(chat.find(message_id(500'000)));
    CHECK_FALSE(chat.find(message_id(1'000'000)));
    CHECK(chat.has_older());
    CHECK(chat.has_newer());
    fetch(chat, store, chat.ask_newer(peer_id(1)));
    fetch(chat, store, chat.ask_older(peer_id(1)));
    check_unbroken(chat);
    fetch(chat, store, chat.ask_newest(peer_id(1)));
    CHECK(last(chat) == 1'000'000);
    CHECK_FALSE(chat.has_newer());
    check_unbroken(chat);
}

TEST_CASE("a jump into a conversation that was never opened is enough to read it") {
    const Store store{1000};
    Conversation chat;
    const auto asked = chat.ask_around(peer_id(1), message_id(300));
    CHECK_FALSE(chat.ask_newest(peer_id(1)));
    chat.add(message(1, 1001, "meanwhile"));
    fetch(chat, store, asked);
    CHECK(chat.loaded());
    CHECK(chat.find(message_id(300)));
    CHECK_FALSE(chat.find(message_id(1001)));
    check_unbroken(chat);
}

TEST_CASE("a jump does not wait, and the page that was asked for before is dropped") {
    const Store store{5000};
    Conversation chat = opened(store);
    const auto older = chat.ask_older(peer_id(1));
    const auto around = chat.ask_around(peer_id(1), message_id(100));
    chat.take_page(*older, store.answer(*older));
    CHECK(chat.loading());
    CHECK(last(chat) == 5000);
    fetch(chat, store, around);
    CHECK(chat.find(message_id(100)));
    CHECK_FALSE(chat.find(message_id(5000)));
    check_unbroken(chat);
}

TEST_CASE("a jump that leads nowhere leaves what is held") {
    const Store store{500};
    Conversation chat = opened(store);
    const auto asked = chat.ask_around(peer_id(1), message_id(9999));
    chat.page_failed(*asked);
    CHECK(last(chat) == 500);
    CHECK(chat.has_older());
    Conversation fresh;
    fresh.page_failed(*fresh.ask_around(peer_id(1), message_id(9999)));
    CHECK_FALSE(fresh.loaded());
    fetch(fresh, store, fresh.ask_newest(peer_id(1)));
    CHECK(last(fresh) == 500);
}

TEST_CASE("answers to questions from before a reset change nothing") {
    const Store store{500};
    Conversation chat = opened(store);
    const auto older = chat.ask_older(peer_id(1));
    chat.reset();
    const auto newest = chat.ask_newest(peer_id(1));
    chat.take_page(*older, store.answer(*older));
    CHECK(chat.messages().empty());
    CHECK_FALSE(chat.loaded());
    // The same question twice: the first answer belongs to what was forgotten.
    chat.reset();
    const auto again = chat.ask_newest(peer_id(1));
    REQUIRE(again);
    chat.take_page(*newest, page_of(1, *newest, 3));
    CHECK_FALSE(chat.loaded());
    fetch(chat, store, again);
    CHECK(last(chat) == 500);
}

TEST_CASE("a changed message is shown as it is now, also where it is quoted") {
    const Store store{10};
    Conversation chat = opened(store);
    model::Message reply = message(1, 11, "yes", true);
    reply.reply_to = message_id(4);
    reply.quote = model::Quote{"message 4", false, false};
    chat.add(reply);
    const auto revision = chat.revision();
    const auto version = chat.find(message_id(4))->version;
    model::Message edited = message(1, 4, "message Q");  // as long as before
    edited.edited = true;
    chat.change(edited);
    CHECK(chat.revision() != revision);
    CHECK(chat.find(message_id(4))->text == "message Q");
    CHECK(chat.find(message_id(4))->version != version);
    CHECK(chat.find(message_id(11))->quote->text == "message Q");
    edited.text.clear();
    edited.deleted = true;
    chat.change(edited);
    CHECK(chat.find(message_id(11))->quote->deleted);
    CHECK(chat.find(message_id(11))->quote->text.empty());
    chat.change(message(1, 99, "not held"));
    CHECK_FALSE(chat.find(message_id(99)));
}

TEST_CASE("removed messages are gone, and with them what quoted them") {
    const Store store{10};
    Conversation chat = opened(store);
    model::Message reply = message(1, 11, "yes", true);
    reply.reply_to = message_id(4);
    reply.quote = model::Quote{"message 4", false, false};
    chat.add(reply);
    chat.remove({message_id(4), message_id(9), message_id(77)});
    CHECK(chat.messages().size() == 9);
    CHECK_FALSE(chat.find(message_id(4)));
    CHECK_FALSE(chat.find(message_id(11))->quote);
}

TEST_CASE("when all that is held is removed, the rest is read anew") {
    Store store{1000};
    Conversation chat = opened(store);
    std::vector<model::MessageId> held;
    for (const auto& message : chat.messages()) held.push_back(message.id);
    chat.remove(held);
    CHECK_FALSE(chat.loaded());
    store.total = 900;
    fetch(chat, store, chat.ask_newest(peer_id(1)));
    CHECK(last(chat) == 900);
}

TEST_CASE("any order of scrolling, jumps, arrivals and removals leaves an ordered window") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 random(seed);
    Store store{3000};
    Conversation chat;
    std::optional<model::ListMessages> asked;
    for (int step = 0; step < 4000; ++step) {
        const auto pick = random() % 10;
        std::optional<model::ListMessages> question;
        if (pick == 0)
            question = chat.ask_around(peer_id(1), message_id(1 + random() % store.total));
        if (pick <= 3 && pick > 0) question = chat.ask_older(peer_id(1));
        if (pick > 3 && pick <= 6) question = chat.ask_newer(peer_id(1));
        if (pick == 7) question = chat.ask_newest(peer_id(1));
        if (pick == 8) chat.add(message(1, ++store.total, "new", true));
        if (pick == 9 && random() % 8 == 0) {
            store.gone.push_back(message_id(1 + random() % store.total));
            chat.remove({store.gone.back()});
        }
        if (question) {
            // An abandoned question is answered all the same, before the next one.
            if (asked) chat.take_page(*asked, store.answer(*asked));
            asked = question;
        }
        if (asked && random() % 2 == 0) {
            chat.take_page(*asked, store.answer(*asked));
            asked.reset();
        }
        const auto& held = chat.messages();
        REQUIRE(held.size() <= Conversation::held_max + Conversation::page_size);
        for (std::size_t i = 1; i < held.size(); ++i) {
            REQUIRE(held[i].position > held[i - 1].position);
            // Whatever lies between is gone from the store, too.
            for (auto n = held[i - 1].position + 1; n < held[i].position; ++n)
                REQUIRE(std::find(store.gone.begin(), store.gone.end(), message_id(n)) !=
                        store.gone.end());
        }
        const bool at_end = chat.loaded() && !chat.has_newer() && !held.empty();
        if (at_end && store.gone.empty()) REQUIRE(last(chat) == store.total);
    }
}
