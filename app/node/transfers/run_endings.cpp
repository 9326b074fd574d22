// SPDX-License-Identifier: MIT
//
// What follows the end of a run, and of a transfer.
#include "app/node/transfers/runs.hpp"

namespace kith::node {

using model::TransferState;

void Runs::on_run_ended(const net::RunId& id, net::RunOutcome outcome, const std::string& text) {
    if (local_ != nullptr) local_->on_ended(id, outcome, text);
    const auto found = runs_.find(id);
    if (found == runs_.end()) return;
    const Run run = found->second;
    Transfer* transfer = transfer_of(id);
    runs_.erase(found);
    if (const auto queue = output_.find(run.peer); queue != output_.end())
        std::erase_if(queue->second, [&](const auto& output) { return output.run == id; });
    context_.events.wake_up();  // a place is free: tick() looks for work
    if (transfer == nullptr) return;
    transfer->run.reset();
    transfer->moving = false;
    transfer->rate = 0;
    if (run.gained) transfer->cuts = 0;
    settle(*transfer, outcome, text);
}

void Runs::settle(Transfer& transfer, net::RunOutcome outcome, const std::string& text) {
    if (transfer.to_clean) return clean_now(transfer);
    if (transfer.over()) return;
    switch (outcome) {
        case net::RunOutcome::complete:
            return completed(transfer);
        case net::RunOutcome::failed:
            return give_up(transfer, text);
        case net::RunOutcome::cut: {
            const auto wait =
                std::min(retry_most, retry_first * (1U << std::min(transfer.cuts, 6U)));
            ++transfer.cuts;
            transfer.retry_at = context_.clock.monotonic() + wait;
            break;
        }
        case net::RunOutcome::stopped:
            break;
    }
    book_.save(transfer);
}

void Runs::completed(Transfer& transfer) {
    if (transfer.row.files_failed > 0) {
        const auto many = transfer.row.files_failed;
        const std::string files = many == 1 ? "1 file is" : std::to_string(many) + " files are";
        return failed(transfer, files + " missing. " + transfer.row.error);
    }
    if (transfer.row.outgoing) return landed_all(transfer);
    transfer.preparing = true;
    files_->finish({transfer.row.id, transfer.manifest, to_entries(transfer.plan.selected),
                    transfer.plan.landing},
                   [this, id = transfer.row.id](std::string path) {
                       Transfer* known = book_.find(id);
                       if (known == nullptr) return;
                       known->preparing = false;
                       if (!path.empty()) known->row.path = std::move(path);
                       if (!known->over()) landed_all(*known);
                   });
}

void Runs::landed_all(Transfer& transfer) {
    transfer.row.state = TransferState::done;
    transfer.row.moved = transfer.row.total;
    transfer.row.error.clear();
    if (transfer.row.outgoing) {
        transfer.manifest.reset();
        return book_.save(transfer);
    }
    // Notes about progress are needed until it is stored that there is none any more.
    const auto id = transfer.row.id;
    const net::FileStop stop{context_.uuids.next(), id.bytes, net::StopReason::done};
    book_.save(transfer, stop, [this, id](const auto& saved) {
        Transfer* known = book_.find(id);
        if (saved && known != nullptr) clean_now(*known);
    });
}

/// This side died before the end of the last run was stored, or its disk is an older copy.
void Runs::done_there(Transfer& transfer) {
    if (!transfer.may_move() || transfer.run || transfer.preparing || files_ == nullptr) return;
    transfer.asked_until = {};
    transfer.preparing = true;
    manifests_.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        Transfer* known = book_.find(id);
        if (known == nullptr) return;
        known->preparing = false;
        if (!manifest) return give_up(*known, "The list of files cannot be read any more.");
        known->preparing = true;
        files_->all_landed({id, manifest, to_entries(known->plan.selected), known->plan.landing},
                           [this, id](std::optional<bool> all) { compared(id, all); });
    });
}

void Runs::compared(const model::TransferId& id, std::optional<bool> all_landed) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr) return;
    transfer->preparing = false;
    if (transfer->over()) return clean_up(*transfer);
    if (!all_landed) {
        transfer->retry_at = context_.clock.monotonic() + retry_most;
        return;
    }
    if (*all_landed) return completed(*transfer);
    transfer->row.state = TransferState::cancelled;
    transfer->row.error = "They have sent this already. Ask them to send it again.";
    book_.save(*transfer, {}, [this, id](const auto& saved) {
        Transfer* known = book_.find(id);
        if (saved && known != nullptr) clean_up(*known);
    });
}

void Runs::failed(Transfer& transfer, std::string text) {
    transfer.row.state = TransferState::failed;
    transfer.row.error = std::move(text);
    book_.save(transfer);
    transfer.manifest.reset();
}

void Runs::give_up(Transfer& transfer, std::string text) {
    tell(transfer, net::TransferWish::pause);
    failed(transfer, std::move(text));
}

void Runs::clean_up(Transfer& transfer) {
    transfer.to_clean = !transfer.row.outgoing && !transfer.plan.landing.folder.empty();
    if (transfer.run && runs_.at(*transfer.run).started) return runner_->stop(*transfer.run);
    stop(transfer);
    if (transfer.to_clean) clean_now(transfer);
}

void Runs::clean_now(Transfer& transfer) {
    if (files_ == nullptr || std::exchange(transfer.cleaning, true)) return;
    manifests_.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        const Transfer* known = book_.find(id);
        if (known == nullptr) return;
        files_->clean_up({id, manifest, to_entries(known->plan.selected), known->plan.landing},
                         known->row.state == TransferState::done, [this, id] { cleaned(id); });
    });
}

/// That it is clean is remembered by forgetting where it landed.
void Runs::cleaned(const model::TransferId& id) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr) return;
    transfer->to_clean = transfer->cleaning = false;
    transfer->plan.landing = {};
    transfer->manifest.reset();
    book_.save(*transfer);
}

}  // namespace kith::node
