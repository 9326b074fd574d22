// SPDX-License-Identifier: MIT
#include "app/node/parcels/parcel_in.hpp"

#include <algorithm>

#include "app/node/convert.hpp"

namespace kith::node {

/// Only from relays of our own: nobody names another place for us to go to.
bool ParcelIn::may_fetch(const Transfer& transfer) const {
    const auto& plan = transfer.plan.parcel;
    if (!plan || transfer.row.outgoing || transfer.over() || transfer.run || transfer.preparing)
        return false;
    const Person* person = to_.context.people.find(transfer.row.peer);
    const auto relay = crypto::parse_relay_address(plan->relay);
    const bool list = !transfer.row.listed && transfer.row.state == model::TransferState::offered;
    return person != nullptr && person->is_contact() && !person->session && relay &&
           (list || transfer.may_move()) && to_.mailbox.is_up(*relay);
}

Milliseconds ParcelIn::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    if (busy_) {
        if (peer_) next = peer_->tick(now);
        if (due_ != Milliseconds{0} && due_ <= now) go_on();
        return due_ > now ? std::min(next, due_) : next;
    }
    if (to_.files == nullptr || to_.runner == nullptr) return next;
    for (auto& [id, transfer] : to_.book) {
        if (transfer.over()) pauses_.forget(id);
        if (!may_fetch(transfer)) continue;
        const auto due = pauses_.due(id, now, Milliseconds{0});
        if (due <= now) return begin(transfer), now + look_again;
        next = std::min(next, due);
    }
    return next;
}

void ParcelIn::begin(Transfer& transfer) {
    const auto& plan = *transfer.plan.parcel;
    ++attempt_;
    busy_ = true;
    transfer_ = transfer.row.id;
    from_ = transfer.row.peer;
    relay_ = *crypto::parse_relay_address(plan.relay);
    parcel_ = {plan.key, transfer_.bytes, plan.size};
    asked_ = false;
    tries_ = 0;
    due_ = {};
    list_.clear();
    list_size_ = transfer.row.manifest_size;
    if (!transfer.row.listed) return ask(0);
    transfer.preparing = true;
    to_.manifests.get(transfer, [this, id = transfer_](const ManifestPtr& manifest) {
        Transfer* known = to_.book.find(id);
        if (known != nullptr) known->preparing = false;
        begin_run(id, manifest);
    });
}

void ParcelIn::begin_run(const model::TransferId& id, const ManifestPtr& manifest) {
    Transfer* transfer = to_.book.find(id);
    if (transfer == nullptr || !manifest || !may_fetch(*transfer)) return leave(true);
    unpacker_.emplace(*manifest, to_entries(transfer->plan.selected), list_size_);
    const auto run = to_.runs.start_local(*transfer);
    if (!run) return leave(true);
    peer_.emplace(*to_.runner, *run);
    peer_->allow(net::bulk::payload_max);
}

// --- the run ---

void ParcelIn::on_output(const crypto::Bytes& bytes) {
    const bool good =
        peer_->came(bytes, [this](auto payload) { return unpacker_->on_payload(payload); });
    peer_->allow(static_cast<std::uint32_t>(bytes.size()));
    if (good) return hand_on();
    to_.runner->stop(peer_->run());
    leave(true);
}

void ParcelIn::on_credit(std::uint32_t bytes) {
    peer_->credit_came(bytes, to_.context.clock.monotonic());
    hand_on();
}

void ParcelIn::on_ended() {
    const Transfer* transfer = to_.book.find(transfer_);
    const bool complete =
        transfer != nullptr && transfer->row.files_failed == 0 && !unpacker_->wanted();
    leave(!complete);
}

void ParcelIn::hand_on() {
    auto& out = unpacker_->out();
    while (!out.empty() && peer_->waiting() < said_ahead) {
        peer_->say(out.front(), to_.context.clock.monotonic());
        out.pop_front();
    }
    go_on();
}

// --- the pieces ---

void ParcelIn::go_on() {
    if (asked_ || to_.context.clock.monotonic() < due_) return;
    if (!unpacker_) return ask(static_cast<std::uint32_t>(list_.size() / crypto::parcel_piece));
    const auto wanted = unpacker_->wanted();
    if (wanted && unpacker_->out().empty()) ask(*wanted);
}

void ParcelIn::ask(std::uint32_t index) {
    const Person* person = to_.context.people.find(from_);
    if (person == nullptr || !to_.mailbox.is_up(relay_)) {
        if (peer_) to_.runner->stop(peer_->run());
        return leave(true);
    }
    asked_ = true;
    due_ = {};
    to_.mailbox.ask_held(
        relay_, person->row.door_token, crypto::parcel_id(parcel_, index),
        [this, attempt = attempt_, index](const auto& reply) { answered(attempt, index, reply); });
}

void ParcelIn::answered(std::uint64_t attempt, std::uint32_t index,
                        const net::MailboxReply& reply) {
    if (attempt != attempt_ || !busy_) return;
    asked_ = false;
    using Outcome = net::MailboxOutcome;
    if (reply.reached && reply.outcome == Outcome::none)
        return useless("what a relay kept for them is not there any more");
    if (reply.outcome == Outcome::done) {
        const auto plaintext = crypto::open_piece(parcel_, index, reply.card);
        if (!plaintext) return useless("what a relay kept of them was changed");
        tries_ = 0;
        return opened(*plaintext);
    }
    if (++tries_ == tries_max) {
        if (peer_) to_.runner->stop(peer_->run());
        return leave(true);
    }
    due_ = to_.context.clock.monotonic() + std::max<Milliseconds>(piece_again, reply.retry_in);
    to_.context.events.wake_up();
}

void ParcelIn::opened(const crypto::SecretBytes& plaintext) {
    if (!unpacker_) return add_to_list(plaintext);
    if (!peer_) return;
    unpacker_->on_piece(plaintext);
    hand_on();
}

void ParcelIn::add_to_list(const crypto::SecretBytes& plaintext) {
    const auto size = std::min(plaintext.size(), list_size_ - list_.size());
    list_.insert(list_.end(), plaintext.begin(),
                 plaintext.begin() + static_cast<std::ptrdiff_t>(size));
    if (list_.size() < list_size_) return go_on();
    Transfer* transfer = to_.book.find(transfer_);
    if (transfer != nullptr && may_fetch(*transfer))
        to_.manifests.came(*transfer, std::move(list_));
    leave(false);
}

/// They will send it themselves.
void ParcelIn::useless(const std::string& why) {
    to_.context.note_error("Files have to wait for their sender: " + why + ".");
    if (peer_) to_.runner->stop(peer_->run());
    Transfer* transfer = to_.book.find(transfer_);
    const bool same =
        transfer != nullptr && transfer->plan.parcel && transfer->plan.parcel->key == parcel_.key;
    if (same) {
        transfer->plan.parcel.reset();
        to_.book.save(*transfer);
    }
    leave(true);
}

void ParcelIn::leave(bool failed) {
    busy_ = false;
    ++attempt_;
    peer_.reset();
    unpacker_.reset();
    list_ = {};
    if (failed) pauses_.failed(transfer_, to_.context.clock.monotonic());
    to_.context.events.wake_up();
}

}  // namespace kith::node
