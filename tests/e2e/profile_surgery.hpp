// SPDX-License-Identifier: MIT
//
// What only somebody with the keys can do to a profile on disk: for states a test cannot wait for.
// The profile has no password and does not run. Failures are std::runtime_error.
#pragma once

#include <filesystem>
#include <string>

namespace kith::e2e {

/// Runs SQL on the history.
void alter_history(const std::filesystem::path& profile, const std::string& sql);

}  // namespace kith::e2e
