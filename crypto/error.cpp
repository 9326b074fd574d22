// SPDX-License-Identifier: MIT
#include "crypto/error.hpp"

namespace kith::crypto {

std::string_view name_of(Errc code) noexcept {
    switch (code) {
        case Errc::wrong_length:
            return "wrong_length";
        case Errc::bad_magic:
            return "bad_magic";
        case Errc::unsupported_version:
            return "unsupported_version";
        case Errc::not_authentic:
            return "not_authentic";
        case Errc::wrong_fingerprint:
            return "wrong_fingerprint";
        case Errc::bad_key:
            return "bad_key";
        case Errc::out_of_order:
            return "out_of_order";
        case Errc::counter_exhausted:
            return "counter_exhausted";
        case Errc::malformed:
            return "malformed";
        case Errc::checksum:
            return "checksum";
        case Errc::wrong_password:
            return "wrong_password";
        case Errc::newer_version:
            return "newer_version";
        case Errc::limits:
            return "limits";
    }
    return "unknown";
}

}  // namespace kith::crypto
