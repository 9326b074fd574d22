// SPDX-License-Identifier: MIT
#include "app/files/source_files.hpp"

#include <algorithm>
#include <cerrno>

#include "app/files/open_folders.hpp"
#include "crypto/running_hash.hpp"

namespace kith::files {
namespace {

using net::FileProblem;
using net::FileResult;

constexpr std::size_t hash_piece = 256 * 1024;
constexpr std::int64_t ns_per_ms = 1'000'000;

std::int64_t milliseconds(std::int64_t ns) { return ns / ns_per_ms - (ns % ns_per_ms < 0 ? 1 : 0); }

tl::unexpected<net::FileError> fail(FileProblem problem, const std::string& path,
                                    const char* what) {
    return tl::unexpected(net::FileError{problem, "\"" + path + "\" " + what});
}

tl::unexpected<net::FileError> changed(const std::string& path) {
    return fail(FileProblem::changed, path, "has changed since it was offered. Offer it again.");
}

class SourceFiles final : public net::FileSource {
public:
    SourceFiles(const net::Manifest& manifest, std::vector<std::string> roots,
                const FileCalls& calls)
        : manifest_(manifest), roots_(std::move(roots)), calls_(calls) {
        std::uint32_t top = 0;
        for (const auto& entry : manifest_.entries) {
            top += entry.path.find('/') == std::string::npos;
            top_of_.push_back(top - 1);
        }
    }

    FileResult<void> open(std::uint32_t entry, std::uint64_t offset) override {
        auto opened = open_file(entry);
        if (!opened) return tl::unexpected(opened.error());
        file_ = std::move(*opened);
        entry_ = entry;
        offset_ = offset;
        if (offer().size > hash_piece) calls_.read_ahead(file_.get());
        return {};
    }

    FileResult<std::size_t> read(crypto::MutableByteView into) override {
        auto size = read_at(file_.get(), into, offset_);
        if (size) offset_ += *size;
        return size;
    }

    FileResult<void> close() override {
        const Descriptor file = std::move(file_);
        FileStatus now;
        if (calls_.status(file.get(), now) < 0) return changed(offer().path);
        const bool same = now.size == opened_.size && now.modified_ns == opened_.modified_ns;
        if (!same) return changed(offer().path);
        return {};
    }

    FileResult<crypto::Digest256> hash(std::uint32_t entry, std::uint64_t size,
                                       const std::function<bool()>& cancelled) override {
        const auto file = open_file(entry);
        if (!file) return tl::unexpected(file.error());
        entry_ = entry;
        crypto::RunningSha256 running;
        crypto::Bytes piece(hash_piece);
        for (std::uint64_t at = 0; at < size;) {
            if (cancelled())
                return fail(FileProblem::other, offer().path, "was not read: stopped.");
            const auto wanted = std::min<std::uint64_t>(piece.size(), size - at);
            const auto got = read_at(file->get(), {piece.data(), wanted}, at);
            if (!got) return tl::unexpected(got.error());
            if (*got == 0) return changed(offer().path);
            running.update(crypto::ByteView(piece).first(*got));
            at += *got;
        }
        return running.finish();
    }

private:
    [[nodiscard]] const net::ManifestEntry& offer() const { return manifest_.entries[entry_]; }

    /// The file as it was offered; its status is in opened_.
    FileResult<Descriptor> open_file(std::uint32_t entry) {
        const auto& offered = manifest_.entries[entry];
        const int folder = folder_of(entry);
        const int opened =
            folder < 0 ? folder : calls_.open_at(folder, name_of(entry).c_str(), Opening::read);
        if (opened < 0) {
            if (opened == -ENOENT || opened == -ENOTDIR)
                return fail(FileProblem::vanished, offered.path, "is not there any more.");
            if (opened == -ELOOP || opened == -EXDEV) return changed(offered.path);
            return fail(FileProblem::unreadable, offered.path, "cannot be read.");
        }
        Descriptor file(calls_, opened);
        if (calls_.status(file.get(), opened_) < 0)
            return fail(FileProblem::unreadable, offered.path, "cannot be read.");
        const bool same = opened_.kind == FileStatus::Kind::file && opened_.size == offered.size &&
                          milliseconds(opened_.modified_ns) == offered.modified_ms;
        if (!same) return changed(offered.path);
        return file;
    }

    /// Where it is beneath the folder of its root: the root's own name, then as offered.
    [[nodiscard]] std::string place_of(std::uint32_t entry) const {
        const auto& path = manifest_.entries[entry].path;
        const auto slash = path.find('/');
        const auto name = last_name(roots_[top_of_[entry]]);
        return slash == std::string::npos ? name : name + path.substr(slash);
    }
    [[nodiscard]] std::string name_of(std::uint32_t entry) const {
        return last_name(place_of(entry));
    }

    /// -errno.
    int folder_of(std::uint32_t entry) {
        const auto top = top_of_[entry];
        if (top >= roots_.size()) return -ENOENT;
        if (!folders_ || top != root_) {
            folders_.reset();
            const auto parent = parent_of(roots_[top]);
            const int opened = calls_.open_folder(parent.empty() ? "/" : parent);
            if (opened < 0) return opened;
            base_ = Descriptor(calls_, opened);
            folders_ = std::make_unique<OpenFolders>(calls_, base_.get());
            root_ = top;
        }
        return folders_->get(parent_of(place_of(entry)));
    }

    FileResult<std::size_t> read_at(int file, crypto::MutableByteView into, std::uint64_t offset) {
        std::size_t filled = 0;
        while (filled < into.size()) {
            const auto got = calls_.read(file, into.subspan(filled), offset + filled);
            if (got == -EINTR) continue;
            if (got < 0) return fail(FileProblem::unreadable, offer().path, "cannot be read.");
            if (got == 0) break;
            filled += static_cast<std::size_t>(got);
        }
        return filled;
    }

    const net::Manifest& manifest_;
    const std::vector<std::string> roots_;
    const FileCalls& calls_;
    std::vector<std::uint32_t> top_of_;  // entry at the top, for each entry
    std::uint32_t root_ = 0;             // whose folder is open
    Descriptor base_;
    std::unique_ptr<OpenFolders> folders_;
    Descriptor file_;
    std::uint32_t entry_ = 0;
    std::uint64_t offset_ = 0;
    FileStatus opened_;
};

}  // namespace

std::unique_ptr<net::FileSource> open_source(const net::Manifest& manifest,
                                             std::vector<std::string> roots,
                                             const FileCalls& calls) {
    return std::make_unique<SourceFiles>(manifest, std::move(roots), calls);
}

}  // namespace kith::files
