// SPDX-License-Identifier: MIT
#include "app/host/transfer_host.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "app/files/naming.hpp"
#include "app/files/received_files.hpp"
#include "app/files/source_files.hpp"
#include "app/files/walk.hpp"
#include "app/host/transfer_jobs.hpp"

namespace kith::host {
namespace {

constexpr std::size_t skipped_told_max = 100;

model::Error busy() {
    return {"busy", "Too many files are being looked at. Try again in a moment."};
}

model::Error to_model(const net::FileError& error) {
    switch (error.problem) {
        case net::FileProblem::full:
            return {"disk_full", error.text};
        case net::FileProblem::unwritable:
            return {"read_only", error.text};
        case net::FileProblem::vanished:
            return {"bad_path", error.text};
        default:
            return {"io", error.text};
    }
}

std::string sentence(const files::SkippedPath& skipped) {
    return "\"" + skipped.path + "\" " + files::reason(skipped.why) + ".";
}

/// What stops the whole: something that was chosen is not there, nothing is left, or too much.
std::optional<model::Error> problem_of(const files::Walk& walk,
                                       const std::vector<std::string>& paths) {
    for (const auto& skipped : walk.skipped) {
        const bool chosen = std::ranges::find(paths, skipped.path) != paths.end();
        if (chosen &&
            (skipped.why == files::Skipped::missing || skipped.why == files::Skipped::bad_path))
            return model::Error{"no_such_file", sentence(skipped)};
        if (skipped.why == files::Skipped::too_many)
            return model::Error{"too_many",
                                "These are too many files for one transfer: 200,000 at most. Send "
                                "them in parts or packed together."};
    }
    if (!walk.manifest.entries.empty()) return std::nullopt;
    return model::Error{"nothing_to_send", walk.skipped.empty() ? "There is nothing to send."
                                                                : sentence(walk.skipped.front())};
}

tl::expected<node::WalkedFiles, model::Error> walked(const std::vector<std::string>& paths,
                                                     const std::function<bool()>& cancelled,
                                                     const files::FileCalls& calls) {
    auto walk = files::walk(paths, cancelled, calls);
    if (walk.cancelled) return tl::unexpected(model::Error{"closing", "Kith is closing."});
    if (auto problem = problem_of(walk, paths)) return tl::unexpected(std::move(*problem));
    node::WalkedFiles result;
    result.encoded = net::encode(walk.manifest);
    const auto hash = net::manifest_hash(result.encoded);
    result.hash.assign(hash.begin(), hash.end());
    result.roots = std::move(walk.roots);
    for (const auto& skipped : walk.skipped) {
        if (result.skipped.size() < skipped_told_max) result.skipped.push_back(sentence(skipped));
    }
    result.skipped_count = walk.skipped_count;
    result.manifest = std::make_shared<const net::Manifest>(std::move(walk.manifest));
    return result;
}

node::ManifestPtr read(const store::Blob& encoded, const store::Blob& hash) {
    if (!std::ranges::equal(net::manifest_hash(encoded), hash)) return nullptr;
    auto manifest = net::decode_manifest(encoded);
    return manifest ? std::make_shared<const net::Manifest>(std::move(*manifest)) : nullptr;
}

/// The path of a transfer that is a single file; files in folders have their folder's.
std::string path_of(const node::ReceivingFiles& files, const std::string& journal,
                    const files::FileCalls& calls) {
    const auto& entries = files.manifest->entries;
    if (files.landing.names.size() != 1 || entries.empty() || entries.front().folder) return {};
    auto received = files::ReceivedFiles::open(*files.manifest, files.entries, files.landing,
                                               journal, tag_of(files.transfer), calls);
    return received ? (*received)->path_of(0) : std::string();
}

std::optional<bool> landed(const node::ReceivingFiles& files, const std::string& journal,
                           const files::FileCalls& calls) {
    auto received = files::ReceivedFiles::open(*files.manifest, files.entries, files.landing,
                                               journal, tag_of(files.transfer), calls);
    if (!received) return std::nullopt;
    return std::ranges::all_of((*received)->have(),
                               [](const auto& one) { return one.landed.done; });
}

}  // namespace

TransferHost::TransferHost(Worker& worker, Options options, const files::FileCalls& calls)
    : worker_(worker), options_(std::move(options)), calls_(calls) {
    if (!options_.journals.empty()) ::mkdir(options_.journals.c_str(), 0700);
}

void TransferHost::walk(std::vector<std::string> paths,
                        std::function<void(tl::expected<node::WalkedFiles, model::Error>)> done) {
    const bool taken = worker_.submit([this, paths = std::move(paths), done]() -> Worker::Answer {
        auto result = walked(
            paths, [this] { return cancelled_.load(); }, calls_);
        return [done, result = std::move(result)] { done(result); };
    });
    if (!taken) done(tl::unexpected(busy()));
}

void TransferHost::read_manifest(store::Blob encoded, store::Blob hash,
                                 std::function<void(node::ManifestPtr)> done) {
    const bool taken = worker_.submit([encoded, hash, done]() -> Worker::Answer {
        return [done, manifest = read(encoded, hash)] { done(manifest); };
    });
    // Nobody else would try again. It is work for the processor alone.
    if (!taken) done(read(encoded, hash));
}

std::string TransferHost::base_of(const node::WishedPlace& place) const {
    if (!options_.downloads.empty()) return options_.downloads;
    if (!place.downloads.empty()) return place.downloads;
    return files::downloads_folder(options_.home) + "/Kith";
}

files::LandingOrder TransferHost::order_of(const node::WishedPlace& place) const {
    files::LandingOrder order;
    const bool asked_for = !place.folder.empty();
    order.folder = asked_for ? place.folder : base_of(place);
    order.selected = place.selected;
    const std::string_view text = asked_for              ? "{name}"
                                  : place.naming.empty() ? files::default_naming
                                                         : std::string_view(place.naming);
    auto naming = files::parse_naming(text);
    if (!naming) naming = files::parse_naming(files::default_naming);
    for (const auto& entry : place.manifest->entries) {
        if (entry.path.find('/') == std::string::npos)
            order.wished.push_back(files::place_of(*naming, {entry.path, place.person, place.at}));
    }
    return order;
}

void TransferHost::choose_landing(
    node::WishedPlace place, std::function<void(tl::expected<files::Landing, model::Error>)> done) {
    const bool taken = worker_.submit([this, place = std::move(place), done]() -> Worker::Answer {
        auto landing = files::choose_landing(order_of(place), *place.manifest, calls_);
        tl::expected<files::Landing, model::Error> result =
            landing ? tl::expected<files::Landing, model::Error>(std::move(*landing))
                    : tl::unexpected(to_model(landing.error()));
        return [done, result = std::move(result)] { done(result); };
    });
    if (!taken) done(tl::unexpected(busy()));
}

void TransferHost::look_at(node::WishedPlace place, std::function<void(node::FolderRoom)> done) {
    const bool taken = worker_.submit([this, place = std::move(place), done]() -> Worker::Answer {
        const auto order = order_of(place);
        node::FolderRoom room{order.folder, {}};
        // All of it in one folder of the template, as by default: that is where it goes.
        if (const auto slash =
                order.wished.empty() ? std::string::npos : order.wished.front().rfind('/');
            slash != std::string::npos)
            room.folder += "/" + order.wished.front().substr(0, slash);
        if (const auto free = files::free_bytes(room.folder, calls_)) room.free_bytes = *free;
        return [done, room = std::move(room)] { done(room); };
    });
    if (!taken) done({});
}

std::string TransferHost::journal_of(const model::TransferId& transfer) const {
    return options_.journals + "/" + model::to_string(transfer);
}

net::MakeBulkJob TransferHost::sending(node::SendingFiles files) {
    return make_sending(std::move(files), calls_);
}

net::MakeBulkJob TransferHost::receiving(node::ReceivingFiles files) {
    auto journal = journal_of(files.transfer);
    return make_receiving(std::move(files), std::move(journal), calls_);
}

void TransferHost::finish(node::ReceivingFiles files, std::function<void(std::string)> done) {
    auto journal = journal_of(files.transfer);
    const bool taken = worker_.submit(
        [this, files = std::move(files), journal = std::move(journal), done]() -> Worker::Answer {
            auto path = path_of(files, journal, calls_);
            return [done, path = std::move(path)] { done(path); };
        });
    if (!taken) done({});
}

void TransferHost::all_landed(node::ReceivingFiles files,
                              std::function<void(std::optional<bool>)> done) {
    auto journal = journal_of(files.transfer);
    const bool taken = worker_.submit(
        [this, files = std::move(files), journal = std::move(journal), done]() -> Worker::Answer {
            return [done, all = landed(files, journal, calls_)] { done(all); };
        });
    if (!taken) done(std::nullopt);
}

void TransferHost::clean_up(node::ReceivingFiles files, bool landed, std::function<void()> done) {
    auto journal = journal_of(files.transfer);
    (void)worker_.submit([this, files = std::move(files), journal = std::move(journal), landed,
                          done = std::move(done)]() -> Worker::Answer {
        if (landed || !files.manifest) {
            files::forget_journal(journal, calls_);
        } else {
            files::discard_received(*files.manifest, files.entries, files.landing, journal,
                                    tag_of(files.transfer), calls_);
        }
        return done;
    });
}

}  // namespace kith::host
