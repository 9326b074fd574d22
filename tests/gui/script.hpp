// SPDX-License-Identifier: MIT
//
// A port fed by hand, and people and messages to show. Shared by the tests and the demo.
#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "app/model/window_port.hpp"

namespace kith::gui::test {

class FakePort : public model::WindowPort {
public:
    std::optional<model::ToWindow> next() override {
        if (to_window.empty()) return std::nullopt;
        auto item = std::move(to_window.front());
        to_window.pop_front();
        return item;
    }
    bool send(model::FromWindow item) override {
        if (full) return false;
        from_window.push_back(std::move(item));
        return true;
    }

    std::deque<model::ToWindow> to_window;
    std::vector<model::FromWindow> from_window;
    bool full = false;
};

inline model::PeerId peer_id(std::uint8_t n) {
    model::PeerId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(n * 37 + i * 11);
    return id;
}

inline model::MessageId message_id(std::uint64_t n) {
    model::MessageId id;
    for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(n >> (8 * i));
    return id;
}

inline model::Peer contact(std::uint8_t n, std::string name) {
    model::Peer peer;
    peer.id = peer_id(n);
    peer.name = peer.own_name = std::move(name);
    peer.contact = true;
    peer.presence = model::Presence::online;
    peer.path = model::PathKind::direct;
    return peer;
}

inline model::Message message(std::uint8_t peer, std::uint64_t n, std::string text,
                              bool outgoing = false) {
    model::Message m;
    m.id = message_id(n);
    m.peer = peer_id(peer);
    m.outgoing = outgoing;
    m.text = std::move(text);
    m.position = n;
    m.at = 1'760'000'000'000 + static_cast<model::Timestamp>(n) * 40'000;
    m.state = outgoing ? model::MessageState::delivered : model::MessageState::received;
    return m;
}

inline std::uint64_t number_of(const model::MessageId& id) {
    std::uint64_t n = 0;
    for (std::size_t i = 8; i < 16; ++i) n = n << 8 | id.bytes[i];
    return n;
}

/// A page as the store would give it, from a conversation of `total` messages numbered from 1.
inline model::Messages page_of(std::uint8_t peer, const model::ListMessages& asked,
                               std::uint64_t total) {
    std::uint64_t start = total > asked.limit ? total - asked.limit + 1 : 1;
    if (asked.after) start = number_of(*asked.after) + 1;
    if (asked.around) {
        const std::uint64_t middle = number_of(*asked.around);
        start = middle > asked.limit / 2 ? middle - asked.limit / 2 : 1;
    }
    std::uint64_t end = std::min(total + 1, start + asked.limit);
    if (asked.before) {
        end = number_of(*asked.before);
        start = end > asked.limit ? end - asked.limit : 1;
    }
    model::Messages page{.peer = asked.peer, .messages = {}, .more = start > 1};
    page.more_newer = end <= total;
    for (std::uint64_t n = start; n < end; ++n)
        page.messages.push_back(message(peer, n, "message " + std::to_string(n), n % 3 == 0));
    return page;
}

/// A found message.
inline model::Hit hit(const model::Message& message, std::string_view word) {
    model::Hit found{message, message.text, {}};
    const auto at = message.text.find(word);
    if (at != std::string::npos)
        found.marks.emplace_back(static_cast<std::uint32_t>(at),
                                 static_cast<std::uint32_t>(word.size()));
    return found;
}

}  // namespace kith::gui::test
