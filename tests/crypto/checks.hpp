// SPDX-License-Identifier: MIT
//
// What the tests of this room say about results and bytes.
#pragma once

#include <catch2/catch_test_macros.hpp>

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"

namespace kith::test {

/// The code of a failed result; fails the test when it succeeded.
template <typename T>
crypto::Errc refusal(const crypto::Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK_FALSE(result.error().text.empty());
    return result.error().code;
}

/// The value of a result; fails the test with the reason when there is none.
template <typename T>
T value(crypto::Result<T> result) {
    if (!result) INFO(result.error().text);
    REQUIRE(result.has_value());
    return std::move(*result);
}

inline crypto::Bytes hex(std::string_view text) {
    auto bytes = crypto::from_hex(text);
    REQUIRE(bytes.has_value());
    return *bytes;
}

/// Every position is altered once; which bit of it depends on the position.
inline crypto::Bytes flipped(crypto::ByteView bytes, std::size_t at) {
    crypto::Bytes out(bytes.begin(), bytes.end());
    out[at] ^= static_cast<std::uint8_t>(1U << (at % 8));
    return out;
}

}  // namespace kith::test

namespace Catch {
template <>
struct StringMaker<kith::crypto::Errc> {
    static std::string convert(kith::crypto::Errc code) {
        return std::string(kith::crypto::name_of(code));
    }
};
}  // namespace Catch
