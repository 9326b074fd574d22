// SPDX-License-Identifier: MIT
//
// Keys that contacts seal messages with while we are away, and theirs. Each side says in a session
// how many it has left, the other fills up. docs/protocol.md, "Prekeys". Network thread only.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class PrekeyExchange {
public:
    /// Made in one go: about half a millisecond.
    static constexpr std::size_t keys_per_tick = 4;
    static constexpr std::chrono::milliseconds between_ticks{2};

    explicit PrekeyExchange(Context& context) : context_(context) {}

    /// A contact that understands it.
    void session_up(const model::PeerId& peer);
    void session_down(const model::PeerId& peer);
    void no_contact(const model::PeerId& peer);
    /// They have so many of ours. Answered once a session.
    void heard(const model::PeerId& from, const net::PrekeyStock& stock);
    /// As many as were asked for in this session are kept.
    void heard(const model::PeerId& from, net::Prekeys keys);
    /// Makes some; when to be called next (monotonic).
    std::chrono::milliseconds tick(std::chrono::milliseconds now);

private:
    struct Making {
        std::size_t wanted = 0;
        store::PutOwnPrekeys job;
        net::Prekeys message;
    };
    void make(Making& making);
    void give(const model::PeerId& peer, Making made);

    Context& context_;
    std::map<model::PeerId, Making> making_;
    std::set<model::PeerId> answered_;            ///< in this session
    std::map<model::PeerId, std::size_t> asked_;  ///< in this session: keys that may come
};

}  // namespace kith::node
