// SPDX-License-Identifier: MIT
//
// How much each contact may have stored here: a lot at once, and a little all the time. Who spends
// more is read from more slowly; nothing is lost, as what is not read is not acknowledged. Kept in
// memory only. docs/protocol.md, "Limits of R". Network thread only.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class StorageBudget {
public:
    using Milliseconds = std::chrono::milliseconds;
    static constexpr std::int64_t at_once = 64 << 20;  ///< bytes
    static constexpr std::int64_t per_millisecond = 1;
    /// What a message takes beside its text: its row, and its places in the indices.
    static constexpr std::int64_t per_message = 256;
    /// Reading begins again with so much, so that it is worth it.
    static constexpr std::int64_t enough = 64 << 10;
    /// What may have been read already when reading is paused: more than an honest sender's window
    /// puts into one record and one read buffer.
    static constexpr std::int64_t read_ahead = 2 << 20;

    explicit StorageBudget(Context& context) : context_(context) {}

    /// False when even what was read ahead is too much: end the session, store nothing.
    [[nodiscard]] bool spend(const Person& from, std::size_t bytes);
    /// It was there already, or could not be stored.
    void give_back(const model::PeerId& peer, std::size_t bytes);
    /// Pauses outlast a session.
    void session_up(const model::PeerId& peer);
    /// Reads on where there is enough again; when to be called next (monotonic).
    Milliseconds tick(Milliseconds now);

private:
    struct Account {
        std::int64_t left = at_once;
        Milliseconds filled_at{};
        bool paused = false;
        bool told = false;  ///< the user, since it was full
    };
    static void fill(Account& account, Milliseconds now);
    void pause(const Person& from, Account& account);

    Context& context_;
    std::map<model::PeerId, Account> accounts_;  ///< of those who have spent something
};

}  // namespace kith::node
