// SPDX-License-Identifier: MIT
//
// The folder of a profile: made with mode 0700, and kept from others.
#pragma once

#include "app/profile/profile_paths.hpp"

namespace kith::profile {

/// Makes the folder and what leads to it. Error `exists` when it is there already.
[[nodiscard]] Expected<void> create_folder(const ProfilePaths& paths);

/// Makes the folder or takes the one that is there. One that others may enter is closed to them if
/// it is empty or a profile, and refused otherwise: --profile-dir may name any folder by mistake.
/// Errors: bad_path, not_private, denied, full, io.
[[nodiscard]] Expected<void> prepare_folder(const ProfilePaths& paths);

}  // namespace kith::profile
