// SPDX-License-Identifier: MIT
#include "app/node/typing.hpp"

#include "app/node/convert.hpp"

namespace kith::node {

void Typing::writing(const Person& person, bool on) {
    if (!person.session || !person.is_contact()) return;
    const auto peer = person.row.id;
    const auto now = context_.clock.monotonic();
    const auto told = told_.find(peer);
    if (!on) {
        if (told == told_.end() || !std::exchange(told->second.on, false)) return;
    } else {
        if (told != told_.end() && now < told->second.last_on + told_every) return;
        told_[peer] = {now, true};
    }
    context_.endpoint->send(fingerprint(peer), net::Typing{on});
}

void Typing::written(const model::PeerId& peer) {
    if (const auto told = told_.find(peer); told != told_.end()) told->second.on = false;
}

void Typing::heard(Person& person, bool on) {
    if (on) {
        fades_at_[person.row.id] = context_.clock.monotonic() + fades_after;
    } else {
        fades_at_.erase(person.row.id);
    }
    show(person, on);
}

void Typing::ended(const model::PeerId& peer) {
    fades_at_.erase(peer);
    if (Person* person = context_.people.find(peer)) show(*person, false);
}

void Typing::session_down(const model::PeerId& peer) {
    told_.erase(peer);
    ended(peer);
}

void Typing::show(Person& person, bool on) {
    if (person.typing == on) return;
    shown_.try_emplace(person.row.id, person.typing);
    person.typing = on;
    context_.events.person_changed(person.row.id);
}

std::chrono::milliseconds Typing::tick(std::chrono::milliseconds now) {
    auto next = std::chrono::milliseconds::max();
    for (const auto& [peer, at] : std::map(fades_at_)) {
        if (at <= now) {
            ended(peer);
        } else {
            next = std::min(next, at);
        }
    }
    return next;
}

void Typing::flush() {
    for (const auto& [peer, before] : std::exchange(shown_, {})) {
        const Person* person = context_.people.find(peer);
        if (person != nullptr && person->typing != before)
            context_.events.publish(model::PeerTyping{peer, person->typing});
    }
}

}  // namespace kith::node
