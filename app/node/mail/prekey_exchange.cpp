// SPDX-License-Identifier: MIT
#include "app/node/mail/prekey_exchange.hpp"

#include <algorithm>

#include "app/node/convert.hpp"
#include "crypto/xwing.hpp"

namespace kith::node {
namespace {

std::uint64_t random_number(crypto::RandomSource& random) {
    std::uint64_t number = 0;
    for (const auto byte : random.array<sizeof number>()) number = number << 8 | byte;
    return number;
}

}  // namespace

void PrekeyExchange::session_up(const model::PeerId& peer) {
    context_.store.submit(store::CountTheirPrekeys{peer}, [this, peer](store::Result result) {
        if (!result || !context_.endpoint->has_session(fingerprint(peer))) return;
        const auto left = std::get<store::Prekeys>(*result).count;
        asked_[peer] = net::prekeys_max - std::min(left, net::prekeys_max);
        context_.endpoint->send(fingerprint(peer),
                                net::PrekeyStock{static_cast<std::uint32_t>(left)});
    });
}

void PrekeyExchange::session_down(const model::PeerId& peer) {
    making_.erase(peer);
    answered_.erase(peer);
    asked_.erase(peer);
}

void PrekeyExchange::no_contact(const model::PeerId& peer) {
    session_down(peer);
    context_.store.submit(store::DropPrekeys{peer}, [](const store::Result&) {});
}

void PrekeyExchange::heard(const model::PeerId& from, const net::PrekeyStock& stock) {
    if (stock.left >= net::prekeys_max || !answered_.insert(from).second) return;
    auto& making = making_[from];
    making.wanted = net::prekeys_max - stock.left;
    making.job.peer = from;
    making.job.now = context_.now();
    context_.events.wake_up();
}

void PrekeyExchange::heard(const model::PeerId& from, net::Prekeys keys) {
    auto& room = asked_[from];
    if (keys.keys.size() > room) keys.keys.resize(room);
    room -= keys.keys.size();
    if (keys.keys.empty()) return;
    store::PutTheirPrekeys job{from, {}};
    for (auto& key : keys.keys) job.keys.push_back({key.id, std::move(key.public_key)});
    context_.store.submit(std::move(job), [](const store::Result&) {});
}

void PrekeyExchange::make(Making& making) {
    const auto pair = crypto::xwing::generate(context_.random);
    const auto id = random_number(context_.random);
    making.job.keys.push_back({id, {pair.seed.begin(), pair.seed.end()}});
    making.message.keys.push_back({id, pair.public_key});
}

/// Stored before they are told: what is sealed to them can be opened after a crash, too.
void PrekeyExchange::give(const model::PeerId& peer, Making made) {
    context_.store.submit(std::move(made.job), [this, peer, message = std::move(made.message)](
                                                   const store::Result& result) {
        if (result && context_.endpoint->has_session(fingerprint(peer)))
            context_.endpoint->send(fingerprint(peer), message);
    });
}

std::chrono::milliseconds PrekeyExchange::tick(std::chrono::milliseconds now) {
    for (std::size_t made = 0; made < keys_per_tick && !making_.empty(); ++made) {
        const auto first = making_.begin();
        make(first->second);
        if (first->second.job.keys.size() < first->second.wanted) continue;
        auto done = making_.extract(first);
        give(done.key(), std::move(done.mapped()));
    }
    return making_.empty() ? std::chrono::milliseconds::max() : now + between_ticks;
}

}  // namespace kith::node
