// SPDX-License-Identifier: MIT
#include "app/files/write_behind.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

namespace kith::files {

WriteBehind::WriteBehind(const FileCalls& calls)
    : calls_(calls), free_(pieces_max), thread_([this] { run(); }) {}

WriteBehind::~WriteBehind() {
    {
        const std::lock_guard lock(mutex_);
        closing_ = true;
    }
    given_.notify_one();
    thread_.join();
}

void WriteBehind::write(int file, crypto::ByteView bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), piece_max));
        Piece piece;
        {
            std::unique_lock lock(mutex_);
            written_.wait(lock, [this] { return !free_.empty(); });
            piece = std::move(free_.back());
            free_.pop_back();
        }
        piece.file = file;
        piece.offset = offset;
        piece.bytes.assign(part.begin(), part.end());
        {
            const std::lock_guard lock(mutex_);
            pieces_.push_back(std::move(piece));
        }
        given_.notify_one();
        bytes = bytes.subspan(part.size());
        offset += part.size();
    }
}

bool WriteBehind::failed() {
    const std::lock_guard lock(mutex_);
    return result_.error != 0;
}

WriteBehind::Result WriteBehind::drain() {
    std::unique_lock lock(mutex_);
    written_.wait(lock, [this] { return pieces_.empty(); });
    return std::exchange(result_, {});
}

// --- the writer's thread ---

void WriteBehind::run() {
    std::unique_lock lock(mutex_);
    while (true) {
        given_.wait(lock, [this] { return !pieces_.empty() || closing_; });
        if (pieces_.empty()) return;
        const Piece& piece = pieces_.front();  // stays where it is while others are added
        const bool skip = result_.error != 0;
        lock.unlock();
        const Result result = skip ? Result{} : put(piece);
        lock.lock();
        if (!skip) result_ = result;
        free_.push_back(std::move(pieces_.front()));
        pieces_.pop_front();
        written_.notify_one();
    }
}

WriteBehind::Result WriteBehind::put(const Piece& piece) {
    crypto::ByteView left(piece.bytes);
    std::uint64_t at = piece.offset;
    while (!left.empty()) {
        const auto wrote = calls_.write(piece.file, left, at);
        if (wrote == -EINTR) continue;
        if (wrote <= 0) return {wrote == 0 ? -EIO : static_cast<int>(wrote), at};
        at += static_cast<std::uint64_t>(wrote);
        left = left.subspan(static_cast<std::size_t>(wrote));
    }
    if (std::exchange(unflushed_file_, piece.file) != piece.file || at < unflushed_from_)
        unflushed_from_ = piece.offset;
    if (at - unflushed_from_ < flush_step) return {};
    calls_.begin_flush(piece.file, unflushed_from_, at - unflushed_from_);
    unflushed_from_ = at;
    return {};
}

}  // namespace kith::files
