// SPDX-License-Identifier: MIT
#include "crypto/random.hpp"

#include <botan/system_rng.h>

#include <exception>

namespace kith::crypto {

void SystemRandom::fill(MutableByteView out) {
    try {
        Botan::system_rng().randomize(out);
    } catch (...) {
        std::terminate();  // without randomness nothing that follows could be safe
    }
}

}  // namespace kith::crypto
