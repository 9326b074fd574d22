// SPDX-License-Identifier: MIT
//
//   submit() --> contacts, strangers --> lane thread --> results --> wake --> on_decrypted()
#include "net/rsa_lane.hpp"

#include <atomic>
#include <semaphore>
#include <thread>

#include "crypto/oaep_kem.hpp"
#include "net/bounded_queue.hpp"
#include "net/limits.hpp"
#include "net/thread_affinity.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {
namespace {

struct Job {
    std::uint64_t ticket = 0;
    Bytes ciphertext;
};
struct Outcome {
    std::uint64_t ticket = 0;
    crypto::SecretBytes secret;
};

}  // namespace

struct RsaLane::Impl {
    Impl(Reactor& reactor_, const Clock& clock_, crypto::IdentityKeys keys_)
        : reactor(reactor_),
          clock(clock_),
          keys(std::move(keys_)),
          strangers_rate(limits::stranger_decryptions_per_second,
                         limits::stranger_decryptions_per_second, clock.monotonic()) {}

    void run();
    bool run_one(const crypto::oaep_kem::Decapsulator& decapsulator, crypto::RandomSource& random);
    void deliver();

    Reactor& reactor;
    const Clock& clock;
    crypto::IdentityKeys keys;   // moved to the lane's thread
    TokenBucket strangers_rate;  // network thread
    std::size_t waiting = 0;     // network thread: submitted, result not delivered yet
    LinkListener* listener = nullptr;
    Reactor::HandlerId handler = 0;
    ThreadAffinity affinity;

    // `waiting` bounds both queues and the results together; the sizes here are only room.
    BoundedQueue<Job> contacts{limits::decryptions_waiting};
    BoundedQueue<Job> strangers{limits::decryptions_waiting};
    BoundedQueue<Outcome> results{2 * limits::decryptions_waiting};
    std::counting_semaphore<> work{0};
    std::atomic<bool> stopping{false};
    std::thread thread;
};

void RsaLane::Impl::run() {
    const auto mine = std::move(keys);
    crypto::SystemRandom random;
    const auto decapsulator = crypto::oaep_kem::Decapsulator::from_keys(mine);
    while (true) {
        work.acquire();
        if (stopping) return;
        // The identity was usable when the profile was opened. Without it nothing is answered, and
        // handshakes end at their deadline.
        if (decapsulator && run_one(*decapsulator, random)) reactor.wake();
    }
}

bool RsaLane::Impl::run_one(const crypto::oaep_kem::Decapsulator& decapsulator,
                            crypto::RandomSource& random) {
    auto job = contacts.try_pop();
    if (!job) job = strangers.try_pop();
    if (!job) return false;
    Outcome outcome{job->ticket, decapsulator.decapsulate(job->ciphertext, random)};
    return results.try_push(outcome);
}

void RsaLane::Impl::deliver() {
    affinity.bind();
    while (auto outcome = results.try_pop()) {
        --waiting;
        if (listener != nullptr)
            listener->on_decrypted(outcome->ticket, std::move(outcome->secret));
    }
}

RsaLane::RsaLane(Reactor& reactor, const Clock& clock, crypto::IdentityKeys keys)
    : impl_(std::make_unique<Impl>(reactor, clock, std::move(keys))) {}

RsaLane::~RsaLane() { stop_and_join(); }

void RsaLane::start(LinkListener& listener) {
    impl_->listener = &listener;
    impl_->handler = impl_->reactor.add_wake_handler([impl = impl_.get()] { impl->deliver(); });
    impl_->thread = std::thread([impl = impl_.get()] { impl->run(); });
}

void RsaLane::stop_and_join() {
    if (!impl_->thread.joinable()) return;
    impl_->stopping = true;
    impl_->work.release();
    impl_->thread.join();
    impl_->reactor.run_and_wait([impl = impl_.get()] {
        impl->reactor.remove_wake_handler(impl->handler);
        impl->listener = nullptr;
    });
}

bool RsaLane::submit(std::uint64_t ticket, Bytes ciphertext, bool contact) {
    impl_->affinity.check();
    // Strangers may fill half of the places: a contact always finds one.
    const std::size_t places =
        contact ? limits::decryptions_waiting : limits::decryptions_waiting / 2;
    if (impl_->waiting >= places) return false;
    if (!contact && !impl_->strangers_rate.try_take(impl_->clock.monotonic())) return false;
    Job job{ticket, std::move(ciphertext)};
    if (!(contact ? impl_->contacts : impl_->strangers).try_push(job)) return false;
    ++impl_->waiting;
    impl_->work.release();
    return true;
}

}  // namespace kith::net
