// SPDX-License-Identifier: MIT
#include "net/mapping/port_mapper.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "net/mapping/lease.hpp"
#include "net/mapping/router_words.hpp"

namespace kith::net {

std::string_view to_string(MappingProtocol protocol) {
    switch (protocol) {
        case MappingProtocol::none:
            return "none";
        case MappingProtocol::pcp:
            return "pcp";
        case MappingProtocol::nat_pmp:
            return "nat-pmp";
        case MappingProtocol::upnp:
            return "upnp";
    }
    return "none";
}

namespace {

using SteadyClock = std::chrono::steady_clock;

struct Outcome {
    std::optional<Mapping> mapping;
    std::optional<Bytes> public_address;
    std::vector<std::string> words;
};

void say(std::vector<std::string>& words, std::string line) {
    if (std::ranges::find(words, line) == words.end()) words.push_back(std::move(line));
}

std::string describe(const Mapping& mapping) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(mapping.lifetime).count();
    return mapping.router + " passes port " + std::to_string(mapping.external.port) + " on (" +
           std::string(to_string(mapping.how)) + ", for " + std::to_string(minutes) + " minutes)";
}

bool same_hole(const Mapping& a, const Mapping& b) {
    return a.how == b.how && a.router == b.router && a.internal_port == b.internal_port &&
           a.external.port == b.external.port;
}

}  // namespace

struct PortMapper::Impl {
    Impl(std::vector<std::unique_ptr<MappingBackend>> backends_, std::function<void()> changed_,
         const Timing& timing_)
        : backends(std::move(backends_)), changed(std::move(changed_)), timing(timing_) {}

    // Network thread.
    void ask_again();  ///< with the mutex held
    void stop();

    // The mapper's thread.
    void run();
    void serve(std::unique_lock<std::mutex>& lock);
    [[nodiscard]] Outcome attempt(std::uint16_t wanted, bool renewing);
    [[nodiscard]] std::vector<MappingBackend*> in_order(bool renewing) const;
    void take(std::unique_lock<std::mutex>& lock, Outcome outcome, bool renewing);
    void fail(Outcome& outcome, bool renewing, MappingStatus& next);
    void remove(const Mapping& mapping);
    void remove_held(std::unique_lock<std::mutex>& lock);
    void publish(std::unique_lock<std::mutex>& lock, MappingStatus next);
    void cancel_all(bool cancelled);

    const std::vector<std::unique_ptr<MappingBackend>> backends;
    const std::function<void()> changed;
    const Timing timing;

    std::mutex mutex;
    std::condition_variable wake;      ///< the mapper's thread waits here
    std::condition_variable finished;  ///< stop() waits here
    std::uint16_t port = 0;
    bool ask_now = false;  ///< another port or network
    bool stopping = false;
    bool gave_up = false;  ///< stop() waits no longer
    bool done = false;
    MappingStatus status;

    // Of the mapper's thread alone.
    std::optional<Mapping> held;
    SteadyClock::time_point expires;
    SteadyClock::time_point next_time;

    std::thread thread;
};

void PortMapper::Impl::cancel_all(bool cancelled) {
    for (const auto& backend : backends) backend->cancel(cancelled);
}

void PortMapper::Impl::run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
        serve(lock);
        const auto due = [this] { return stopping || ask_now; };
        if (port == 0)
            wake.wait(lock, due);
        else
            wake.wait_until(lock, next_time, due);
    }
    remove_held(lock);
    done = true;
    finished.notify_all();
}

void PortMapper::Impl::serve(std::unique_lock<std::mutex>& lock) {
    const std::uint16_t wanted = port;
    const bool renewing = held.has_value() && !ask_now;
    ask_now = false;
    cancel_all(false);
    if (held && held->internal_port != wanted) remove_held(lock);
    if (wanted == 0) return publish(lock, {});
    if (!held) {
        MappingStatus searching;
        searching.state = MappingStatus::State::searching;
        publish(lock, searching);
    }
    lock.unlock();
    Outcome outcome = attempt(wanted, renewing);
    lock.lock();
    take(lock, std::move(outcome), renewing);
}

/// What has worked comes first when it is renewed; the best way comes first when the network is
/// another one.
std::vector<MappingBackend*> PortMapper::Impl::in_order(bool renewing) const {
    std::vector<MappingBackend*> order;
    for (const auto& backend : backends) order.push_back(backend.get());
    if (renewing)
        std::ranges::stable_partition(
            order, [this](const MappingBackend* one) { return one->protocol() == held->how; });
    return order;
}

Outcome PortMapper::Impl::attempt(std::uint16_t wanted, bool renewing) {
    Outcome outcome;
    for (MappingBackend* backend : in_order(renewing)) {
        const bool its_own = held && held->how == backend->protocol();
        auto result = backend->map(wanted, its_own ? held : std::nullopt);
        if (!result) {
            say(outcome.words, std::move(result.error().words));
            if (!outcome.public_address) outcome.public_address = result.error().public_address;
            continue;
        }
        outcome.mapping = std::move(result->mapping);
        if (result->public_address) outcome.public_address = std::move(result->public_address);
        say(outcome.words, describe(*outcome.mapping));
        break;
    }
    const std::string router = outcome.mapping ? outcome.mapping->router : "The router";
    if (outcome.public_address)
        if (auto line = behind_another(router, *outcome.public_address))
            say(outcome.words, std::move(*line));
    return outcome;
}

/// The last mapping counts until its time is over: one lost answer changes nothing outside. In
/// another network it counts for nothing.
void PortMapper::Impl::fail(Outcome& outcome, bool renewing, MappingStatus& next) {
    const auto now = SteadyClock::now();
    next_time = now + timing.retry;
    if (held && renewing && now < expires) {
        next.state = MappingStatus::State::mapped;
        next.mapping = held;
        if (!next.public_address) next.public_address = status.public_address;
        const auto half = std::chrono::duration_cast<std::chrono::milliseconds>(expires - now) / 2;
        next_time = std::min(next_time, now + std::max(half, timing.renew_min));
        say(outcome.words, "the mapping of before is kept until its time is over");
    } else {
        next.state = MappingStatus::State::failed;
        held.reset();
    }
}

void PortMapper::Impl::take(std::unique_lock<std::mutex>& lock, Outcome outcome, bool renewing) {
    MappingStatus next;
    next.public_address = outcome.public_address;
    if (!outcome.mapping && (stopping || ask_now)) return;  // cut short: says nothing
    if (outcome.mapping) {
        const auto old = std::exchange(held, outcome.mapping);
        const auto now = SteadyClock::now();
        expires = now + held->lifetime;
        next_time = now + renew_after(held->lifetime, timing.renew_min);
        next.state = MappingStatus::State::mapped;
        next.mapping = held;
        if (old && !same_hole(*old, *held) && !stopping) {
            lock.unlock();
            remove(*old);
            lock.lock();
        }
    } else {
        fail(outcome, renewing, next);
    }
    next.words = std::move(outcome.words);
    publish(lock, std::move(next));
}

void PortMapper::Impl::remove(const Mapping& mapping) {
    for (const auto& backend : backends)
        if (backend->protocol() == mapping.how) backend->unmap(mapping);
}

void PortMapper::Impl::remove_held(std::unique_lock<std::mutex>& lock) {
    if (!held) return;
    const Mapping mapping = *std::exchange(held, std::nullopt);
    if (gave_up) return;
    cancel_all(false);
    lock.unlock();
    remove(mapping);
    lock.lock();
}

void PortMapper::Impl::publish(std::unique_lock<std::mutex>& lock, MappingStatus next) {
    if (stopping || next == status) return;
    status = std::move(next);
    lock.unlock();
    changed();
    lock.lock();
}

void PortMapper::Impl::ask_again() {
    ask_now = true;
    cancel_all(true);
    // From the first port on: who never asks a router has no thread for it.
    if (!thread.joinable() && !stopping) thread = std::thread([this] { run(); });
    wake.notify_all();
}

void PortMapper::Impl::stop() {
    std::unique_lock lock(mutex);
    stopping = true;
    if (!thread.joinable()) return;
    cancel_all(true);
    wake.notify_all();
    if (!finished.wait_for(lock, timing.unmap_within, [this] { return done; })) {
        gave_up = true;
        cancel_all(true);
    }
    lock.unlock();
    thread.join();
}

PortMapper::PortMapper(std::vector<std::unique_ptr<MappingBackend>> backends,
                       std::function<void()> changed, const Timing& timing)
    : impl_(std::make_unique<Impl>(std::move(backends), std::move(changed), timing)) {}

PortMapper::~PortMapper() { stop_and_join(); }

void PortMapper::set_port(std::uint16_t internal_port) {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->port == internal_port) return;
    impl_->port = internal_port;
    impl_->ask_again();
}

void PortMapper::network_changed() {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->port != 0) impl_->ask_again();
}

MappingStatus PortMapper::status() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->status;
}

void PortMapper::stop_and_join() { impl_->stop(); }

}  // namespace kith::net
