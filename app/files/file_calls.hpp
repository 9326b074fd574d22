// SPDX-License-Identifier: MIT
//
// The system calls behind sending and receiving files, one by one, so that tests can fail or stop
// the process at each of them. Without state: any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/bytes.hpp"

namespace kith::files {

struct FileStatus {
    enum class Kind : std::uint8_t { file, folder, link, other };
    Kind kind = Kind::other;
    bool mine = false;
    bool executable = false;
    std::uint64_t size = 0;
    std::uint64_t links = 0;
    std::uint64_t inode = 0;
    std::int64_t modified_ns = 0;  ///< since 1970
    std::int64_t changed_ns = 0;
};

/// What something is opened for. None follows a link in the last name.
enum class Opening : std::uint8_t {
    folder,
    read,               ///< never waits, whatever kind of thing it is
    write,              ///< what exists
    create,             ///< -EEXIST whatever lies there; 0666 less the umask
    create_executable,  ///< 0777 less the umask
    create_private,     ///< 0600
};

/// Results are those of the system: a negative one is -errno. `folder` is a descriptor.
class FileCalls {
public:
    virtual ~FileCalls() = default;
    /// A folder the person has named: links in its path are followed.
    [[nodiscard]] virtual int open_folder(const std::string& path) const = 0;
    /// `path` beneath `folder`; fails where a name in it is a link or leads out. -ENOSYS or -EPERM
    /// where the system cannot (openat2(2)).
    [[nodiscard]] virtual int open_beneath(int folder, const char* path, Opening how) const = 0;
    /// One name in `folder`.
    [[nodiscard]] virtual int open_at(int folder, const char* name, Opening how) const = 0;
    virtual int close(int file) const = 0;
    [[nodiscard]] virtual std::ptrdiff_t read(int file, crypto::MutableByteView into,
                                              std::uint64_t offset) const = 0;
    [[nodiscard]] virtual std::ptrdiff_t write(int file, crypto::ByteView bytes,
                                               std::uint64_t offset) const = 0;
    [[nodiscard]] virtual int cut(int file, std::uint64_t size) const = 0;
    /// Room for the first `size` bytes is set aside; the size stays. -EOPNOTSUPP, also where it
    /// takes as long as writing them (memory).
    [[nodiscard]] virtual int reserve(int file, std::uint64_t size) const = 0;
    virtual int read_ahead(int file) const = 0;
    /// The disk begins to write these bytes; does not wait for it.
    virtual int begin_flush(int file, std::uint64_t offset, std::uint64_t size) const = 0;
    [[nodiscard]] virtual int flush_data(int file) const = 0;  ///< contents and size
    [[nodiscard]] virtual int flush(int file_or_folder) const = 0;
    /// Everything of the file system that `folder` is on.
    [[nodiscard]] virtual int flush_disk(int folder) const = 0;
    [[nodiscard]] virtual int status(int file, FileStatus& out) const = 0;
    /// Of the name itself when it is a link.
    [[nodiscard]] virtual int status_at(int folder, const char* name, FileStatus& out) const = 0;
    [[nodiscard]] virtual int readable_at(int folder, const char* name) const = 0;
    /// At most `max` names, without "." and "..", as the disk has them.
    [[nodiscard]] virtual int list(int folder, std::size_t max,
                                   std::vector<std::string>& out) const = 0;
    [[nodiscard]] virtual int make_folder(int folder, const char* name) const = 0;
    /// -EEXIST when there is something of this name, also when it came at the last moment.
    [[nodiscard]] virtual int rename_without_replacing(int folder, const char* from,
                                                       const char* to) const = 0;
    [[nodiscard]] virtual int replace(int folder, const char* from, const char* to) const = 0;
    virtual int remove(int folder, const char* name) const = 0;
    virtual int remove_folder(int folder, const char* name) const = 0;  ///< an empty one
    virtual int set_modified(int file, std::int64_t ms) const = 0;
    [[nodiscard]] virtual int free_space(int folder, std::uint64_t& out) const = 0;
};

/// Those of the operating system.
[[nodiscard]] const FileCalls& system_calls() noexcept;

}  // namespace kith::files
