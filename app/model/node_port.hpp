// SPDX-License-Identifier: MIT
//
// The seam between whoever gives commands on the network thread (the control server, the window's
// bridge) and the node that carries them out. Network thread only.
#pragma once

#include <functional>
#include <string_view>

#include "app/model/event.hpp"

namespace kith::model {

class EventSink {
public:
    virtual ~EventSink() = default;
    virtual void on_event(const Event& event) = 0;
};

class NodePort {
public:
    virtual ~NodePort() = default;
    /// `done` is called exactly once, at once or after the storage thread has committed.
    virtual void execute(Command command, std::function<void(Reply)> done) = 0;
    /// A fingerprint, an unambiguous prefix of 8 or more digits, or a contact's name.
    /// Error codes: no_such_peer, ambiguous_peer.
    [[nodiscard]] virtual tl::expected<PeerId, Error> resolve(std::string_view peer) const = 0;
    virtual void subscribe(EventSink& sink) = 0;
    virtual void unsubscribe(EventSink& sink) = 0;
};

/// What belongs to the process rather than to the node.
class HostPort {
public:
    virtual ~HostPort() = default;
    virtual void quit() = 0;
    /// Error code: not_supported without a window.
    virtual void screenshot(std::string path,
                            std::function<void(tl::expected<void, Error>)> done) = 0;
    /// Error code: not_supported without a window.
    virtual tl::expected<void, Error> raise() = 0;
};

}  // namespace kith::model
