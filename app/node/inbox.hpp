// SPDX-License-Identifier: MIT
//
// Texts from contacts: stored first, acknowledged after the commit, shown once. Network thread
// only.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class Inbox {
public:
    /// Texts of one peer that wait for their commit: twice what an honest sender has in flight.
    static constexpr std::size_t waiting_messages = 4096;
    static constexpr std::size_t waiting_bytes = 10 << 20;

    explicit Inbox(Context& context) : context_(context) {}

    /// False when the peer sent more than it may have in flight: end the session.
    [[nodiscard]] bool receive(const model::PeerId& from, net::Text text);
    /// Sends the acknowledgements of all that was committed since the last call.
    void flush();

private:
    struct Waiting {
        std::size_t messages = 0;
        std::size_t bytes = 0;
    };
    void stored(const model::Message& message, const store::Result& result);
    void show(model::Message message, std::uint64_t position);

    Context& context_;
    std::map<model::PeerId, Waiting> waiting_;
    std::map<model::PeerId, std::vector<net::MessageId>> committed_;
};

/// A message's text as the conversation list shows it: one line, cut at a code point.
std::string preview(std::string_view text);

}  // namespace kith::node
