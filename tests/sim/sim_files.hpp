// SPDX-License-Identifier: MIT
//
// The disk of a simulated node: the person's files, and those that came. It survives crashes, but
// for what was not committed. Answers come later, as from a thread.
#pragma once

#include "app/node/transfers/transfer_files.hpp"
#include "tests/net/transfer/memory_files.hpp"
#include "tests/sim/sim_network.hpp"

namespace kith::sim {

class SimFiles final : public node::TransferFiles {
public:
    explicit SimFiles(SimNetwork& network) : network_(network) {}

    /// What can be sent: by absolute path. One folder level: "/home/a/x" and "/home/a/folder/x".
    std::map<std::string, net::Bytes> own;
    /// What came, by absolute path.
    [[nodiscard]] std::map<std::string, net::Bytes> received() const;
    /// Bytes that fit from now on.
    std::uint64_t space = ~std::uint64_t{0};
    std::string full_text;  ///< what is said of what does not
    bool folder_missing = false;
    bool room_unknown = false;
    bool job_broken = false;  ///< no run can begin here
    /// Lists in memory that were read from the store.
    [[nodiscard]] std::size_t lists_in_memory() const;
    std::size_t discarded = 0;
    std::size_t cleaned = 0;
    std::size_t finished = 0;

    /// The process is gone: what was under way is not answered any more.
    void crash();
    /// An older copy of the disk: nothing of what came is there.
    void forget() { arrived_.clear(); }
    std::function<void()> wake;

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

private:
    struct Arrived {
        node::ReceivingFiles files;
        test::MemorySink sink;
    };
    void later(std::function<void()> task);

    SimNetwork& network_;
    std::vector<std::weak_ptr<const net::Manifest>> lists_;
    std::map<model::TransferId, Arrived> arrived_;
    std::uint64_t incarnation_ = 0;
};

}  // namespace kith::sim
