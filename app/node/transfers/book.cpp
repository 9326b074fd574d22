// SPDX-License-Identifier: MIT
#include "app/node/transfers/book.hpp"

#include <limits>

#include "app/node/wire.hpp"

namespace kith::node {
namespace {

/// What is said about a transfer, as the outbox keeps it.
store::Outgoing to_entry(const net::Message& message) {
    store::Outgoing entry;
    const auto fill = [&](const auto& reliable, store::Kind kind) {
        entry.kind = kind;
        entry.id.bytes = reliable.id;
        entry.target.bytes = reliable.transfer;
    };
    if (const auto* answer = std::get_if<net::FileAnswer>(&message))
        fill(*answer, store::Kind::file_answer);
    if (const auto* stop = std::get_if<net::FileStop>(&message))
        fill(*stop, store::Kind::file_stop);
    if (const auto* waits = std::get_if<net::FileWaits>(&message))
        fill(*waits, store::Kind::file_waits);
    entry.body = pack(message);
    return entry;
}

}  // namespace

model::Transfer to_model(const Transfer& transfer) {
    model::Transfer shown = store::to_model(transfer.row);
    const auto& parcel = transfer.plan.parcel;
    shown.at_relay = parcel && parcel->whole && !transfer.over();
    if (transfer.row.state == model::TransferState::waiting) {
        if (transfer.paused()) shown.state = model::TransferState::paused;
        if (transfer.moving) shown.state = model::TransferState::active;
    }
    if (!transfer.moving) return shown;
    shown.rate = transfer.rate;
    if (shown.rate > 0 && shown.total >= shown.bytes)
        shown.eta_s = static_cast<std::uint32_t>(
            std::min<std::uint64_t>((shown.total - shown.bytes) / shown.rate, 0xFFFFFFFF));
    return shown;
}

void TransferBook::load(std::vector<store::TransferRow> rows) {
    for (auto& row : rows) add(std::move(row));
}

Transfer* TransferBook::add(store::TransferRow row) {
    const auto id = row.id;
    const auto [at, fresh] = transfers_.try_emplace(id);
    if (!fresh) return nullptr;
    Transfer& transfer = at->second;
    transfer.landed = EntrySet(std::exchange(row.landed, {}));
    if (auto plan = decode_plan(row.plan)) transfer.plan = std::move(*plan);
    row.plan.clear();
    transfer.row = std::move(row);
    // Until it is cleaned up it knows where it landed; perhaps the process ended before.
    transfer.to_clean =
        transfer.over() && !transfer.row.outgoing && !transfer.plan.landing.folder.empty();
    drop_oldest();
    return find(id);
}

void TransferBook::drop_oldest() {
    if (transfers_.size() <= over_max) return;
    auto oldest = transfers_.end();
    std::size_t over = 0;
    for (auto it = transfers_.begin(); it != transfers_.end(); ++it) {
        if (!it->second.over() || it->second.run) continue;
        ++over;
        if (oldest == transfers_.end() || it->second.row.at < oldest->second.row.at) oldest = it;
    }
    if (over > over_max) transfers_.erase(oldest);
}

Transfer* TransferBook::find(const model::TransferId& id) {
    const auto found = transfers_.find(id);
    return found == transfers_.end() ? nullptr : &found->second;
}

Transfer* TransferBook::find(const model::PeerId& peer, const net::MessageId& id, bool outgoing) {
    Transfer* transfer = find(model::TransferId{id});
    const bool theirs = transfer != nullptr && transfer->row.peer == peer;
    return theirs && transfer->row.outgoing == outgoing ? transfer : nullptr;
}

std::size_t TransferBook::unanswered(const model::PeerId& peer) const {
    std::size_t count = 0;
    for (const auto& [id, transfer] : transfers_) {
        count += !transfer.row.outgoing && transfer.row.peer == peer && !transfer.over() &&
                 transfer.plan.selected.empty();
    }
    return count;
}

std::size_t TransferBook::unfinished(const model::PeerId& peer) const {
    std::size_t count = 0;
    for (const auto& [id, transfer] : transfers_) {
        count += transfer.row.peer == peer && transfer.taken_on();
    }
    return count;
}

std::uint64_t TransferBook::to_come() const {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t bytes = 0;
    for (const auto& [id, transfer] : transfers_) {
        const auto& row = transfer.row;
        if (!transfer.taken_on()) continue;
        bytes += std::min(most - bytes, row.total - std::min(row.total, row.moved));
    }
    return bytes;
}

store::PutTransfer TransferBook::to_job(Transfer& transfer, std::optional<net::Message> message) {
    store::PutTransfer job;
    job.row = transfer.row;
    job.row.plan = encode(transfer.plan);
    if (!transfer.over()) job.row.landed = transfer.landed.bits();
    if (message) job.entry = to_entry(*message);
    transfer.saved_at = context_.clock.monotonic();
    return job;
}

void TransferBook::save(Transfer& transfer, std::optional<net::Message> message, Done done) {
    auto job = to_job(transfer, std::move(message));
    publish(transfer);
    context_.store.submit(std::move(job), [this, peer = transfer.row.peer,
                                           done = std::move(done)](store::Result result) {
        if (!result) {
            context_.report(model::NoticeLevel::error, result.error().text);
            if (done) done(tl::unexpected(to_model(result.error())));
            return;
        }
        auto& stored = std::get<store::TransferStored>(*result);
        if (stored.entry) outboxes_.committed(peer, std::move(*stored.entry));
        if (done) done({});
    });
}

void TransferBook::publish(const Transfer& transfer) {
    context_.events.publish(model::TransferChanged{to_model(transfer)});
}

}  // namespace kith::node
