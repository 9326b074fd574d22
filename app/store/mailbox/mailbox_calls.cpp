// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_calls.hpp"

namespace kith::store::mailbox {

void MailboxCalls::set_slots(const Fingerprint& owner, bool adds,
                             std::vector<net::MailboxSlot> slots, Bytes card,
                             std::function<void(MailboxOutcome)> done) {
    submit(SetSlots{owner, adds, std::move(slots), std::move(card)},
           [done = std::move(done)](const Reply& reply) { done(reply.outcome); });
}

void MailboxCalls::deposit(MailboxDeposit deposit,
                           std::function<void(MailboxOutcome, const Fingerprint&)> done) {
    submit(std::move(deposit),
           [done = std::move(done)](const Reply& reply) { done(reply.outcome, reply.owner); });
}

void MailboxCalls::load(const Fingerprint& owner, std::uint64_t after, std::size_t bytes,
                        std::function<void(std::optional<std::vector<net::MailboxItem>>)> done) {
    submit(LoadItems{owner, after, bytes}, [done = std::move(done)](Reply reply) {
        if (reply.outcome == MailboxOutcome::done) return done(std::move(reply.items));
        done(std::nullopt);
    });
}

void MailboxCalls::remove(const Fingerprint& owner, std::vector<std::uint64_t> numbers) {
    submit(RemoveItems{owner, std::move(numbers)}, nullptr);
}

void MailboxCalls::held(const Fingerprint& owner, const SlotKey& slot, const net::MessageId& id,
                        std::function<void(MailboxOutcome, Bytes)> done) {
    submit(FindHeld{owner, slot, id},
           [done = std::move(done)](Reply reply) { done(reply.outcome, std::move(reply.card)); });
}

void MailboxCalls::drop_held(const Fingerprint& client, const SlotKey& slot,
                             std::vector<net::MessageId> ids,
                             std::function<void(MailboxOutcome)> done) {
    submit(DropHeld{client, slot, std::move(ids)},
           [done = std::move(done)](const Reply& reply) { done(reply.outcome); });
}

void MailboxCalls::card(const SlotKey& slot,
                        std::function<void(MailboxOutcome, const Bytes&)> done) {
    submit(FindCard{slot},
           [done = std::move(done)](const Reply& reply) { done(reply.outcome, reply.card); });
}

void MailboxCalls::set_name(const Fingerprint& owner, std::string name, Bytes card,
                            std::function<void(MailboxOutcome)> done) {
    submit(SetName{owner, std::move(name), std::move(card)},
           [done = std::move(done)](const Reply& reply) { done(reply.outcome); });
}

void MailboxCalls::find_name(std::string name,
                             std::function<void(MailboxOutcome, const Bytes&)> done) {
    submit(FindName{std::move(name)},
           [done = std::move(done)](const Reply& reply) { done(reply.outcome, reply.card); });
}

void MailboxCalls::set_limits(const MailboxLimits& limits) { submit(SetLimits{limits}, nullptr); }

void MailboxCalls::finish(const Continuation& done, Reply reply) {
    counts_.deposits += reply.fresh ? 1 : 0;
    if (reply.why) ++counts_.refused[static_cast<std::size_t>(*reply.why)];
    if (done) done(std::move(reply));
}

}  // namespace kith::store::mailbox
