// SPDX-License-Identifier: MIT
//
// The files behind transfers, as the node asks for them: whatever blocks happens on another thread,
// and answers come on the network thread, each once, perhaps before the call returns. Implemented
// by the host, and in memory by tests. Network thread only.
#pragma once

#include <optional>

#include "app/node/transfers/plan.hpp"
#include "net/transfer/bulk_runner.hpp"

namespace kith::node {

using ManifestPtr = std::shared_ptr<const net::Manifest>;

/// What a person has chosen, ready to be offered.
struct WalkedFiles {
    ManifestPtr manifest;
    store::Blob encoded;
    store::Blob hash;  ///< 32 bytes
    std::vector<std::string> roots;
    std::vector<std::string> skipped;  ///< in words; some of them
    std::uint64_t skipped_count = 0;
};

/// Where something is to land.
struct WishedPlace {
    std::string folder;     ///< asked for, absolute; empty: as the settings say
    std::string downloads;  ///< setting
    std::string naming;     ///< setting
    std::string person;     ///< their name as shown
    model::Timestamp at = 0;
    ManifestPtr manifest;
    std::vector<std::uint32_t> selected;  ///< ascending; empty: all of it
};
struct FolderRoom {
    std::string folder;
    std::optional<std::uint64_t> free_bytes;
};

/// One end of a transfer, for a run.
struct SendingFiles {
    ManifestPtr manifest;
    std::vector<std::uint32_t> entries;  ///< selected, ascending; folders among them
    std::vector<std::string> roots;
};
struct ReceivingFiles {
    model::TransferId transfer;
    ManifestPtr manifest;
    std::vector<std::uint32_t> entries;
    files::Landing landing;
};

class TransferFiles {
public:
    virtual ~TransferFiles() = default;

    /// Errors: no_such_file, nothing_to_send, too_many, busy.
    virtual void walk(std::vector<std::string> paths,
                      std::function<void(tl::expected<WalkedFiles, model::Error>)> done) = 0;
    /// Null: not well-formed, or another hash.
    virtual void read_manifest(store::Blob encoded, store::Blob hash,
                               std::function<void(ManifestPtr)> done) = 0;
    /// Makes the folder. Errors: bad_path, disk_full, read_only, io, busy.
    virtual void choose_landing(
        WishedPlace place,
        std::function<void(tl::expected<files::Landing, model::Error>)> done) = 0;
    /// Makes nothing.
    virtual void look_at(WishedPlace place, std::function<void(FolderRoom)> done) = 0;

    [[nodiscard]] virtual net::MakeBulkJob sending(SendingFiles files) = 0;
    [[nodiscard]] virtual net::MakeBulkJob receiving(ReceivingFiles files) = 0;
    /// Everything has landed. Gives the path of a single file.
    virtual void finish(ReceivingFiles files, std::function<void(std::string path)> done) = 0;
    /// Whether every selected file lies under its final name, as far as the notes about progress
    /// say; nothing: nobody could look. Not while a run is on.
    virtual void all_landed(ReceivingFiles files,
                            std::function<void(std::optional<bool>)> done) = 0;
    /// It is over, and stored to be: notes about progress go and, unless all of it has `landed`,
    /// what is unfinished. Not while a run is on. Without a manifest the notes alone.
    virtual void clean_up(ReceivingFiles files, bool landed, std::function<void()> done) = 0;
};

}  // namespace kith::node
