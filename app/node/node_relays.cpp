// SPDX-License-Identifier: MIT
//
// Commands about relays of one's own and about names at relays, and what is heard of them.
#include "app/node/node.hpp"

namespace kith::node {

namespace {

model::Reply no_names_here() {
    return tl::unexpected(model::Error{"not_supported", "This cannot be done from here."});
}

}  // namespace

void Node::on_relay(const net::RelayStatus& status) {
    relays_.heard(status);
    if (names_) names_->heard(status);
}

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
              [this, change = std::move(*change)] {
                  const auto before = relays_.all();
                  relays_.make(change);
                  if (names_) names_->relays_changed(before);
              });
}

void Node::run(const model::ClaimName& command, Done done) {
    if (!names_) return done(no_names_here());
    names_->claim(command, std::move(done));
}

void Node::run(const model::FindName& command, Done done) {
    if (!names_) return done(no_names_here());
    names_->find(command.name, [done = std::move(done)](auto found) {
        if (!found) return done(tl::unexpected(std::move(found.error())));
        done(std::move(*found));
    });
}

/// The ID that was found takes the name's place.
void Node::add_by_name(model::AddContact command, Done done) {
    if (!names_) return done(no_names_here());
    const std::string name = command.connection_id;
    names_->find(name, [this, command = std::move(command), done = std::move(done)](auto found) {
        if (!found) return done(tl::unexpected(std::move(found.error())));
        run(model::AddContact{std::move(found->connection_id), command.greeting}, done);
    });
}

}  // namespace kith::node
