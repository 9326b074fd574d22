// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "app/profile/profile_folder.hpp"

namespace kith::profile {
namespace {

namespace fs = std::filesystem;

constexpr mode_t only_me = 0700;
constexpr mode_t others = 0077;

/// XDG: "permission 0700" for the folders a program makes on the way.
Expected<void> create_parents(const fs::path& folder) {
    if (folder.empty() || folder == folder.root_path()) return {};
    if (mkdir(folder.c_str(), only_me) == 0 || errno == EEXIST) return {};
    if (errno != ENOENT) return tl::unexpected(system_error("create the folder", folder, errno));
    if (auto above = create_parents(folder.parent_path()); !above) return above;
    if (mkdir(folder.c_str(), only_me) == 0 || errno == EEXIST) return {};
    return tl::unexpected(system_error("create the folder", folder, errno));
}

/// Empty, or a profile (or one whose creation was interrupted).
bool ours_to_close(const ProfilePaths& paths) {
    std::error_code error;
    if (fs::exists(paths.key_file(), error)) return true;
    const fs::directory_iterator entries(paths.folder, error);
    if (error) return false;
    return std::all_of(begin(entries), end(entries),
                       [&](const auto& entry) { return entry.path() == paths.lock_file(); });
}

Expected<void> close_to_others(const ProfilePaths& paths, const struct stat& status) {
    if (status.st_uid != geteuid())
        return fail(Errc::not_private, "The folder " + quoted(paths.folder) +
                                           " belongs to somebody else. Choose one of your own with "
                                           "--profile-dir.");
    if ((status.st_mode & others) == 0) return {};
    if (!ours_to_close(paths))
        return fail(Errc::not_private,
                    "Others can enter the folder " + quoted(paths.folder) +
                        ", and it holds other things than a profile. Choose an empty "
                        "folder with --profile-dir.");
    if (chmod(paths.folder.c_str(), only_me) == 0) return {};
    return tl::unexpected(system_error("close to others the folder", paths.folder, errno));
}

}  // namespace

Expected<void> create_folder(const ProfilePaths& paths) {
    if (auto above = create_parents(paths.folder.parent_path()); !above) return above;
    if (mkdir(paths.folder.c_str(), only_me) == 0) return {};
    return tl::unexpected(system_error("create the folder", paths.folder, errno));
}

Expected<void> prepare_folder(const ProfilePaths& paths) {
    auto created = create_folder(paths);
    if (created || created.error().code != Errc::exists) return created;
    struct stat status {};
    if (stat(paths.folder.c_str(), &status) != 0)
        return tl::unexpected(system_error("open the folder", paths.folder, errno));
    if (!S_ISDIR(status.st_mode))
        return fail(Errc::bad_path, quoted(paths.folder) +
                                        " is not a folder. Choose another place with "
                                        "--profile-dir.");
    if (auto closed = close_to_others(paths, status); !closed) return closed;
    if (access(paths.folder.c_str(), R_OK | W_OK | X_OK) == 0) return {};
    return tl::unexpected(system_error("write to the folder", paths.folder, errno));
}

}  // namespace kith::profile
