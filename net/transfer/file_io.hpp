// SPDX-License-Identifier: MIT
//
// The files behind a transfer, as the bulk pumps see them. Implemented in app/files (blocking
// system calls) and by tests in memory. Each object is used on one thread at a time, its
// transfer's.
#pragma once

#include <functional>

#include "net/transfer/manifest.hpp"

namespace kith::net {

enum class FileProblem : std::uint8_t {
    vanished = 1,    ///< the file or folder is not there any more
    unreadable = 2,  ///< no permission, or the disk cannot read it
    changed = 3,     ///< not the file that was offered any more
    full = 4,        ///< no space, or above a quota
    unwritable = 5,  ///< no permission, read-only, the folder is gone
    differs = 6,     ///< what lies on the disk is not the beginning of the offered file
    other = 7,
};
struct FileError {
    FileProblem problem = FileProblem::other;
    std::string text;  ///< with the file's name, for a person
};
template <typename T>
using FileResult = tl::expected<T, FileError>;

/// Sender. One file is open at a time.
class FileSource {
public:
    virtual ~FileSource() = default;
    /// Checks that it is the offered file still (size, time), and stands at `offset`.
    virtual FileResult<void> open(std::uint32_t entry, std::uint64_t offset) = 0;
    /// Fills `into` as far as the file goes: fewer bytes only at the end.
    virtual FileResult<std::size_t> read(crypto::MutableByteView into) = 0;
    /// `changed` when size or time are other ones than at open().
    virtual FileResult<void> close() = 0;
    /// SHA-256 of the first `size` bytes; for continuing. `cancelled` is asked now and then.
    virtual FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                               const std::function<bool()>& cancelled) = 0;
};

/// What a receiver has of one entry.
struct Landed {
    std::uint64_t durable = 0;  ///< bytes that survive a power cut
    bool done = false;          ///< under its final name, durably
};

/// Receiver. Several files may be open at a time (written, not yet synced).
class FileSink {
public:
    virtual ~FileSink() = default;
    /// Continues at what is durable, or begins (offset 0: from nothing). Gives the offset.
    virtual FileResult<std::uint64_t> open(std::uint32_t entry) = 0;
    virtual FileResult<void> write(ByteView bytes) = 0;  ///< to the one opened last
    /// All bytes are written: it waits for the next commit() to get its name.
    virtual FileResult<void> close() = 0;
    /// Everything written so far becomes durable, whole files get their names; then progress is
    /// recorded (durably, behind the data). Gives what changed. A failure of one entry is in the
    /// list, the others go on.
    struct Progress {
        std::uint32_t entry = 0;
        Landed landed;
        std::optional<FileError> error;
    };
    virtual std::vector<Progress> commit() = 0;
    /// SHA-256 of the first `size` bytes of the .part file.
    virtual FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                               const std::function<bool()>& cancelled) = 0;
    /// Forgets what is there of this entry: it begins from nothing.
    virtual FileResult<void> discard(std::uint32_t entry) = 0;
};

}  // namespace kith::net
