// SPDX-License-Identifier: MIT
#include "app/node/transfers/offers.hpp"

#include <algorithm>

#include "app/node/convert.hpp"
#include "crypto/relay_address.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

using model::TransferState;

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

/// Clocks of others may be wrong or lie, as for texts.
constexpr model::Timestamp future_tolerance_ms = 24LL * 3600 * 1000;

store::TransferRow to_row(const Person& from, const net::FileOffer& offer, model::Timestamp now) {
    store::TransferRow row;
    row.id.bytes = offer.id;
    row.peer = from.row.id;
    row.name = tidy_name(offer.title);
    if (row.name.empty()) row.name = "?";
    row.files = offer.files;
    row.bytes = row.total = offer.bytes;
    row.manifest_hash.assign(offer.manifest_hash.begin(), offer.manifest_hash.end());
    row.manifest_size = offer.manifest_size;
    row.at = std::clamp<model::Timestamp>(offer.sent_at, 0, now + future_tolerance_ms);
    return row;
}

model::Message to_message(const store::TransferRow& row) {
    model::Message message;
    message.id = row.id;
    message.peer = row.peer;
    message.outgoing = row.outgoing;
    message.text = row.name;
    message.at = row.at;
    message.state = row.outgoing ? model::MessageState::queued : model::MessageState::received;
    return message;
}

/// Small lists come with the offer: whether it says the same as it.
bool honest(const store::TransferRow& row, const crypto::Bytes& encoded) {
    const auto hash = net::manifest_hash(encoded);
    if (!std::equal(hash.begin(), hash.end(), row.manifest_hash.begin(), row.manifest_hash.end()))
        return false;
    const auto manifest = net::decode_manifest(encoded);
    return manifest && fits(row, *manifest);
}

std::optional<std::vector<std::uint32_t>> selection(
    std::optional<std::vector<std::uint32_t>> wished, std::size_t entries) {
    std::vector<std::uint32_t> all;
    if (!wished) {
        for (std::uint32_t entry = 0; entry < entries; ++entry) all.push_back(entry);
        return all;
    }
    const bool ascending =
        std::adjacent_find(wished->begin(), wished->end(), std::greater_equal<>()) == wished->end();
    if (wished->empty() || !ascending || wished->back() >= entries) return std::nullopt;
    return wished;
}

}  // namespace

std::string shown_path(const files::Landing& landing) {
    if (landing.names.size() != 1) return landing.folder;
    return landing.folder + "/" + landing.names.front();
}

void Offers::send(const model::PeerId& peer, std::vector<std::string> paths, Done done) {
    if (to_.files == nullptr) return done(refuse("not_supported", "Files cannot be sent here."));
    to_.files->walk(std::move(paths), [this, peer, done = std::move(done)](auto walked) mutable {
        if (!walked) return done(tl::unexpected(walked.error()));
        offer(peer, std::move(*walked), std::move(done));
    });
}

void Offers::offer(const model::PeerId& peer, WalkedFiles files, Done done) {
    store::TransferRow row;
    row.id.bytes = to_.context.uuids.next();
    row.peer = peer;
    row.outgoing = true;
    row.name = files.manifest->title();
    row.files = files.manifest->files();
    row.bytes = row.total = files.manifest->bytes();
    row.manifest_hash = files.hash;
    row.manifest_size = static_cast<std::uint32_t>(files.encoded.size());
    row.at = to_.context.now();
    row.listed = true;
    row.path = files.roots.empty() ? std::string() : files.roots.front();
    row.plan = encode(Plan{files.roots, {}, {}});
    store::InsertOutgoing job{to_message(row), row.at, row, std::move(files.encoded)};
    to_.context.store.submit(std::move(job),
                             [this, files = std::move(files), row = std::move(row),
                              done = std::move(done)](store::Result result) mutable {
                                 stored(std::move(files), std::move(row), std::move(result), done);
                             });
}

void Offers::stored(WalkedFiles files, store::TransferRow row, store::Result result,
                    const Done& done) {
    if (!result) return done(tl::unexpected(to_model(result.error())));
    auto& inserted = std::get<store::Inserted>(*result);
    store::Outgoing entry;
    entry.sequence = inserted.sequence;
    entry.kind = store::Kind::file_offer;
    entry.id = row.id;
    entry.at = row.at;
    entry.text = row.name;
    entry.transfer = row;
    if (row.manifest_size <= net::manifest_inline_max) entry.body = net::encode(*files.manifest);
    const auto id = row.id;
    Transfer* transfer = to_.book.add(std::move(row));
    done(model::Offered{id, std::move(files.skipped), files.skipped_count});
    to_.sent(std::move(inserted.message), std::move(entry));
    if (transfer != nullptr) to_.book.publish(*transfer);
}

bool Offers::received(const Person& from, net::FileOffer offer) {
    auto row = to_row(from, offer, to_.context.now());
    if (!offer.manifest.empty() && !honest(row, offer.manifest)) return false;
    const Transfer* known = to_.book.find(row.id);
    if (known != nullptr && (known->row.peer != row.peer || known->row.outgoing)) return false;
    row.listed = !offer.manifest.empty();
    const std::size_t bytes = offer.manifest_size + offer.title.size();
    arriving_.try_emplace(row.id, Arriving{row.peer});
    store::InsertIncoming job{to_message(row), 0, to_.context.now(), row,
                              std::move(offer.manifest)};
    const bool taken = to_.inbox.receive_as(
        from, offer.id, bytes, std::move(job), [this, row](store::Result& result) {
            auto said = arriving_.extract(row.id);
            if (const Person* person = to_.context.people.find(row.peer))
                arrived(*person, row, result);
            if (said.empty() || !result) return;
            for (const auto& later : said.mapped().later) later();
        });
    if (!taken) arriving_.erase(row.id);
    return taken;
}

template <typename Message>
bool Offers::wait_for_offer(const Person& from, const Message& message) {
    const auto found = arriving_.find(model::TransferId{message.transfer});
    if (found == arriving_.end() || found->second.peer != from.row.id) return false;
    if (found->second.later.size() == said_early_max) return true;
    found->second.later.push_back([this, peer = from.row.id, message] {
        const Person* person = to_.context.people.find(peer);
        if (person != nullptr && person->is_contact()) (void)received(*person, message);
    });
    return true;
}

void Offers::arrived(const Person& from, store::TransferRow row, store::Result& result) {
    if (!result) return;
    const auto& inserted = std::get<store::Inserted>(*result);
    if (inserted.duplicate || inserted.message.deleted) return;  // taken back before it came
    const bool too_many = to_.book.unanswered(from.row.id) >= unanswered_max;
    Transfer* transfer = to_.book.add(std::move(row));
    if (transfer == nullptr) return;  // another person's offer with this id came at the same time
    if (too_many) return decline(*transfer, [](const model::Reply&) {});
    if (transfer->row.listed) return listed(*transfer);
    to_.manifests.pull_missing();
}

void Offers::listed(Transfer& transfer) {
    const Person* person = to_.context.people.find(transfer.row.peer);
    if (person == nullptr || transfer.row.state != TransferState::offered) return;
    const auto& rule = person->row.auto_accept;
    const bool fits =
        rule.rule == model::AutoAccept::Rule::always ||
        (rule.rule == model::AutoAccept::Rule::up_to && transfer.row.bytes <= rule.bytes_max);
    if (!fits || to_.book.unfinished(transfer.row.peer) >= unfinished_max) return;
    to_.manifests.get(transfer, [this, id = transfer.row.id](const ManifestPtr& manifest) {
        const Transfer* known = to_.book.find(id);
        if (known == nullptr || !manifest) return;
        to_.files->look_at(place_of(*known, {}), [this, id](const FolderRoom& room) {
            Transfer* still = to_.book.find(id);
            if (still != nullptr && still->row.state == TransferState::offered)
                accept_by_rule(*still, room);
        });
    });
}

/// Nobody looks at the disk before: what does not fit waits for an answer.
void Offers::accept_by_rule(Transfer& transfer, const FolderRoom& room) {
    if (to_.book.unfinished(transfer.row.peer) >= unfinished_max) return;
    const auto ask_after_all = [this](const std::string& why) {
        to_.context.report(model::NoticeLevel::warning,
                           "Files were not accepted by themselves: " + why);
    };
    if (!room.free_bytes) return ask_after_all("how much of the disk is free is not known.");
    const auto left = *room.free_bytes - std::min(*room.free_bytes, to_.book.to_come());
    if (left < kept_free || left - kept_free < transfer.row.bytes)
        return ask_after_all("the disk is nearly full.");
    accept(transfer, {}, std::nullopt, [this](const model::Reply& reply) {
        if (!reply) to_.context.report(model::NoticeLevel::warning, reply.error().text);
    });
}

WishedPlace Offers::place_of(const Transfer& transfer, std::string folder) const {
    const Person* person = to_.context.people.find(transfer.row.peer);
    const auto& settings = to_.settings();
    WishedPlace place;
    place.folder = std::move(folder);
    place.downloads = settings.downloads;
    place.naming = settings.naming;
    place.person = person != nullptr ? person->shown_name() : std::string("?");
    place.at = to_.context.now();
    place.manifest = transfer.manifest;
    return place;
}

void Offers::accept(Transfer& transfer, std::string folder,
                    std::optional<std::vector<std::uint32_t>> selected, Done done) {
    if (transfer.row.outgoing)
        return done(refuse("not_yours", "You have offered these files yourself."));
    if (transfer.row.state != TransferState::offered || transfer.preparing)
        return done(refuse("too_late", "This offer has been answered already."));
    if (!transfer.row.listed)
        return done(refuse("not_listed", "The list of files has not come yet. Try again soon."));
    transfer.preparing = true;
    const auto id = transfer.row.id;
    to_.manifests.get(
        transfer, [this, id, folder = std::move(folder), selected = std::move(selected),
                   done = std::move(done)](const ManifestPtr& manifest) mutable {
            Transfer* known = to_.book.find(id);
            if (known == nullptr || !manifest) {
                if (known != nullptr) known->preparing = false;
                return done(refuse("io", "The list of files cannot be read."));
            }
            auto entries = selection(std::move(selected), manifest->entries.size());
            if (!entries || to_ranges(*entries).size() > net::selected_ranges_max) {
                known->preparing = false;
                return done(refuse("bad_selection",
                                   entries ? "That are too many separate parts of the list."
                                           : "These are not entries of the list, in its order."));
            }
            auto place = place_of(*known, std::move(folder));
            place.selected = *entries;
            to_.files->choose_landing(
                std::move(place), [this, id, entries = std::move(*entries), done = std::move(done)](
                                      tl::expected<files::Landing, model::Error> landing) mutable {
                    Transfer* still = to_.book.find(id);
                    if (still != nullptr) still->preparing = false;
                    if (!landing) return done(tl::unexpected(landing.error()));
                    if (still == nullptr || still->row.state != TransferState::offered)
                        return done(refuse("too_late", "The offer was withdrawn."));
                    chosen(*still, std::move(entries), std::move(*landing), done);
                });
        });
}

void Offers::chosen(Transfer& transfer, std::vector<std::uint32_t> entries, files::Landing landing,
                    const Done& done) {
    transfer.plan.landing = std::move(landing);
    transfer.plan.selected = to_ranges(entries);
    transfer.row.state = TransferState::waiting;
    transfer.row.total = bytes_of(*transfer.manifest, entries);
    transfer.row.path = shown_path(transfer.plan.landing);
    net::FileAnswer answer{
        to_.context.uuids.next(), transfer.row.id.bytes, true, {}, transfer.plan.selected};
    std::copy(transfer.row.manifest_hash.begin(), transfer.row.manifest_hash.end(),
              answer.manifest_hash.begin());
    to_.book.save(transfer, std::move(answer),
                  [this, id = transfer.row.id, path = transfer.row.path, done](auto saved) {
                      if (!saved) return done(tl::unexpected(saved.error()));
                      done(model::Landed{path});
                      if (Transfer* known = to_.book.find(id)) to_.runs.want(*known);
                  });
}

void Offers::decline(Transfer& transfer, Done done) {
    if (transfer.row.outgoing || transfer.row.state != TransferState::offered)
        return done(refuse("too_late", "This offer has been answered already."));
    transfer.row.state = TransferState::declined;
    net::FileAnswer answer{to_.context.uuids.next(), transfer.row.id.bytes, false, {}, {}};
    to_.book.save(transfer, std::move(answer), [done = std::move(done)](auto saved) {
        done(saved ? model::Reply(model::Done{}) : tl::unexpected(saved.error()));
    });
}

void Offers::cancel(Transfer& transfer, Done done) {
    if (transfer.over()) return done(refuse("too_late", "This transfer is over already."));
    transfer.row.state = TransferState::cancelled;
    transfer.row.error = "You have cancelled it.";
    net::FileStop stop{to_.context.uuids.next(), transfer.row.id.bytes, net::StopReason::cancelled};
    to_.runs.stop(transfer);
    to_.book.save(transfer, stop, [this, id = transfer.row.id, done = std::move(done)](auto saved) {
        Transfer* known = to_.book.find(id);
        if (saved && known != nullptr) to_.runs.clean_up(*known);
        done(saved ? model::Reply(model::Done{}) : tl::unexpected(saved.error()));
    });
}

bool Offers::settle(const Person& from, const net::MessageId& id, Transfer* transfer,
                    const std::function<bool(Transfer&)>& change) {
    store::PutTransfer job;
    if (transfer != nullptr && (change(*transfer) || transfer->unsaved)) {
        job = to_.book.to_job(*transfer, {});
        to_.book.publish(*transfer);
    } else {  // forgotten, or said before: nothing changes, and it is not sent again
        transfer = nullptr;
        job.row.peer = from.row.id;
    }
    if (transfer == nullptr)
        return to_.inbox.receive_as(from, id, 0, std::move(job), [](store::Result&) {});
    // It comes again, and is to be stored then, if it cannot be now.
    transfer->unsaved = true;
    return to_.inbox.receive_as(from, id, 0, std::move(job),
                                [this, known = transfer->row.id](store::Result& result) {
                                    Transfer* still = to_.book.find(known);
                                    if (still == nullptr) return;
                                    still->unsaved = !result;
                                    if (result && still->over()) to_.runs.clean_up(*still);
                                });
}

bool Offers::received(const Person& from, net::FileAnswer answer) {
    Transfer* transfer = to_.book.find(from.row.id, answer.transfer, true);
    const auto id = answer.id;
    return settle(from, id, transfer,
                  [&](Transfer& known) { return answered(known, std::move(answer)); });
}

bool Offers::answered(Transfer& transfer, net::FileAnswer answer) {
    if (transfer.row.state != TransferState::offered) return false;  // before, or cancelled here
    if (!answer.accept) {
        transfer.row.state = TransferState::declined;
        return true;
    }
    if (!std::equal(answer.manifest_hash.begin(), answer.manifest_hash.end(),
                    transfer.row.manifest_hash.begin(), transfer.row.manifest_hash.end())) {
        transfer.row.state = TransferState::failed;
        transfer.row.error = "They accepted other files than those that were offered.";
        return true;
    }
    transfer.plan.selected = std::move(answer.selected);
    to_.context.events.wake_up();  // they may have said that they are ready before
    transfer.row.state = TransferState::waiting;
    return true;
}

bool Offers::received(const Person& from, const net::FileStop& stop) {
    Transfer* transfer = to_.book.find(model::TransferId{stop.transfer});
    if (transfer == nullptr && wait_for_offer(from, stop)) return true;
    if (transfer != nullptr && transfer->row.peer != from.row.id) transfer = nullptr;
    return settle(from, stop.id, transfer,
                  [&](Transfer& known) { return stopped(known, stop.reason); });
}

bool Offers::received(const Person& from, net::FileWaits waits) {
    Transfer* transfer = to_.book.find(from.row.id, waits.transfer, false);
    if (transfer == nullptr && wait_for_offer(from, waits)) return true;
    const auto id = waits.id;
    return settle(from, id, transfer,
                  [&](Transfer& known) { return waits_at_relay(known, std::move(waits)); });
}

/// A newer one counts: the pieces of the one before are gone, or will be.
bool Offers::waits_at_relay(Transfer& transfer, net::FileWaits waits) {
    const auto& row = transfer.row;
    const bool fits = waits.size == row.manifest_size + row.bytes;
    if (transfer.over() || !fits || !crypto::parse_relay_address(waits.relay)) return false;
    transfer.plan.parcel = ParcelPlan{std::move(waits.relay), waits.key, waits.size, true};
    return true;
}

bool Offers::stopped(Transfer& transfer, net::StopReason reason) {
    if (transfer.over()) return false;
    if (reason == net::StopReason::done) {
        if (transfer.plan.selected.empty()) return false;
        if (!transfer.row.outgoing) {
            to_.runs.done_there(transfer);
            return false;  // what lies on the disk decides
        }
        transfer.row.state = TransferState::done;
        transfer.row.moved = transfer.row.total;
        transfer.row.error.clear();
    } else {
        transfer.row.state = TransferState::cancelled;
        transfer.row.error = "They have cancelled it.";
    }
    to_.runs.stop(transfer);  // nobody could, once it is over
    return true;
}

}  // namespace kith::node
