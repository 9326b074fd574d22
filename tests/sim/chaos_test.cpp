// SPDX-License-Identifier: MIT
//
// Many seeds of tests/sim/chaos.hpp, in shards that run side by side.
//
//   KITH_SIM_SEED=17 kith_chaos_tests       that one only
//   KITH_SIM_SEEDS=20000 kith_chaos_tests   as many, from 1 on
#include "tests/sim/chaos.hpp"

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <iostream>

using namespace kith;

namespace {

constexpr std::uint64_t shards = 8;

std::uint64_t environment(const char* name, std::uint64_t otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

void run_seed(std::uint64_t seed) {
    sim::Chaos chaos(seed);
    const auto problem = chaos.run();
    INFO("replay with KITH_SIM_SEED=" << seed);
    CHECK(problem.value_or("") == "");
}

void run_shard(std::uint64_t shard) {
    if (const auto only = environment("KITH_SIM_SEED", 0); only != 0) {
        if (only % shards == shard) run_seed(only);
        return;
    }
    const auto seeds = environment("KITH_SIM_SEEDS", KITH_SIM_SEEDS);
    std::uint64_t ran = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        if (seed % shards != shard) continue;
        run_seed(seed);
        ++ran;
    }
    std::cout << "shard " << shard << ": " << ran << " of " << seeds << " seeds\n";
}

}  // namespace

// One case each, so that ctest can run them side by side.
TEST_CASE("after any faults all histories agree: shard 0") { run_shard(0); }
TEST_CASE("after any faults all histories agree: shard 1") { run_shard(1); }
TEST_CASE("after any faults all histories agree: shard 2") { run_shard(2); }
TEST_CASE("after any faults all histories agree: shard 3") { run_shard(3); }
TEST_CASE("after any faults all histories agree: shard 4") { run_shard(4); }
TEST_CASE("after any faults all histories agree: shard 5") { run_shard(5); }
TEST_CASE("after any faults all histories agree: shard 6") { run_shard(6); }
TEST_CASE("after any faults all histories agree: shard 7") { run_shard(7); }
