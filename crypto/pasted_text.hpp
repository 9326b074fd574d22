// SPDX-License-Identifier: MIT
//
// What people paste: a prefix, then base64url of fields and their checksum. Internal to crypto/.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"

namespace kith::crypto {

/// What a kind of pasted text is called and begins with; its sentences name it.
struct PastedKind {
    std::string_view prefix;
    std::string_view name;  ///< "connection ID"
    std::uint8_t version;
    std::size_t text_max;      ///< without white space
    std::size_t fields_least;  ///< the version among them
};

/// `fields` begin with the version.
[[nodiscard]] std::string format_pasted(const PastedKind& kind, Bytes fields);
/// The fields behind the version. White space is ignored. Errors: malformed, checksum,
/// newer_version, limits.
[[nodiscard]] Result<Bytes> parse_pasted(const PastedKind& kind, std::string_view text);
[[nodiscard]] tl::unexpected<Error> malformed_pasted(const PastedKind& kind);

}  // namespace kith::crypto
