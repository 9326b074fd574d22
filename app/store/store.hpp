// SPDX-License-Identifier: MIT
//
// The node's view of the store: jobs in, results after the commit. Network thread only.
#pragma once

#include <array>
#include <functional>

#include "app/store/job.hpp"

namespace kith::store {

/// A copy of everything into one new encrypted file (docs/backup-format.md).
struct Backup {
    std::string file;
    std::array<std::uint8_t, 32> key{};  ///< derived from the backup's password
    std::array<std::uint8_t, 16>
        salt{};    ///< stands in front of the file, so that it can be derived again
    Blob secrets;  ///< content of a key file; goes into the encrypted part
};
using BackedUp = tl::expected<std::uint64_t, Error>;  ///< size in bytes

class Store {
public:
    using Continuation = std::function<void(Result)>;
    virtual ~Store() = default;
    /// Jobs run and complete in the order they were submitted, but for the later pieces of a
    /// DeleteConversation, whose answer is that of the last. `done` is called on the network
    /// thread, never from inside submit().
    virtual void submit(Job job, Continuation done) = 0;
    /// Works in small steps between jobs, which go on. The file appears under its name only when it
    /// is whole and durable; one that exists is never touched. One at a time: busy otherwise
    /// (Errc::overloaded). `done` as for submit().
    virtual void back_up(Backup order, std::function<void(BackedUp)> done) = 0;
    /// Jobs submitted and not completed. Callers slow down above store_backlog_high.
    [[nodiscard]] virtual std::size_t backlog() const = 0;
};

inline constexpr std::size_t store_backlog_high = 16'384;

}  // namespace kith::store
