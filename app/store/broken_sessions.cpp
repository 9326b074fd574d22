// SPDX-License-Identifier: MIT
#include "app/store/broken_sessions.hpp"

namespace kith::store {
namespace {

struct Origin {
    PeerId peer;
    SessionNumber session = 0;
};

template <typename Type>
concept Incoming = requires(const Type& job) {
    job.session;
};

Origin origin_of(const Job& job) {
    return std::visit(
        [](const auto& one) -> Origin {
            using Type = std::decay_t<decltype(one)>;
            if constexpr (std::is_same_v<Type, InsertIncoming>)
                return {one.message.peer, one.session};
            else if constexpr (std::is_same_v<Type, PutTransfer>)
                return {one.row.peer, one.session};
            else if constexpr (Incoming<Type>)
                return {one.peer, one.session};
            else
                return {};
        },
        job);
}

}  // namespace

bool BrokenSessions::refuses(const Job& job) {
    if (broken_.empty()) return false;
    const auto [peer, session] = origin_of(job);
    const auto found = session == 0 ? broken_.end() : broken_.find(peer);
    if (found == broken_.end()) return false;
    if (session <= found->second) return true;
    broken_.erase(found);
    return false;
}

void BrokenSessions::note_failure(const Job& job) {
    const auto [peer, session] = origin_of(job);
    if (session == 0) return;
    if (broken_.size() >= peers_max && !broken_.contains(peer)) broken_.erase(broken_.begin());
    auto& newest = broken_[peer];
    if (session > newest) newest = session;
}

Error refused_after_failure() {
    return {Errc::after_failure,
            "Something that came before this message could not be saved, so it was not saved "
            "either. Both come again with the next connection."};
}

}  // namespace kith::store
