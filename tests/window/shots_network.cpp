// SPDX-License-Identifier: MIT
#include "tests/e2e/instance.hpp"
#include "tests/window/shots.hpp"

namespace kith::window {
namespace {

using e2e::Instance;

Instance::Options near(std::string name, std::uint16_t port) {
    Instance::Options options;
    options.name = std::move(name);
    options.discovery_port = port;
    return options;
}

}  // namespace

void take_nearby(Stage& stage, const std::string& contact) {
    const auto port = stage.discovery_port;
    Instance ines(near("Ines", port)), kofi(near("Kofi Mensah", port)), other(near(contact, port));
    for (Instance* who : {&ines, &kofi, &other})
        stage.ada.wait_for(label_of("nearby", who->fingerprint()));
    stage.camera.take("nearby");
    for (Instance* who : {&ines, &kofi, &other}) who->quit();
    stage.ada.wait_gone(label_of("nearby", kofi.fingerprint()));
}

void take_network(Stage& stage) {
    KithWindow& ada = stage.ada;
    ada.click("toolbar/diagnosis");
    ada.wait_for("diagnosis/close");
    stage.camera.take("diagnosis");
    ada.click("diagnosis/close");

    set_theme(stage, "light");
    ada.click("toolbar/show-id");
    ada.wait_for("connection-id/close");
    stage.camera.take("connection-id");
    ada.click("connection-id/close");
    ada.key("ctrl+comma");
    ada.click("settings/network");
    ada.wait_for("network/mapping");
    stage.camera.take("settings-network");
    ada.click("settings/close");
    set_theme(stage, "dark");
}

}  // namespace kith::window
