// SPDX-License-Identifier: MIT
//
// Commands about relays of one's own, and what is heard of them.
#include "app/node/node.hpp"

namespace kith::node {

void Node::on_relay(const net::RelayStatus& status) { relays_.heard(status); }

void Node::run(model::ListRelays, const Done& done) { done(relays_.list()); }

void Node::run(const model::AddRelay& command, Done done) {
    change_relays(relays_.with(command.address), std::move(done));
}

void Node::run(const model::RemoveRelay& command, Done done) {
    change_relays(relays_.without(command.address), std::move(done));
}

void Node::change_relays(tl::expected<Relays::Change, model::Error> change, Done done) {
    if (!change) return done(tl::unexpected(std::move(change.error())));
    relays_.propose(*change);
    const std::string text = Relays::to_text(change->kept);
    auto reply = [this, done = std::move(done)](const model::Reply& stored) {
        if (!stored) relays_.withdraw();
        done(stored ? model::Reply(relays_.list()) : stored);
    };
    save_meta("relays", {text.begin(), text.end()}, std::move(reply),
              [this, change = std::move(*change)] { relays_.make(change); });
}

}  // namespace kith::node
