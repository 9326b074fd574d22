// SPDX-License-Identifier: MIT
#include "tests/sim/sim_host.hpp"

#include <algorithm>

#include "net/socket_names.hpp"
#include "tests/support/test_identities.hpp"

namespace kith::sim {
namespace {

constexpr milliseconds rsa_time{3};
constexpr milliseconds linger{1000};

}  // namespace

const crypto::Identity& test_identity(const std::string& name) {
    static std::map<std::string, crypto::Identity> loaded;
    const auto found = loaded.find(name);
    if (found != loaded.end()) return found->second;
    return loaded.emplace(name, test::test_identity(name)).first->second;
}

SimHost::SimHost(SimNetwork& network, const crypto::Identity& identity, std::uint8_t number)
    : network_(network),
      clock_(network.clock()),
      bundle_(identity.bundle()),
      decapsulator_(crypto::oaep_kem::Decapsulator::from_keys(identity.keys()).value()),
      random_(network.random()()),
      address_{{192, 0, 2, number}, 4711, 0} {
    network_.attach(*this);
}

SimHost::~SimHost() {
    crash(true);
    network_.detach(*this);
}

void SimHost::start(net::EndpointListener& listener, const net::Timing& timing) {
    ++incarnation_;
    timer_.reset();
    relays_ = std::make_unique<net::RelayTransport>(
        bundle_, net::RelayTransport::Ports{*this, *this, clock_, random_,
                                            [this](const auto& host, auto port, auto done) {
                                                resolve(host, port, std::move(done));
                                            },
                                            relay_listener});
    endpoint_ = std::make_unique<net::Endpoint>(bundle_, *relays_, *this, clock_, random_, listener,
                                                timing);
    relays_->attach(endpoint_.get());
    upper_ = relays_.get();
}

void SimHost::start_relay(net::RelayRules rules, const net::RelayLimits& limits,
                          net::MailboxStore* mailbox) {
    ++incarnation_;
    timer_.reset();
    relay_ = std::make_unique<net::RelayServer>(bundle_, *this, *this, clock_, random_,
                                                std::move(rules), limits, mailbox);
    upper_ = relay_.get();
}

void SimHost::start_with(net::LinkListener& upper) {
    ++incarnation_;
    timer_.reset();
    upper_ = &upper;
}

crypto::RelayAddress SimHost::relay_address(const crypto::InviteToken& secret) const {
    const auto& ip = address_.address;
    std::string host;
    for (const auto byte : ip) host += (host.empty() ? "" : ".") + std::to_string(byte);
    return {fingerprint(), secret, host, address_.port};
}

void SimHost::resolve(
    const std::string& host, std::uint16_t port,
    std::function<void(tl::expected<std::vector<net::SocketAddress>, std::string>)> done) {
    network_.after(milliseconds{1}, [this, host, port, run = incarnation_, done = std::move(done)] {
        if (run != incarnation_) return;
        if (const auto numeric = net::parse_numeric(host, port)) {
            done(std::vector{*numeric});
        } else {
            done(tl::unexpected("There is no host \"" + host + "\"."));
        }
        settle();
    });
}

void SimHost::crash(bool silently) {
    ++incarnation_;
    upper_ = nullptr;
    endpoint_.reset();
    relays_.reset();
    relay_.reset();
    for (const auto& [link, place] : std::exchange(links_, {})) {
        const auto& connection = place.connection;
        connection->ends[place.side].host = nullptr;
        if (silently) {
            connection->swallowed = true;
        } else {
            connection->out[place.side].queued.clear();
            connection->out[place.side].fin_queued = true;
            network_.maybe_fin(connection, place.side);
        }
    }
}

void SimHost::set_frozen(bool frozen) {
    frozen_ = frozen;
    if (frozen) return;
    for (const auto& [link, place] : std::unordered_map(links_)) set_reading(link, true);
}

// --- Transport ---

SimNetwork::Shared SimHost::find(net::LinkId link, int& side) const {
    const auto found = links_.find(link);
    if (found == links_.end()) return nullptr;
    side = found->second.side;
    return found->second.connection;
}

net::LinkId SimHost::add_link(const SimNetwork::Shared& connection, int side) {
    links_[++last_link_] = {connection, side};
    return last_link_;
}

net::LinkId SimHost::dial_from(std::optional<std::uint16_t> port, const net::SocketAddress& to) {
    ++dials;
    const net::LinkId link = ++last_link_;
    if (port) shared_ports_[link] = *port;
    network_.dial(*this, link, to, port);
    return link;
}

net::LinkId SimHost::dial(const net::SocketAddress& to) {
    // Routers give each its own port; where there is none, it does not matter.
    return dial_from(behind == nullptr ? std::nullopt : std::optional(++last_port_), to);
}

net::LinkId SimHost::dial_shared(const net::SocketAddress& to) {
    return dial_from(++last_port_, to);
}

net::LinkId SimHost::dial_beside(net::LinkId link, const net::SocketAddress& to) {
    const auto found = shared_ports_.find(link);
    return found == shared_ports_.end() ? dial(to) : dial_from(found->second, to);
}

void SimHost::send(net::LinkId link, net::Bytes bytes) {
    int side = 0;
    const auto connection = find(link, side);
    if (!connection || bytes.empty()) return;
    auto& out = connection->out[side];
    out.queued_bytes += bytes.size();
    out.queued.push_back(std::move(bytes));
    network_.pump(connection, side);
    backlog_peak = std::max(backlog_peak, out.queued_bytes);
}

std::size_t SimHost::backlog(net::LinkId link) const {
    int side = 0;
    const auto connection = find(link, side);
    return connection ? connection->out[side].queued_bytes : 0;
}

void SimHost::set_reading(net::LinkId link, bool reading) {
    int side = 0;
    const auto connection = find(link, side);
    if (!connection) return;
    connection->ends[side].reading = reading;
    if (!reading) return;
    for (auto& bytes : std::exchange(connection->out[1 - side].unread, {})) {
        network_.after(milliseconds{0}, [this, connection, side, held = std::move(bytes)] {
            network_.arrive(connection, 1 - side, held);
        });
    }
}

void SimHost::close(net::LinkId link, bool now) {
    int side = 0;
    const auto connection = find(link, side);
    if (!connection) return;
    forget(link);
    connection->ends[side].host = nullptr;
    auto& out = connection->out[side];
    out.fin_queued = true;
    const auto drop_rest = [this, connection, side] {
        connection->out[side].queued.clear();
        connection->out[side].queued_bytes = 0;
        network_.maybe_fin(connection, side);
    };
    if (now) return drop_rest();
    network_.maybe_fin(connection, side);
    network_.after(linger, drop_rest);
}

// --- DecryptLane ---

bool SimHost::submit(std::uint64_t ticket, net::Bytes ciphertext, bool) {
    ++decryptions;
    network_.after(rsa_time, [this, ticket, run = incarnation_, bytes = std::move(ciphertext)] {
        if (run != incarnation_) return;
        upper_->on_decrypted(ticket, decapsulator_.decapsulate(bytes, random_));
        settle();
    });
    return true;
}

// --- time ---

void SimHost::settle() {
    if (upper_ == nullptr) return;
    if (on_settle) on_settle();
    upper_->flush();
    const auto now = clock_.monotonic();
    const auto next = std::max(upper_->tick(), now);
    if (next == milliseconds::max() || (timer_ && *timer_ > now && *timer_ <= next)) return;
    timer_ = next;
    network_.after(next - now, [this, next, run = incarnation_] {
        if (run != incarnation_ || timer_ != next) return;
        timer_.reset();
        settle();
    });
}

}  // namespace kith::sim
