// SPDX-License-Identifier: MIT
#include "app/node/transfers/manifests.hpp"

#include "app/node/convert.hpp"

namespace kith::node {

bool fits(const store::TransferRow& row, const net::Manifest& manifest) {
    return !manifest.entries.empty() && row.files == manifest.files() &&
           row.bytes == manifest.bytes();
}

void Manifests::get(Transfer& transfer, Got got) {
    if (transfer.manifest || files_ == nullptr) return got(transfer.manifest);
    const auto id = transfer.row.id;
    context_.store.submit(store::LoadManifest{transfer.row.peer, id},
                          [this, id, got = std::move(got)](store::Result result) {
                              const Transfer* known = book_.find(id);
                              if (!result || known == nullptr) return got(nullptr);
                              files_->read_manifest(
                                  std::move(std::get<store::Manifest>(*result).manifest),
                                  known->row.manifest_hash, [this, id, got](ManifestPtr manifest) {
                                      Transfer* still = book_.find(id);
                                      if (still != nullptr) still->manifest = manifest;
                                      got(still != nullptr ? manifest : nullptr);
                                  });
                          });
}

void Manifests::session_down(const model::PeerId& peer) {
    std::erase_if(pulls_, [&](const auto& pull) { return pull.second.peer == peer; });
    askers_.erase(peer);
    context_.events.wake_up();  // places are free: tick() gives them to others
}

/// One of each person: nobody takes the places of the others.
bool Manifests::may_pull(const Transfer& transfer) const {
    const auto& row = transfer.row;
    const auto live = context_.live.find(row.peer);
    const Person* person = context_.people.find(row.peer);
    return person != nullptr && person->is_contact() && !row.outgoing && !row.listed &&
           row.state == model::TransferState::offered && !transfer.preparing &&
           live != context_.live.end() && live->second.files &&
           context_.clock.monotonic() >= transfer.retry_at &&
           std::none_of(pulls_.begin(), pulls_.end(),
                        [&](const auto& pull) { return pull.second.peer == row.peer; });
}

void Manifests::pull_missing() {
    if (files_ == nullptr) return;
    for (auto& [id, transfer] : book_) {
        if (pulls_.size() >= pulls_max) return;
        if (!may_pull(transfer)) continue;
        Pull& pull = pulls_[id] = Pull{transfer.row.peer};
        pull.heard_at = context_.clock.monotonic();
        ask_on(id, pull, transfer.row.manifest_size);
    }
}

void Manifests::ask_on(const model::TransferId& id, Pull& pull, std::uint32_t size) {
    constexpr auto part = static_cast<std::uint32_t>(net::manifest_part_max);
    while (pull.asked < size && pull.asked < pull.bytes.size() + requests_ahead * part) {
        context_.endpoint->send(fingerprint(pull.peer), net::ManifestRequest{id.bytes, pull.asked});
        pull.asked = std::min(size, pull.asked + part);
    }
}

void Manifests::received(const model::PeerId& from, net::ManifestPart part) {
    Transfer* transfer = book_.find(from, part.transfer, false);
    const auto found = pulls_.find(model::TransferId{part.transfer});
    if (transfer == nullptr || found == pulls_.end()) return;
    Pull& pull = found->second;
    const auto size = transfer->row.manifest_size;
    // In whole parts only: who drips keeps no place.
    const auto next = std::min(size - pull.bytes.size(), net::manifest_part_max);
    if (part.offset != pull.bytes.size() || part.bytes.size() != next) return;
    pull.bytes.insert(pull.bytes.end(), part.bytes.begin(), part.bytes.end());
    pull.heard_at = context_.clock.monotonic();
    if (pull.bytes.size() < size) return ask_on(transfer->row.id, pull, size);
    store::Blob encoded = std::move(pull.bytes);
    pulls_.erase(found);
    whole(*transfer, std::move(encoded));
    pull_missing();
}

void Manifests::whole(Transfer& transfer, store::Blob encoded) {
    transfer.preparing = true;
    const auto id = transfer.row.id;
    auto kept = std::make_shared<store::Blob>(encoded);
    files_->read_manifest(
        std::move(encoded), transfer.row.manifest_hash, [this, id, kept](const ManifestPtr& read) {
            Transfer* known = book_.find(id);
            if (known == nullptr) return;
            if (!read || !fits(known->row, *read)) return bad_list(*known);
            context_.store.submit(store::PutManifest{known->row.peer, id, std::move(*kept)},
                                  [this, id](const store::Result& result) {
                                      Transfer* stored = book_.find(id);
                                      if (stored == nullptr) return;
                                      stored->preparing = false;
                                      if (!result)
                                          return context_.report(model::NoticeLevel::error,
                                                                 result.error().text);
                                      stored->row.listed = true;
                                      book_.publish(*stored);
                                      on_listed(*stored);
                                  });
        });
}

void Manifests::bad_list(Transfer& transfer) {
    transfer.preparing = false;
    transfer.row.state = model::TransferState::failed;
    transfer.row.error = "The list of files is not the one that was offered. Ask for a new offer.";
    book_.save(transfer);
}

void Manifests::asked(const model::PeerId& from, const net::ManifestRequest& request) {
    const Transfer* transfer = book_.find(from, request.transfer, true);
    if (transfer == nullptr || transfer->over() || request.offset >= transfer->row.manifest_size)
        return;
    Asker& asker = askers_[from];
    if (asker.requests.size() >= requests_ahead) return;
    asker.requests.push_back(request);
    Given& given = given_of(from, transfer->row.id);
    given.asked_at = context_.clock.monotonic();
    give(from);
}

Manifests::Given* Manifests::find_given(const model::TransferId& id) {
    const auto found = std::find_if(given_.begin(), given_.end(),
                                    [&](const auto& given) { return given.transfer == id; });
    return found == given_.end() ? nullptr : &*found;
}

Manifests::Given& Manifests::given_of(const model::PeerId& peer, const model::TransferId& id) {
    if (Given* given = find_given(id)) return *given;
    if (given_.size() >= given_max) given_.pop_front();
    given_.push_back({id, nullptr, {}});
    context_.store.submit(store::LoadManifest{peer, id}, [this, peer, id](store::Result result) {
        Given* given = find_given(id);
        if (given == nullptr || !result) return;
        given->encoded =
            std::make_shared<store::Blob>(std::move(std::get<store::Manifest>(*result).manifest));
        give(peer);
    });
    return given_.back();
}

/// What they have asked for, as fast as the session takes it.
void Manifests::give(const model::PeerId& to) {
    const auto found = askers_.find(to);
    if (found == askers_.end()) return;
    Asker& asker = found->second;
    while (!asker.full && !asker.requests.empty()) {
        const auto request = asker.requests.front();
        const Given* given = find_given(model::TransferId{request.transfer});
        if (given != nullptr && !given->encoded) return;  // being read
        asker.requests.pop_front();
        if (given == nullptr || request.offset >= given->encoded->size()) continue;
        const auto begin = given->encoded->begin() + request.offset;
        const auto size = std::min(given->encoded->size() - request.offset, net::manifest_part_max);
        asker.full = !context_.endpoint->send(
            fingerprint(to), net::ManifestPart{request.transfer,
                                               request.offset,
                                               {begin, begin + static_cast<std::ptrdiff_t>(size)}});
    }
}

void Manifests::drained(const model::PeerId& peer) {
    const auto found = askers_.find(peer);
    if (found == askers_.end()) return;
    found->second.full = false;
    give(peer);
}

/// What was asked for and did not come is asked for again, unless others wait for the place.
bool Manifests::goes_on(const model::TransferId& id, Pull& pull, Milliseconds now) {
    Transfer* transfer = book_.find(id);
    if (transfer == nullptr || transfer->row.state != model::TransferState::offered) return false;
    if (now - pull.heard_at < pull_patience) return true;
    if (pulls_.size() >= pulls_max) {
        transfer->retry_at = now + pull_pause;
        return false;
    }
    pull.heard_at = now;
    pull.asked = static_cast<std::uint32_t>(pull.bytes.size());
    ask_on(id, pull, transfer->row.manifest_size);
    return true;
}

Milliseconds Manifests::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (auto pull = pulls_.begin(); pull != pulls_.end();)
        pull = goes_on(pull->first, pull->second, now) ? std::next(pull) : pulls_.erase(pull);
    pull_missing();
    for (const auto& [id, pull] : pulls_) next = std::min(next, pull.heard_at + pull_patience);
    for (const auto& [id, transfer] : book_) {
        const bool waits = !transfer.row.listed &&
                           transfer.row.state == model::TransferState::offered &&
                           transfer.retry_at > now;
        if (waits) next = std::min(next, transfer.retry_at);
    }
    std::erase_if(given_, [&](const auto& given) { return now - given.asked_at >= given_for; });
    for (const auto& given : given_) next = std::min(next, given.asked_at + given_for);
    return next;
}

}  // namespace kith::node
