// SPDX-License-Identifier: MIT
//
// The calls of net::MailboxStore as jobs, and what came of them counted. Network thread only.
#pragma once

#include <array>

#include "app/store/mailbox/mailbox_job.hpp"

namespace kith::store::mailbox {

/// Since the start.
struct MailboxCounts {
    std::uint64_t deposits = 0;                     ///< kept, each once
    std::uint64_t commits = 0;                      ///< transactions that were flushed to the disk
    std::array<std::uint64_t, refusals> refused{};  ///< by Refusal
};

class MailboxCalls : public net::MailboxStore {
public:
    void set_slots(const Fingerprint& owner, bool adds, std::vector<net::MailboxSlot> slots,
                   Bytes card, std::function<void(MailboxOutcome)> done) override;
    void deposit(MailboxDeposit deposit,
                 std::function<void(MailboxOutcome, const Fingerprint& owner)> done) override;
    void load(const Fingerprint& owner, std::uint64_t after, std::size_t bytes,
              std::function<void(std::optional<std::vector<net::MailboxItem>>)> done) override;
    void remove(const Fingerprint& owner, std::vector<std::uint64_t> numbers) override;
    void held(const Fingerprint& owner, const SlotKey& slot, const net::MessageId& id,
              std::function<void(MailboxOutcome, Bytes sealed)> done) override;
    void drop_held(const Fingerprint& client, const SlotKey& slot, std::vector<net::MessageId> ids,
                   std::function<void(MailboxOutcome)> done) override;
    void card(const SlotKey& slot,
              std::function<void(MailboxOutcome, const Bytes& card)> done) override;
    void set_name(const Fingerprint& owner, std::string name, Bytes card,
                  std::function<void(MailboxOutcome)> done) override;
    void find_name(std::string name,
                   std::function<void(MailboxOutcome, const Bytes& card)> done) override;
    /// Of whatever is asked from now on.
    void set_limits(const MailboxLimits& limits);

protected:
    using Continuation = std::function<void(Reply)>;
    /// `done` is called later, in the order of the calls.
    virtual void submit(Job job, Continuation done) = 0;
    /// Counts, then calls.
    void finish(const Continuation& done, Reply reply);

    MailboxCounts counts_;
};

}  // namespace kith::store::mailbox
