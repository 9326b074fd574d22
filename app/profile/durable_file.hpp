// SPDX-License-Identifier: MIT
//
// Private files that are either the old or the new, whatever happens in between: written beside
// (mode 0600), flushed, renamed, and the folder flushed. Any thread, one at a time for one file.
#pragma once

#include "app/profile/error.hpp"
#include "app/profile/file_calls.hpp"

namespace kith::profile {

enum class Existing { refuse, replace };

/// A file in the making. It lies under another name until commit(); without that it is removed.
class DurableFile {
public:
    /// What lies under the other name already, left by an interrupted attempt.
    enum class Leftover { remove, refuse };

    /// `beside`: the name while it is written, in the same folder. `calls` outlives the object.
    static Expected<DurableFile> create(std::filesystem::path file, std::filesystem::path beside,
                                        Leftover leftover, const FileCalls& calls = system_calls());
    DurableFile(DurableFile&& other) noexcept;
    DurableFile& operator=(DurableFile&& other) noexcept;
    ~DurableFile();

    [[nodiscard]] Expected<void> append(crypto::ByteView bytes);
    /// Durable under its name at return. With Existing::refuse and a file there: Errc::exists, and
    /// that file stays as it is, also when it appeared at the last moment. Once.
    [[nodiscard]] Expected<void> commit(Existing existing);

private:
    DurableFile(std::filesystem::path file, std::filesystem::path beside, int descriptor,
                const FileCalls& calls)
        : file_(std::move(file)),
          beside_(std::move(beside)),
          descriptor_(descriptor),
          calls_(&calls) {}
    void close();

    std::filesystem::path file_, beside_;
    int descriptor_ = -1;
    bool beside_exists_ = true;
    const FileCalls* calls_;
};

/// The whole of a small file, written beside under the name with ".new" behind it. An interrupted
/// attempt may have left secrets under that name: the next one removes it. The caller holds the
/// profile's lock. Error `exists` as for commit().
[[nodiscard]] Expected<void> write_durably(const std::filesystem::path& file,
                                           crypto::ByteView bytes, Existing existing,
                                           const FileCalls& calls = system_calls());

/// A regular file of at most `limit` bytes; one that others may read is closed to them. Never waits
/// on a pipe or device. Errors: missing, damaged (too large, or not a file), denied, io.
[[nodiscard]] Expected<crypto::SecretBytes> read_bounded(const std::filesystem::path& file,
                                                         std::size_t limit);

}  // namespace kith::profile
