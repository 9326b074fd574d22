// SPDX-License-Identifier: MIT
#include "app/files/landing.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <map>

#include "app/files/open_folders.hpp"
#include "app/files/places.hpp"
#include "app/files/safe_name.hpp"
#include "app/files/write_error.hpp"

namespace kith::files {
namespace {

std::string normal(const std::string& folder) {
    const auto path = std::filesystem::path(folder).lexically_normal();
    return (path.has_filename() ? path : path.parent_path()).string();
}

/// Those between it and one that exists are made, each durably. A descriptor, or -errno.
int open_or_make(const FileCalls& calls, const std::string& path) {
    const int found = calls.open_folder(path);
    const auto parent_path = std::filesystem::path(path).parent_path().string();
    if (found != -ENOENT || parent_path == path) return found;
    const Descriptor parent(calls, open_or_make(calls, parent_path));
    if (!parent) return parent.get();
    const int made = calls.make_folder(parent.get(), last_name(path).c_str());
    if (made < 0 && made != -EEXIST) return made;
    if (made == 0) (void)calls.flush(parent.get());  // what cannot be flushed shows with the files
    return calls.open_folder(path);
}

class Chooser {
public:
    Chooser(const LandingOrder& order, const net::Manifest& manifest, const FileCalls& calls,
            int root)
        : order_(order), manifest_(manifest), calls_(calls), folders_(calls, root) {}

    net::FileResult<std::vector<std::string>> choose() {
        const auto wanted = wanted_tops();
        std::vector<std::string> names;
        for (std::size_t i = 0; i < order_.wished.size(); ++i) {
            auto name = place(order_.wished[i], wanted[i]);
            if (!name) return tl::unexpected(name.error());
            names.push_back(std::move(*name));
        }
        return flush().map([&] { return std::move(names); });
    }

private:
    struct Top {
        bool folder = false;
        bool selected = false;
    };
    /// A folder counts as selected when anything in it is.
    [[nodiscard]] std::vector<Top> wanted_tops() const {
        std::vector<std::string_view> paths;
        std::vector<Top> tops;
        std::map<std::string_view, std::size_t> index;
        for (const auto& entry : manifest_.entries) {
            if (!is_top_level(entry)) continue;
            index.emplace(entry.path, tops.size());
            tops.push_back({entry.folder, order_.selected.empty()});
        }
        for (const auto entry : order_.selected) {
            const std::string_view path = manifest_.entries[entry].path;
            const auto top = index.find(path.substr(0, path.find('/')));
            if (top != index.end()) tops[top->second].selected = true;
        }
        return tops;
    }

    net::FileResult<std::string> place(const std::string& wish, const Top& top) {
        const std::string parent = parent_of(wish);
        auto& names = names_[parent];
        if (!top.folder || !top.selected) return join(parent, names.take(last_name(wish)));
        const int folder = folders_.get_or_make(
            parent, [&](const std::string& in) { touched_.emplace(in, wish); });
        if (folder < 0) return cannot_write(folder, wish);
        for (std::uint32_t tried = 0; tried <= number_max; ++tried) {
            auto name = names.take(last_name(wish));
            const int made = calls_.make_folder(folder, name.c_str());
            if (made == -EEXIST) continue;
            if (made < 0) return cannot_write(made, wish);
            touched_.emplace(parent, wish);
            return join(parent, name);
        }
        return cannot_write(-EEXIST, wish);
    }

    /// What was made survives a power cut: files will be said to have landed in it.
    net::FileResult<void> flush() {
        for (const auto& [path, wish] : touched_) {
            const int folder = folders_.get(path);
            const int done = folder < 0 ? folder : calls_.flush(folder);
            if (done < 0 && done != -EINVAL) return cannot_write(done, wish);
        }
        return {};
    }

    const LandingOrder& order_;
    const net::Manifest& manifest_;
    const FileCalls& calls_;
    OpenFolders folders_;
    std::map<std::string, NamesInFolder> names_{};
    std::map<std::string, std::string> touched_{};  // folder, and for whom
};

}  // namespace

net::FileResult<Landing> choose_landing(const LandingOrder& order, const net::Manifest& manifest,
                                        const FileCalls& calls) {
    const std::string path = normal(order.folder);
    if (!path.starts_with('/'))
        return tl::unexpected(net::FileError{net::FileProblem::unwritable,
                                             order.folder + " is not the full path of a folder."});
    if (order.wished.size() != top_level_count(manifest) ||
        !std::ranges::all_of(order.wished, is_safe_path) || !is_selection(manifest, order.selected))
        return tl::unexpected(
            net::FileError{net::FileProblem::other, "These are not places for what was offered."});
    const Descriptor root(calls, open_or_make(calls, path));
    if (!root) return cannot_write(root.get(), path);
    return Chooser(order, manifest, calls, root.get())
        .choose()
        .map([&](std::vector<std::string>&& names) {
            return Landing{path, std::move(names)};
        });
}

net::FileResult<std::uint64_t> free_bytes(const std::string& folder, const FileCalls& calls) {
    std::string path = normal(folder);
    int opened = calls.open_folder(path);
    while ((opened == -ENOENT || opened == -ENOTDIR) && path.size() > 1) {
        path = std::filesystem::path(path).parent_path().string();
        opened = calls.open_folder(path);
    }
    const Descriptor found(calls, opened);
    std::uint64_t bytes = 0;
    const int result = found ? calls.free_space(found.get(), bytes) : opened;
    if (result < 0) return cannot_write(result, folder);
    return bytes;
}

}  // namespace kith::files
