// SPDX-License-Identifier: MIT
#include "tests/net/mailbox_rig.hpp"

#include <catch2/catch_test_macros.hpp>

namespace kith::test {
namespace {

/// The answer to what `ask` asks; it may not come from inside the call.
template <typename Answer, typename Ask>
Answer answered(MailboxRig& rig, Ask ask) {
    std::optional<Answer> answer;
    ask([&answer](Answer given) { answer = std::move(given); });
    CHECK_FALSE(answer);
    rig.settle();
    REQUIRE(answer);
    return std::move(*answer);
}

using WithCard = std::pair<net::MailboxOutcome, net::Bytes>;

std::optional<net::Bytes> card_in(WithCard answer) {
    if (answer.first == net::MailboxOutcome::none) return std::nullopt;
    CHECK(answer.first == net::MailboxOutcome::done);
    return std::move(answer.second);
}

}  // namespace

net::Fingerprint person(std::uint8_t number) { return {{number, 0x99}}; }

net::SlotKey slot_key(std::uint16_t number) {
    return {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number), 0x77};
}

net::MailboxDeposit a_deposit(std::uint16_t slot, std::uint8_t depositor, std::uint32_t id,
                              std::size_t size) {
    net::MailboxDeposit deposit{slot_key(slot), person(depositor), {}, net::Bytes(size, 0x5e)};
    for (std::size_t i = 0; i < 4; ++i) {
        deposit.id[i] = static_cast<std::uint8_t>(id >> (8 * i));
        if (i < size) deposit.sealed[i] = deposit.id[i];
    }
    return deposit;
}

net::MailboxOutcome open_slots(MailboxRig& rig, std::uint8_t owner, bool adds,
                               std::vector<net::MailboxSlot> slots, net::Bytes card) {
    return answered<net::MailboxOutcome>(rig, [&](auto done) {
        rig.store().set_slots(person(owner), adds, std::move(slots), std::move(card), done);
    });
}

net::MailboxOutcome put(MailboxRig& rig, net::MailboxDeposit deposit) {
    return answered<net::MailboxOutcome>(rig, [&](auto done) {
        rig.store().deposit(
            std::move(deposit), [done](net::MailboxOutcome outcome, const net::Fingerprint& owner) {
                CHECK((owner != net::Fingerprint{}) == (outcome == net::MailboxOutcome::done));
                done(outcome);
            });
    });
}

std::vector<net::MailboxItem> loaded(MailboxRig& rig, std::uint8_t owner, std::uint64_t after,
                                     std::size_t bytes) {
    using Items = std::optional<std::vector<net::MailboxItem>>;
    auto items = answered<Items>(
        rig, [&](auto done) { rig.store().load(person(owner), after, bytes, done); });
    REQUIRE(items);
    return std::move(*items);
}

std::vector<std::uint32_t> waiting(MailboxRig& rig, std::uint8_t owner) {
    std::vector<std::uint32_t> ids;
    for (const auto& item : loaded(rig, owner)) {
        std::uint32_t id = 0;
        for (std::size_t i = 0; i < 4 && i < item.sealed.size(); ++i)
            id |= std::uint32_t{item.sealed[i]} << (8 * i);
        ids.push_back(id);
    }
    return ids;
}

net::MailboxOutcome claim(MailboxRig& rig, std::uint8_t owner, const std::string& name,
                          net::Bytes card) {
    return answered<net::MailboxOutcome>(
        rig, [&](auto done) { rig.store().set_name(person(owner), name, std::move(card), done); });
}

std::optional<net::Bytes> who_is(MailboxRig& rig, const std::string& name) {
    return card_in(answered<WithCard>(rig, [&](auto done) {
        rig.store().find_name(name, [done](auto outcome, const net::Bytes& card) {
            done(WithCard{outcome, card});
        });
    }));
}

std::optional<net::Bytes> card_of(MailboxRig& rig, std::uint16_t slot) {
    return card_in(answered<WithCard>(rig, [&](auto done) {
        rig.store().card(slot_key(slot), [done](auto outcome, const net::Bytes& card) {
            done(WithCard{outcome, card});
        });
    }));
}

}  // namespace kith::test
