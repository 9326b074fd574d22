// SPDX-License-Identifier: MIT
//
// One file that is being received, under its unfinished name. One thread at a time; results are 0
// or -errno.
#pragma once

#include "app/files/open_folders.hpp"

namespace kith::files {

struct IncomingFile {
    std::uint32_t entry = 0;
    Descriptor file{};
    std::uint64_t inode = 0;
    std::uint64_t written = 0;      ///< bytes, from its beginning
    std::uint64_t flush_begun = 0;  ///< the disk was asked to write these
    bool whole = false;
};

/// A new one. `into.inode` is set; -EEXIST whatever lies there.
[[nodiscard]] int create_part(const FileCalls& calls, int folder, const std::string& name,
                              bool executable, IncomingFile& into);

/// One of which `durable` bytes count; what follows them is cut off. -ESTALE when it is not there,
/// shorter, not a file, not ours, or has another name besides.
[[nodiscard]] int reopen_part(const FileCalls& calls, int folder, const std::string& name,
                              std::uint64_t durable, IncomingFile& into);

/// What reopen_part() would say, without touching it.
[[nodiscard]] bool is_part(const FileStatus& status, std::uint64_t durable);

/// Room for all of a file above 1 MiB is set aside where the file system can, else there has to be
/// as much at the moment. -ENOSPC, -EDQUOT, -EFBIG: it will not fit.
[[nodiscard]] int make_room(const FileCalls& calls, const IncomingFile& file, std::uint64_t size);

/// Behind what is written. Every 8 MiB the disk begins with them, so that a flush is short.
[[nodiscard]] int append(const FileCalls& calls, IncomingFile& file, crypto::ByteView bytes);

}  // namespace kith::files
