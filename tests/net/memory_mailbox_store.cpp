// SPDX-License-Identifier: MIT
#include "tests/net/memory_mailbox_store.hpp"

#include <algorithm>

namespace kith::test {

using net::Bytes;
using net::Fingerprint;
using net::MailboxOutcome;

namespace {

bool is_name(const std::string& name) {
    return name.size() >= 3 && name.size() <= net::relay_name_max &&
           std::ranges::all_of(name, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                      letter == '.' || letter == '_' || letter == '-';
           });
}

}  // namespace

std::size_t MemoryMailboxStore::run() {
    expire();
    auto answers = std::exchange(answers_, {});
    for (auto& answer : answers) answer();
    return answers.size();
}

net::MailboxFigures MemoryMailboxStore::figures() const {
    const Amount all = amount([](const Item&) { return true; });
    return {all.items, all.bytes, slots_.size(), owners_.size(), names_.size()};
}

void MemoryMailboxStore::set_slots(const Fingerprint& owner, bool adds,
                                   std::vector<net::MailboxSlot> slots, Bytes card,
                                   std::function<void(MailboxOutcome)> done) {
    const auto outcome = fail_writes_
                             ? MailboxOutcome::failed
                             : put_slots(owner, with_slots(owner, adds, slots), std::move(card));
    answers_.push_back([done = std::move(done), outcome] { done(outcome); });
}

/// All slots of the relay as they would be.
MemoryMailboxStore::Slots MemoryMailboxStore::with_slots(
    const Fingerprint& owner, bool adds, const std::vector<net::MailboxSlot>& slots) const {
    Slots all = slots_;
    if (!adds) std::erase_if(all, [&](const auto& slot) { return slot.second.owner == owner; });
    for (const auto& slot : slots) {
        Slot& place = all.try_emplace(slot.key, Slot{owner, slot.open}).first->second;
        if (place.owner == owner) place.open = slot.open;
    }
    return all;
}

MailboxOutcome MemoryMailboxStore::put_slots(const Fingerprint& owner, Slots slots, Bytes card) {
    const auto own = static_cast<std::uint64_t>(
        std::ranges::count_if(slots, [&](const auto& slot) { return slot.second.owner == owner; }));
    if (own > limits_.slots_per_owner || slots.size() > limits_.slots) return MailboxOutcome::full;
    if (own == 0 && !waits_for(owner)) {
        slots_ = std::move(slots);
        owners_.erase(owner);
        return MailboxOutcome::done;
    }
    if (!owners_.contains(owner)) {
        const auto others = slots_;
        if (!make_room_for_owner()) return MailboxOutcome::full;
        std::erase_if(slots, [&](const auto& slot) {
            return others.contains(slot.first) && !slots_.contains(slot.first);
        });
    }
    slots_ = std::move(slots);
    owners_[owner] = {std::move(card), clock_.wall()};
    for (auto& [name, entry] : names_)
        if (entry.owner == owner) entry.seen_at = clock_.wall();
    return MailboxOutcome::done;
}

/// False: everybody here has been seen of late, or something waits for them.
bool MemoryMailboxStore::make_room_for_owner() {
    if (owners_.size() < limits_.owners) return true;
    auto oldest = owners_.end();
    for (auto owner = owners_.begin(); owner != owners_.end(); ++owner) {
        const bool gives_way =
            !waits_for(owner->first) && owner->second.seen_at < clock_.wall() - limits_.age;
        if (gives_way &&
            (oldest == owners_.end() || owner->second.seen_at < oldest->second.seen_at))
            oldest = owner;
    }
    if (oldest == owners_.end()) return false;
    std::erase_if(slots_, [&](const auto& slot) { return slot.second.owner == oldest->first; });
    owners_.erase(oldest);
    return true;
}

void MemoryMailboxStore::deposit(net::MailboxDeposit deposit,
                                 std::function<void(MailboxOutcome, const Fingerprint&)> done) {
    const auto slot = slots_.find(deposit.slot);
    MailboxOutcome outcome = MailboxOutcome::none;
    Fingerprint owner;
    if (slot != slots_.end()) {
        owner = slot->second.owner;
        outcome = fail_writes_ ? MailboxOutcome::failed : put(std::move(deposit), slot->second);
    }
    if (outcome != MailboxOutcome::done) owner = {};
    answers_.push_back([done = std::move(done), outcome, owner] { done(outcome, owner); });
}

MailboxOutcome MemoryMailboxStore::put(net::MailboxDeposit deposit, const Slot& slot) {
    if (deposit.held && slot.open) return MailboxOutcome::none;
    if (known(deposit, slot)) return MailboxOutcome::done;
    if (!fits(deposit, slot)) return MailboxOutcome::full;
    items_[++last_number_] = {
        slot.owner,    deposit.depositor,         deposit.slot, deposit.id, slot.open,
        clock_.wall(), std::move(deposit.sealed), deposit.held};
    return MailboxOutcome::done;
}

bool MemoryMailboxStore::known(const net::MailboxDeposit& deposit, const Slot& slot) const {
    return std::ranges::any_of(items_, [&](const auto& entry) {
        const Item& item = entry.second;
        return item.owner == slot.owner && item.slot == deposit.slot && item.id == deposit.id &&
               item.depositor == deposit.depositor;
    });
}

bool MemoryMailboxStore::fits(const net::MailboxDeposit& deposit, const Slot& slot) const {
    const auto room = [&](std::uint64_t items, std::uint64_t bytes, auto counts) {
        const Amount now = amount([&](const Item& item) { return counts(item); });
        const auto part = [&](std::uint64_t all) { return deposit.held ? all - all / 4 : all; };
        return now.items + 1 <= part(items) && now.bytes + deposit.sealed.size() <= part(bytes);
    };
    constexpr auto any = ~std::uint64_t{0};
    const auto& l = limits_;
    const auto same_kind = [&](const Item& item) { return item.open == slot.open; };
    const auto of_owner = [&](const Item& item) {
        return same_kind(item) && item.owner == slot.owner;
    };
    const auto theirs = [&](const Item& item) { return item.depositor == deposit.depositor; };
    const auto share = [&](std::uint64_t all) {
        return slot.open ? l.open_share(all) : all - l.open_share(all);
    };
    if (!room(share(l.total_items), share(l.total_bytes), same_kind)) return false;
    if (!room(l.depositor_items, l.depositor_bytes, theirs)) return false;
    if (!slot.open)
        return room(l.owner_items, l.owner_bytes, of_owner) &&
               room(l.slot_items, l.slot_bytes,
                    [&](const Item& item) { return of_owner(item) && item.slot == deposit.slot; });
    return room(l.open_items, l.open_bytes, of_owner) &&
           room(l.stranger_items, l.stranger_bytes,
                [&](const Item& item) { return of_owner(item) && theirs(item); }) &&
           room(l.stranger_items_everywhere, any,
                [&](const Item& item) { return item.open && theirs(item); });
}

void MemoryMailboxStore::load(
    const Fingerprint& owner, std::uint64_t after, std::size_t bytes,
    std::function<void(std::optional<std::vector<net::MailboxItem>>)> done) {
    if (fail_reads_) return answers_.push_back([done = std::move(done)] { done(std::nullopt); });
    std::vector<net::MailboxItem> items;
    std::size_t total = 0;
    for (auto entry = items_.upper_bound(after); entry != items_.end(); ++entry) {
        const auto& [number, item] = *entry;
        if (item.owner != owner || item.held || item.stored_at <= clock_.wall() - limits_.age)
            continue;
        total += item.sealed.size();
        if (!items.empty() && total > bytes) break;
        items.push_back({number, item.slot, item.sealed});
    }
    answers_.push_back([done = std::move(done), items = std::move(items)] { done(items); });
}

void MemoryMailboxStore::remove(const Fingerprint& owner, std::vector<std::uint64_t> numbers) {
    if (fail_writes_) return;
    for (const auto number : numbers) {
        const auto item = items_.find(number);
        if (item != items_.end() && item->second.owner == owner) items_.erase(item);
    }
    if (!waits_for(owner) && !owns_slots(owner)) owners_.erase(owner);
}

void MemoryMailboxStore::held(const Fingerprint& owner, const net::SlotKey& slot,
                              const net::MessageId& id,
                              std::function<void(MailboxOutcome, Bytes)> done) {
    const auto found = std::ranges::find_if(items_, [&](const auto& entry) {
        const Item& item = entry.second;
        return item.held && item.owner == owner && item.slot == slot && item.id == id &&
               item.stored_at > clock_.wall() - limits_.age;
    });
    const bool there = found != items_.end();
    answers_.push_back(
        [done = std::move(done), there, sealed = there ? found->second.sealed : Bytes{}] {
            done(there ? MailboxOutcome::done : MailboxOutcome::none, sealed);
        });
}

void MemoryMailboxStore::drop_held(const Fingerprint& client, const net::SlotKey& slot,
                                   std::vector<net::MessageId> ids,
                                   std::function<void(MailboxOutcome)> done) {
    std::erase_if(items_, [&](const auto& entry) {
        const Item& item = entry.second;
        const bool theirs = item.owner == client || item.depositor == client;
        return !fail_writes_ && item.held && theirs && item.slot == slot &&
               std::ranges::find(ids, item.id) != ids.end();
    });
    const auto outcome = fail_writes_ ? MailboxOutcome::failed : MailboxOutcome::done;
    answers_.push_back([done = std::move(done), outcome] { done(outcome); });
}

void MemoryMailboxStore::card(const net::SlotKey& slot,
                              std::function<void(MailboxOutcome, const Bytes&)> done) {
    const auto found = slots_.find(slot);
    const bool there = found != slots_.end();
    answers_.push_back([done = std::move(done), there,
                        card = there ? owners_.at(found->second.owner).card : Bytes{}] {
        done(there ? MailboxOutcome::done : MailboxOutcome::none, card);
    });
}

void MemoryMailboxStore::set_name(const Fingerprint& owner, std::string name, Bytes card,
                                  std::function<void(MailboxOutcome)> done) {
    const auto outcome =
        fail_writes_ ? MailboxOutcome::failed : put_name(owner, std::move(name), std::move(card));
    answers_.push_back([done = std::move(done), outcome] { done(outcome); });
}

MailboxOutcome MemoryMailboxStore::put_name(const Fingerprint& owner, std::string name,
                                            Bytes card) {
    if (!name.empty() && !is_name(name)) return MailboxOutcome::failed;
    const auto old = std::ranges::find_if(
        names_, [&](const auto& entry) { return entry.second.owner == owner; });
    const auto found = names_.find(name);
    if (found != names_.end() && found->second.owner != owner) return MailboxOutcome::taken;
    if (!name.empty() && old == names_.end() && names_.size() >= limits_.names)
        return MailboxOutcome::full;
    if (old != names_.end()) names_.erase(old);
    if (!name.empty()) names_[name] = {owner, std::move(card), clock_.wall()};
    return MailboxOutcome::done;
}

void MemoryMailboxStore::find_name(std::string name,
                                   std::function<void(MailboxOutcome, const Bytes&)> done) {
    const auto found = names_.find(name);
    const bool there = found != names_.end();
    answers_.push_back(
        [done = std::move(done), there, card = there ? found->second.card : Bytes{}] {
            done(there ? MailboxOutcome::done : MailboxOutcome::none, card);
        });
}

MemoryMailboxStore::Amount MemoryMailboxStore::amount(
    const std::function<bool(const Item&)>& counts) const {
    Amount sum;
    for (const auto& [number, item] : items_) {
        if (!counts(item)) continue;
        ++sum.items;
        sum.bytes += item.sealed.size();
    }
    return sum;
}

bool MemoryMailboxStore::waits_for(const Fingerprint& owner) const {
    return std::ranges::any_of(items_,
                               [&](const auto& entry) { return entry.second.owner == owner; });
}

bool MemoryMailboxStore::owns_slots(const Fingerprint& owner) const {
    return std::ranges::any_of(slots_,
                               [&](const auto& entry) { return entry.second.owner == owner; });
}

void MemoryMailboxStore::expire() {
    const auto now = clock_.wall();
    std::erase_if(items_,
                  [&](const auto& entry) { return entry.second.stored_at <= now - limits_.age; });
    std::erase_if(names_, [&](const auto& entry) {
        return entry.second.seen_at <= now - limits_.forgotten_after;
    });
    std::erase_if(slots_, [&](const auto& slot) {
        return owners_.at(slot.second.owner).seen_at <= now - limits_.forgotten_after;
    });
    std::erase_if(owners_, [&](const auto& owner) {
        return !waits_for(owner.first) && !owns_slots(owner.first);
    });
}

}  // namespace kith::test
