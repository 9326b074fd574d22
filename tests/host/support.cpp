// SPDX-License-Identifier: MIT
#include "tests/host/support.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>

namespace kith::host::test {

const crypto::ProfileSecrets& secrets() {
    static const crypto::ProfileSecrets made = [] {
        crypto::SystemRandom random;
        return crypto::ProfileSecrets{crypto::Identity::generate(random).keys(),
                                      crypto::SecretBytes(32, 5)};
    }();
    return made;
}

std::span<const std::uint8_t, 32> database_key() {
    return std::span<const std::uint8_t, 32>(secrets().database_key.data(), 32);
}

void Pump::woken() {
    const std::lock_guard lock(mutex_);
    woken_ = true;
    changed_.notify_one();
}

void Pump::until(const std::function<bool()>& done) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!done()) {
        {
            std::unique_lock lock(mutex_);
            REQUIRE(changed_.wait_until(lock, deadline, [this] { return woken_; }));
            woken_ = false;
        }
        worker.drain();
    }
}

model::MessageId message_id(std::uint32_t number) {
    model::MessageId id{};
    id.bytes[6] = 0x70;
    for (std::size_t i = 0; i < 4; ++i)
        id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

model::Message message(std::uint32_t number, std::string text) {
    model::Message made;
    made.id = message_id(number);
    made.text = std::move(text);
    made.at = 1'700'000'000'000 + number;
    made.position = number;
    return made;
}

FakeNode::FakeNode(std::size_t size) {
    peer.bytes.fill(0xad);
    for (std::uint32_t number = 1; number <= size; ++number) {
        messages.push_back(message(number, "text " + std::to_string(number)));
        messages.back().peer = peer;
    }
}

void FakeNode::execute(model::Command command, std::function<void(model::Reply)> done) {
    if (std::holds_alternative<model::WhoAmI>(command)) {
        model::Profile profile;
        profile.name = "Ben";
        return done(profile);
    }
    if (std::holds_alternative<model::ListPeers>(command)) {
        model::Peer known;
        known.id.bytes.fill(0xad);
        known.name = "Ada";
        return done(model::Peers{{known}});
    }
    if (const auto* asked = std::get_if<model::ListMessages>(&command)) {
        pages_asked.push_back(*asked);
        if (hold != nullptr) {
            hold->push_back(std::move(done));
            return;
        }
        if (before_page) before_page();
        if (page_error) return done(tl::unexpected(*page_error));
        return done(page(*asked));
    }
    others.push_back(std::move(command));
    done(model::Done{});
}

model::Reply FakeNode::page(const model::ListMessages& command) const {
    auto from = messages.begin();
    if (command.after && *command.after != model::MessageId{}) {
        from = std::find_if(messages.begin(), messages.end(),
                            [&](const auto& m) { return m.id == *command.after; });
        if (from == messages.end())
            return tl::unexpected(model::Error{"no_such_message", "This message is gone."});
        ++from;
    }
    const auto left = static_cast<std::size_t>(messages.end() - from);
    const auto size = std::min(left, command.limit);
    const auto to = from + static_cast<std::ptrdiff_t>(size);
    return model::Messages{command.peer, {from, to}, from != messages.begin(), size < left};
}

void make_history(const fs::path& file, std::uint32_t count) {
    auto database = store::Database::open({file.string(), database_key(), true});
    REQUIRE(database);
    store::PeerRow row;
    row.id.bytes.fill(0xad);
    row.relation = store::Relation::contact;
    row.own_name = "Ada";
    REQUIRE(database->run(store::PutPeer{row}));
    REQUIRE(database->run(store::PutMeta{"invite_token", {1, 2, 3}}));
    REQUIRE(database->begin());
    for (std::uint32_t number = 1; number <= count; ++number) {
        auto text = message(number, "text " + std::to_string(number));
        text.peer = row.id;
        REQUIRE(database->run(store::InsertOutgoing{text, text.at}));
    }
    REQUIRE(database->commit());
    REQUIRE(database->checkpoint());
}

std::vector<std::string> texts_of(const fs::path& file, std::span<const std::uint8_t, 32> key) {
    std::vector<std::string> texts;
    auto database = store::Database::open({file.string(), key, false});
    if (!database) return texts;
    store::LoadPage page;
    page.peer.bytes.fill(0xad);
    page.limit = model::page_max;
    page.after = model::MessageId{};
    for (bool more = true; more;) {
        const auto result = database->run(page);
        REQUIRE(result);
        const auto& found = std::get<store::Page>(*result);
        for (const auto& one : found.messages) texts.push_back(one.text);
        more = found.more_newer && !found.messages.empty();
        if (more) page.after = found.messages.back().id;
    }
    return texts;
}

std::vector<std::string> numbered_texts(std::uint32_t count) {
    std::vector<std::string> texts;
    for (std::uint32_t number = 1; number <= count; ++number)
        texts.push_back("text " + std::to_string(number));
    return texts;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

}  // namespace kith::host::test
