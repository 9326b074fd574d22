// SPDX-License-Identifier: MIT
#include "net/relay/puncher.hpp"

#include <algorithm>

#include "net/discovery/local_address.hpp"
#include "net/socket_names.hpp"

namespace kith::net {
namespace {

/// Not of many machines, and not of this one alone.
bool is_somewhere(const SocketAddress& address) {
    const Bytes& bytes = address.address;
    if (is_loopback(address) || is_link_local(address)) return false;
    if (bytes.size() == 4) return bytes[0] != 0 && bytes[0] < 224;
    return bytes.size() == 16 && ((bytes[0] & 0xE0) == 0x20 || (bytes[0] & 0xFE) == 0xFC);
}

}  // namespace

bool may_punch(const SocketAddress& theirs, const SocketAddress& own) {
    return is_somewhere(theirs) && is_somewhere(own) &&
           theirs.address.size() == own.address.size() && is_local(theirs) == is_local(own) &&
           theirs.port >= Puncher::port_min && theirs != own;
}

// --- sessions ---

Puncher::Course* Puncher::course_of(const Fingerprint& peer) {
    const auto found = courses_.find(peer);
    return found == courses_.end() ? nullptr : &found->second;
}

void Puncher::on_session(const Fingerprint& peer, LinkId circuit, bool leads, Milliseconds now) {
    on_session_gone(peer);
    if (stopped_) return;
    const auto due = leads ? now + settling : Milliseconds::max();
    courses_.emplace(peer, Course{circuit, leads, Backoff(retry_min, retry_max), due});
}

void Puncher::on_session_gone(const Fingerprint& peer) {
    Course* course = course_of(peer);
    if (course == nullptr) return;
    drop_link(*course);
    courses_.erase(peer);
}

void Puncher::stop() {
    stopped_ = true;
    for (auto& [peer, course] : courses_) drop_link(course);
    courses_.clear();
}

// --- agreeing ---

void Puncher::ask(const Fingerprint& peer, Course& course, Milliseconds now) {
    if (course.seen) return course.leads ? offer(peer, course, now) : answer(peer, course, now);
    course.phase = Phase::asking;
    course.due = now + patience;
    if (!transport_.ask_whence(course.circuit)) rest(course, now);
}

/// A circuit's connection comes from the same place as long as it lasts.
void Puncher::on_seen(LinkId circuit, const SocketAddress& from, Milliseconds now) {
    const auto found = std::ranges::find(courses_, circuit,
                                         [](const auto& entry) { return entry.second.circuit; });
    if (found == courses_.end()) return;
    auto& [peer, course] = *found;
    if (course.phase != Phase::asking) return;
    course.seen = from;
    if (!is_somewhere(from)) course.tries = tries_max;  // a relay on this machine
    if (course.tries >= tries_max) return rest(course, now);
    ask(peer, course, now);
}

void Puncher::offer(const Fingerprint& peer, Course& course, Milliseconds now) {
    course.phase = Phase::offered;
    course.offered_at = now;
    course.due = now + patience;
    host_.send_punch(peer, PunchOffer{course.round, course.seen->address, course.seen->port});
}

void Puncher::answer(const Fingerprint& peer, Course& course, Milliseconds now) {
    if (!may_punch(*course.theirs, *course.seen)) return rest(course, now);
    offer(peer, course, now);
}

void Puncher::on_offer(const Fingerprint& peer, const PunchOffer& offer, Milliseconds now) {
    Course* course = course_of(peer);
    if (course == nullptr || course->tries >= tries_max) return;
    const SocketAddress theirs{offer.address, offer.port, 0};
    if (course->leads) {
        if (course->phase != Phase::offered || offer.round != course->round) return;
        course->theirs = theirs;
        return agree(peer, *course, now);
    }
    const bool early = course->heard_at && now < *course->heard_at + offers_apart;
    if (early || now < course->until) return;
    course->heard_at = now;
    course->round = offer.round;
    course->theirs = theirs;
    ask(peer, *course, now);
}

/// They begin when the go arrives, half a round trip from now.
void Puncher::agree(const Fingerprint& peer, Course& course, Milliseconds now) {
    if (!may_punch(*course.theirs, *course.seen)) {
        course.tries = tries_max;
        return rest(course, now);
    }
    course.phase = Phase::agreed;
    course.due = now + std::min((now - course.offered_at) / 2, head_start_max);
    host_.send_punch(peer, PunchGo{course.round});
}

void Puncher::on_go(const Fingerprint& peer, const PunchGo& go, Milliseconds now) {
    Course* course = course_of(peer);
    if (course == nullptr || course->leads || course->phase != Phase::offered) return;
    if (go.round != course->round) return;
    punch(*course, now);
    if (course->phase == Phase::punching) dial(peer, *course);
}

// --- punching ---

void Puncher::punch(Course& course, Milliseconds now) {
    const auto busy = std::ranges::count(courses_, Phase::punching,
                                         [](const auto& entry) { return entry.second.phase; });
    if (static_cast<std::size_t>(busy) >= at_once) return rest(course, now);
    ++course.tries;
    course.phase = Phase::punching;
    course.dials = 0;
    course.until = now + window;
    course.due = now;
}

void Puncher::dial(const Fingerprint& peer, Course& course) {
    course.due = course.until;
    if (course.link || course.dials >= dials_max) return;
    ++course.dials;
    course.link = transport_.dial_beside(course.circuit, *course.theirs);
    links_.emplace(*course.link, peer);
}

void Puncher::on_dialled(LinkId link, Milliseconds now) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    const Fingerprint peer = found->second;
    Course& course = courses_.at(peer);
    links_.erase(found);
    course.link.reset();
    const SocketAddress to = *course.theirs;
    rest(course, now);
    host_.on_punched(peer, link, to, course.leads);
}

/// Refused: their packet opened nothing here yet, or a router says so on their behalf.
void Puncher::on_closed(LinkId link, Milliseconds now) {
    const auto found = links_.find(link);
    if (found == links_.end()) return;
    Course& course = courses_.at(found->second);
    links_.erase(found);
    course.link.reset();
    course.due = std::min(now + redial, course.until);
}

void Puncher::drop_link(Course& course) {
    if (!course.link) return;
    links_.erase(*course.link);
    transport_.close(*course.link, true);
    course.link.reset();
}

/// Until the window is over nothing is said, whatever came of it: or who named the place would hear
/// whether anybody listens there.
void Puncher::rest(Course& course, Milliseconds now) {
    drop_link(course);
    course.phase = Phase::resting;
    course.theirs.reset();
    const bool again = course.leads && course.tries < tries_max;
    const auto from = std::max(now, course.until);
    course.due = again ? from + course.backoff.next(random_) : Milliseconds::max();
}

// --- time ---

Puncher::Milliseconds Puncher::tick(Milliseconds now) {
    auto next = Milliseconds::max();
    for (auto& [peer, course] : courses_) {
        if (course.due <= now) step(peer, course, now);
        next = std::min(next, course.due);
    }
    return next;
}

void Puncher::step(const Fingerprint& peer, Course& course, Milliseconds now) {
    switch (course.phase) {
        case Phase::resting:
            ++course.round;
            return ask(peer, course, now);
        case Phase::asking:
        case Phase::offered:
            return rest(course, now);  // nobody answered
        case Phase::agreed:
            punch(course, now);
            if (course.phase == Phase::punching) dial(peer, course);
            return;
        case Phase::punching:
            if (now >= course.until) return rest(course, now);
            return dial(peer, course);
    }
}

}  // namespace kith::net
