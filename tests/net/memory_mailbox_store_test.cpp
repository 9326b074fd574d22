// SPDX-License-Identifier: MIT
//
// The contract of mailbox_contract_test.cpp for the store of the simulations.
#include "tests/net/memory_mailbox_store.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/net/mailbox_rig.hpp"

using namespace kith;
using namespace kith::test;
using Outcome = net::MailboxOutcome;

namespace {

class MemoryRig final : public MailboxRig {
public:
    explicit MemoryRig(const net::MailboxLimits& limits) : memory(clock, limits) {}
    net::MailboxStore& store() override { return memory; }
    void settle() override { memory.run(); }

    MemoryMailboxStore memory;
};

}  // namespace

std::vector<MailboxRigKind> kith::test::mailbox_rigs() {
    return {{"memory", [](const auto& limits) { return std::make_unique<MemoryRig>(limits); }}};
}

TEST_CASE("mailbox in memory: writing fails when it is told to, reading does not") {
    MemoryRig rig({});
    REQUIRE(open_slots(rig, 1, false, {{slot_key(1), false}}) == Outcome::done);
    REQUIRE(put(rig, a_deposit(1, 2, 1)) == Outcome::done);
    rig.memory.fail_writes(true);
    CHECK(put(rig, a_deposit(1, 2, 2)) == Outcome::failed);
    CHECK(open_slots(rig, 1, false, {}) == Outcome::failed);
    CHECK(claim(rig, 1, "alice") == Outcome::failed);
    CHECK(waiting(rig, 1).size() == 1);
    rig.memory.fail_writes(false);
    CHECK(put(rig, a_deposit(1, 2, 2)) == Outcome::done);
}

TEST_CASE("mailbox in memory: a crash loses answers, not what was stored") {
    MemoryRig rig({});
    REQUIRE(open_slots(rig, 1, false, {{slot_key(1), false}}) == Outcome::done);
    rig.memory.deposit(a_deposit(1, 2, 1), [](auto, const auto&) { FAIL("answered"); });
    rig.memory.crash();
    CHECK(waiting(rig, 1).size() == 1);
}
