// SPDX-License-Identifier: MIT
#include "crypto/running_hash.hpp"

#include <botan/hash.h>

namespace kith::crypto {

struct RunningSha256::Function {
    std::unique_ptr<Botan::HashFunction> hash = Botan::HashFunction::create_or_throw("SHA-256");
};

RunningSha256::RunningSha256() : function_(std::make_unique<Function>()) {}
RunningSha256::~RunningSha256() = default;

void RunningSha256::update(ByteView bytes) { function_->hash->update(bytes); }

Digest256 RunningSha256::finish() {
    Digest256 digest{};
    function_->hash->final(std::span<std::uint8_t>(digest));
    return digest;
}

}  // namespace kith::crypto
