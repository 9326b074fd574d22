// SPDX-License-Identifier: MIT
//
// What is offered: the files and folders of one transfer, in a fixed order. Its hash stands for it:
// what was agreed to is what the hash says. docs/protocol.md, "Files". A value; any thread.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "crypto/kdf.hpp"

namespace kith::net {

using crypto::Bytes;
using crypto::ByteView;

inline constexpr std::size_t manifest_entries_max = 200'000;
inline constexpr std::size_t manifest_bytes_max = 16 << 20;  ///< encoded
inline constexpr std::size_t manifest_path_max = 4096;       ///< bytes, with separators
inline constexpr std::size_t manifest_name_max = 255;        ///< bytes of one name in a path
inline constexpr std::size_t manifest_depth_max = 64;

struct ManifestEntry {
    /// Relative, "/" between names, UTF-8 as far as the sender's file system gives it; never empty,
    /// no "." or "..", no NUL. Parents stand before what is in them.
    std::string path;
    bool folder = false;
    bool executable = false;
    std::uint64_t size = 0;        ///< 0 for folders
    std::int64_t modified_ms = 0;  ///< since 1970; 0: not known
    bool operator==(const ManifestEntry&) const = default;
};

struct Manifest {
    std::vector<ManifestEntry> entries;
    bool operator==(const Manifest&) const = default;

    [[nodiscard]] std::uint32_t files() const;
    /// Saturates at 2^63 - 1.
    [[nodiscard]] std::uint64_t bytes() const;
    /// "photo.jpg", "Holiday" (one folder), "photo.jpg and 3 more"; at most 255 bytes.
    [[nodiscard]] std::string title() const;
};

[[nodiscard]] Bytes encode(const Manifest& manifest);
/// Everything above is checked: a path twice, a file as parent, sizes that overflow in sum, order.
/// The error is for a log.
[[nodiscard]] tl::expected<Manifest, std::string> decode_manifest(ByteView encoded);
[[nodiscard]] crypto::Digest256 manifest_hash(ByteView encoded);

}  // namespace kith::net
