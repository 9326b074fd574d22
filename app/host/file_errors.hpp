// SPDX-License-Identifier: MIT
//
// What went wrong with a file or the profile, as a command is answered. Any thread.
#pragma once

#include "app/model/types.hpp"
#include "app/profile/error.hpp"
#include "app/store/job.hpp"

namespace kith::host {

/// A file somebody asked for, anywhere on the disk. Codes: exists, no_such_folder, bad_path,
/// disk_full, read_only, io.
[[nodiscard]] model::Error file_error(profile::Errc code, const std::filesystem::path& file);

/// Nothing wrong so far with a new file at `file`: an absolute path, a folder, and nothing there.
/// Codes as above.
[[nodiscard]] tl::expected<void, model::Error> check_new_file(const std::filesystem::path& file);

/// Of the profile's own files. Codes: wrong_password, disk_full, read_only, key_file.
[[nodiscard]] model::Error to_model(const profile::Error& error);

/// Codes: damaged (setting the history aside may help), newer_version, disk_full, read_only, busy,
/// storage.
[[nodiscard]] model::Error to_model(const store::Error& error);

}  // namespace kith::host
