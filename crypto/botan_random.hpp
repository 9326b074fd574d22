// SPDX-License-Identifier: MIT
//
// Lets Botan draw from a RandomSource. Internal to crypto/.
#pragma once

#include <botan/exceptn.h>
#include <botan/rng.h>

#include "crypto/random.hpp"

namespace kith::crypto {

/// Non-owning; the source may be exchanged, because Botan keeps references to its generator for as
/// long as a key operation object lives.
class BotanRandom final : public Botan::RandomNumberGenerator {
public:
    BotanRandom() = default;
    explicit BotanRandom(RandomSource& source) : source_(&source) {}

    void use(RandomSource* source) noexcept { source_ = source; }

    std::string name() const override { return "kith::crypto::RandomSource"; }
    bool accepts_input() const override { return false; }
    bool is_seeded() const override { return source_ != nullptr; }
    void clear() override {}

protected:
    void fill_bytes_with_input(std::span<std::uint8_t> output,
                               std::span<const std::uint8_t> /*input*/) override {
        if (output.empty()) return;
        if (source_ == nullptr) throw Botan::PRNG_Unseeded(name());
        source_->fill(output);
    }

private:
    RandomSource* source_ = nullptr;
};

}  // namespace kith::crypto
