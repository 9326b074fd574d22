// SPDX-License-Identifier: MIT
#include "app/node/transfers/runs.hpp"

#include "app/node/convert.hpp"

namespace kith::node {

using model::TransferState;

std::uint64_t bytes_of(const net::Manifest& manifest, const std::vector<std::uint32_t>& entries) {
    std::uint64_t bytes = 0;
    for (const auto entry : entries) bytes += manifest.entries[entry].size;
    return bytes;
}

Runs::Runs(Context& context, TransferBook& book, Manifests& manifests, TransferFiles* files,
           net::BulkRunner* runner)
    : context_(context), book_(book), manifests_(manifests), files_(files), runner_(runner) {
    if (runner_ != nullptr) runner_->set_listener(this);
}

Runs::~Runs() {
    if (runner_ != nullptr) runner_->set_listener(nullptr);
}

bool Runs::able(const model::PeerId& peer) const {
    const auto live = context_.live.find(peer);
    const Person* person = context_.people.find(peer);
    return runner_ != nullptr && files_ != nullptr && live != context_.live.end() &&
           live->second.files && person != nullptr && person->is_contact();
}

/// Whoever asks, is linked or runs has a place; whose list is being read for that, or whose end is
/// being seen to, as well.
bool Runs::holds_place(const Transfer& transfer) {
    return transfer.run || transfer.asked_until != Milliseconds{0} ||
           (transfer.preparing && transfer.row.state == TransferState::waiting);
}

bool Runs::has_place_for(const Transfer& wanting) const {
    std::size_t taken = places_taken, theirs = 0, this_way = 0;
    for (const auto& [id, transfer] : book_) {
        if (!holds_place(transfer)) continue;
        const bool of_them = transfer.row.peer == wanting.row.peer;
        ++taken;
        theirs += of_them;
        this_way += of_them && transfer.row.outgoing == wanting.row.outgoing;
    }
    const std::size_t free = net::BulkRunner::runs_max - std::min(net::BulkRunner::runs_max, taken);
    return theirs < free || (this_way == 0 && free > 1);
}

void Runs::want(Transfer& transfer) {
    if (transfer.row.outgoing || !transfer.may_move() || transfer.run || transfer.preparing ||
        transfer.asked_until != Milliseconds{0} || !able(transfer.row.peer))
        return;
    // Otherwise look_for_work(), when it is time or a place is free.
    if (context_.clock.monotonic() < transfer.retry_at) return;
    if (!has_place_for(transfer)) return;
    transfer.preparing = true;
    manifests_.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        Transfer* known = book_.find(id);
        if (known == nullptr) return;
        known->preparing = false;
        if (!manifest) return give_up(*known, "The list of files cannot be read any more.");
        ask_for_run(*known);
    });
}

void Runs::ask_for_run(Transfer& transfer) {
    const auto& peer = transfer.row.peer;
    if (!transfer.may_move() || transfer.run || !able(peer)) return;
    transfer.asked_until = context_.clock.monotonic() + answer_patience;
    transfer.retry_at = context_.clock.monotonic() + retry_first;
    context_.endpoint->send(fingerprint(peer), net::FileReady{transfer.row.id.bytes});
    context_.events.wake_up();
}

void Runs::want_soon(Transfer& transfer) {
    transfer.retry_at = std::min(transfer.retry_at, context_.clock.monotonic() + retry_first);
    want(transfer);
    context_.events.wake_up();  // tick() knows when
}

void Runs::tell(const Transfer& transfer, net::TransferWish wish) const {
    const auto live = context_.live.find(transfer.row.peer);
    if (live == context_.live.end() || !live->second.files) return;
    context_.endpoint->send(fingerprint(transfer.row.peer),
                            net::FileState{transfer.row.id.bytes, wish});
}

void Runs::want_all(const model::PeerId& peer) {
    for (auto& [id, transfer] : book_) {
        if (transfer.row.peer != peer) continue;
        transfer.retry_at = {};
        transfer.cuts = 0;
        want(transfer);
    }
}

void Runs::look_for_work() {
    for (auto& [id, transfer] : book_) {
        if (transfer.row.outgoing && transfer.peer_ready) link(transfer);
        if (!transfer.row.outgoing) want(transfer);
    }
}

void Runs::ready(Transfer& transfer) {
    transfer.peer_ready = true;
    if (transfer.plan.selected.empty()) return;  // not agreed on; the answer may be on its way
    if (transfer.run) {                          // they know better: what it ran on is gone
        if (Run& run = runs_.at(*transfer.run); run.started) return runner_->stop(*transfer.run);
        drop(*transfer.run);
    }
    if (transfer.row.state == TransferState::failed) {
        transfer.row.state = TransferState::waiting;
        transfer.row.error.clear();
        tell(transfer, net::TransferWish::go);  // takes back what give_up() has said
    }
    link(transfer);
    if (transfer.peer_ready) context_.events.wake_up();  // tick() knows when to try again
}

/// The sender names a run.
void Runs::link(Transfer& transfer) {
    if (!transfer.peer_ready || !transfer.may_move() || transfer.run || transfer.preparing ||
        !able(transfer.row.peer))
        return;
    if (context_.clock.monotonic() < transfer.retry_at || !has_place_for(transfer)) return;
    // However often they ask: a run costs a connection and a thread, and looking at the list.
    transfer.retry_at = context_.clock.monotonic() + retry_first;
    transfer.preparing = true;
    manifests_.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        Transfer* known = book_.find(id);
        if (known == nullptr) return;
        known->preparing = false;
        if (!known->peer_ready || !known->may_move() || known->run || !able(known->row.peer))
            return;
        if (!manifest) return give_up(*known, "The list of files cannot be read any more.");
        if (!within(known->plan.selected, manifest->entries.size()))
            return give_up(*known, "They asked for files that were not offered.");
        known->peer_ready = false;
        known->row.total = bytes_of(*manifest, to_entries(known->plan.selected));
        const auto run = context_.random.array<16>();
        context_.endpoint->send(fingerprint(known->row.peer),
                                net::FileRun{known->row.id.bytes, run, false});
        expect(*known, run);
    });
}

void Runs::begin(Transfer& transfer, const net::FileRun& message) {
    if (message.in_session) {
        const Run* run = find(transfer.row.peer, message.run);
        if (run == nullptr || run->started || run->transfer != transfer.row.id) return;
        context_.endpoint->forget_bulk(message.run);
        return start_in_session(message.run);
    }
    const bool asked = transfer.asked_until != Milliseconds{0};
    if (transfer.row.outgoing || !asked || transfer.run || !transfer.may_move() ||
        !transfer.manifest || runs_.contains(message.run))
        return;
    expect(transfer, message.run);
}

void Runs::expect(Transfer& transfer, const net::RunId& id) {
    const auto peer = transfer.row.peer;
    transfer.asked_until = {};
    transfer.run = id;
    Run& run = runs_[id];
    run.transfer = transfer.row.id;
    run.peer = peer;
    run.give_up_at = context_.clock.monotonic() + answer_patience;
    if (!context_.endpoint->initiated(fingerprint(peer))) {
        context_.endpoint->expect_bulk(fingerprint(peer), id);
    } else if (transfer.cuts >= fruitless_max) {
        run_in_session(id);
    } else {
        context_.endpoint->open_bulk(fingerprint(peer), id);
    }
    context_.events.wake_up();
}

void Runs::on_bulk(const model::PeerId& peer, const net::RunId& id, net::BulkLink link) {
    const Run* run = find(peer, id);
    if (run != nullptr && !run->started) start(id, std::move(link));
}

void Runs::on_bulk_failed(const model::PeerId& peer, const net::RunId& id) {
    const Run* run = find(peer, id);
    if (run == nullptr || run->started) return;
    if (context_.endpoint->initiated(fingerprint(peer))) run_in_session(id);
    // Otherwise they say what follows.
}

/// By who dialled for the session, who knows that there is no other way.
void Runs::run_in_session(const net::RunId& id) {
    const Run& run = runs_.at(id);
    context_.endpoint->send(fingerprint(run.peer), net::FileRun{run.transfer.bytes, id, true});
    start_in_session(id);
}

void Runs::start_in_session(const net::RunId& id) {
    runs_.at(id).in_session = true;
    start(id, net::InSession{});
}

std::optional<net::RunId> Runs::start_local(Transfer& transfer) {
    const bool ready = transfer.may_move() && !transfer.row.outgoing && !transfer.run &&
                       !transfer.preparing && transfer.manifest != nullptr && runner_ != nullptr;
    if (!ready || !has_place_for(transfer)) return std::nullopt;
    const auto id = context_.random.array<16>();
    transfer.run = id;
    Run& run = runs_[id];
    run.transfer = transfer.row.id;
    run.peer = transfer.row.peer;
    run.local = true;
    start(id, net::InSession{});
    return id;
}

void Runs::start(const net::RunId& id, net::BulkPath path) {
    Transfer* transfer = transfer_of(id);
    if (transfer == nullptr || !transfer->may_move() || !transfer->manifest) return drop(id);
    Run& run = runs_.at(id);
    run.started = true;
    transfer->moving = true;
    transfer->rate = 0;
    transfer->troubles.clear();
    transfer->row.files_failed = 0;
    transfer->row.error.clear();
    for (const auto entry : to_entries(transfer->plan.selected)) {
        if (transfer->landed.has(entry)) run.moved += transfer->manifest->entries[entry].size;
    }
    runner_->start(id, std::move(path), job_of(*transfer));
    book_.publish(*transfer);
}

net::MakeBulkJob Runs::job_of(const Transfer& transfer) const {
    auto entries = to_entries(transfer.plan.selected);
    if (transfer.row.outgoing)
        return files_->sending({transfer.manifest, std::move(entries), transfer.plan.roots});
    return files_->receiving(
        {transfer.row.id, transfer.manifest, std::move(entries), transfer.plan.landing});
}

Transfer* Runs::transfer_of(const net::RunId& run) {
    const auto found = runs_.find(run);
    Transfer* transfer = found == runs_.end() ? nullptr : book_.find(found->second.transfer);
    return transfer != nullptr && transfer->run == run ? transfer : nullptr;
}

Runs::Run* Runs::find(const model::PeerId& peer, const net::RunId& run) {
    const auto found = runs_.find(run);
    return found == runs_.end() || found->second.peer != peer ? nullptr : &found->second;
}

void Runs::stop(Transfer& transfer) {
    transfer.peer_ready = false;
    transfer.asked_until = {};
    if (!transfer.run) return;
    if (runs_.at(*transfer.run).started) return runner_->stop(*transfer.run);
    drop(*transfer.run);
}

/// A run that has not begun.
void Runs::drop(const net::RunId& id) {
    context_.endpoint->forget_bulk(id);
    if (Transfer* transfer = transfer_of(id)) transfer->run.reset();
    runs_.erase(id);
    context_.events.wake_up();
}

void Runs::session_down(const model::PeerId& peer) {
    output_.erase(peer);
    const auto runs = runs_;
    for (const auto& [id, run] : runs) {
        if (run.peer != peer) continue;
        if (!run.started) drop(id);
        if (run.started && run.in_session) runner_->stop(id);
    }
    for (auto& [id, transfer] : book_) {
        if (transfer.row.peer != peer) continue;
        transfer.peer_ready = false;
        transfer.asked_until = {};
    }
}

void Runs::on_run_news(const net::RunId& id, const net::BulkNews& news, std::uint64_t rate) {
    Transfer* transfer = transfer_of(id);
    if (transfer == nullptr) return;
    Run& run = runs_.at(id);
    run.gained = run.gained || news.bytes > 0;
    run.moved += news.bytes + news.resumed;
    transfer->rate = rate;
    // What was there before is shown until it is known what of it is good.
    if (run.gained || run.moved > transfer->row.moved)
        transfer->row.moved = std::min(transfer->row.total, run.moved);
    note(*transfer, news);
    if (context_.clock.monotonic() - transfer->saved_at >= save_every) {
        book_.save(*transfer);
    } else {
        book_.publish(*transfer);
    }
}

void Runs::note(Transfer& transfer, const net::BulkNews& news) {
    for (const auto entry : news.landed) transfer.row.files_done += transfer.landed.add(entry);
    for (const auto& trouble : news.troubles) {
        ++transfer.row.files_failed;
        const std::string text = tidy_name(trouble.error.text);  // theirs, or with their names
        if (transfer.row.error.empty()) transfer.row.error = text;
        if (transfer.troubles.size() < Transfer::troubles_max)
            transfer.troubles.emplace(trouble.entry, text);
    }
}

void Runs::on_run_output(const net::RunId& id, crypto::Bytes bytes) {
    const auto found = runs_.find(id);
    if (local_ != nullptr && (found == runs_.end() || found->second.local))
        return local_->on_local_output(id, std::move(bytes));
    if (found == runs_.end()) return;
    const auto peer = found->second.peer;
    output_[peer].push_back({id, std::move(bytes)});
    pump(peer);
}

/// What is said between people goes first: only what the session has room for is given to it.
void Runs::pump(const model::PeerId& peer) {
    const auto found = output_.find(peer);
    if (found == output_.end()) return;
    auto& queue = found->second;
    while (!queue.empty() && context_.endpoint->bulk_room(fingerprint(peer)) > 0) {
        Output output = std::move(queue.front());
        queue.pop_front();
        const std::size_t size = output.bytes.size();
        context_.endpoint->send(fingerprint(peer),
                                net::BulkData{output.run, std::move(output.bytes)});
        runner_->on_run_sent(output.run, size);
    }
}

void Runs::drained(const model::PeerId& peer) { pump(peer); }

void Runs::on_run_credit(const net::RunId& id, std::uint32_t bytes) {
    const auto found = runs_.find(id);
    if (local_ != nullptr && (found == runs_.end() || found->second.local))
        return local_->on_local_credit(id, bytes);
    if (found != runs_.end())
        context_.endpoint->send(fingerprint(found->second.peer), net::BulkCredit{id, bytes});
}

void Runs::received(const model::PeerId& from, net::BulkData data) {
    const Run* run = find(from, data.run);
    if (run != nullptr && run->started && run->in_session)
        (void)runner_->on_input(data.run, std::move(data.bytes));
}

void Runs::received(const model::PeerId& from, const net::BulkCredit& credit) {
    const Run* run = find(from, credit.run);
    if (run != nullptr && run->started && run->in_session)
        runner_->on_credit(credit.run, credit.bytes);
}

Milliseconds Runs::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    const auto runs = runs_;
    for (const auto& [id, run] : runs) {
        if (run.started) continue;
        if (now >= run.give_up_at) drop(id);
        next = std::min(next, run.give_up_at);
    }
    for (auto& [id, transfer] : book_) {
        if (transfer.to_clean && !transfer.run) clean_now(transfer);
        const bool idle = !holds_place(transfer) && !transfer.preparing && !transfer.cleaning;
        if (idle) transfer.manifest.reset();  // a long one is large
        if (transfer.asked_until != Milliseconds{0} && now >= transfer.asked_until) {
            transfer.asked_until = {};
            transfer.retry_at = now + retry_first;  // whoever waits for the place goes first
        }
        if (transfer.asked_until != Milliseconds{0}) next = std::min(next, transfer.asked_until);
        if (transfer.may_move() && transfer.retry_at > now)
            next = std::min(next, transfer.retry_at);
    }
    look_for_work();
    return next;
}

}  // namespace kith::node
