// SPDX-License-Identifier: MIT
//
// Why something cryptographic was refused, and the result type every fallible function of this room
// returns. Botan's exceptions never leave the room.
#pragma once

#include <string_view>
#include <utility>

#include "crypto/result.hpp"

namespace kith::crypto {

/// Why something cryptographic was refused. Peers never learn more than "closed".
enum class Errc {
    wrong_length,         ///< a message or field has not the exact length its type demands
    bad_magic,            ///< not Kith at all
    unsupported_version,  ///< no protocol version in common
    not_authentic,        ///< an AEAD tag or mac1 did not match
    wrong_fingerprint,    ///< the peer is not the one that was dialled or expected
    bad_key,              ///< a key outside what is accepted (size, exponent, encoding, range)
    out_of_order,         ///< a message in a state that does not expect it
    counter_exhausted,    ///< a key was used for as long as it may be
    malformed,            ///< text or structure that cannot be parsed
    checksum,             ///< damaged in transit or on disk
    wrong_password,
    newer_version,  ///< written by a newer Kith
    limits,         ///< hostile or absurd parameters (key-derivation cost, counts)
};

using Error = Failure<Errc>;

template <typename T>
using Result = tl::expected<T, Error>;

/// The enumerator's own spelling, for logs and tests.
[[nodiscard]] std::string_view name_of(Errc code) noexcept;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string text) {
    return tl::unexpected<Error>(Error{code, std::move(text)});
}

}  // namespace kith::crypto
