// SPDX-License-Identifier: MIT
//
// A thousand contacts connected to one node over loopback TCP. They live in a process of their own,
// so that memory and processor time here are the node's: endpoint, driver and RSA lane.
#include <malloc.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <future>
#include <stdexcept>
#include <thread>
#include <vector>

#include "crypto/oaep_kem.hpp"
#include "net/descriptor_limit.hpp"
#include "net/endpoint.hpp"
#include "net/limits.hpp"
#include "net/reactor.hpp"
#include "net/rsa_lane.hpp"
#include "net/tcp_driver.hpp"
#include "tests/bench/benches.hpp"
#include "tests/bench/report.hpp"

namespace kith::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t contacts = 1000;
constexpr auto between_dials = 8ms;  // below what the RSA lane does
constexpr auto idle_time = 60s;
constexpr std::size_t said_bytes = 60 * 1024;

class Listener final : public net::EndpointListener {
public:
    void on_session_up(const net::SessionInfo&) override { ++sessions; }
    void on_session_down(const net::Fingerprint&, const net::Ending&) override { --sessions; }
    void on_message(const net::Fingerprint&, net::Message message) override {
        if (std::holds_alternative<net::Text>(message)) ++texts;
    }
    void on_dialling(const net::Fingerprint&) override {}
    void on_dial_failed(const net::Fingerprint&, const net::Ending&,
                        std::chrono::milliseconds) override {}
    void on_drained(const net::Fingerprint&) override {}
    void on_log(net::LogLevel, std::string) override {}

    std::atomic<std::size_t> sessions = 0;
    std::atomic<std::size_t> texts = 0;
};

net::ContactToken token_of(std::size_t contact) {
    net::ContactToken token{};
    token.fill(0x42);
    token[0] = static_cast<std::uint8_t>(contact);
    token[1] = static_cast<std::uint8_t>(contact >> 8);
    return token;
}

/// One RSA key for all, as making a thousand takes long; the other key makes them different people.
crypto::PublicBundle bundle_of(const crypto::PublicBundle& shared, std::size_t contact) {
    crypto::Bytes seed(32, 0);
    seed[0] = static_cast<std::uint8_t>(contact);
    seed[1] = static_cast<std::uint8_t>(contact >> 8);
    const auto& key = crypto::SigningKey(seed).public_key();
    crypto::Bytes encoded(shared.encoded().begin(), shared.encoded().end());
    std::ranges::copy(key, encoded.end() - static_cast<std::ptrdiff_t>(key.size()));
    return crypto::PublicBundle::parse(encoded).value();
}

void wait_until(const std::function<bool()>& done, const char* what) {
    for (const auto end = Clock::now() + 120s; !done(); std::this_thread::sleep_for(20ms)) {
        if (Clock::now() > end) throw std::runtime_error(std::string("timed out: ") + what);
    }
}

// --- the other side ---

/// Decrypts on the loop's thread, in its next turn.
class InlineLane final : public net::DecryptLane {
public:
    InlineLane(net::Reactor& reactor, const crypto::IdentityKeys& keys)
        : reactor_(reactor),
          decapsulator_(crypto::oaep_kem::Decapsulator::from_keys(keys).value()) {
        reactor_.add_wake_handler([this] { deliver(); });
    }
    bool submit(std::uint64_t ticket, net::Bytes ciphertext, bool) override {
        waiting_.push_back({current, ticket, std::move(ciphertext)});
        reactor_.wake();
        return true;
    }
    net::Endpoint* current = nullptr;  ///< whose tick or data it is

private:
    struct Job {
        net::Endpoint* endpoint;
        std::uint64_t ticket;
        net::Bytes ciphertext;
    };
    void deliver() {
        for (const Job& job : std::exchange(waiting_, {}))
            job.endpoint->on_decrypted(job.ticket,
                                       decapsulator_.decapsulate(job.ciphertext, random_));
    }
    net::Reactor& reactor_;
    crypto::SystemRandom random_;
    crypto::oaep_kem::Decapsulator decapsulator_;
    std::vector<Job> waiting_;
};

/// The lane as one endpoint sees it.
class LaneOf final : public net::DecryptLane {
public:
    explicit LaneOf(InlineLane& lane) : lane_(lane) {}
    bool submit(std::uint64_t ticket, net::Bytes ciphertext, bool contact) override {
        lane_.current = endpoint;
        return lane_.submit(ticket, std::move(ciphertext), contact);
    }
    net::Endpoint* endpoint = nullptr;

private:
    InlineLane& lane_;
};

struct Contact {
    Contact(net::Reactor& reactor, InlineLane& shared_lane, const crypto::PublicBundle& self)
        : driver(reactor),
          lane(shared_lane),
          endpoint(self, driver, lane, clock, random, listener) {
        lane.endpoint = &endpoint;
        driver.attach(&endpoint);
    }
    net::SystemClock clock;
    crypto::SystemRandom random;
    Listener listener;
    net::TcpDriver driver;
    LaneOf lane;
    net::Endpoint endpoint;
};

/// Connects all of them; says one long text each when told to; ends with the pipe.
[[noreturn]] void be_contacts(const crypto::Identity& shared, const net::Fingerprint& node,
                              std::uint16_t port, int orders) {
    net::raise_descriptor_limit(2 * contacts);
    net::Reactor reactor;
    InlineLane lane(reactor, shared.keys());
    const crypto::PublicBundle& bundle = shared.bundle();
    std::vector<std::unique_ptr<Contact>> all;
    reactor.start();
    for (std::size_t i = 0; i < contacts; ++i) {
        reactor.run_and_wait([&] {
            all.push_back(std::make_unique<Contact>(reactor, lane, bundle_of(bundle, i)));
            const auto token = token_of(i);
            all.back()->endpoint.set_route(
                {node, {token.begin(), token.end()}, token, {{{127, 0, 0, 1}, port, 0}}, true});
        });
        reactor.wake();
        std::this_thread::sleep_for(between_dials);
    }
    char order = 0;
    while (::read(orders, &order, 1) == 1) {
        for (const auto& contact : all) {
            reactor.run_and_wait([&] {
                net::Text text;
                text.text.assign(said_bytes, 'x');
                contact->endpoint.send(node, text);
            });
        }
        reactor.wake();
    }
    ::_exit(0);
}

// --- the node ---

double resident_kib() {
    std::ifstream file("/proc/self/statm");
    long total = 0, resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

struct Memory {
    double resident = resident_kib();
    double allocated = static_cast<double>(::mallinfo2().uordblks + ::mallinfo2().hblkhd) / 1024;
};

Seconds processor_time() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return Seconds(seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

std::string per_session(double kib) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f KiB", kib / contacts);
    return text;
}

std::string percent(double share) {
    char text[64];
    std::snprintf(text, sizeof text, "%.2f %% of a core", share * 100);
    return text;
}

struct Node {
    explicit Node(const crypto::Identity& self)
        : driver(reactor),
          lane(reactor, clock, self.keys()),
          endpoint(self.bundle(), driver, lane, clock, random, listener) {
        driver.attach(&endpoint);
        lane.start(endpoint);
    }
    net::Reactor reactor;
    net::SystemClock clock;
    crypto::SystemRandom random;
    Listener listener;
    net::TcpDriver driver;
    net::RsaLane lane;
    net::Endpoint endpoint;
};

struct Child {
    pid_t pid = -1;
    int orders = -1;
};

/// Before there are threads: the child is told its port by the pipe.
Child fork_contacts(const crypto::Identity& shared, const net::Fingerprint& node) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    const pid_t pid = ::fork();
    if (pid != 0) {
        ::close(ends[0]);
        return {pid, ends[1]};
    }
    ::close(ends[1]);
    std::uint16_t port = 0;
    if (::read(ends[0], &port, sizeof port) != sizeof port) ::_exit(1);
    be_contacts(shared, node, port, ends[0]);
}

}  // namespace

void sessions_bench() {
    crypto::SystemRandom random;
    const crypto::Identity self = crypto::Identity::generate(random);
    const crypto::Identity shared = crypto::Identity::generate(random);
    std::vector<net::Fingerprint> people;
    for (std::size_t i = 0; i < contacts; ++i)
        people.push_back(bundle_of(shared.bundle(), i).fingerprint());
    const Child child = fork_contacts(shared, self.fingerprint());

    Node node(self);
    const std::uint16_t port = node.driver.listen({{"127.0.0.1"}, 0}).value();
    for (std::size_t i = 0; i < contacts; ++i) {
        const auto token = token_of(i);
        node.endpoint.set_route({people[i], {token.begin(), token.end()}, token, {}, false});
    }
    node.reactor.start();
    ::malloc_trim(0);
    const Memory before;
    const auto cpu_before = processor_time();
    const auto start = Clock::now();
    if (::write(child.orders, &port, sizeof port) != sizeof port) throw std::runtime_error("pipe");
    wait_until([&] { return node.listener.sessions == contacts; }, "a thousand sessions");
    const Seconds connecting = Clock::now() - start;
    const Seconds cpu_connecting = processor_time() - cpu_before;

    const auto measure = [&] {
        std::this_thread::sleep_for(6s);  // every session has pinged
        return Memory();
    };
    const Memory idle = measure();
    const auto cpu_idle = processor_time();
    std::this_thread::sleep_for(idle_time);
    const Seconds cpu = processor_time() - cpu_idle;
    if (::write(child.orders, "x", 1) != 1) throw std::runtime_error("pipe");
    wait_until([&] { return node.listener.texts == contacts; }, "a text from each");
    const Memory talked = measure();
    const std::size_t left = node.listener.sessions;

    print("A thousand sessions in one node",
          {{"sessions", std::to_string(left), "", ""},
           {"connecting all of them", as_time(connecting),
            "processor time " + as_time(cpu_connecting), ""},
           {"memory, each idle session", per_session(idle.resident - before.resident) + " resident",
            per_session(idle.allocated - before.allocated) + " allocated", ""},
           {"after 60 KiB were heard from each",
            per_session(talked.resident - before.resident) + " resident",
            per_session(talked.allocated - before.allocated) + " allocated", ""},
           {"processor time, all idle", percent(cpu / Seconds(idle_time)),
            as_time(cpu / (Seconds(idle_time) / 60s)) + " a minute", ""}});

    ::close(child.orders);
    ::waitpid(child.pid, nullptr, 0);
    std::promise<void> closed;
    node.reactor.run_and_wait([&] {
        node.endpoint.shut_down();
        node.driver.shut_down([&] { closed.set_value(); });
    });
    closed.get_future().wait();
    node.lane.stop_and_join();
    node.reactor.stop_and_join();
}

}  // namespace kith::bench
