// SPDX-License-Identifier: MIT
#include "tests/support/hostile_relay.hpp"

#include <algorithm>

namespace kith::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t ticket_frame = net::frame_prefix_size + sizeof(net::CircuitTicket);

net::Timing timing_of_relay() {
    net::Timing timing;
    timing.ping_after = 20s;
    timing.silence_max = 50s;
    timing.stranger_idle = std::chrono::hours(24 * 365);
    return timing;
}

}  // namespace

HostileRelay::HostileRelay(const crypto::PublicBundle& self, Ports ports)
    : self_(self), ports_(ports), timing_(timing_of_relay()) {}

HostileRelay::~HostileRelay() = default;

// --- its work ---

void HostileRelay::call(const Knock& knock) {
    const auto ticket = new_ticket();
    expected_[ticket] = {knock.caller, knock.message.request, {}};
    say(net::Fingerprint{knock.message.peer},
        net::CircuitCall{ticket, knock.caller.bytes, knock.message.proof});
}

void HostileRelay::ticket_shown(net::LinkId link, const net::CircuitTicket& ticket) {
    const auto found = expected_.find(ticket);
    if (found == expected_.end()) return close(link);
    const Expected expected = found->second;
    expected_.erase(found);
    if (expected.callee) return join(link, *expected.callee);
    const auto theirs = new_ticket();
    expected_[theirs] = {expected.caller, expected.request, link};
    say(expected.caller, net::CircuitReady{expected.request, theirs});
}

void HostileRelay::give(net::LinkId to, net::Bytes bytes) {
    if (ends_.contains(to)) ports_.transport.send(to, std::move(bytes));
}

bool HostileRelay::say(const net::Fingerprint& client, const net::Message& message) {
    const auto found = clients_.find(client);
    if (found == clients_.end()) return false;
    found->second->send(message);
    found->second->flush();
    return true;
}

void HostileRelay::join(net::LinkId a, net::LinkId b) {
    if (!ends_.contains(a)) return close(b);
    if (!ends_.contains(b)) return close(a);
    ends_[a].other = b;
    ends_[b].other = a;
    for (const auto& [from, to] : {std::pair{a, b}, std::pair{b, a}}) {
        net::Bytes early = std::exchange(ends_[from].early, {});
        if (!early.empty()) on_data(from, early);
    }
}

void HostileRelay::close(net::LinkId link) {
    ends_.erase(link);
    ports_.transport.close(link, true);
}

// --- links ---

void HostileRelay::on_accepted(net::LinkId link, const net::SocketAddress& from) {
    fresh_[link] = from;
}

void HostileRelay::first_bytes(net::LinkId link, net::Bytes bytes) {
    const auto from = fresh_.at(link);
    fresh_.erase(link);
    const bool ticket = bytes.size() >= ticket_frame && bytes[0] == 0 && bytes[1] == 0 &&
                        bytes[2] == 0 && bytes[3] == sizeof(net::CircuitTicket);
    if (!ticket) {
        const net::Session::Context context{self_,         ports_.transport, ports_.clock,
                                            ports_.random, timing_,          *this};
        auto& session = sessions_[link] = std::make_unique<net::Session>(context, link, from);
        return session->on_data(bytes);
    }
    net::CircuitTicket shown{};
    std::copy_n(bytes.begin() + net::frame_prefix_size, shown.size(), shown.begin());
    ends_[link].early.assign(bytes.begin() + ticket_frame, bytes.end());
    on_ticket_shown ? on_ticket_shown(link, shown) : ticket_shown(link, shown);
}

void HostileRelay::on_data(net::LinkId link, net::ByteView bytes) {
    if (fresh_.contains(link)) return first_bytes(link, {bytes.begin(), bytes.end()});
    if (const auto found = sessions_.find(link); found != sessions_.end())
        return found->second->on_data(bytes);
    const auto end = ends_.find(link);
    if (end == ends_.end()) return;
    if (!end->second.other) {
        end->second.early.insert(end->second.early.end(), bytes.begin(), bytes.end());
        return;
    }
    net::Bytes copy(bytes.begin(), bytes.end());
    const auto to = *end->second.other;
    on_bytes ? on_bytes(to, std::move(copy)) : give(to, std::move(copy));
}

void HostileRelay::on_writable(net::LinkId link) {
    if (const auto found = sessions_.find(link); found != sessions_.end())
        found->second->on_writable();
}

void HostileRelay::on_closed(net::LinkId link, net::Ending::Reason reason) {
    fresh_.erase(link);
    if (const auto found = sessions_.find(link); found != sessions_.end())
        return found->second->on_closed(reason);
    const auto end = ends_.find(link);
    if (end == ends_.end()) return;
    const auto other = end->second.other;
    ends_.erase(end);
    if (other) close(*other);
}

void HostileRelay::on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) {
    if (const auto found = sessions_.find(ticket); found != sessions_.end())
        found->second->on_decrypted(secret);
}

void HostileRelay::flush() {
    for (const auto& [link, session] : sessions_) session->flush();
}

std::chrono::milliseconds HostileRelay::tick() {
    std::erase_if(sessions_, [](const auto& entry) {
        return entry.second->phase() == net::Session::Phase::ended;
    });
    const auto now = ports_.clock.monotonic();
    auto next = net::Milliseconds::max();
    for (const auto& [link, session] : sessions_) next = std::min(next, session->tick(now));
    flush();
    return next;
}

// --- sessions ---

crypto::Responder::Config HostileRelay::admission_for(const net::Session&) {
    return {
        [](const std::function<bool(net::ByteView)>& matches) -> std::optional<crypto::TokenMatch> {
            if (!matches(crypto::InviteToken{})) return std::nullopt;
            return crypto::TokenMatch{};
        }};
}

bool HostileRelay::decrypt(net::Session& session, net::Bytes ciphertext, bool) {
    return ports_.lane.submit(session.link(), std::move(ciphertext), true);
}

void HostileRelay::on_message(net::Session& session, net::Message message) {
    const auto* knock = std::get_if<net::CircuitKnock>(&message);
    if (knock == nullptr) return;
    knocks.push_back({session.peer(), *knock});
    on_knock ? on_knock(knocks.back()) : call(knocks.back());
}

void HostileRelay::on_ended(net::Session& session, const net::Ending&) {
    const auto found = clients_.find(session.peer());
    if (found != clients_.end() && found->second == &session) clients_.erase(found);
}

}  // namespace kith::test
