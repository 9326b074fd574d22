// SPDX-License-Identifier: MIT
#include "net/relay/relay_transport.hpp"

#include <algorithm>

#include "net/relay/circuit_link.hpp"

namespace kith::net {
namespace {

using namespace std::chrono_literals;
using Reason = Ending::Reason;

/// Relays are asked less often than people: nothing waits for them while nobody knocks.
Timing timing_of_lines() {
    Timing timing;
    timing.ping_after = 20s;
    timing.silence_max = 50s;
    return timing;
}

}  // namespace

RelayTransport::RelayTransport(const crypto::PublicBundle& self, Ports ports)
    : self_(self),
      ports_(std::move(ports)),
      timing_(timing_of_lines()),
      context_{self_, ports_.lower, ports_.clock, ports_.random, timing_, *this},
      mailbox_(self_.fingerprint(), ports_.clock, mailbox_lines()) {}

RelayTransport::~RelayTransport() = default;

// --- lines ---

RelayTransport::Line* RelayTransport::line_at(const Place& place) {
    const auto found = lines_.find(place);
    return found == lines_.end() ? nullptr : &found->second;
}

RelayTransport::Line* RelayTransport::line_of(LinkId link) {
    for (auto& [place, line] : lines_) {
        if (line.line.link() == link) return &line;
    }
    return nullptr;
}

RelayTransport::Line* RelayTransport::add_line(const crypto::RelayAddress& address) {
    const Place place{crypto::place_of(address), address.port};
    if (Line* known = line_at(place)) return known;
    const auto now = ports_.clock.monotonic();
    if (lines_.size() >= lines_max) return nullptr;
    return &lines_.try_emplace(place, address, context_, now).first->second;
}

void RelayTransport::set_relays(const std::vector<crypto::RelayAddress>& relays) {
    const auto now = ports_.clock.monotonic();
    for (auto& [place, line] : lines_) line.line.own = false;
    for (std::size_t i = 0; i < std::min(relays.size(), own_max); ++i) {
        Line* line = add_line(relays[i]);
        if (line == nullptr) continue;
        line->line.own = true;
        line->line.connect(ports_.resolve, now);
    }
    for (auto& [place, line] : lines_) {
        if (!line.line.own && line.told) line.line.used_at = now;  // gone when nobody uses it
        if (!line.line.own) line.told.reset();
        if (line.line.up()) mailbox_.set_own(place, line.line.own);
    }
}

std::vector<RelayStatus> RelayTransport::relays() const {
    std::vector<RelayStatus> all;
    for (const auto& [place, line] : lines_) {
        if (line.line.own) all.push_back(line.line.status());
    }
    return all;
}

void RelayTransport::network_changed() {
    const auto now = ports_.clock.monotonic();
    for (auto& [place, line] : lines_) line.line.look_around(ports_.resolve, now);
}

void RelayTransport::shut_down() {
    shut_ = true;
    for (auto& [place, line] : lines_) line.line.leave();
}

/// Those of others, when no circuit has needed them for a while.
void RelayTransport::drop_unused(Milliseconds now) {
    for (const auto& [id, circuit] : circuits_) {
        if (Line* line = line_at(circuit.place)) line->line.used_at = now;
    }
    for (auto& [place, line] : lines_) {
        if (mailbox_.needs(place)) line.line.used_at = now;
    }
    for (auto at = lines_.begin(); at != lines_.end();) {
        RelayLine& line = at->second.line;
        const bool unused = !line.own && now >= line.used_at + unused_line;
        if (unused && line.session() != nullptr) line.leave();
        at = unused && line.session() == nullptr ? lines_.erase(at) : std::next(at);
    }
}

void RelayTransport::report() {
    for (auto& [place, line] : lines_) {
        if (!line.line.own) continue;
        const RelayStatus status = line.line.status();
        const bool same =
            line.told && line.told->state == status.state && line.told->error == status.error;
        if (same) continue;
        line.told = status;
        if (ports_.listener != nullptr) ports_.listener->on_relay(status);
    }
}

MailboxClient::Lines RelayTransport::mailbox_lines() {
    const auto want = [this](const crypto::RelayAddress& relay) {
        Line* line = shut_ ? nullptr : add_line(relay);
        if (line == nullptr) return false;
        const auto now = ports_.clock.monotonic();
        line->line.used_at = now;
        line->line.connect(ports_.resolve, now);
        return true;
    };
    const auto up = [this](const Place& place) {
        Line* line = line_at(place);
        return line != nullptr && line->line.up();
    };
    const auto say = [this](const Place& place, const Message& message) {
        Line* line = line_at(place);
        if (line != nullptr && line->line.up()) line->line.session()->send(message);
    };
    const auto decrypt = [this](std::uint64_t ticket, Bytes ciphertext) {
        return ports_.lane.submit(ticket, std::move(ciphertext), true);
    };
    return {want, up, say, decrypt};
}

// --- their sessions ---

bool RelayTransport::decrypt(Session& session, Bytes ciphertext, bool) {
    return ports_.lane.submit(session.link(), std::move(ciphertext), true);
}

void RelayTransport::on_proven(Session& session) {
    Line* line = line_of(session.link());
    if (line == nullptr) return;
    session.bound_records(relay_payload_max);
    line->line.on_up();
    mailbox_.line_up(place_of(*line), line->line.own);
    (void)knock_waiting(ports_.clock.monotonic());
}

void RelayTransport::on_message(Session& session, Message message) {
    Line* line = line_of(session.link());
    if (line == nullptr) return;
    if (const auto* call = std::get_if<CircuitCall>(&message)) return called(*line, *call);
    if (const auto* known = std::get_if<CircuitReady>(&message)) return ready(*line, *known);
    if (const auto* answer = std::get_if<CircuitSeen>(&message)) return seen(*line, *answer);
    if (mailbox_.hear(place_of(*line), message)) return;
    if (const auto* refusal = std::get_if<CircuitRefusal>(&message)) refused(*line, *refusal);
}

void RelayTransport::on_ended(Session& session, const Ending& ending) {
    Line* line = line_of(session.link());
    if (line == nullptr) return;
    line->line.on_ended(ending, ports_.clock.monotonic());
    mailbox_.line_down(place_of(*line));
    for (const auto& [id, circuit] : circuits_) {
        // What has its ticket needs the line no more.
        if (!circuit.ticket && line_at(circuit.place) == line)
            failed_.emplace_back(id, Reason::unreachable);
    }
}

// --- Transport ---

void RelayTransport::send(LinkId link, Bytes bytes) {
    if (const auto lower = lower_of(link)) ports_.lower.send(*lower, std::move(bytes));
}

std::size_t RelayTransport::backlog(LinkId link) const {
    const auto lower = lower_of(link);
    return lower ? ports_.lower.backlog(*lower) : 0;
}

void RelayTransport::set_reading(LinkId link, bool reading) {
    if (const auto lower = lower_of(link)) ports_.lower.set_reading(*lower, reading);
}

void RelayTransport::close(LinkId link, bool now) {
    const auto lower = lower_of(link);
    if (is_circuit(link)) circuits_.erase(link);
    if (!lower) return;
    upper_of_lower_.erase(*lower);
    ports_.lower.close(*lower, now);
}

std::optional<int> RelayTransport::detach(LinkId link) {
    const auto lower = lower_of(link);
    auto taken = lower ? ports_.lower.detach(*lower) : std::nullopt;
    if (!taken || !is_circuit(link)) return taken;
    upper_of_lower_.erase(*lower);
    circuits_.erase(link);
    return taken;
}

// --- LinkListener ---

void RelayTransport::on_accepted(LinkId link, const SocketAddress& from) {
    upper_->on_accepted(link, from);
}

void RelayTransport::on_dialled(LinkId link) {
    if (Line* line = line_of(link)) return line->line.on_dialled();
    const auto found = upper_of_lower_.find(link);
    if (found == upper_of_lower_.end()) return upper_->on_dialled(link);
    circuit_dialled(found->second, circuits_.at(found->second));
}

void RelayTransport::on_data(LinkId link, ByteView bytes) {
    if (const auto found = upper_of_lower_.find(link); found != upper_of_lower_.end())
        return upper_->on_data(found->second, bytes);
    Line* line = line_of(link);
    if (line == nullptr) return upper_->on_data(link, bytes);
    if (Session* session = line->line.session()) session->on_data(bytes);
}

void RelayTransport::on_writable(LinkId link) {
    if (const auto found = upper_of_lower_.find(link); found != upper_of_lower_.end())
        return upper_->on_writable(found->second);
    Line* line = line_of(link);
    if (line == nullptr) return upper_->on_writable(link);
    if (Session* session = line->line.session()) session->on_writable();
}

void RelayTransport::on_closed(LinkId link, Reason reason) {
    if (Line* line = line_of(link)) return line->line.on_closed(reason);
    const auto found = upper_of_lower_.find(link);
    if (found == upper_of_lower_.end()) return upper_->on_closed(link, reason);
    const LinkId id = found->second;
    upper_of_lower_.erase(found);
    circuits_.at(id).lower.reset();
    fail(id, reason);
}

void RelayTransport::on_decrypted(std::uint64_t ticket, crypto::SecretBytes secret) {
    const bool mail = !is_circuit(ticket) && (ticket & MailboxClient::ticket_bit) != 0;
    if (mail) return mailbox_.on_decrypted(ticket, secret);
    Line* line = line_of(ticket);
    if (line == nullptr) return upper_->on_decrypted(ticket, std::move(secret));
    if (Session* session = line->line.session()) session->on_decrypted(secret);
}

void RelayTransport::flush() {
    upper_->flush();
    mailbox_.flush();
    for (auto& [place, line] : lines_) {
        if (Session* session = line.line.session()) session->flush();
    }
}

std::chrono::milliseconds RelayTransport::tick() {
    const auto now = ports_.clock.monotonic();
    for (const auto& [id, reason] : std::exchange(failed_, {})) {
        if (circuits_.contains(id))
            fail(id, reason);
        else
            upper_->on_closed(id, reason);
    }
    auto next = Milliseconds::max();
    std::vector<LinkId> late;
    for (const auto& [id, circuit] : circuits_) {
        if (circuit.stands) continue;
        if (circuit.until <= now) late.push_back(id);
        next = std::min(next, circuit.until);
    }
    for (const LinkId id : late) fail(id, Reason::timed_out);
    if (knock_waiting(now)) next = std::min(next, now + knock_pause);
    if (!shut_) {
        drop_unused(now);
        for (auto& [place, line] : lines_) {
            next = std::min(next, line.line.tick(ports_.resolve, now));
            if (!line.line.own)
                next = std::min(next, std::max(now, line.line.used_at) + unused_line);
        }
    }
    report();
    next = std::min({next, mailbox_.tick(), upper_->tick()});
    flush();
    return failed_.empty() ? next : now;
}

}  // namespace kith::net
