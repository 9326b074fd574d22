// SPDX-License-Identifier: MIT
//
// What a pipe has to get rid of, in order: one frame where its payload was written, and small ones
// behind it. Internal to net/; one thread.
#pragma once

#include "net/transfer/bulk_items.hpp"

namespace kith::net {

class BulkOutput {
public:
    /// Frames are `before` || payload || `behind`.
    BulkOutput(std::size_t before, std::size_t behind)
        : before_(before), behind_(behind), frame_(before + bulk::payload_max + behind) {}

    [[nodiscard]] bool clear() const noexcept { return sent_ == size_ && small_.empty(); }
    /// May be filled while nothing of it is on its way.
    [[nodiscard]] crypto::MutableByteView room() {
        return crypto::MutableByteView(frame_).subspan(before_, bulk::payload_max);
    }
    /// The frame around so many bytes of room().
    [[nodiscard]] crypto::MutableByteView frame(std::size_t payload) {
        return crypto::MutableByteView(frame_).first(before_ + payload + behind_);
    }
    /// The frame goes: behind small ones that are not gone, else from where it is.
    void push(std::size_t payload) {
        const auto whole = frame(payload);
        if (!small_.empty()) return push_small(whole);
        size_ = whole.size();
        sent_ = 0;
    }
    void push_small(ByteView frame) { small_.insert(small_.end(), frame.begin(), frame.end()); }
    [[nodiscard]] std::size_t small() const noexcept { return small_.size() - small_sent_; }

    /// What goes next, and how much of it went.
    [[nodiscard]] ByteView next() const {
        if (sent_ < size_) return ByteView(frame_).subspan(sent_, size_ - sent_);
        return ByteView(small_).subspan(small_sent_);
    }
    void went(std::size_t bytes) {
        if (sent_ < size_) {
            sent_ += bytes;
            return;
        }
        small_sent_ += bytes;
        if (small_sent_ < small_.size()) return;
        small_.clear();
        small_sent_ = 0;
    }

private:
    std::size_t before_;
    std::size_t behind_;
    crypto::Bytes frame_;
    std::size_t size_ = 0;  // of frame_, on its way
    std::size_t sent_ = 0;
    crypto::Bytes small_;
    std::size_t small_sent_ = 0;
};

}  // namespace kith::net
