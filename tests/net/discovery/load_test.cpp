// SPDX-License-Identifier: MIT
//
// A large segment.
#include <iostream>
#include <unordered_map>

#include "tests/net/discovery/world.hpp"

using namespace kith;
using namespace kith::test;
using sim::SimNetwork;
using sim::SimSegment;

namespace {

// Sanitizers make the same work many times as slow: they see a smaller crowd.
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
constexpr std::size_t crowd = 60;
#else
constexpr std::size_t crowd = 500;
#endif

/// What one receiver has found out about a signature holds for all: 500 would check it as often.
class SharedVerdicts {
public:
    bool operator()(const crypto::OpenedBeacon& opened) {
        const std::string signature(opened.signature.begin(), opened.signature.end());
        const auto [entry, fresh] = verdicts_.try_emplace(signature, false);
        if (fresh) entry->second = opened.authentic();
        return entry->second;
    }

private:
    std::unordered_map<std::string, bool> verdicts_;
};

}  // namespace

TEST_CASE("load: hundreds of instances know each other, and stay below 50 kB/s") {
    KITH_SHOW_SEED();
    SimNetwork network(sim_seed());
    SimSegment segment(network, {10, 0, 1}, false);
    segment.one_group = true;
    segment.loss = 0.01;
    SharedVerdicts verdicts;
    std::vector<std::unique_ptr<Instance>> all;
    for (std::size_t i = 0; i < crowd; ++i) {
        all.push_back(
            std::make_unique<Instance>(network, i, 1, net::DiscoveryTiming{}, std::ref(verdicts)));
        all.back()->station.plug(segment, 2, static_cast<std::uint16_t>(i + 1));
        all.back()->start();
    }
    const auto complete = [&] {
        return std::ranges::all_of(
            all, [&](const auto& one) { return one->knowledge.people.size() == all.size() - 1; });
    };
    const auto started = network.clock().monotonic();
    CHECK(network.run_until(complete, 60s));
    std::cout << crowd << " that start together: complete after "
              << (network.clock().monotonic() - started).count() << " ms, " << segment.bytes / 1000
              << " kB; ";
    network.run_for(started + 60s - network.clock().monotonic());

    std::uint64_t most = 0;
    for (int i = 0; i < 2; ++i) {
        const auto before = segment.bytes;
        network.run_for(10s);
        most = std::max(most, (segment.bytes - before) / 10);
        CHECK(complete());
    }
    std::cout << "later at most " << most << " bytes a second\n";
    CHECK(most < 50'000);
}
