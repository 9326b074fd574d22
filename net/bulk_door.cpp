// SPDX-License-Identifier: MIT
#include "net/bulk_door.hpp"

#include <algorithm>

#include "crypto/kdf.hpp"
#include "net/ending.hpp"
#include "net/framing.hpp"

namespace kith::net {
namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t chain_size = 64;

crypto::SecretBytes part(const crypto::SecretBytes& all, std::size_t offset, std::size_t size) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(offset);
    return {begin, begin + static_cast<std::ptrdiff_t>(size)};
}

}  // namespace

Bytes BulkSecrets::ticket() const {
    Bytes bytes(id.begin(), id.end());
    bytes.insert(bytes.end(), proof.begin(), proof.end());
    return bytes;
}

BulkSecrets derive_bulk(const crypto::RecordChannel& session, crypto::RecordChannel::Side side,
                        const RunId& run) {
    using Side = crypto::RecordChannel::Side;
    BulkSecrets made;
    const auto id = session.exported("bulk id", run, BulkSecrets::id_size);
    std::copy(id.begin(), id.end(), made.id.begin());
    made.proof = session.exported("bulk proof", run, BulkSecrets::proof_size);
    made.side = side;
    const auto keys = session.exported("bulk keys", run, 2 * key_size + 2 * chain_size);
    const bool initiator = side == Side::initiator;
    made.keys.send = part(keys, initiator ? 0 : key_size, key_size);
    made.keys.receive = part(keys, initiator ? key_size : 0, key_size);
    made.keys.rekey = part(keys, 2 * key_size, chain_size);
    made.keys.exporter = part(keys, 2 * key_size + chain_size, chain_size);
    const auto binding = session.exported("bulk binding", run, chain_size);
    made.keys.handshake_hash.assign(binding.begin(), binding.end());
    return made;
}

bool BulkDoor::add(Waiting waiting) {
    const bool room = waiting_.size() < waiting_max;
    if (!room) {
        ports_.failed(waiting.peer, waiting.run, ending_of(Ending::Reason::closed_here));
        return false;
    }
    waiting_.push_back(std::move(waiting));
    return true;
}

void BulkDoor::expect(const Fingerprint& peer, const RunId& run, BulkSecrets secrets,
                      Milliseconds now) {
    (void)add({peer, run, std::move(secrets), now + patience, {}});
}

void BulkDoor::dial(const Fingerprint& peer, const RunId& run, const SocketAddress& to,
                    BulkSecrets secrets, Milliseconds now) {
    if (!add({peer, run, std::move(secrets), now + patience, {}})) return;
    const LinkId link = dial_peer(transport_, to, peer);
    waiting_.back().dialled = link;
    dials_.emplace(link, run);
}

void BulkDoor::forget(const RunId& run) {
    const auto at = std::ranges::find(waiting_, run, &Waiting::run);
    if (at == waiting_.end()) return;
    if (at->dialled) {
        transport_.close(*at->dialled, true);
        dials_.erase(*at->dialled);
    }
    waiting_.erase(at);
}

void BulkDoor::forget_all(const Fingerprint& peer) {
    std::vector<RunId> runs;
    for (const auto& waiting : waiting_) {
        if (waiting.peer == peer) runs.push_back(waiting.run);
    }
    for (const auto& run : runs) {
        forget(run);
        ports_.failed(peer, run, ending_of(Ending::Reason::lost));
    }
}

void BulkDoor::stop() {
    while (!waiting_.empty()) forget(RunId(waiting_.back().run));
}

BulkDoor::List::iterator BulkDoor::of_link(LinkId link) {
    return std::ranges::find_if(waiting_, [&](const auto& w) { return w.dialled == link; });
}

void BulkDoor::fail(List::iterator at, const Ending& ending) {
    const Fingerprint peer = at->peer;
    const RunId run = at->run;
    forget(run);
    ports_.failed(peer, run, ending);
}

void BulkDoor::on_dialled(LinkId link) {
    const auto at = of_link(link);
    if (at == waiting_.end()) return;
    Bytes frame;
    append_frame(frame, at->secrets.ticket());
    transport_.send(link, std::move(frame));
    // A fresh connection takes so little at once.
    if (transport_.backlog(link) != 0) return fail(at, ending_of(Ending::Reason::lost));
    dials_.erase(link);
    at->dialled.reset();
    hand_over(at, link, {});
}

void BulkDoor::on_closed(LinkId link, Ending::Reason reason) {
    const auto at = of_link(link);
    dials_.erase(link);
    if (at == waiting_.end()) return;
    at->dialled.reset();
    fail(at, ending_of(reason));
}

bool BulkDoor::on_ticket(LinkId link, ByteView ticket, ByteView early) {
    const auto id = ticket.first(BulkSecrets::id_size);
    const auto at = std::ranges::find_if(waiting_, [&](const auto& waiting) {
        return !waiting.dialled && std::ranges::equal(waiting.secrets.id, id);
    });
    if (at == waiting_.end()) return false;
    if (!crypto::equal_constant_time(ticket.subspan(BulkSecrets::id_size), at->secrets.proof))
        return false;
    hand_over(at, link, early);
    return true;
}

void BulkDoor::hand_over(List::iterator at, LinkId link, ByteView early) {
    auto file = transport_.detach(link);
    if (!file) {
        transport_.close(link, true);
        return fail(at, ending_of(Ending::Reason::lost));
    }
    Waiting taken = std::move(*at);
    waiting_.erase(at);
    ports_.linked(taken.peer, taken.run,
                  {BulkSocket(*file, {early.begin(), early.end()}), taken.secrets.side,
                   std::move(taken.secrets.keys)});
}

BulkDoor::Milliseconds BulkDoor::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (std::size_t i = 0; i < waiting_.size();) {
        if (now < waiting_[i].give_up_at) {
            next = std::min(next, waiting_[i++].give_up_at);
        } else {
            fail(waiting_.begin() + static_cast<std::ptrdiff_t>(i),
                 ending_of(Ending::Reason::timed_out));
        }
    }
    return next;
}

}  // namespace kith::net
