// SPDX-License-Identifier: MIT
//
// Which folder a profile lives in and what its files are called. Nothing here touches the disk,
// except create_fresh_profile().
#pragma once

#include <string_view>

#include "app/profile/base_folders.hpp"

namespace kith::profile {

inline constexpr std::string_view default_profile = "default";
inline constexpr std::size_t profile_name_max = 64;

/// [A-Za-z0-9._-]{1,64}, not beginning with a dot: one plain folder name on every system.
[[nodiscard]] bool valid_profile_name(std::string_view name);

struct ProfilePaths {
    std::filesystem::path folder;  ///< absolute

    [[nodiscard]] std::filesystem::path key_file() const { return folder / "key"; }
    [[nodiscard]] std::filesystem::path database() const { return folder / "history.db"; }
    [[nodiscard]] std::filesystem::path lock_file() const { return folder / "lock"; }
    /// Notes about files that are being received.
    [[nodiscard]] std::filesystem::path transfers() const { return folder / "transfers"; }
    [[nodiscard]] std::filesystem::path control_socket() const { return folder / "control.sock"; }
    /// There while a backup is being restored (leftovers.hpp).
    [[nodiscard]] std::filesystem::path restore_marker() const { return folder / "restoring"; }
    /// There while a damaged history is being set aside; holds its new name.
    [[nodiscard]] std::filesystem::path aside_marker() const { return folder / "setting-aside"; }
    bool operator==(const ProfilePaths&) const = default;
};

/// What the command line said.
struct ProfileChoice {
    std::optional<std::string> name;    ///< --profile NAME
    std::optional<std::string> folder;  ///< --profile-dir DIR; relative to the working folder
};

/// --profile-dir DIR, or <data folder>/kith/profiles/NAME. Neither needs the home folder to be
/// known when DIR is given. Errors: bad_name, bad_path (also when a socket's address cannot hold
/// it).
[[nodiscard]] Expected<ProfilePaths> resolve_profile(const ProfileChoice& choice,
                                                     const Environment& environment);

/// Makes a profile folder nobody uses yet ("instance-2", "instance-3", …) and returns its name,
/// also when several processes ask at once. Errors: as resolve_profile() and prepare_folder().
[[nodiscard]] Expected<std::string> create_fresh_profile(const Environment& environment);

}  // namespace kith::profile
