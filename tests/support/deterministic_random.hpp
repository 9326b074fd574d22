// SPDX-License-Identifier: MIT
//
// A RandomSource that repeats itself: the same seed gives the same bytes on every machine. For
// tests only; nothing about it is secret.
#pragma once

#include <cstdlib>
#include <cstring>
#include <utility>

#include "crypto/random.hpp"

namespace kith::test {

/// SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), eight bytes little-endian per step. Output does
/// not depend on how the bytes are asked for.
class DeterministicRandom final : public crypto::RandomSource {
public:
    explicit DeterministicRandom(std::uint64_t seed) : state_(seed) {}

    void fill(crypto::MutableByteView out) override {
        for (std::uint8_t& byte : out) {
            if (left_ == 0) {
                word_ = next();
                left_ = sizeof word_;
            }
            byte = static_cast<std::uint8_t>(word_);
            word_ >>= 8;
            --left_;
        }
    }

private:
    std::uint64_t next() noexcept {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15U);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
    std::uint64_t word_ = 0;
    std::size_t left_ = 0;
};

/// Gives out exactly the bytes it was made with, then ends the test program: for published vectors.
class FixedRandom final : public crypto::RandomSource {
public:
    explicit FixedRandom(crypto::Bytes bytes) : bytes_(std::move(bytes)) {}

    void fill(crypto::MutableByteView out) override {
        if (out.size() > bytes_.size() - used_) std::abort();
        std::memcpy(out.data(), bytes_.data() + used_, out.size());
        used_ += out.size();
    }
    [[nodiscard]] std::size_t unused() const noexcept { return bytes_.size() - used_; }

private:
    crypto::Bytes bytes_;
    std::size_t used_ = 0;
};

}  // namespace kith::test
