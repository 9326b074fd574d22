// SPDX-License-Identifier: MIT
//
// What mailbox_contract_test.cpp asks of every MailboxStore. Each program that compiles it says in
// rigs() which ones it has.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/relay/mailbox_limits.hpp"
#include "net/relay/mailbox_store.hpp"
#include "net/transport.hpp"

namespace kith::test {

/// Time that only moves when it is told to, with a wall clock that may be wrong. Any thread.
class MailboxClock final : public net::Clock {
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override { return now_; }
    [[nodiscard]] std::chrono::milliseconds wall() const override {
        return now_.load() + wrong_.load();
    }
    void advance(std::chrono::milliseconds by) { now_ = now_.load() + by; }
    void jump_wall(std::chrono::milliseconds by) { wrong_ = wrong_.load() + by; }

private:
    std::atomic<std::chrono::milliseconds> now_{std::chrono::hours(24 * 365 * 56)};
    std::atomic<std::chrono::milliseconds> wrong_{std::chrono::milliseconds{0}};
};

class MailboxRig {
public:
    virtual ~MailboxRig() = default;
    [[nodiscard]] virtual net::MailboxStore& store() = 0;
    /// Until everything asked so far is answered, and what is too old is gone.
    virtual void settle() = 0;
    MailboxClock clock;
};

struct MailboxRigKind {
    std::string name;
    std::function<std::unique_ptr<MailboxRig>(const net::MailboxLimits&)> make;
};
[[nodiscard]] std::vector<MailboxRigKind> mailbox_rigs();

// Calls that wait for their answer, and things to put in.
[[nodiscard]] net::Fingerprint person(std::uint8_t number);
[[nodiscard]] net::SlotKey slot_key(std::uint16_t number);
[[nodiscard]] net::MailboxDeposit a_deposit(std::uint16_t slot, std::uint8_t depositor,
                                            std::uint32_t id, std::size_t size = 100);
net::MailboxOutcome open_slots(MailboxRig& rig, std::uint8_t owner, bool adds,
                               std::vector<net::MailboxSlot> slots, net::Bytes card = {1});
net::MailboxOutcome put(MailboxRig& rig, net::MailboxDeposit deposit);
[[nodiscard]] std::vector<net::MailboxItem> loaded(MailboxRig& rig, std::uint8_t owner,
                                                   std::uint64_t after = 0,
                                                   std::size_t bytes = 16U << 20);
/// The ids of what waits, as a_deposit() made them.
[[nodiscard]] std::vector<std::uint32_t> waiting(MailboxRig& rig, std::uint8_t owner);
net::MailboxOutcome claim(MailboxRig& rig, std::uint8_t owner, const std::string& name,
                          net::Bytes card = {2});
/// The card; nothing: there is no such name, or slot.
[[nodiscard]] std::optional<net::Bytes> who_is(MailboxRig& rig, const std::string& name);
[[nodiscard]] std::optional<net::Bytes> card_of(MailboxRig& rig, std::uint16_t slot);

}  // namespace kith::test
