// SPDX-License-Identifier: MIT
//
// SHA-256 (FIPS 180-4) of bytes that come piece by piece. One thread at a time.
#pragma once

#include <memory>

#include "crypto/kdf.hpp"

namespace kith::crypto {

class RunningSha256 {
public:
    RunningSha256();
    ~RunningSha256();
    RunningSha256(const RunningSha256&) = delete;
    RunningSha256& operator=(const RunningSha256&) = delete;

    void update(ByteView bytes);
    /// Begins anew behind it.
    [[nodiscard]] Digest256 finish();

private:
    struct Function;
    std::unique_ptr<Function> function_;
};

}  // namespace kith::crypto
