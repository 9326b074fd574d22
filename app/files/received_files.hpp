// SPDX-License-Identifier: MIT
//
// Files of one transfer as they come: written beside their place as "name.<tag>.part", made durable
// and given their name by commit(), with a journal that lets another process go on after a crash.
//
// Everything lies beneath Landing::folder, and is reached without following a link. Nothing is
// replaced. Blocking calls; one thread at a time.
#pragma once

#include <memory>

#include "app/files/landing.hpp"

namespace kith::files {

class ReceivedFiles final : public net::FileSink {
public:
    /// Goes on where the journal says, and makes the folders that are not there yet.
    /// `selected`: entries that were accepted, folders too, ascending. `journal`: the absolute path
    /// of a file in a folder of this user's alone; made when it is missing. `tag`: 8 hexadecimal
    /// digits of the transfer's id. `manifest` and `calls` outlive it. Errors: the destination is
    /// gone or cannot be written, the journal cannot be read, or is another transfer's.
    [[nodiscard]] static net::FileResult<std::unique_ptr<ReceivedFiles>> open(
        const net::Manifest& manifest, const std::vector<std::uint32_t>& selected,
        const Landing& landing, const std::string& journal, const std::string& tag,
        const FileCalls& calls = system_calls());
    ~ReceivedFiles() override;

    struct Have {
        std::uint32_t entry = 0;
        net::Landed landed;
    };
    /// Of every selected file, ascending. What is done stays done, also when somebody has moved or
    /// deleted it since.
    [[nodiscard]] std::vector<Have> have() const;
    /// Absolute: the name it got, or the one it would like to have. Of any entry.
    [[nodiscard]] std::string path_of(std::uint32_t entry) const;
    /// Folders that could not be made by open(), at most 100; their files have errors of their own.
    [[nodiscard]] const std::vector<net::FileError>& missing_folders() const;

    /// @name FileSink
    /// @{
    net::FileResult<std::uint64_t> open(std::uint32_t entry) override;
    net::FileResult<void> write(net::ByteView bytes) override;
    net::FileResult<void> close() override;
    std::vector<Progress> commit() override;
    net::FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                            const std::function<bool()>& cancelled) override;
    net::FileResult<void> discard(std::uint32_t entry) override;
    /// @}

    struct State;  ///< for its parts alone

private:
    explicit ReceivedFiles(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

/// A transfer that was cancelled: what is unfinished and the journal go, files that have landed
/// stay, folders of the transfer and of the naming template that are empty go. Leaves what cannot
/// be removed. No ReceivedFiles of it exists. Parameters as for ReceivedFiles::open().
void discard_received(const net::Manifest& manifest, const std::vector<std::uint32_t>& selected,
                      const Landing& landing, const std::string& journal, const std::string& tag,
                      const FileCalls& calls = system_calls());

/// A transfer that is complete needs its journal no more.
void forget_journal(const std::string& journal, const FileCalls& calls = system_calls());

}  // namespace kith::files
