// SPDX-License-Identifier: MIT
//
// The files behind transfers on this machine's disk, for the node: what blocks is done by a worker
// of its own, or by the thread of a run. Network thread only.
#pragma once

#include <atomic>

#include "app/files/file_calls.hpp"
#include "app/host/worker.hpp"
#include "app/node/transfers/transfer_files.hpp"

namespace kith::host {

class TransferHost final : public node::TransferFiles {
public:
    struct Options {
        /// Notes about progress, one file a transfer; made when it is missing, for this user alone.
        std::string journals;
        /// Asked for when the program was started; empty: as the settings or the desktop say.
        std::string downloads;
        std::string home;
    };
    /// The worker has stopped before this goes; `calls` outlive it.
    TransferHost(Worker& worker, Options options,
                 const files::FileCalls& calls = files::system_calls());

    /// What is still being looked through is given up soon. Any thread.
    void cancel() { cancelled_ = true; }

    void walk(std::vector<std::string> paths,
              std::function<void(tl::expected<node::WalkedFiles, model::Error>)> done) override;
    void read_manifest(store::Blob encoded, store::Blob hash,
                       std::function<void(node::ManifestPtr)> done) override;
    void choose_landing(
        node::WishedPlace place,
        std::function<void(tl::expected<files::Landing, model::Error>)> done) override;
    void look_at(node::WishedPlace place, std::function<void(node::FolderRoom)> done) override;
    net::MakeBulkJob sending(node::SendingFiles files) override;
    net::MakeBulkJob receiving(node::ReceivingFiles files) override;
    void finish(node::ReceivingFiles files, std::function<void(std::string)> done) override;
    void all_landed(node::ReceivingFiles files,
                    std::function<void(std::optional<bool>)> done) override;
    void clean_up(node::ReceivingFiles files, bool landed, std::function<void()> done) override;

    /// Where files of this person would go. Without a template of its own for one asked for.
    [[nodiscard]] files::LandingOrder order_of(const node::WishedPlace& place) const;

private:
    [[nodiscard]] std::string base_of(const node::WishedPlace& place) const;
    [[nodiscard]] std::string journal_of(const model::TransferId& transfer) const;

    Worker& worker_;
    const Options options_;
    const files::FileCalls& calls_;
    std::atomic<bool> cancelled_{false};
};

}  // namespace kith::host
