// SPDX-License-Identifier: MIT
#include "net/rsa_lane.hpp"

#include <catch2/catch_test_macros.hpp>

#include "crypto/oaep_kem.hpp"
#include "net/limits.hpp"
#include "tests/net/recording_listener.hpp"
#include "tests/sim/sim_host.hpp"
#include "tests/support/test_identities.hpp"

using namespace kith;
using namespace kith::test;

namespace {

/// Without a loop: what the lane finished stays in its queue, so that its bounds show.
struct Bench {
    net::Reactor reactor;
    sim::SimNetwork network{1};
    sim::SimHost host{network, sim::test_identity("alice"), 1};
    RecordingListener listener;
    net::RsaLane lane{reactor, network.clock(), test_identity_keys("alice")};
    net::Bytes ciphertext;

    Bench() {
        host.start(listener);
        crypto::SystemRandom random;
        ciphertext = crypto::oaep_kem::encapsulate(sim::test_identity("alice").bundle(), random)
                         .value()
                         .ciphertext;
        lane.start(host.endpoint());
    }
    ~Bench() { lane.stop_and_join(); }
};

}  // namespace

TEST_CASE("strangers get half of the places, contacts the rest") {
    Bench bench;
    std::uint64_t ticket = 0;
    std::size_t strangers = 0;
    while (bench.lane.submit(++ticket, bench.ciphertext, false)) ++strangers;
    CHECK(strangers == net::limits::decryptions_waiting / 2);
    std::size_t contacts = 0;
    while (bench.lane.submit(++ticket, bench.ciphertext, true)) ++contacts;
    CHECK(contacts == net::limits::decryptions_waiting / 2);
}
