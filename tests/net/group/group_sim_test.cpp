// SPDX-License-Identifier: MIT
//
// Many seeds of group_sim.hpp, in shards that run side by side.
//
//   KITH_GROUP_SEED=17 kith_group_sim_tests        that one only
//   KITH_GROUP_SEEDS=1000 kith_group_sim_tests     as many, from 1 on
#include "tests/net/group/group_sim.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>

using namespace kith;

namespace {

constexpr std::uint64_t shards = 4;

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

void run_shard(std::uint64_t shard) {
    const auto only = environment("KITH_GROUP_SEED", 0);
    const auto seeds = environment("KITH_GROUP_SEEDS", KITH_GROUP_SEEDS);
    test::GroupSim::Counts sum;
    std::uint64_t ran = 0;
    for (std::uint64_t seed = 1; seed <= std::max(seeds, only); ++seed) {
        if (seed % shards != shard || (only != 0 && seed != only)) continue;
        test::GroupSim sim(seed);
        const auto problem = sim.run();
        INFO("replay with KITH_GROUP_SEED=" << seed);
        CHECK(problem.value_or("") == "");
        const auto counts = sim.counts();
        sum.changes += counts.changes;
        sum.messages += counts.messages;
        sum.crashes += counts.crashes;
        sum.removals += counts.removals;
        sum.members += counts.members;
        sum.heal_s = std::max(sum.heal_s, counts.heal_s);
        ++ran;
    }
    std::cout << "shard " << shard << ": " << ran << " of " << seeds << " seeds, " << sum.changes
              << " changes, " << sum.removals << " removals, " << sum.messages << " messages, "
              << sum.crashes << " crashes, " << sum.members
              << " members at the end; the slowest agreed after " << sum.heal_s << " s\n";
}

}  // namespace

// One case each, so that ctest can run them side by side.
TEST_CASE("all members of a group converge: shard 0") { run_shard(0); }
TEST_CASE("all members of a group converge: shard 1") { run_shard(1); }
TEST_CASE("all members of a group converge: shard 2") { run_shard(2); }
TEST_CASE("all members of a group converge: shard 3") { run_shard(3); }
