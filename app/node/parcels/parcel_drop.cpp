// SPDX-License-Identifier: MIT
#include "app/node/parcels/parcel_drop.hpp"

#include <algorithm>

#include "app/node/convert.hpp"

namespace kith::node {

bool ParcelDrop::needless(const Transfer& transfer) {
    const auto& plan = transfer.plan.parcel;
    return plan && (transfer.over() || (transfer.row.outgoing && !plan->whole));
}

Milliseconds ParcelDrop::tick(Milliseconds now,
                              const std::function<bool(const model::TransferId&)>& busy) {
    auto next = Milliseconds::max();
    if (working_) return next;
    for (const auto& [id, transfer] : to_.book) {
        if (!needless(transfer) || busy(id)) continue;
        const auto due = pauses_.due(id, now, Milliseconds{0});
        if (due <= now && to_.mailbox.has_room()) return begin(transfer), next;
        next = std::min(next, std::max(due, now + Milliseconds{100}));
    }
    return next;
}

void ParcelDrop::begin(const Transfer& transfer) {
    const auto& plan = *transfer.plan.parcel;
    const Person* person = to_.context.people.find(transfer.row.peer);
    const auto relay = crypto::parse_relay_address(plan.relay);
    working_ = true;
    transfer_ = transfer.row.id;
    parcel_ = {plan.key, transfer_.bytes, plan.size};
    next_ = 0;
    // Without these nobody can: it goes by its age.
    if (person == nullptr || !relay) return done(true);
    relay_ = *relay;
    owner_ = transfer.row.outgoing ? fingerprint(transfer.row.peer) : to_.self;
    token_ = transfer.row.outgoing ? person->row.dial_token : person->row.door_token;
    // Of others' relays we come to know only our own.
    if (!transfer.row.outgoing && !to_.mailbox.is_up(relay_)) return done(false);
    next();
}

void ParcelDrop::next() {
    std::vector<net::MessageId> ids;
    for (; next_ < parcel_.pieces() && ids.size() < net::held_drop_max; ++next_)
        ids.push_back(crypto::parcel_id(parcel_, next_));
    if (ids.empty()) return done(true);
    to_.mailbox.drop_held(relay_, owner_, token_, std::move(ids),
                          [this](const auto& reply) { answered(reply); });
}

void ParcelDrop::answered(const net::MailboxReply& reply) {
    if (reply.outcome == net::MailboxOutcome::done) return next();
    done(false);
}

void ParcelDrop::done(bool gone) {
    working_ = false;
    Transfer* transfer = to_.book.find(transfer_);
    const bool same = transfer != nullptr && transfer->plan.parcel &&
                      transfer->plan.parcel->key == parcel_.key && needless(*transfer);
    if (gone && same) {
        transfer->plan.parcel.reset();
        pauses_.forget(transfer_);
        to_.book.save(*transfer);
    } else {
        pauses_.failed(transfer_, to_.context.clock.monotonic());
    }
    to_.context.events.wake_up();
}

}  // namespace kith::node
