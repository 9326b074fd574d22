// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace kith::profile {

enum class Errc {
    bad_name,     ///< not a name a profile may have
    bad_path,     ///< no home folder, not a folder, or too long for a socket in it
    not_private,  ///< others can read the folder or it belongs to somebody else
    locked,       ///< another process runs this profile
    exists,       ///< there is a key file already
    missing,      ///< there is no key file
    damaged,      ///< the key file cannot be what Kith wrote
    wrong_password,
    newer_version,  ///< the key file was written by a newer Kith
    full,           ///< no space on the disk
    denied,         ///< permissions or a read-only disk
    io,
};

struct Error {
    Errc code = Errc::io;
    std::string text;  ///< for a person: what happened, to which file, what to do
};

template <typename T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string text) {
    return tl::unexpected<Error>(Error{code, std::move(text)});
}

/// In double quotes, for a sentence.
[[nodiscard]] std::string quoted(const std::filesystem::path& path);

/// A failed system call. `verb` completes "Kith cannot …": "create the folder".
[[nodiscard]] Error system_error(const char* verb, const std::filesystem::path& path, int number);

}  // namespace kith::profile
