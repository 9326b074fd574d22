// SPDX-License-Identifier: MIT
#include "app/files/walk.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <limits>

#include "app/files/open_folders.hpp"
#include "app/files/safe_name.hpp"
#include "net/utf8.hpp"

namespace kith::files {
namespace {

constexpr std::size_t entry_overhead = 19;   // bytes of an encoded file besides its path
constexpr std::size_t encoded_overhead = 5;  // version and count
constexpr std::int64_t ns_per_ms = 1'000'000;

std::int64_t milliseconds(std::int64_t ns) { return ns / ns_per_ms - (ns % ns_per_ms < 0 ? 1 : 0); }

class Walker {
public:
    Walker(const std::function<bool()>& cancelled, const FileCalls& calls)
        : cancelled_(cancelled), calls_(calls) {}

    void root(const std::string& entered) {
        const auto clean = std::filesystem::path(entered).lexically_normal();
        const auto path = clean.has_filename() ? clean : clean.parent_path();
        const std::string name = path.filename().string();
        if (!path.is_absolute() || name.empty() || name == "..") {
            skip(entered, Skipped::bad_path);
            return;
        }
        const int opened = calls_.open_folder(path.parent_path().string());
        if (opened < 0) {
            skip(path.string(), opened == -ENOENT ? Skipped::missing : Skipped::unreadable);
            return;
        }
        const Descriptor folder(calls_, opened);
        // Taken only once it is in: a root that is skipped takes no name.
        const std::size_t before = out_.manifest.entries.size();
        auto names = names_;
        const std::string offered = net::valid_utf8(name) ? names.take(name) : name;
        entry(folder.get(), name, offered, path.string(), 1);
        if (out_.manifest.entries.size() == before) return;
        names_ = std::move(names);
        out_.roots.push_back(path.string());
    }
    [[nodiscard]] bool over() const { return full_ || out_.cancelled; }
    Walk take() { return std::move(out_); }

private:
    void skip(const std::string& path, Skipped why) {
        ++out_.skipped_count;
        if (out_.skipped.size() < skipped_listed_max) out_.skipped.push_back({path, why});
    }

    /// `name` in `folder`, offered under `path`; `place` is where it is, for messages.
    void entry(int folder, const std::string& name, const std::string& path,
               const std::string& place, std::size_t depth) {
        if (out_.cancelled || (out_.cancelled = cancelled_())) return;
        FileStatus status;
        const int found = calls_.status_at(folder, name.c_str(), status);
        if (const auto why = obstacle(found, status, folder, name, path, depth)) {
            skip(place, *why);
            full_ = full_ || why == Skipped::too_many;
        } else if (status.kind == FileStatus::Kind::folder) {
            whole_folder(folder, name, path, place, depth);
        } else {
            add({path, false, status.executable, status.size, milliseconds(status.modified_ns)});
        }
    }

    std::optional<Skipped> obstacle(int found, const FileStatus& status, int folder,
                                    const std::string& name, const std::string& path,
                                    std::size_t depth) {
        using Kind = FileStatus::Kind;
        if (found == -ENOENT) return Skipped::missing;
        if (found < 0) return Skipped::unreadable;
        if (status.kind == Kind::link) return Skipped::link;
        if (status.kind == Kind::other) return Skipped::special;
        if (!net::valid_utf8(name)) return Skipped::not_utf8;
        if (depth > net::manifest_depth_max || path.size() > net::manifest_path_max)
            return Skipped::too_deep;
        if (out_.manifest.entries.size() >= net::manifest_entries_max ||
            encoded_ + entry_overhead + path.size() > net::manifest_bytes_max)
            return Skipped::too_many;
        if (status.kind == Kind::folder) return std::nullopt;  // opening it shows
        if (calls_.readable_at(folder, name.c_str()) < 0) return Skipped::unreadable;
        // All sizes together are a number that fits into 63 bits.
        constexpr auto most = std::uint64_t{std::numeric_limits<std::int64_t>::max()};
        return status.size > most - bytes_ ? std::optional(Skipped::too_many) : std::nullopt;
    }

    void whole_folder(int parent, const std::string& name, const std::string& path,
                      const std::string& place, std::size_t depth) {
        const int opened = calls_.open_at(parent, name.c_str(), Opening::folder);
        const Descriptor folder(calls_, opened);
        std::vector<std::string> names;
        const std::size_t room = net::manifest_entries_max - out_.manifest.entries.size();
        if (opened < 0 || calls_.list(opened, room, names) < 0) {
            skip(place, Skipped::unreadable);
            return;
        }
        add({path, true, false, 0, 0});
        std::ranges::sort(names);
        for (const auto& inner : names) {
            if (over()) return;
            entry(opened, inner, path + "/" + inner, place + "/" + inner, depth + 1);
        }
    }

    void add(net::ManifestEntry entry) {
        encoded_ += entry_overhead + entry.path.size();
        bytes_ += entry.size;
        out_.manifest.entries.push_back(std::move(entry));
    }

    const std::function<bool()>& cancelled_;
    const FileCalls& calls_;
    Walk out_{};
    NamesInFolder names_{};
    std::size_t encoded_ = encoded_overhead;
    std::uint64_t bytes_ = 0;
    bool full_ = false;
};

}  // namespace

const char* reason(Skipped why) noexcept {
    switch (why) {
        case Skipped::link:
            return "is a symbolic link";
        case Skipped::special:
            return "is not a file or folder";
        case Skipped::unreadable:
            return "cannot be read";
        case Skipped::missing:
            return "is not there";
        case Skipped::not_utf8:
            return "has a name that is not text (UTF-8)";
        case Skipped::too_deep:
            return "lies too deep in folders";
        case Skipped::too_many:
            return "is one too many for one transfer";
        case Skipped::bad_path:
            return "is not a full path";
    }
    return "";
}

Walk walk(const std::vector<std::string>& paths, const std::function<bool()>& cancelled,
          const FileCalls& calls) {
    Walker walker(cancelled, calls);
    for (const auto& path : paths) {
        if (walker.over()) break;
        walker.root(path);
    }
    return walker.take();
}

}  // namespace kith::files
