// SPDX-License-Identifier: MIT
//
// Reliable messages in two rooms' words: entries of the outbox to what goes over the wire, and what
// came over the wire to jobs of the store.
#pragma once

#include "app/store/job.hpp"
#include "net/message.hpp"

namespace kith::node {

/// Whose words arrive, when, and what we wish about keeping them.
struct Arrival {
    model::PeerId from;
    store::SessionNumber session = 0;
    model::Timestamp now = 0;
    std::uint32_t timer_mine = 0;  ///< seconds, 0: keep
};

[[nodiscard]] net::Message to_wire(const store::Outgoing& entry);
/// A message as Outgoing::body keeps it.
[[nodiscard]] store::Blob pack(const net::Message& message);

/// How much of a window a message takes, in bytes: a flood of empty ones has to end, too.
template <typename Reliable>
[[nodiscard]] std::size_t weight(const Reliable& message) {
    constexpr std::size_t overhead = 64;
    std::size_t bytes = overhead;
    if constexpr (requires { message.text; }) bytes += message.text.size();
    if constexpr (requires { message.body; }) bytes += message.body.size();
    return bytes;
}

[[nodiscard]] store::Job to_job(const Arrival& arrival, net::Text text);
[[nodiscard]] store::Job to_job(const Arrival& arrival, net::Edit edit);
[[nodiscard]] store::Job to_job(const Arrival& arrival, const net::Erase& erase);
/// What is no emoji (see emoji_problem), or comes twice, is left out.
[[nodiscard]] store::Job to_job(const Arrival& arrival, net::Reactions reactions);
[[nodiscard]] store::Job to_job(const Arrival& arrival, const net::ReadUpTo& read);
[[nodiscard]] store::Job to_job(const Arrival& arrival, const net::Disappearing& disappearing);

/// The time of a conversation in which both sides wish messages to disappear; 0 if they do not.
[[nodiscard]] std::uint32_t agreed_timer(std::uint32_t mine, std::uint32_t theirs);

}  // namespace kith::node
