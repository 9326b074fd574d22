// SPDX-License-Identifier: MIT
#include "app/files/source_files.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "app/files/open_folders.hpp"
#include "app/files/places.hpp"
#include "crypto/running_hash.hpp"

namespace kith::files {
namespace {

using net::FileError;
using net::FileProblem;
using net::FileResult;

constexpr std::uint64_t read_ahead_from = 1 << 20;  // bytes; a small file is read at once
constexpr std::uint64_t hash_step = 1 << 20;        // bytes read at a time
constexpr std::int64_t ns_per_ms = 1'000'000;

tl::unexpected<FileError> cannot_send(FileProblem problem, const std::string& what,
                                      const std::string& why) {
    return tl::unexpected(FileError{problem, what + " cannot be sent: " + why + "."});
}

tl::unexpected<FileError> has_changed(const std::string& what) {
    return cannot_send(FileProblem::changed, what, "it was changed after it was offered");
}

/// `result`: -errno of a call.
tl::unexpected<FileError> cannot_read(int result, const std::string& what) {
    switch (-result) {
        case ENOENT:
        case ENODEV:
        case ESTALE:
            return cannot_send(FileProblem::vanished, what, "it is not there any more");
        case EACCES:
        case EPERM:
            return cannot_send(FileProblem::unreadable, what, "you may not read it");
        case EIO:
            return cannot_send(FileProblem::unreadable, what, "the disk cannot read it");
        case ELOOP:
        case EXDEV:
            return cannot_send(FileProblem::changed, what,
                               "a link has taken its place, and links are not followed");
        case ENOTDIR:
        case EISDIR:
        case ENXIO:
            return cannot_send(FileProblem::changed, what, "something else has taken its place");
        default:
            return cannot_send(FileProblem::other, what, std::generic_category().message(-result));
    }
}

bool is_offered(const FileStatus& status, const net::ManifestEntry& entry) {
    const std::int64_t ns = status.modified_ns;
    const std::int64_t ms = ns / ns_per_ms - (ns % ns_per_ms < 0 ? 1 : 0);
    return status.kind == FileStatus::Kind::file && status.size == entry.size &&
           (entry.modified_ms == 0 || entry.modified_ms == ms);
}

class SourceFiles final : public net::FileSource {
public:
    SourceFiles(const net::Manifest& manifest, std::vector<std::string> roots,
                const FileCalls& calls)
        : calls_(calls), manifest_(manifest), roots_(std::move(roots)) {
        root_of_.reserve(manifest_.entries.size());
        std::size_t tops = 0;
        for (const auto& entry : manifest_.entries) {
            if (is_top_level(entry)) ++tops;
            root_of_.push_back(tops);
        }
    }

    FileResult<void> open(std::uint32_t entry, std::uint64_t offset) override {
        current_.reset();
        auto opened = open_entry(entry);
        if (!opened) return tl::unexpected(std::move(opened.error()));
        const auto& offered = manifest_.entries[entry];
        if (offset > offered.size) return has_changed(offered.path);
        if (offered.size - offset >= read_ahead_from) calls_.read_ahead(opened->file.get());
        current_ = std::move(*opened);
        offset_ = offset;
        return {};
    }

    FileResult<std::size_t> read(crypto::MutableByteView into) override {
        if (!current_) return tl::unexpected(FileError{});
        const auto& offered = manifest_.entries[current_->entry];
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), offered.size - offset_));
        if (const auto done = read_whole(*current_, into.first(size), offset_); !done)
            return tl::unexpected(done.error());
        offset_ += size;
        return size;
    }

    FileResult<void> close() override {
        if (!current_) return {};
        const auto checked = check_unchanged(*current_);
        current_.reset();
        return checked;
    }

    FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                       const std::function<bool()>& cancelled) override {
        const auto opened = open_entry(entry);
        if (!opened) return tl::unexpected(opened.error());
        const auto& path = manifest_.entries[entry].path;
        if (size > manifest_.entries[entry].size) return has_changed(path);
        if (size >= read_ahead_from) calls_.read_ahead(opened->file.get());
        crypto::RunningSha256 running;
        crypto::Bytes buffer(static_cast<std::size_t>(std::min(size, hash_step)));
        for (std::uint64_t at = 0; at < size;) {
            if (cancelled()) return cannot_send(FileProblem::other, path, "it was called off");
            const auto step = crypto::MutableByteView(buffer).first(
                static_cast<std::size_t>(std::min(size - at, hash_step)));
            if (const auto done = read_whole(*opened, step, at); !done)
                return tl::unexpected(done.error());
            running.update(step);
            at += step.size();
        }
        if (const auto checked = check_unchanged(*opened); !checked)
            return tl::unexpected(checked.error());
        return running.finish();
    }

private:
    struct OpenFile {
        std::uint32_t entry = 0;
        Descriptor file;
        FileStatus status{};
    };

    /// The folder that the roots being read lie in; those of one folder follow each other mostly.
    struct Base {
        Base(const FileCalls& calls, std::string where, int opened)
            : path(std::move(where)), folder(calls, opened), beneath(calls, opened) {}
        std::string path;
        Descriptor folder;
        OpenFolders beneath;
    };

    FileResult<OpenFile> open_entry(std::uint32_t entry) {
        if (entry >= manifest_.entries.size() || manifest_.entries[entry].folder)
            return tl::unexpected(FileError{});
        const auto& offered = manifest_.entries[entry];
        int opened = open_path(entry);
        if (opened < 0 && base_) {
            // A folder may have been made anew since it was opened.
            base_.reset();
            opened = open_path(entry);
        }
        if (opened < 0) return cannot_read(opened, offered.path);
        OpenFile out{entry, Descriptor(calls_, opened)};
        if (const int result = calls_.status(opened, out.status); result < 0)
            return cannot_read(result, offered.path);
        if (!is_offered(out.status, offered)) return has_changed(offered.path);
        return out;
    }

    /// A descriptor, or -errno.
    int open_path(std::uint32_t entry) {
        const std::size_t top = root_of_[entry];
        if (top == 0 || top > roots_.size() || !roots_[top - 1].starts_with('/')) return -ENOENT;
        const std::string& root = roots_[top - 1];
        if (const int result = enter(parent_of(root) + "/"); result < 0) return result;
        const std::string& path = manifest_.entries[entry].path;
        const auto slash = path.find('/');
        const std::string place =
            last_name(root) + (slash == std::string::npos ? std::string() : path.substr(slash));
        const int folder = base_->beneath.get(parent_of(place));
        return folder < 0 ? folder
                          : calls_.open_at(folder, last_name(place).c_str(), Opening::read);
    }

    int enter(const std::string& folder) {
        if (base_ && base_->path == folder) return 0;
        base_.reset();
        const int opened = calls_.open_folder(folder);
        if (opened < 0) return opened;
        base_ = std::make_unique<Base>(calls_, folder, opened);
        return 0;
    }

    /// All of `into`, which is within the offered size.
    FileResult<void> read_whole(const OpenFile& from, crypto::MutableByteView into,
                                std::uint64_t offset) {
        const auto& path = manifest_.entries[from.entry].path;
        while (!into.empty()) {
            const auto got = calls_.read(from.file.get(), into, offset);
            if (got == -EINTR) continue;
            if (got < 0) return cannot_read(static_cast<int>(got), path);
            if (got == 0) return has_changed(path);
            into = into.subspan(static_cast<std::size_t>(got));
            offset += static_cast<std::uint64_t>(got);
        }
        return {};
    }

    FileResult<void> check_unchanged(const OpenFile& file) {
        const auto& path = manifest_.entries[file.entry].path;
        FileStatus now;
        if (const int result = calls_.status(file.file.get(), now); result < 0)
            return cannot_read(result, path);
        if (now.size != file.status.size || now.modified_ns != file.status.modified_ns)
            return has_changed(path);
        return {};
    }

    const FileCalls& calls_;
    const net::Manifest manifest_;
    const std::vector<std::string> roots_;
    std::vector<std::size_t> root_of_{};  // of each entry, from 1
    std::unique_ptr<Base> base_{};
    std::optional<OpenFile> current_{};
    std::uint64_t offset_ = 0;
};

}  // namespace

std::unique_ptr<net::FileSource> open_source(const net::Manifest& manifest,
                                             std::vector<std::string> roots,
                                             const FileCalls& calls) {
    return std::make_unique<SourceFiles>(manifest, std::move(roots), calls);
}

}  // namespace kith::files
