// SPDX-License-Identifier: MIT
#include "net/framing.hpp"

#include <algorithm>

namespace kith::net {
namespace {

std::size_t decode_length(crypto::ByteView prefix) {
    return std::size_t{prefix[0]} << 24 | std::size_t{prefix[1]} << 16 |
           std::size_t{prefix[2]} << 8 | prefix[3];
}

crypto::ByteView take(crypto::ByteView& input, std::size_t size) {
    const auto taken = input.first(std::min(size, input.size()));
    input = input.subspan(taken.size());
    return taken;
}

}  // namespace

std::optional<crypto::ByteView> FrameReader::next(crypto::ByteView& input) {
    if (delivered_) {
        partial_ = crypto::Bytes();  // gives the memory back: an idle reader holds none
        delivered_ = false;
    }
    if (refused_ || (length_ == 0 && !read_length(input))) return std::nullopt;
    const std::size_t length = length_;
    if (partial_.empty() && input.size() >= length) {
        length_ = 0;
        return take(input, length);  // the usual case: no copy
    }
    if (!fill(input, length)) return std::nullopt;
    length_ = 0;
    delivered_ = true;
    return partial_;
}

bool FrameReader::read_length(crypto::ByteView& input) {
    if (!fill(input, frame_prefix_size)) return false;
    const std::size_t length = decode_length(partial_);
    partial_.clear();
    refused_ = length == 0 || length > body_max_;
    if (refused_) return false;
    length_ = length;
    return true;
}

bool FrameReader::fill(crypto::ByteView& input, std::size_t size) {
    const auto taken = take(input, size - partial_.size());
    // Grows with what has arrived, not with what was announced: a length alone costs nothing.
    const std::size_t needed = partial_.size() + taken.size();
    if (needed > partial_.capacity()) {
        partial_.reserve(std::min(size, std::max(needed, 2 * partial_.capacity())));
    }
    partial_.insert(partial_.end(), taken.begin(), taken.end());
    return partial_.size() == size;
}

void append_frame(crypto::Bytes& out, crypto::ByteView body) {
    const auto length = static_cast<std::uint32_t>(body.size());
    for (const int shift : {24, 16, 8, 0})
        out.push_back(static_cast<std::uint8_t>(length >> shift));
    out.insert(out.end(), body.begin(), body.end());
}

}  // namespace kith::net
