// SPDX-License-Identifier: MIT
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "app/profile/base_folders.hpp"

namespace kith::profile {
namespace {

namespace fs = std::filesystem;

/// The specification has relative paths ignored.
fs::path absolute_or_empty(const std::optional<std::string>& value) {
    fs::path path = value.value_or("");
    return path.is_absolute() ? path : fs::path{};
}

/// The account's own home, for services started without HOME.
fs::path home_of_account() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) != 0 || found == nullptr)
        return {};
    return found->pw_dir != nullptr ? absolute_or_empty(found->pw_dir) : fs::path{};
}

}  // namespace

Environment process_environment() {
    return [](const char* name) -> std::optional<std::string> {
        const char* const value = std::getenv(name);
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

Expected<BaseFolders> base_folders(const Environment& environment) {
    fs::path home = absolute_or_empty(environment("HOME"));
    if (home.empty()) home = home_of_account();
    BaseFolders folders{absolute_or_empty(environment("XDG_CONFIG_HOME")),
                        absolute_or_empty(environment("XDG_DATA_HOME")),
                        absolute_or_empty(environment("XDG_STATE_HOME"))};
    const bool complete =
        !folders.config.empty() && !folders.data.empty() && !folders.state.empty();
    if (home.empty() && !complete)
        return fail(Errc::bad_path,
                    "Kith cannot tell where your home folder is. Set HOME, or give a folder "
                    "with --profile-dir.");
    if (folders.config.empty()) folders.config = home / ".config";
    if (folders.data.empty()) folders.data = home / ".local" / "share";
    if (folders.state.empty()) folders.state = home / ".local" / "state";
    return folders;
}

}  // namespace kith::profile
