// SPDX-License-Identifier: MIT
//
// A MailboxStore in plain containers, for simulations: the same answers as the one with a database,
// by looking through everything. Answers wait for run().
#pragma once

#include <deque>
#include <map>

#include "net/relay/mailbox_limits.hpp"
#include "net/relay/mailbox_store.hpp"
#include "net/transport.hpp"

namespace kith::test {

class MemoryMailboxStore final : public net::MailboxStore {
public:
    explicit MemoryMailboxStore(const net::Clock& clock, const net::MailboxLimits& limits = {})
        : clock_(clock), limits_(limits) {}

    /// Gives the answers to what was asked so far; what is asked meanwhile waits for the next call.
    /// Returns how many.
    std::size_t run();
    /// From now on whatever would be written fails, as on a full disk; reading works.
    void fail_writes(bool fail) { fail_writes_ = fail; }
    void fail_reads(bool fail) { fail_reads_ = fail; }
    void set_busy(bool busy) { busy_ = busy; }
    /// Answers not given are lost; what was asked is stored. What a power cut may do.
    void crash() { answers_.clear(); }

    [[nodiscard]] bool busy() const override { return busy_; }
    [[nodiscard]] net::MailboxFigures figures() const override;
    void set_slots(const net::Fingerprint& owner, bool adds, std::vector<net::MailboxSlot> slots,
                   net::Bytes card, std::function<void(net::MailboxOutcome)> done) override;
    void deposit(net::MailboxDeposit deposit,
                 std::function<void(net::MailboxOutcome, const net::Fingerprint&)> done) override;
    void load(const net::Fingerprint& owner, std::uint64_t after, std::size_t bytes,
              std::function<void(std::optional<std::vector<net::MailboxItem>>)> done) override;
    void remove(const net::Fingerprint& owner, std::vector<std::uint64_t> numbers) override;
    void held(const net::Fingerprint& owner, const net::SlotKey& slot, const net::MessageId& id,
              std::function<void(net::MailboxOutcome, net::Bytes)> done) override;
    void drop_held(const net::Fingerprint& client, const net::SlotKey& slot,
                   std::vector<net::MessageId> ids,
                   std::function<void(net::MailboxOutcome)> done) override;
    void card(const net::SlotKey& slot,
              std::function<void(net::MailboxOutcome, const net::Bytes&)> done) override;
    void set_name(const net::Fingerprint& owner, std::string name, net::Bytes card,
                  std::function<void(net::MailboxOutcome)> done) override;
    void find_name(std::string name,
                   std::function<void(net::MailboxOutcome, const net::Bytes&)> done) override;

private:
    struct Item;

public:
    // What a relay that is not honest may do: keep a copy, and show it again under new numbers.
    using Items = std::map<std::uint64_t, Item>;
    [[nodiscard]] Items copy() const { return items_; }
    [[nodiscard]] Items& items() { return items_; }
    void put_back(const Items& items) {
        for (const auto& [number, item] : items) items_[++last_number_] = item;
    }

private:
    struct Slot {
        net::Fingerprint owner;
        bool open = false;
    };
    struct Item {
        net::Fingerprint owner, depositor;
        net::SlotKey slot{};
        net::MessageId id{};
        bool open = false;
        std::chrono::milliseconds stored_at{0};
        net::Bytes sealed;
        bool held = false;
    };
    struct Owner {
        net::Bytes card;
        std::chrono::milliseconds seen_at{0};
    };
    struct Name {
        net::Fingerprint owner;
        net::Bytes card;
        std::chrono::milliseconds seen_at{0};
    };
    struct Amount {
        std::uint64_t items = 0, bytes = 0;
    };
    using Slots = std::map<net::SlotKey, Slot>;

    [[nodiscard]] Slots with_slots(const net::Fingerprint& owner, bool adds,
                                   const std::vector<net::MailboxSlot>& slots) const;
    [[nodiscard]] net::MailboxOutcome put_slots(const net::Fingerprint& owner, Slots slots,
                                                net::Bytes card);
    [[nodiscard]] net::MailboxOutcome put(net::MailboxDeposit deposit, const Slot& slot);
    [[nodiscard]] bool known(const net::MailboxDeposit& deposit, const Slot& slot) const;
    [[nodiscard]] bool fits(const net::MailboxDeposit& deposit, const Slot& slot) const;
    [[nodiscard]] net::MailboxOutcome put_name(const net::Fingerprint& owner, std::string name,
                                               net::Bytes card);
    [[nodiscard]] Amount amount(const std::function<bool(const Item&)>& counts) const;
    [[nodiscard]] bool waits_for(const net::Fingerprint& owner) const;
    [[nodiscard]] bool owns_slots(const net::Fingerprint& owner) const;
    [[nodiscard]] bool make_room_for_owner();
    void expire();

    const net::Clock& clock_;
    const net::MailboxLimits limits_;
    bool busy_ = false;
    bool fail_writes_ = false;
    bool fail_reads_ = false;
    std::uint64_t last_number_ = 0;
    Slots slots_;
    std::map<net::Fingerprint, Owner> owners_;
    std::map<std::uint64_t, Item> items_;  ///< by number
    std::map<std::string, Name> names_;
    std::deque<std::function<void()>> answers_;
};

}  // namespace kith::test
