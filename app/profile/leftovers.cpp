// SPDX-License-Identifier: MIT
#include "app/profile/leftovers.hpp"

#include "app/profile/key_store.hpp"

namespace kith::profile {
namespace {

namespace fs = std::filesystem;

Expected<void> remove_file(const fs::path& file) {
    std::error_code error;
    fs::remove(file, error);
    if (!error) return {};
    return tl::unexpected(system_error("remove", file, error.value()));
}

Expected<void> remove_all(const std::vector<fs::path>& files) {
    for (const auto& file : files) {
        if (auto removed = remove_file(file); !removed) return removed;
    }
    return {};
}

Expected<void> undo_restore(const ProfilePaths& paths) {
    std::error_code error;
    if (!fs::exists(paths.restore_marker(), error)) return {};
    // The marker goes last: until then the next start tries again.
    auto undone = has_key(paths) ? Expected<void>{} : remove_all(database_files(paths.database()));
    return undone.and_then([&] { return remove_file(paths.restore_marker()); });
}

}  // namespace

std::vector<fs::path> database_files(const fs::path& database) {
    std::vector<fs::path> files{database};
    for (const char* suffix : {"-wal", "-shm", "-journal"})
        files.push_back(database.string() + suffix);
    return files;
}

Expected<void> clear_leftovers(const ProfilePaths& paths) {
    return remove_all({paths.key_file().string() + ".new", paths.restore_marker().string() + ".new",
                       paths.aside_marker().string() + ".new"})
        .and_then([&] { return remove_all(database_files(paths.database().string() + ".part")); })
        .and_then(
            [&] { return remove_all(database_files(paths.database().string() + ".part.copy")); })
        .and_then([&] { return undo_restore(paths); });
}

}  // namespace kith::profile
