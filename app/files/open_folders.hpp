// SPDX-License-Identifier: MIT
//
// Folders beneath one that is open, reached without following a link, and kept open for what comes
// next: a file costs one call then. One thread at a time.
#pragma once

#include <functional>

#include "app/files/file_calls.hpp"

namespace kith::files {

/// Closes itself.
class Descriptor {
public:
    Descriptor() = default;
    Descriptor(const FileCalls& calls, int file) : calls_(&calls), file_(file) {}
    Descriptor(Descriptor&& from) noexcept : calls_(from.calls_), file_(from.release()) {}
    Descriptor& operator=(Descriptor&& from) noexcept {
        reset();
        calls_ = from.calls_;
        file_ = from.release();
        return *this;
    }
    ~Descriptor() { reset(); }
    [[nodiscard]] int get() const noexcept { return file_; }
    explicit operator bool() const noexcept { return file_ >= 0; }
    void reset() {
        if (file_ >= 0) calls_->close(file_);
        file_ = -1;
    }

private:
    int release() noexcept {
        const int file = file_;
        file_ = -1;
        return file;
    }
    const FileCalls* calls_ = nullptr;
    int file_ = -1;
};

/// `path` beneath `folder` without following links: with openat2(2), or name by name where the
/// system does not let it. `path` is relative, of proper names. -errno.
[[nodiscard]] int open_beneath(const FileCalls& calls, int folder, const std::string& path,
                               Opening how);

/// "a/b" of "a/b/c"; empty without one.
[[nodiscard]] std::string parent_of(const std::string& path);
[[nodiscard]] std::string last_name(const std::string& path);

class OpenFolders {
public:
    /// `root` stays open as long as this.
    OpenFolders(const FileCalls& calls, int root) : calls_(calls), root_(root) {}

    /// The folder at `path` ("": the root), valid until the next call; -errno.
    [[nodiscard]] int get(const std::string& path);
    /// Folders that are missing are made; `on_made` is called for the path each was made in.
    [[nodiscard]] int get_or_make(const std::string& path,
                                  const std::function<void(const std::string& path)>& on_made);
    /// It is opened anew the next time.
    void forget(const std::string& path);

private:
    struct Folder {
        std::string path;
        Descriptor descriptor;
        std::uint64_t used = 0;
    };
    int keep(const std::string& path, int descriptor);

    const FileCalls& calls_;
    int root_;
    std::uint64_t clock_ = 0;
    std::vector<Folder> open_{};
};

}  // namespace kith::files
