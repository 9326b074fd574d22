// SPDX-License-Identifier: MIT
//
// Whole handshakes, M1 to the first record, between two threads over loopback TCP. The program's
// own limits on strangers and per address are not in the way here.
#include <stdexcept>
#include <thread>

#include "crypto/handshake.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/tcp_pair.hpp"
#include "tests/bench/yardsticks.hpp"

namespace kith::bench {
namespace {

using namespace crypto;
using oaep_kem::Decapsulator;

constexpr int handshakes = 200;
const Bytes token(8, 0x42);

template <typename T>
T value(Result<T> result, const char* what) {
    if (!result) throw std::runtime_error(what);
    return std::move(*result);
}

/// Takes one step: a frame to send, or the RSA operation and then the frame that follows from it.
template <typename Party>
void answer(int socket, Party& party, const Decapsulator& key, RandomSource& random) {
    auto step = value(party.receive(receive_frame(socket)), "receive");
    if (const auto* job = std::get_if<DecryptJob>(&step)) {
        step = value(party.resume(key.decapsulate(job->ciphertext, random)), "resume");
    }
    if (const auto* reply = std::get_if<SendMessage>(&step)) send_frame(socket, reply->message);
}

void respond(int socket, const Identity& self) {
    SystemRandom random;
    const auto key = value(Decapsulator::from_keys(self.keys()), "key");
    const TokenLookup admit = [](const auto& matches) -> std::optional<TokenMatch> {
        if (!matches(token)) return std::nullopt;
        return TokenMatch{};
    };
    for (int i = 0; i < handshakes; ++i) {
        Responder party(self.bundle(), {admit}, random);
        answer(socket, party, key, random);
        answer(socket, party, key, random);
        (void)receive_frame(socket);  // the initiator's first record
    }
}

std::vector<Seconds> initiate(int socket, const Identity& self, const Fingerprint& peer) {
    SystemRandom random;
    const auto key = value(Decapsulator::from_keys(self.keys()), "key");
    std::vector<Seconds> samples;
    for (int i = 0; i < handshakes; ++i) {
        const auto start = Clock::now();
        Initiator party(self.bundle(), {peer, token}, random);
        send_frame(socket, party.start());
        answer(socket, party, key, random);
        answer(socket, party, key, random);
        samples.emplace_back(Clock::now() - start);
        send_frame(socket, Bytes(64));
    }
    return samples;
}

}  // namespace

void handshake_bench() {
    SystemRandom random;
    const Identity alice = Identity::generate(random), bob = Identity::generate(random);
    const double rsa = rsa_rate(alice, random);
    const TcpPair pair;
    std::thread responder([&] { respond(pair.far_end(), bob); });
    const auto start = Clock::now();
    const auto samples = initiate(pair.near_end(), alice, bob.fingerprint());
    const double rate = handshakes / Seconds(Clock::now() - start).count();
    responder.join();
    const Seconds two_operations(2 / rsa);
    print("Handshakes over loopback TCP",
          {{"handshakes, one after the other", as_rate(rate, "handshakes"),
            "half the RSA-3072 private rate: " + as_rate(rsa / 2, "op pairs"),
            as_ratio(rate / (rsa / 2))},
           {"latency at the initiator", summary(samples),
            "two RSA-3072 private operations: " + as_time(two_operations),
            as_ratio(percentile(samples, 0.5) / two_operations)}});
}

}  // namespace kith::bench
