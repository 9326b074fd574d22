// SPDX-License-Identifier: MIT
//
// Replies and events as the JSON lines of docs/user-guide.md. Strings of other people may hold
// anything: what is not UTF-8 is replaced, nothing throws. Lines come without their newline.
#pragma once

#include <string>
#include <string_view>

#include "app/model/event.hpp"

namespace kith::control {

/// `id` is JSON text. `self` is who sent the outgoing messages.
[[nodiscard]] std::string reply_line(std::string_view id, const model::Reply& reply,
                                     const model::PeerId& self);
[[nodiscard]] std::string error_line(std::string_view id, const model::Error& error);
[[nodiscard]] std::string event_line(const model::Event& event, const model::PeerId& self);

/// What a headless node prints on standard output once it can be used.
[[nodiscard]] std::string ready_line(const model::Profile& profile,
                                     const std::string& control_path);

/// What a latest-wins event is about: a newer one with the same subject replaces it. Empty for
/// events that must all arrive.
[[nodiscard]] std::string latest_wins_subject(const model::Event& event);
/// The subjects about one person or relay.
[[nodiscard]] std::string peer_subject(const model::PeerId& peer);
[[nodiscard]] std::string typing_subject(const model::PeerId& peer);
[[nodiscard]] std::string relay_subject(const std::string& address);

}  // namespace kith::control
