// SPDX-License-Identifier: MIT
#include "tests/support/relay_crowd.hpp"

#include <algorithm>

#include "crypto/beacon.hpp"

namespace kith::test {
namespace {

using namespace std::chrono_literals;
using net::Milliseconds;

/// As RelayTransport keeps its lines.
net::Timing timing_of_lines() {
    net::Timing timing;
    timing.ping_after = 20s;
    timing.silence_max = 50s;
    return timing;
}

}  // namespace

crypto::PublicBundle bundle_of(const crypto::PublicBundle& shared, std::uint32_t number) {
    crypto::Bytes seed(32, 0x5A);
    for (std::size_t i = 0; i < sizeof number; ++i)
        seed[i] = static_cast<std::uint8_t>(number >> (8 * i));
    const auto& key = crypto::SigningKey(seed).public_key();
    crypto::Bytes encoded(shared.encoded().begin(), shared.encoded().end());
    std::ranges::copy(key, encoded.end() - static_cast<std::ptrdiff_t>(key.size()));
    return crypto::PublicBundle::parse(encoded).value();
}

RelayCrowd::RelayCrowd(const crypto::PublicBundle& shared, Ports ports, crypto::RelayAddress relay,
                       net::SocketAddress at, std::uint32_t first)
    : shared_(shared),
      ports_(ports),
      relay_(std::move(relay)),
      at_(std::move(at)),
      first_(first),
      timing_(timing_of_lines()) {}

RelayCrowd::~RelayCrowd() = default;

std::size_t RelayCrowd::add() {
    const auto number = first_ + static_cast<std::uint32_t>(clients_.size());
    clients_.push_back(std::make_unique<Client>(bundle_of(shared_, number)));
    by_link_[ports_.transport.dial(at_)] = clients_.size() - 1;
    return clients_.size() - 1;
}

net::LinkId RelayCrowd::open() {
    const net::LinkId link = ports_.transport.dial(at_);
    raws_[link];
    return link;
}

std::size_t RelayCrowd::raws_open() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        raws_, [](const auto& entry) { return entry.second.up && !entry.second.closed; }));
}

RelayCrowd::Client* RelayCrowd::of(net::LinkId link) {
    const auto found = by_link_.find(link);
    return found == by_link_.end() ? nullptr : clients_[found->second].get();
}

// --- LinkListener ---

void RelayCrowd::on_dialled(net::LinkId link) {
    if (const auto raw = raws_.find(link); raw != raws_.end()) {
        raw->second.up = true;
        return;
    }
    Client* client = of(link);
    if (client == nullptr) return;
    const net::Session::Context context{client->bundle, ports_.transport, ports_.clock,
                                        ports_.random,  timing_,          *this};
    client->session = std::make_unique<net::Session>(
        context, link, at_,
        crypto::Initiator::Config{relay_.relay,
                                  net::Bytes(relay_.secret.begin(), relay_.secret.end()),
                                  crypto::Path::direct});
    client->session->start();
    next_due_ = {};
}

void RelayCrowd::on_data(net::LinkId link, net::ByteView bytes) {
    if (const auto raw = raws_.find(link); raw != raws_.end()) {
        raw->second.heard.insert(raw->second.heard.end(), bytes.begin(), bytes.end());
        return;
    }
    if (Client* client = of(link); client != nullptr && client->session)
        client->session->on_data(bytes);
}

void RelayCrowd::on_writable(net::LinkId link) {
    if (Client* client = of(link); client != nullptr && client->session)
        client->session->on_writable();
}

void RelayCrowd::on_closed(net::LinkId link, net::Ending::Reason reason) {
    if (const auto raw = raws_.find(link); raw != raws_.end()) {
        raw->second.closed = true;
        return;
    }
    Client* client = of(link);
    if (client == nullptr) return;
    if (client->session) return client->session->on_closed(reason);
    client->ended = net::ending_of(reason);
    ++ended_;
}

void RelayCrowd::on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) {
    if (Client* client = of(ticket); client != nullptr && client->session)
        client->session->on_decrypted(secret);
}

void RelayCrowd::flush() {
    for (const net::LinkId link : std::exchange(dirty_, {})) {
        if (Client* client = of(link)) client->session->flush();
    }
}

std::chrono::milliseconds RelayCrowd::tick() {
    const auto now = ports_.clock.monotonic();
    if (now >= next_due_) {
        next_due_ = Milliseconds::max();
        for (const auto& client : clients_) {
            if (client->session) next_due_ = std::min(next_due_, client->session->tick(now));
        }
        if (next_due_ != Milliseconds::max()) next_due_ = std::max(next_due_, now + 100ms);
    }
    flush();
    return next_due_;
}

// --- Session::Host ---

bool RelayCrowd::decrypt(net::Session& session, net::Bytes ciphertext, bool) {
    return ports_.lane.submit(session.link(), std::move(ciphertext), true);
}

void RelayCrowd::on_proven(net::Session& session) {
    Client* client = of(session.link());
    client->up = true;
    ++up_;
    next_due_ = {};
}

void RelayCrowd::on_message(net::Session& session, net::Message message) {
    const auto index = by_link_.at(session.link());
    if (on_said) return on_said(index, message);
    clients_[index]->heard.push_back({ports_.clock.monotonic(), std::move(message)});
}

void RelayCrowd::on_ended(net::Session& session, const net::Ending& ending) {
    Client* client = of(session.link());
    client->ended = ending;
    ++ended_;
    if (std::exchange(client->up, false)) --up_;
}

}  // namespace kith::test
