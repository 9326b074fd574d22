// SPDX-License-Identifier: MIT
//
// Scenes for the pictures of the documentation, each with people of its own.
#pragma once

#include <cstdint>

#include "tests/window/camera.hpp"

namespace kith::window {

/// Where scenes are played: the window that is photographed, with some contacts.
struct Stage {
    Desktop& desktop;
    KithWindow& ada;
    Camera& camera;
    std::uint16_t discovery_port;  ///< of the window
};

void set_theme(Stage& stage, const std::string& theme);

/// People near, one of them with the name of `contact`.
void take_nearby(Stage& stage, const std::string& contact);
/// The ID as a QR code, the diagnosis page, the settings of the network. The window has to be
/// reached from outside as far as it knows: with a public address in its settings.
void take_network(Stage& stage);
/// Files that come and go: in the conversation, looked through, and in the drawer. `contact` is
/// one.
void take_files(Stage& stage, e2e::Instance& contact);
/// A relay in the settings, and what waits at it. relay.example.org has to be 127.0.0.1.
void take_relay(Stage& stage);

}  // namespace kith::window
