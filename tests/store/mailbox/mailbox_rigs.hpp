// SPDX-License-Identifier: MIT
//
// The mailboxes with a database, as tests use them.
#pragma once

#include "app/store/mailbox/direct_mailbox_store.hpp"
#include "app/store/mailbox/mailbox_thread.hpp"
#include "app/store/signal.hpp"
#include "tests/net/mailbox_rig.hpp"
#include "tests/store/support.hpp"
#include "tests/support/deterministic_random.hpp"

namespace kith::store::test {

/// In memory where there is such a folder: hundreds of files are made and flushed here.
[[nodiscard]] std::filesystem::path quick_folder();
/// Throws what went wrong. An empty `file`: in memory.
[[nodiscard]] mailbox::MailboxDatabase open_mailbox(const std::string& file = {});

class DirectRig final : public kith::test::MailboxRig {
public:
    /// `wrong`: how far the wall clock is ahead at the start.
    explicit DirectRig(const net::MailboxLimits& limits = {}, const std::string& file = {},
                       std::chrono::milliseconds wrong = {});
    net::MailboxStore& store() override { return direct; }
    void settle() override { direct.run(); }

    mailbox::MailboxDatabase database;
    mailbox::DirectMailboxStore direct;
};

/// With its thread, on a file of its own.
class ThreadRig final : public kith::test::MailboxRig {
public:
    explicit ThreadRig(const net::MailboxLimits& limits = {}, const std::string& file = {});
    ~ThreadRig() override { thread.stop_and_join(); }
    net::MailboxStore& store() override { return thread; }
    void settle() override;
    /// Until `enough`, with answers given meanwhile.
    void wait_until(const std::function<bool()>& enough);

    TempFolder folder{quick_folder()};
    Signal woken;
    std::mutex said_mutex;
    std::vector<std::string> said;  ///< complaints
    mailbox::MailboxThread thread;
};

}  // namespace kith::store::test
