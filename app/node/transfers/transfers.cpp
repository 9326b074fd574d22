// SPDX-License-Identifier: MIT
#include "app/node/transfers/transfers.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

using model::TransferState;

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

model::Reply not_agreed_on() {
    return refuse("too_late", "This cannot be tried again. Ask for a new offer.");
}

TransferBook::Done reply(Transfers::Done done) {
    return [done = std::move(done)](auto saved) {
        done(saved ? model::Reply(model::Done{}) : tl::unexpected(saved.error()));
    };
}

model::TransferFile shown(const Transfer& transfer, const EntrySet& selected, std::uint32_t index) {
    const auto& entry = transfer.manifest->entries[index];
    const bool open = transfer.row.state == TransferState::offered;
    model::TransferFile file;
    file.index = index;
    file.path = entry.path;
    file.folder = entry.folder;
    file.size = entry.size;
    file.selected = open || selected.has(index);
    file.done =
        transfer.row.state == TransferState::done ? file.selected : transfer.landed.has(index);
    const auto trouble = transfer.troubles.find(index);
    if (trouble != transfer.troubles.end()) file.error = trouble->second;
    return file;
}

}  // namespace

Transfers::Transfers(Context& context, Outboxes& outboxes, Inbox& inbox, TransferFiles* files,
                     net::BulkRunner* runner,
                     std::function<void(model::Message, store::Outgoing)> sent,
                     std::function<const model::Settings&()> settings)
    : context_(context),
      files_(files),
      runner_(runner),
      book_(context, outboxes),
      manifests_(context, book_, files),
      runs_(context, book_, manifests_, files, runner),
      offers_(
          {context, book_, manifests_, runs_, inbox, files, std::move(sent), std::move(settings)}) {
    manifests_.on_listed = [this](Transfer& transfer) { offers_.listed(transfer); };
}

void Transfers::configure(const model::Settings& settings) {
    if (runner_ != nullptr) runner_->set_rates({settings.rate_total, settings.rate_each});
}

void Transfers::refresh(model::Message& message) {
    if (!message.transfer) return;
    if (const Transfer* transfer = book_.find(message.id)) message.transfer = to_model(*transfer);
}

Transfer* Transfers::known(const model::TransferId& id, const Done& done) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr) done(refuse("no_such_transfer", "There is no such transfer."));
    return transfer;
}

void Transfers::run(const model::ListTransfers&, const Done& done) {
    model::Transfers reply;
    for (const auto& [id, transfer] : book_) reply.transfers.push_back(to_model(transfer));
    std::sort(reply.transfers.begin(), reply.transfers.end(),
              [](const auto& a, const auto& b) { return a.at > b.at; });
    done(std::move(reply));
}

void Transfers::run(const model::ListTransferFiles& command, Done done) {
    Transfer* transfer = known(command.transfer, done);
    if (transfer == nullptr) return;
    if (!transfer->row.listed)
        return done(refuse("not_listed", "The list of files has not come yet. Try again soon."));
    manifests_.get(*transfer, [this, command, done = std::move(done)](const ManifestPtr& read) {
        Transfer* listing = book_.find(command.transfer);
        if (listing == nullptr || !read)
            return done(refuse("io", "The list of files cannot be read."));
        if (listing->row.outgoing) return listed(*listing, command, done, std::nullopt);
        if (listing->over())
            return listed(*listing, command, done, FolderRoom{listing->row.path, {}});
        files_->look_at(offers_.place_of(*listing, listing->plan.landing.folder),
                        [this, command, read, done](FolderRoom room) {
                            Transfer* still = book_.find(command.transfer);
                            if (still == nullptr) return done(refuse("io", "It is gone."));
                            still->manifest = read;
                            listed(*still, command, done, std::move(room));
                        });
    });
}

void Transfers::listed(Transfer& transfer, const model::ListTransferFiles& command,
                       const Done& done, std::optional<FolderRoom> room) {
    model::TransferFiles reply;
    reply.transfer = command.transfer;
    const auto entries = static_cast<std::uint32_t>(transfer.manifest->entries.size());
    reply.entries = entries;
    EntrySet selected;
    for (const auto entry : to_entries(transfer.plan.selected)) selected.add(entry);
    for (std::uint32_t i = command.first; i < entries && reply.files.size() < command.limit; ++i)
        reply.files.push_back(shown(transfer, selected, i));
    if (room) {
        reply.folder = std::move(room->folder);
        reply.free_bytes = room->free_bytes;
    }
    if (!transfer.run && !transfer.preparing && !transfer.may_move()) transfer.manifest.reset();
    done(std::move(reply));
}

void Transfers::run(model::AcceptTransfer command, Done done) {
    if (Transfer* transfer = known(command.transfer, done))
        offers_.accept(*transfer, std::move(command.folder), std::move(command.selected),
                       std::move(done));
}

void Transfers::run(const model::DeclineTransfer& command, Done done) {
    if (Transfer* transfer = known(command.transfer, done))
        offers_.decline(*transfer, std::move(done));
}

void Transfers::run(const model::CancelTransfer& command, Done done) {
    if (Transfer* transfer = known(command.transfer, done))
        offers_.cancel(*transfer, std::move(done));
}

void Transfers::run(const model::PauseTransfer& command, Done done) {
    Transfer* transfer = known(command.transfer, done);
    if (transfer == nullptr) return;
    if (transfer->row.state != TransferState::waiting)
        return done(refuse("too_late", "Only what was accepted and is not over can be paused."));
    transfer->row.paused_here = true;
    runs_.stop(*transfer);
    runs_.tell(*transfer, net::TransferWish::pause);
    book_.save(*transfer, {}, reply(std::move(done)));
}

void Transfers::run(const model::ResumeTransfer& command, Done done) {
    Transfer* transfer = known(command.transfer, done);
    if (transfer == nullptr) return;
    if (transfer->over()) return done(refuse("too_late", "This transfer is over already."));
    if (transfer->row.state == TransferState::failed && !retry(*transfer))
        return done(not_agreed_on());
    transfer->row.paused_here = false;
    transfer->retry_at = {};
    runs_.tell(*transfer, net::TransferWish::go);
    book_.save(*transfer, {}, reply(std::move(done)));
    runs_.want(*transfer);
}

void Transfers::run(const model::RetryTransfer& command, Done done) {
    if (!command.transfer) {
        for (auto& [id, transfer] : book_) {
            if (transfer.row.state != TransferState::failed) continue;
            transfer.retry_at = {};
            (void)retry(transfer);
        }
        return done(model::Done{});
    }
    Transfer* transfer = known(*command.transfer, done);
    if (transfer == nullptr) return;
    if (transfer->row.state != TransferState::failed)
        return done(refuse("too_late", "Only what has failed can be tried again."));
    transfer->retry_at = {};
    if (!retry(*transfer)) return done(not_agreed_on());
    done(model::Done{});
}

/// False: it was never agreed on.
bool Transfers::retry(Transfer& transfer) {
    if (transfer.plan.selected.empty()) return false;
    transfer.row.state = TransferState::waiting;
    transfer.row.error.clear();
    transfer.cuts = 0;
    book_.save(transfer);
    const bool theirs_too = transfer.row.outgoing;
    runs_.tell(transfer, theirs_too ? net::TransferWish::retry : net::TransferWish::go);
    runs_.want(transfer);
    return true;
}

void Transfers::message_gone(const model::MessageId& message) {
    Transfer* transfer = book_.find(message);
    if (transfer == nullptr) return;
    if (!transfer->over()) {
        transfer->row.state = TransferState::cancelled;
        transfer->row.error = "The offer was deleted.";
        runs_.clean_up(*transfer);
    }
    book_.publish(*transfer);
}

void Transfers::session_up(const model::PeerId& peer) {
    const auto live = context_.live.find(peer);
    if (live == context_.live.end() || !live->second.files) return;
    for (auto& [id, transfer] : book_) {
        if (transfer.row.peer != peer || transfer.over()) continue;
        transfer.row.paused_there = false;  // they say it again
        if (transfer.row.paused_here) runs_.tell(transfer, net::TransferWish::pause);
    }
    runs_.want_all(peer);
    manifests_.pull_missing();
}

void Transfers::session_down(const model::PeerId& peer) {
    manifests_.session_down(peer);
    runs_.session_down(peer);
}

void Transfers::no_contact(const model::PeerId& peer) {
    session_down(peer);
    for (auto& [id, transfer] : book_) {
        if (transfer.row.peer == peer) runs_.stop(transfer);
    }
}

void Transfers::drained(const model::PeerId& peer) {
    manifests_.drained(peer);
    runs_.drained(peer);
}

Transfer* Transfers::either(const model::PeerId& from, const net::MessageId& id) {
    Transfer* transfer = book_.find(model::TransferId{id});
    return transfer != nullptr && transfer->row.peer == from ? transfer : nullptr;
}

void Transfers::heard(const model::PeerId& from, const net::ManifestRequest& message) {
    manifests_.asked(from, message);
}

void Transfers::heard(const model::PeerId& from, net::ManifestPart message) {
    manifests_.received(from, std::move(message));
}

void Transfers::heard(const model::PeerId& from, const net::FileState& message) {
    Transfer* transfer = either(from, message.transfer);
    if (transfer == nullptr || transfer->over()) return;
    switch (message.wish) {
        case net::TransferWish::pause:
            if (std::exchange(transfer->row.paused_there, true)) return;
            runs_.stop(*transfer);
            return book_.publish(*transfer);
        case net::TransferWish::retry:
            if (transfer->row.state == TransferState::failed && !transfer->row.outgoing)
                (void)retry(*transfer);
            [[fallthrough]];
        case net::TransferWish::go:
            transfer->row.paused_there = false;
            book_.publish(*transfer);
            return runs_.want_soon(*transfer);
    }
}

void Transfers::heard(const model::PeerId& from, const net::FileRun& message) {
    if (Transfer* transfer = either(from, message.transfer)) runs_.begin(*transfer, message);
}

void Transfers::heard(const model::PeerId& from, const net::FileReady& message) {
    Transfer* transfer = book_.find(from, message.transfer, true);
    if (transfer == nullptr) return;
    // They do not know yet that it is over, or have forgotten (a crash, a restored backup).
    const auto now = context_.clock.monotonic();
    if (!transfer->over()) return runs_.ready(*transfer);
    if (now < transfer->retry_at) return;
    transfer->retry_at = now + Runs::retry_most;
    const bool done = transfer->row.state == TransferState::done;
    book_.save(*transfer, net::FileStop{context_.uuids.next(), message.transfer,
                                        done ? net::StopReason::done : net::StopReason::cancelled});
}

void Transfers::heard(const model::PeerId& from, net::BulkData message) {
    runs_.received(from, std::move(message));
}

void Transfers::heard(const model::PeerId& from, const net::BulkCredit& message) {
    runs_.received(from, message);
}

Milliseconds Transfers::tick(Milliseconds now) {
    return std::min(manifests_.tick(now), runs_.tick(now));
}

}  // namespace kith::node
