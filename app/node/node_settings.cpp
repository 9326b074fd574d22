// SPDX-License-Identifier: MIT
//
// Commands about settings, and those that are answered in front of the node.
#include "app/node/node.hpp"
#include "app/node/settings_text.hpp"

namespace kith::node {
namespace {

model::Reply not_supported() {
    return tl::unexpected(model::Error{"not_supported", "This cannot be done from here."});
}

}  // namespace

void Node::run(model::GetSettings, const Done& done) { done(settings_); }

/// They are stored as a whole, so a change begins with those that are not stored yet.
void Node::run(const model::ChangeSettings& change, Done done) {
    model::Settings wanted = settings_under_way_ > 0 ? settings_to_be_ : settings_;
    model::apply(change, wanted);
    if (refused(settings_problem(wanted), done)) return;
    const std::string text = write_settings(wanted, unknown_settings_);
    settings_to_be_ = wanted;
    ++settings_under_way_;
    auto reply = [this, wanted, done = std::move(done)](const model::Reply& stored) {
        --settings_under_way_;
        done(stored ? model::Reply(wanted) : stored);
    };
    save_meta("settings", {text.begin(), text.end()}, std::move(reply), [this, wanted] {
        apply_settings(wanted);
        context_.events.publish(model::SettingsChanged{wanted});
    });
}

void Node::apply_settings(const model::Settings& settings) {
    const auto before = std::exchange(settings_, settings);
    if (before.history_days != settings.history_days) retention_.keep_for(settings.history_days);
    if (before.visible != settings.visible) {
        if (auto* discovery = nearby_.discovery()) discovery->set_visible(settings.visible);
        announce_profile();
    }
    whereabouts_.configure(settings.mapping, settings.public_address);
    transfers_.configure(settings);
}

void Node::set_password_protected(bool on) {
    config_.password_protected = on;
    announce_profile();
}

void Node::run(const model::ExportHistory&, const Done& done) { done(not_supported()); }
void Node::run(const model::SetPassword&, const Done& done) { done(not_supported()); }
void Node::run(const model::CreateBackup&, const Done& done) { done(not_supported()); }
void Node::run(const model::SetTeam&, const Done& done) { done(not_supported()); }

}  // namespace kith::node
