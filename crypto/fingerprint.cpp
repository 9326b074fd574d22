// SPDX-License-Identifier: MIT
#include "crypto/fingerprint.hpp"

#include <algorithm>

#include "crypto/kdf.hpp"

namespace kith::crypto {

namespace {

// Choice: Signal's numeric fingerprints use the same figure. It makes a search for a colliding
// half 12 bits dearer and costs a person a few milliseconds.
constexpr int rounds = 5200;
constexpr std::size_t groups = 6;  ///< of five digits, for each of the two people

std::string half(const Fingerprint& fingerprint) {
    Digest512 hash = sha512({view("kith1 safety number"), fingerprint.bytes});
    for (int i = 0; i < rounds; ++i) hash = sha512({hash, fingerprint.bytes});
    std::string digits;
    for (std::size_t group = 0; group < groups; ++group) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 5; ++i) number = (number << 8) | hash[group * 5 + i];
        const std::string text = std::to_string(number % 100000);
        digits.append(5 - text.size(), '0').append(text);
    }
    return digits;
}

}  // namespace

std::string to_hex(const Fingerprint& fingerprint) { return to_hex(ByteView(fingerprint.bytes)); }

std::string safety_number(const Fingerprint& a, const Fingerprint& b) {
    const auto& [first, second] = std::minmax(a, b);
    return half(first) + half(second);
}

}  // namespace kith::crypto
