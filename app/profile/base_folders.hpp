// SPDX-License-Identifier: MIT
//
// The folders a person's programs keep their files in.
#pragma once

#include <functional>
#include <optional>

#include "app/profile/error.hpp"

namespace kith::profile {

struct BaseFolders {
    std::filesystem::path config, data, state;  ///< absolute
};

/// Value of an environment variable, if set.
using Environment = std::function<std::optional<std::string>(const char* name)>;
[[nodiscard]] Environment process_environment();

/// XDG Base Directory Specification 0.8: XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, each below
/// the home folder when unset, empty or relative. Error: bad_path (nobody's home).
[[nodiscard]] Expected<BaseFolders> base_folders(const Environment& environment);

}  // namespace kith::profile
