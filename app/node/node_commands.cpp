// SPDX-License-Identifier: MIT
//
// Commands about the node itself and about people.
#include "app/node/addresses.hpp"
#include "app/node/convert.hpp"
#include "app/node/memory.hpp"
#include "app/node/names_text.hpp"
#include "app/node/node.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

/// Turns "stored or not" into a reply.
Contacts::Done answer(std::function<void(model::Reply)> done,
                      model::Answer answer = model::Done{}) {
    return [done = std::move(done), answer = std::move(answer)](auto saved) {
        if (saved) return done(answer);
        done(tl::unexpected(saved.error()));
    };
}

std::optional<model::Error> name_problem(std::string_view name) {
    if (!net::valid_utf8(name)) return model::Error{"bad_request", "The name is not valid UTF-8."};
    if (tidy_name(name).empty()) return model::Error{"empty", "The name is empty."};
    if (name.size() > model::name_max) {
        return model::Error{"too_long", "The name is too long: 64 bytes of UTF-8 at most."};
    }
    return std::nullopt;
}

store::Blob blob(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

model::Profile Node::profile() const {
    const Reach reach = whereabouts_.now();
    model::Profile profile;
    profile.self = peer_id(config_.self);
    profile.name = contacts_.own_name;
    profile.connection_id = crypto::format({config_.self, invite_token_, reach.candidates});
    profile.port = port_;
    profile.addresses = spell(reach.candidates);
    profile.version = config_.version;
    profile.password_protected = config_.password_protected;
    profile.status = presence_.status();
    profile.visible = settings_.visible;
    profile.private_team = team_.has_value();
    profile.outside = reach.outside;
    profile.outside_text = reach.outside_text;
    return profile;
}

void Node::announce_profile() {
    if (auto* discovery = nearby_.discovery()) discovery->set_self(discovery_self());
    auto now = profile();
    if (names_) names_->set_connection_id(now.connection_id);
    context_.events.publish(model::ProfileChanged{std::move(now)});
}

Person* Node::known(const model::PeerId& peer, const Done& done) {
    Person* person = context_.people.find(peer);
    if (person == nullptr)
        done(refuse("no_such_peer", "Nobody with that fingerprint is known here."));
    return person;
}

void Node::run(model::WhoAmI, Done done) { done(profile()); }

void Node::run(model::SetName command, Done done) {
    if (const auto problem = name_problem(command.name)) return done(tl::unexpected(*problem));
    const std::string name = tidy_name(command.name);
    save_meta("name", blob(name), std::move(done), [this, name] {
        contacts_.own_name = name;
        contacts_.send_cards();
        announce_profile();
    });
}

void Node::run(model::NewConnectionId, Done done) {
    const auto token = context_.random.array<std::tuple_size_v<crypto::InviteToken>>();
    auto reply = [this, done = std::move(done)](const model::Reply& stored) {
        done(stored ? model::Reply(profile()) : stored);
    };
    save_meta("invite_token", {token.begin(), token.end()}, std::move(reply), [this, token] {
        invite_token_ = token;
        context_.endpoint->set_invite_token(token);
        if (mail_) mail_->invite_changed(token);
        announce_profile();
    });
}

void Node::run(model::AddContact command, Done done) {
    if (looks_like_name(command.connection_id))
        return add_by_name(std::move(command), std::move(done));
    const auto id = crypto::parse_connection_id(command.connection_id);
    if (!id && crypto::parse_relay_address(command.connection_id)) {
        return done(refuse("bad_connection_id",
                           "This is the address of a relay, not of a person. Add it in the "
                           "settings under Relays."));
    }
    if (!id) return done(refuse("bad_connection_id", id.error().text));
    if (id->fingerprint == config_.self) {
        return done(refuse("own_id", "This is your own connection ID. Send it to somebody else."));
    }
    if (net::count_code_points(command.greeting) > model::greeting_max_code_points) {
        return done(refuse("too_long", "The greeting is too long: 256 characters at most."));
    }
    contacts_.add(*id, std::move(command.greeting),
                  answer(std::move(done), model::PeerReply{peer_id(id->fingerprint)}));
}

void Node::run(model::ListRequests, Done done) { done(context_.people.requests()); }

void Node::run(model::AcceptRequest command, Done done) {
    if (Person* person = known(command.peer, done))
        contacts_.accept(*person, answer(std::move(done)));
}

void Node::run(model::DenyRequest command, Done done) {
    if (Person* person = known(command.peer, done))
        contacts_.deny(*person, answer(std::move(done)));
}

void Node::run(model::BlockPeer command, Done done) {
    const auto stranger = nearby_.stranger(command.peer);
    if (stranger && context_.people.find(command.peer) == nullptr) {
        return contacts_.block_stranger(command.peer, stranger->own_name, answer(std::move(done)));
    }
    if (Person* person = known(command.peer, done))
        contacts_.block(*person, answer(std::move(done)));
}

void Node::run(model::UnblockPeer command, Done done) {
    if (Person* person = known(command.peer, done))
        contacts_.unblock(*person, answer(std::move(done)));
}

void Node::run(model::RemoveContact command, Done done) {
    if (Person* person = known(command.peer, done))
        contacts_.remove(*person, answer(std::move(done)));
}

void Node::run(model::RenameContact command, Done done) {
    Person* person = known(command.peer, done);
    if (person == nullptr) return;
    if (!command.name.empty()) {
        if (const auto problem = name_problem(command.name)) return done(tl::unexpected(*problem));
    }
    person->row.alias = tidy_name(command.name);  // empty: back to the name they go by
    context_.events.person_changed(command.peer);
    context_.save(*person, answer(std::move(done)));
}

void Node::run(model::ListPeers, Done done) {
    auto peers = context_.people.listed();
    nearby_.list(peers);
    done(std::move(peers));
}

void Node::run(model::ConnectPeer command, Done done) {
    Person* person = known(command.peer, done);
    if (person == nullptr) return;
    if (person->row.blocked)
        return done(refuse("blocked", "You have blocked this person. Unblock them first."));
    person->parted = false;
    contacts_.apply_route(*person);
    context_.endpoint->connect(fingerprint(command.peer));
    done(model::Done{});
}

void Node::run(model::DisconnectPeer command, Done done) {
    Person* person = known(command.peer, done);
    if (person == nullptr) return;
    person->parted = true;
    context_.endpoint->disconnect(fingerprint(command.peer), net::GoodbyeReason::closing);
    done(model::Done{});
}

void Node::run(model::GetSafetyNumber command, Done done) {
    if (!nearby_.stranger(command.peer) && known(command.peer, done) == nullptr) return;
    done(model::SafetyNumber{crypto::safety_number(config_.self, fingerprint(command.peer))});
}

void Node::run(model::SetVerified command, Done done) {
    Person* person = known(command.peer, done);
    if (person == nullptr) return;
    person->row.verified = command.verified;
    context_.events.person_changed(command.peer);
    context_.save(*person, answer(std::move(done)));
}

void Node::run(model::GetStats, Done done) {
    const auto counted = context_.endpoint->stats();
    model::Stats stats;
    stats.bytes_in = counted.bytes_in;
    stats.bytes_out = counted.bytes_out;
    stats.messages_in = counted.messages_in;
    stats.messages_out = counted.messages_out;
    stats.handshakes_ok = counted.handshakes_ok;
    stats.handshakes_failed = counted.handshakes_failed;
    stats.sessions = counted.sessions;
    stats.rss_bytes = resident_bytes();
    stats.uptime_ms = static_cast<std::uint64_t>((context_.clock.monotonic() - started_).count());
    done(stats);
}

}  // namespace kith::node
