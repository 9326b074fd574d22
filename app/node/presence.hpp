// SPDX-License-Identifier: MIT
//
// What contacts learn of this person beside being connected: whether somebody is at the window, and
// a status text; and the same of them. docs/protocol.md, "Presence". Network thread only.
#pragma once

#include "app/node/context.hpp"

namespace kith::node {

class PresenceExchange {
public:
    explicit PresenceExchange(Context& context) : context_(context) {}

    /// Of earlier runs; tells nobody.
    void remember_status(std::string status) { status_ = std::move(status); }
    [[nodiscard]] const std::string& status() const { return status_; }

    void set_active(bool active);
    void set_status(std::string status);
    /// A session with a contact has begun, or its peer has become one. Nobody else learns anything.
    void contact_up(const model::PeerId& peer);

    void heard(Person& person, const net::Presence& presence);
    /// What they said holds while they are connected.
    static void session_down(Person& person);

private:
    void tell(const model::PeerId& peer);
    void tell_all();

    Context& context_;
    bool active_ = true;
    std::string status_;
};

}  // namespace kith::node
