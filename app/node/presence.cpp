// SPDX-License-Identifier: MIT
#include "app/node/presence.hpp"

#include "app/node/convert.hpp"

namespace kith::node {
namespace {

constexpr std::uint8_t state_active = 0;
constexpr std::uint8_t state_idle = 1;

}  // namespace

void PresenceExchange::set_active(bool active) {
    if (std::exchange(active_, active) != active) tell_all();
}

void PresenceExchange::set_status(std::string status) {
    if (status == status_) return;
    status_ = std::move(status);
    tell_all();
}

void PresenceExchange::contact_up(const model::PeerId& peer) {
    // Who hears nothing takes this for granted.
    if (!active_ || !status_.empty()) tell(peer);
}

void PresenceExchange::tell(const model::PeerId& peer) {
    context_.endpoint->send(fingerprint(peer),
                            net::Presence{active_ ? state_active : state_idle, status_});
}

void PresenceExchange::tell_all() {
    for (const auto& [id, person] : context_.people) {
        if (person.session && person.is_contact()) tell(id);
    }
}

void PresenceExchange::heard(Person& person, const net::Presence& presence) {
    const bool idle = presence.state == state_idle;
    std::string status = tidy_name(presence.status);
    if (person.idle == idle && person.status == status) return;
    person.idle = idle;
    person.status = std::move(status);
    context_.events.person_changed(person.row.id);
}

void PresenceExchange::session_down(Person& person) {
    person.idle = false;
    person.status.clear();
}

}  // namespace kith::node
