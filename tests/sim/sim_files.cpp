// SPDX-License-Identifier: MIT
#include "tests/sim/sim_files.hpp"

#include "net/transfer/bulk_receiver.hpp"
#include "net/transfer/bulk_sender.hpp"

namespace kith::sim {
namespace {

std::string last_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

class SendJob final : public net::BulkJob {
public:
    SendJob(node::SendingFiles files, std::vector<net::Bytes> contents)
        : files_(std::move(files)),
          source_(std::move(contents)),
          sender_(*files_.manifest, files_of(), source_, [] { return false; }) {}
    net::BulkPump& pump() override { return sender_; }

private:
    std::vector<std::uint32_t> files_of() const {
        std::vector<std::uint32_t> entries;
        for (const auto entry : files_.entries) {
            if (!files_.manifest->entries[entry].folder) entries.push_back(entry);
        }
        return entries;
    }
    node::SendingFiles files_;
    test::MemorySource source_;
    net::BulkSender sender_;
};

class ReceiveJob final : public net::BulkJob {
public:
    ReceiveJob(node::ManifestPtr manifest, std::vector<net::BulkReceiver::Selected> selected,
               test::MemorySink& sink)
        : manifest_(std::move(manifest)),
          selected_(std::move(selected)),
          receiver_(*manifest_, selected_, sink, [] { return false; }) {}
    net::BulkPump& pump() override { return receiver_; }

private:
    node::ManifestPtr manifest_;
    std::vector<net::BulkReceiver::Selected> selected_;
    net::BulkReceiver receiver_;
};

}  // namespace

void SimFiles::later(std::function<void()> task) {
    network_.after(milliseconds{1}, [this, run = incarnation_, task = std::move(task)] {
        if (run != incarnation_) return;
        task();
        if (wake) wake();
    });
}

void SimFiles::crash() {
    ++incarnation_;
    for (auto& [id, arrived] : arrived_) arrived.sink.crash();
}

std::map<std::string, net::Bytes> SimFiles::received() const {
    std::map<std::string, net::Bytes> all;
    for (const auto& [id, arrived] : arrived_) {
        for (const auto& [entry, file] : arrived.sink.files) {
            const auto& path = arrived.files.manifest->entries[entry].path;
            if (file.done) all[arrived.files.landing.folder + "/" + path] = file.written;
        }
    }
    return all;
}

std::size_t SimFiles::lists_in_memory() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(lists_, [](const auto& list) { return !list.expired(); }));
}

void SimFiles::walk(std::vector<std::string> paths,
                    std::function<void(tl::expected<node::WalkedFiles, model::Error>)> done) {
    net::Manifest manifest;
    for (const auto& path : paths) {
        const auto found = own.find(path);
        if (found == own.end()) {
            return later([done] {
                done(tl::unexpected(model::Error{"no_such_file", "There is no such file."}));
            });
        }
        manifest.entries.push_back(
            {last_name(path), false, false, found->second.size(), 1'700'000'000'000});
    }
    node::WalkedFiles walked;
    walked.encoded = net::encode(manifest);
    const auto hash = net::manifest_hash(walked.encoded);
    walked.hash.assign(hash.begin(), hash.end());
    walked.roots = std::move(paths);
    walked.manifest = std::make_shared<const net::Manifest>(std::move(manifest));
    later([done, walked] { done(walked); });
}

void SimFiles::read_manifest(store::Blob encoded, store::Blob hash,
                             std::function<void(node::ManifestPtr)> done) {
    const auto real = net::manifest_hash(encoded);
    auto manifest = net::decode_manifest(encoded);
    const bool good = manifest && std::ranges::equal(real, hash);
    node::ManifestPtr read;
    if (good) lists_.push_back(read = std::make_shared<const net::Manifest>(std::move(*manifest)));
    later([done, read] { done(read); });
}

void SimFiles::choose_landing(
    node::WishedPlace place, std::function<void(tl::expected<files::Landing, model::Error>)> done) {
    if (folder_missing) {
        return later([done] {
            done(tl::unexpected(model::Error{"bad_path", "The folder cannot be made."}));
        });
    }
    files::Landing landing;
    landing.folder = place.folder.empty() ? "/downloads/" + place.person : place.folder;
    for (const auto& entry : place.manifest->entries) {
        if (entry.path.find('/') == std::string::npos) landing.names.push_back(entry.path);
    }
    later([done, landing] { done(landing); });
}

void SimFiles::look_at(node::WishedPlace place, std::function<void(node::FolderRoom)> done) {
    node::FolderRoom room{place.folder.empty() ? "/downloads/" + place.person : place.folder,
                          space};
    if (room_unknown) room.free_bytes.reset();
    later([done, room] { done(room); });
}

net::MakeBulkJob SimFiles::sending(node::SendingFiles files) {
    return [this, files](const auto&) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        if (job_broken) return tl::unexpected(net::FileError{{}, "The files cannot be opened."});
        std::vector<net::Bytes> contents;
        for (const auto& root : files.roots) {
            const auto found = own.find(root);
            contents.push_back(found == own.end() ? net::Bytes() : found->second);
        }
        return std::make_unique<SendJob>(files, std::move(contents));
    };
}

net::MakeBulkJob SimFiles::receiving(node::ReceivingFiles files) {
    return [this, files](const auto&) -> net::FileResult<std::unique_ptr<net::BulkJob>> {
        if (job_broken) return tl::unexpected(net::FileError{{}, "The files cannot be opened."});
        Arrived& arrived = arrived_[files.transfer];
        arrived.files = files;
        arrived.sink.space = space;
        arrived.sink.full_text = full_text;
        std::vector<net::BulkReceiver::Selected> selected;
        for (const auto entry : files.entries)
            selected.push_back({entry, arrived.sink.landed(entry)});
        return std::make_unique<ReceiveJob>(files.manifest, std::move(selected), arrived.sink);
    };
}

void SimFiles::finish(node::ReceivingFiles files, std::function<void(std::string)> done) {
    ++finished;
    const auto& landing = files.landing;
    later([done, path = landing.names.size() == 1 ? landing.folder + "/" + landing.names.front()
                                                  : std::string()] { done(path); });
}

void SimFiles::all_landed(node::ReceivingFiles files,
                          std::function<void(std::optional<bool>)> done) {
    later([this, files = std::move(files), done = std::move(done)] {
        const auto& sink = arrived_[files.transfer].sink;
        done(std::ranges::all_of(files.entries,
                                 [&](std::uint32_t entry) { return sink.landed(entry).done; }));
    });
}

void SimFiles::clean_up(node::ReceivingFiles files, bool landed, std::function<void()> done) {
    later([this, id = files.transfer, landed, done = std::move(done)] {
        ++cleaned;
        if (!landed) {
            ++discarded;
            auto& sink = arrived_[id].sink;
            std::erase_if(sink.files, [](const auto& file) { return !file.second.done; });
        }
        done();
    });
}

}  // namespace kith::sim
