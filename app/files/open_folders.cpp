// SPDX-License-Identifier: MIT
#include "app/files/open_folders.hpp"

#include <algorithm>
#include <cerrno>

namespace kith::files {
namespace {

constexpr std::size_t open_max = 32;  // folders, at a time

int name_by_name(const FileCalls& calls, int folder, const std::string& path, Opening how) {
    Descriptor at;
    std::size_t begin = 0;
    for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', begin)) {
        const std::string name = path.substr(begin, end - begin);
        if (name.empty() || name == "..") return -EXDEV;
        const int next = calls.open_at(at ? at.get() : folder, name.c_str(), Opening::folder);
        if (next < 0) return next;
        at = Descriptor(calls, next);
        begin = end + 1;
    }
    const std::string name = path.substr(begin);
    if (name.empty() || name == "..") return -EXDEV;
    return calls.open_at(at ? at.get() : folder, name.c_str(), how);
}

}  // namespace

int open_beneath(const FileCalls& calls, int folder, const std::string& path, Opening how) {
    const int result = calls.open_beneath(folder, path.c_str(), how);
    // A filter of system calls answers with EPERM to what it does not know.
    if (result != -ENOSYS && result != -EPERM) return result;
    return name_by_name(calls, folder, path, how);
}

std::string parent_of(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string last_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

int OpenFolders::get(const std::string& path) {
    if (path.empty()) return root_;
    for (auto& folder : open_) {
        if (folder.path != path) continue;
        folder.used = ++clock_;
        return folder.descriptor.get();
    }
    const int descriptor = open_beneath(calls_, root_, path, Opening::folder);
    return descriptor < 0 ? descriptor : keep(path, descriptor);
}

int OpenFolders::get_or_make(const std::string& path,
                             const std::function<void(const std::string&)>& on_made) {
    const int found = get(path);
    if (found != -ENOENT || path.empty()) return found;
    const std::string parent = parent_of(path);
    const int folder = get_or_make(parent, on_made);
    if (folder < 0) return folder;
    const int made = calls_.make_folder(folder, last_name(path).c_str());
    if (made == 0) on_made(parent);
    return made < 0 && made != -EEXIST ? made : get(path);
}

/// A folder that was moved away takes those in it along.
void OpenFolders::forget(const std::string& path) {
    const auto top = path.substr(0, path.find('/'));
    std::erase_if(open_, [&](const Folder& folder) {
        return folder.path == top || folder.path.starts_with(top + "/");
    });
}

int OpenFolders::keep(const std::string& path, int descriptor) {
    if (open_.size() == open_max)
        open_.erase(std::ranges::min_element(open_, {}, [](const auto& one) { return one.used; }));
    open_.push_back({path, Descriptor(calls_, descriptor), ++clock_});
    return descriptor;
}

}  // namespace kith::files
