// SPDX-License-Identifier: MIT
//
// Writes large files on a thread of its own, in order, so that the copy into the file and the
// cipher run side by side. Bounded: pieces_max pieces of piece_max bytes, copied in. Used on one
// thread, its transfer's.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "app/files/file_calls.hpp"

namespace kith::files {

class WriteBehind {
public:
    static constexpr std::size_t pieces_max = 8;
    static constexpr std::size_t piece_max = 256 * 1024;  ///< bytes
    static constexpr std::uint64_t flush_step = 8 << 20;  ///< bytes: so often the disk begins

    explicit WriteBehind(const FileCalls& calls);  ///< which outlives it
    ~WriteBehind();                                ///< what was given is written first
    WriteBehind(const WriteBehind&) = delete;
    WriteBehind& operator=(const WriteBehind&) = delete;

    /// Takes bytes for this place in `file`, which stays open until the next drain(). Waits while
    /// there is no room. Behind a failure nothing more is written until drain().
    void write(int file, crypto::ByteView bytes, std::uint64_t offset);
    [[nodiscard]] bool failed();
    struct Result {
        int error = 0;           ///< -errno of the first that failed
        std::uint64_t good = 0;  ///< with it: everything before this offset was written
    };
    /// Waits until all of it is written.
    [[nodiscard]] Result drain();

private:
    struct Piece {
        int file = -1;
        std::uint64_t offset = 0;
        crypto::Bytes bytes;  // with its memory, for the next one
    };

    void run();
    [[nodiscard]] Result put(const Piece& piece);

    const FileCalls& calls_;
    std::uint64_t unflushed_from_ = 0;  // writer's thread
    int unflushed_file_ = -1;           // writer's thread
    std::mutex mutex_;
    std::condition_variable given_;
    std::condition_variable written_;
    std::deque<Piece> pieces_;  // the first one is being written
    std::vector<Piece> free_;
    Result result_;
    bool closing_ = false;
    std::thread thread_;  // last: everything else is there when it begins
};

}  // namespace kith::files
