// SPDX-License-Identifier: MIT
#include "tests/bench/relay_people.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <stdexcept>
#include <thread>

#include "net/descriptor_limit.hpp"
#include "net/framing.hpp"
#include "net/relay/knock.hpp"

namespace kith::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 300s;
constexpr std::size_t at_once = 32;  // below what the relay's RSA lane takes

crypto::Identity new_identity() {
    crypto::SystemRandom random;
    return crypto::Identity::generate(random);
}

int enter(std::uint16_t port, const net::CircuitTicket& ticket) {
    const int file = connect_to(port);
    crypto::Bytes frame;
    net::append_frame(frame, ticket);
    if (::send(file, frame.data(), frame.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(frame.size()))
        throw std::runtime_error("a ticket cannot be sent");
    return file;
}

}  // namespace

SocketPair::~SocketPair() {
    for (const int file : {ends.first, ends.second}) {
        if (file >= 0) ::close(file);
    }
}

int connect_to(std::uint16_t port) {
    const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(file, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
        ::close(file);
        throw std::runtime_error("cannot connect to port " + std::to_string(port));
    }
    const int on = 1;
    ::setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return file;
}

// --- the lane ---

RelayPeople::Lane::Lane(net::Reactor& reactor, const crypto::IdentityKeys& keys)
    : reactor_(reactor), decapsulator_(crypto::oaep_kem::Decapsulator::from_keys(keys).value()) {
    reactor_.add_wake_handler([this] { deliver(); });
}

bool RelayPeople::Lane::submit(std::uint64_t ticket, net::Bytes ciphertext, bool) {
    waiting_.emplace_back(ticket, std::move(ciphertext));
    reactor_.wake();
    return true;
}

void RelayPeople::Lane::deliver() {
    for (const auto& [ticket, ciphertext] : std::exchange(waiting_, {}))
        listener->on_decrypted(ticket, decapsulator_.decapsulate(ciphertext, random_));
}

// --- people ---

RelayPeople::RelayPeople(const crypto::RelayAddress& relay)
    : relay_(relay), shared_(new_identity()) {
    reactor_.start();
    reactor_.run_and_wait([this] {
        driver_ = std::make_unique<net::TcpDriver>(reactor_);
        lane_ = std::make_unique<Lane>(reactor_, shared_.keys());
        const net::SocketAddress at{{127, 0, 0, 1}, relay_.port, 0};
        crowd_ = std::make_unique<test::RelayCrowd>(
            shared_.bundle(), test::RelayCrowd::Ports{*driver_, *lane_, clock_, random_}, relay_,
            at);
        crowd_->on_said = [this](std::size_t, const net::Message& message) { hear(message); };
        lane_->listener = crowd_.get();
        driver_->attach(crowd_.get());
    });
}

RelayPeople::~RelayPeople() {
    std::promise<void> ended;
    reactor_.run_and_wait([&] { driver_->shut_down([&ended] { ended.set_value(); }); });
    ended.get_future().wait();
    reactor_.run_and_wait([this] {
        crowd_.reset();
        driver_.reset();
    });
    reactor_.stop_and_join();
}

std::size_t RelayPeople::connected() {
    std::size_t up = 0;
    reactor_.run_and_wait([&] { up = crowd_->up(); });
    return up;
}

void RelayPeople::connect(std::size_t people) {
    net::raise_descriptor_limit(people + 1024);
    const auto end = std::chrono::steady_clock::now() + patience;
    for (std::size_t up = 0, ended = 0; up < people; std::this_thread::sleep_for(2ms)) {
        reactor_.run_and_wait([&] {
            up = crowd_->up();
            ended = crowd_->ended();
            while (crowd_->size() < people && crowd_->size() < up + at_once) crowd_->add();
        });
        if (ended > 0) throw std::runtime_error("a session ended: the relay is full, or too slow");
        if (std::chrono::steady_clock::now() > end)
            throw std::runtime_error("connecting: too slow");
    }
}

// --- circuits ---

void RelayPeople::hear(const net::Message& message) {
    const auto* call = std::get_if<net::CircuitCall>(&message);
    const auto* ready = std::get_if<net::CircuitReady>(&message);
    if (call == nullptr && ready == nullptr) return;
    const std::lock_guard lock(mutex_);
    tickets_.push_back(call != nullptr ? call->ticket : ready->ticket);
    heard_.notify_one();
}

net::CircuitTicket RelayPeople::next_ticket() {
    std::unique_lock lock(mutex_);
    if (!heard_.wait_for(lock, 10s, [this] { return !tickets_.empty(); }))
        throw std::runtime_error("the relay gives no ticket");
    const auto ticket = tickets_.front();
    tickets_.pop_front();
    return ticket;
}

/// One at a time, so the next ticket is ours.
SocketPair RelayPeople::circuit(std::size_t caller, std::size_t callee) {
    reactor_.run_and_wait([&] {
        crowd_->say(caller, net::CircuitKnock{1, crowd_->id(callee).bytes, {}});
    });
    reactor_.wake();
    const int to = enter(relay_.port, next_ticket());
    return {enter(relay_.port, next_ticket()), to};
}

std::vector<SocketPair> RelayPeople::circuits(std::size_t count) {
    std::vector<SocketPair> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(circuit(2 * i, 2 * i + 1));
    return all;
}

}  // namespace kith::bench
