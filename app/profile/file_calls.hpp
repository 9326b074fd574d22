// SPDX-License-Identifier: MIT
//
// The system calls behind a durable file, one by one, so that tests can fail or stop the process at
// each of them. Without state: any thread.
#pragma once

#include <filesystem>

#include "crypto/bytes.hpp"

namespace kith::profile {

/// Results are those of the system: a negative one is -errno.
class FileCalls {
public:
    using Path = std::filesystem::path;

    virtual ~FileCalls() = default;
    /// A new file of mode 0600 for writing, as a descriptor; -EEXIST whatever lies there.
    [[nodiscard]] virtual int create(const Path& file) const = 0;
    /// How many bytes were taken.
    [[nodiscard]] virtual std::ptrdiff_t write(int descriptor, crypto::ByteView bytes) const = 0;
    [[nodiscard]] virtual int flush(int descriptor) const = 0;
    virtual int close(int descriptor) const = 0;
    virtual int remove(const Path& file) const = 0;
    [[nodiscard]] virtual int rename(const Path& from, const Path& to) const = 0;
    /// -EEXIST when there is something at `to`, also when it came at the last moment.
    [[nodiscard]] virtual int rename_without_replacing(const Path& from, const Path& to) const = 0;
    /// The names in it reach the disk.
    [[nodiscard]] virtual int flush_folder(const Path& folder) const = 0;
};

/// Those of the operating system.
[[nodiscard]] const FileCalls& system_calls() noexcept;

}  // namespace kith::profile
