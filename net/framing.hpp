// SPDX-License-Identifier: MIT
//
// Frames on a stream: u32 big-endian length || body. The reader holds at most one incomplete
// frame and nothing when idle; what it refuses it refuses by the length alone, before a byte of
// the body is kept.
#pragma once

#include <optional>

#include "crypto/bytes.hpp"

namespace kith::net {

inline constexpr std::size_t frame_prefix_size = 4;

class FrameReader {
public:
    explicit FrameReader(std::size_t body_max) : body_max_(body_max) {}

    /// Takes bytes from the front of `input` until one body is complete. The body lies in `input`
    /// or in the reader and is valid until the next call. Nothing: more bytes are needed, or
    /// refused() – then the stream is beyond use.
    [[nodiscard]] std::optional<crypto::ByteView> next(crypto::ByteView& input);

    /// Applies to frames whose length was not read yet.
    void set_limit(std::size_t body_max) noexcept { body_max_ = body_max; }
    /// A length of zero or above the limit was read.
    [[nodiscard]] bool refused() const noexcept { return refused_; }
    /// Bytes of memory held.
    [[nodiscard]] std::size_t held() const noexcept { return partial_.capacity(); }

private:
    [[nodiscard]] bool read_length(crypto::ByteView& input);
    [[nodiscard]] bool fill(crypto::ByteView& input, std::size_t size);

    std::size_t body_max_;
    crypto::Bytes partial_;   // of the prefix while length_ is 0, then of the body
    std::size_t length_ = 0;  // 0: not known yet
    bool delivered_ = false;  // partial_ is a body that was handed out
    bool refused_ = false;
};

/// Appends one frame.
void append_frame(crypto::Bytes& out, crypto::ByteView body);

}  // namespace kith::net
