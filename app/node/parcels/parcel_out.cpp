// SPDX-License-Identifier: MIT
#include "app/node/parcels/parcel_out.hpp"

#include <algorithm>

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

using model::TransferState;

constexpr std::uint32_t ahead = net::bulk::payload_max;

bool is_open(const Transfer& transfer) {
    return transfer.row.outgoing && !transfer.paused() &&
           (transfer.row.state == TransferState::offered ||
            transfer.row.state == TransferState::waiting);
}

std::vector<std::uint32_t> all_of(const net::Manifest& manifest) {
    std::vector<std::uint32_t> entries(manifest.entries.size());
    for (std::uint32_t i = 0; i < entries.size(); ++i) entries[i] = i;
    return entries;
}

}  // namespace

const Person* ParcelOut::recipient(const Transfer& transfer) const {
    const Person* person = to_.context.people.find(transfer.row.peer);
    const bool away = person != nullptr && person->is_contact() && !person->session &&
                      person->row.dial_token.size() == crypto::contact_token_size;
    return away ? person : nullptr;
}

/// What was left over by an attempt that did not come to its end is taken back first.
bool ParcelOut::may_leave(const Transfer& transfer) const {
    return is_open(transfer) && !transfer.plan.parcel && !transfer.preparing && !transfer.run &&
           transfer.row.bytes + transfer.row.manifest_size <= net::parcel_max &&
           recipient(transfer) != nullptr;
}

void ParcelOut::session_up(const model::PeerId& peer) {
    const Transfer* transfer = to_.book.find(transfer_);
    if (peer_ && transfer != nullptr && transfer->row.peer == peer) abandon({}, true);
}

void ParcelOut::session_down(const model::PeerId& peer) {
    const auto now = to_.context.clock.monotonic();
    for (const auto& [id, transfer] : to_.book) {
        if (transfer.row.peer == peer && is_open(transfer))
            pauses_.not_before(id, now + after_loss);
    }
    to_.context.events.wake_up();
}

Milliseconds ParcelOut::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    if (peer_) {
        const Transfer* transfer = to_.book.find(transfer_);
        if (transfer == nullptr || !is_open(*transfer)) return abandon({}, true), now;
        next = run_over_ ? next : peer_->tick(now);
        for (auto& [index, piece] : pieces_) {
            if (!piece.asked) next = std::min(next, std::max(piece.due, now + Milliseconds(20)));
        }
        pump();
        return next;
    }
    if (preparing_ || to_.files == nullptr || to_.runner == nullptr ||
        to_.runner->running() * 2 > net::BulkRunner::runs_max)
        return next;
    for (auto& [id, transfer] : to_.book) {
        if (transfer.over()) pauses_.forget(id);
        if (!may_leave(transfer) || relays_of(*recipient(transfer)).empty()) continue;
        const auto due = pauses_.due(id, now, pause);
        if (due <= now) return prepare(transfer), next;
        next = std::min(next, due);
    }
    return next;
}

// --- from the files to the pieces ---

void ParcelOut::prepare(Transfer& transfer) {
    preparing_ = true;
    transfer_ = transfer.row.id;
    to_.manifests.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        preparing_ = false;
        Transfer* known = to_.book.find(id);
        if (known == nullptr) return;
        const auto now = to_.context.clock.monotonic();
        if (!manifest || !may_leave(*known)) return pauses_.failed(id, now);
        begin(*known, manifest);
    });
}

/// What could lie at the relay is stored before it does, so that it can be taken back.
void ParcelOut::begin(Transfer& transfer, const ManifestPtr& manifest) {
    const auto& peer = transfer.row.peer;
    const auto relays = relays_of(*recipient(transfer));
    if (relays.empty()) return;
    preparing_ = true;
    relay_ = relays[relay_of_[peer] % relays.size()];
    transfer.plan.parcel = ParcelPlan{crypto::format(relay_), to_.context.random.array<32>(),
                                      transfer.row.manifest_size + transfer.row.bytes, false};
    to_.book.save(transfer, {}, [this, id = transfer.row.id, manifest](const auto& saved) {
        preparing_ = false;
        Transfer* known = to_.book.find(id);
        if (known == nullptr) return;
        if (!saved) {
            known->plan.parcel.reset();
            return pauses_.failed(id, to_.context.clock.monotonic());
        }
        if (is_open(*known) && recipient(*known) != nullptr) start(id, manifest);
    });
}

void ParcelOut::start(const model::TransferId& id, const ManifestPtr& manifest) {
    const Transfer& transfer = *to_.book.find(id);
    const auto& plan = *transfer.plan.parcel;
    ++attempt_;
    transfer_ = id;
    run_over_ = false;
    to_allow_ = 0;
    pieces_.clear();
    packer_.emplace(crypto::Parcel{plan.key, id.bytes, plan.size}, *manifest,
                    net::encode(*manifest));
    peer_.emplace(*to_.runner, to_.context.random.array<16>());
    to_.runs.places_taken = 1;
    to_.runner->start(peer_->run(), net::InSession{},
                      to_.files->sending({manifest, all_of(*manifest), transfer.plan.roots}));
    peer_->say(net::ParcelPacker::greeting(*manifest), to_.context.clock.monotonic());
    peer_->allow(ahead);
    to_.context.events.wake_up();
}

void ParcelOut::on_output(const crypto::Bytes& bytes) {
    to_allow_ += static_cast<std::uint32_t>(bytes.size());
    const bool good = peer_->came(bytes, [this](auto payload) { return said(payload); });
    if (!good) return abandon(packer_->trouble(), false);
    pump();
}

bool ParcelOut::said(crypto::ByteView payload) {
    const auto answer = packer_->on_payload(payload);
    if (!answer) return false;
    if (!answer->empty()) peer_->say(*answer, to_.context.clock.monotonic());
    for (auto& piece : packer_->ready()) pieces_[piece.index].sealed = std::move(piece.sealed);
    packer_->ready().clear();
    return true;
}

void ParcelOut::on_credit(std::uint32_t bytes) {
    peer_->credit_came(bytes, to_.context.clock.monotonic());
}

void ParcelOut::on_ended(net::RunOutcome outcome, const std::string& text) {
    run_over_ = true;
    if (outcome != net::RunOutcome::complete || !packer_->whole()) return abandon(text, true);
    finish_if_whole();
}

// --- to the relay ---

void ParcelOut::pump() {
    if (!peer_) return;
    const auto now = to_.context.clock.monotonic();
    auto asked = static_cast<std::size_t>(
        std::ranges::count_if(pieces_, [](const auto& entry) { return entry.second.asked; }));
    const auto attempt = attempt_;
    for (auto at = pieces_.begin(); at != pieces_.end() && asked < under_way_max; ++at) {
        if (at->second.asked || at->second.due > now || !to_.mailbox.has_room()) continue;
        deposit(at->first, at->second);
        ++asked;
        if (attempt != attempt_ || !peer_) return;
    }
    if (pieces_.size() < pieces_max && to_allow_ > 0 && !run_over_)
        peer_->allow(std::exchange(to_allow_, 0));
}

void ParcelOut::deposit(std::uint32_t index, Waiting& piece) {
    const Transfer* transfer = to_.book.find(transfer_);
    const Person* person = transfer == nullptr ? nullptr : recipient(*transfer);
    if (person == nullptr) return abandon({}, true);
    piece.asked = true;
    const auto& plan = *transfer->plan.parcel;
    const auto id = crypto::parcel_id({plan.key, transfer_.bytes, plan.size}, index);
    to_.mailbox.deposit_held(
        relay_, fingerprint(transfer->row.peer), person->row.dial_token, id, piece.sealed,
        [this, attempt = attempt_, index](const auto& reply) { answered(attempt, index, reply); });
}

void ParcelOut::answered(std::uint64_t attempt, std::uint32_t index,
                         const net::MailboxReply& reply) {
    if (attempt != attempt_ || !peer_) return;
    using Outcome = net::MailboxOutcome;
    if (reply.outcome == Outcome::done) {
        pieces_.erase(index);
        pump();
        return finish_if_whole();
    }
    Waiting& piece = pieces_.at(index);
    const bool refused =
        reply.reached && (reply.outcome == Outcome::none || reply.outcome == Outcome::full);
    if (refused || ++piece.tries == tries_max) return abandon({}, true);
    piece.asked = false;
    piece.due = to_.context.clock.monotonic() + std::max<Milliseconds>(piece_again, reply.retry_in);
    to_.context.events.wake_up();
}

void ParcelOut::finish_if_whole() {
    if (!peer_ || !run_over_ || !packer_->whole() || !pieces_.empty()) return;
    Transfer* transfer = to_.book.find(transfer_);
    peer_.reset();
    packer_.reset();
    to_.runs.places_taken = 0;
    to_.context.events.wake_up();
    if (transfer == nullptr || !is_open(*transfer)) return;
    auto& plan = *transfer->plan.parcel;
    plan.whole = true;
    to_.book.save(*transfer, net::FileWaits{to_.context.uuids.next(), transfer_.bytes, plan.relay,
                                            plan.key, plan.size});
}

/// `again`: later, perhaps at another relay of theirs.
void ParcelOut::abandon(const std::string& why, bool again) {
    const auto now = to_.context.clock.monotonic();
    if (!run_over_) to_.runner->stop(peer_->run());
    peer_.reset();
    packer_.reset();
    pieces_.clear();
    ++attempt_;
    to_.runs.places_taken = 0;
    if (!why.empty()) to_.context.note_error("Files could not be left at a relay: " + why);
    const Transfer* transfer = to_.book.find(transfer_);
    if (transfer != nullptr) ++relay_of_[transfer->row.peer];
    pauses_.failed(transfer_, now, again ? Milliseconds{0} : ParcelPauses::most);
    to_.context.events.wake_up();
}

}  // namespace kith::node
