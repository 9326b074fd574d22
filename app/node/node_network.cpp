// SPDX-License-Identifier: MIT
//
// What surrounds the node: the local network, the router, presence, and the commands about them.
#include "app/node/addresses.hpp"
#include "app/node/convert.hpp"
#include "app/node/node.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

Problem greeting_problem(std::string_view greeting) {
    if (!net::valid_utf8(greeting))
        return model::Error{"bad_request", "The greeting is not valid UTF-8."};
    if (net::count_code_points(greeting) > model::greeting_max_code_points)
        return model::Error{"too_long", "The greeting is too long: 256 characters at most."};
    return std::nullopt;
}

Problem status_problem(std::string_view status) {
    if (!net::valid_utf8(status))
        return model::Error{"bad_request", "The status is not valid UTF-8."};
    if (status.size() > model::status_max)
        return model::Error{"too_long", "The status is too long: 140 bytes of UTF-8 at most."};
    return std::nullopt;
}

}  // namespace

// --- what the host tells ---

void Node::attach(net::Discovery* discovery) {
    nearby_.attach(nullptr);
    if (discovery != nullptr) {
        discovery->set_visible(settings_.visible);
        discovery->set_team(team_);
        discovery->set_self(discovery_self());
    }
    nearby_.attach(discovery);
    context_.network_changed();
}

net::Discovery::Self Node::discovery_self() const {
    return {contacts_.own_name, invite_token_, port_};
}

void Node::interfaces_changed(const std::vector<net::Interface>& /*interfaces*/, bool /*slept*/) {
    context_.endpoint->network_changed();
    whereabouts_.interfaces_changed();
    context_.network_changed();
}

void Node::mapping_changed(net::MappingStatus status) {
    whereabouts_.mapping_changed(std::move(status));
    context_.network_changed();
}

void Node::discovery_problem(std::string words) {
    if (words == discovery_problem_) return;
    discovery_problem_ = std::move(words);
    context_.network_changed();
}

void Node::set_team(std::optional<crypto::TeamKey> team,
                    std::function<void(tl::expected<void, model::Error>)> done) {
    store::Blob stored;
    if (team) stored.assign(team->begin(), team->end());
    auto reply = [done = std::move(done)](const model::Reply& saved) {
        if (!saved) return done(tl::unexpected(saved.error()));
        done({});
    };
    save_meta("team_key", std::move(stored), std::move(reply), [this, team] {
        team_ = team;
        if (auto* discovery = nearby_.discovery()) discovery->set_team(team_);
        announce_profile();
    });
}

/// Others are to know of it soon: contacts by cards, strangers by announcements.
void Node::moved() {
    context_.network_changed();
    auto candidates = whereabouts_.now().candidates;
    const bool elsewhere = candidates != told_;
    told_ = std::move(candidates);
    if (port_ == 0) return;  // not listening yet: nothing was given out
    if (elsewhere) contacts_.send_cards();
    announce_profile();
}

// --- commands ---

void Node::run(model::AddNearby command, Done done) {
    if (refused(greeting_problem(command.greeting), done)) return;
    const auto* heard = nearby_.announced(command.peer);
    if (heard == nullptr) {
        return done(refuse("not_nearby",
                           "This person is not heard in the local network now. Add them with "
                           "their connection ID."));
    }
    const crypto::ConnectionId id{heard->peer, heard->token, to_candidates(heard->addresses)};
    contacts_.add(
        id, std::move(command.greeting),
        [done = std::move(done), peer = command.peer](auto saved) {
            if (!saved) return done(tl::unexpected(std::move(saved.error())));
            done(model::PeerReply{peer});
        },
        heard->name);
}

void Node::run(model::ConnectAddress command, Done done) {
    address_probe_.run(std::move(command), std::move(done));
}

void Node::run(model::SetVisibility command, Done done) {
    run(model::ChangeSettings{.visible = command.visible},
        [done = std::move(done)](const model::Reply& reply) {
            done(reply ? model::Reply(model::Done{}) : reply);
        });
}

void Node::run(model::SetStatus command, Done done) {
    if (refused(status_problem(command.text), done)) return;
    const std::string status = tidy_name(command.text);
    save_meta("status", {status.begin(), status.end()}, std::move(done), [this, status] {
        presence_.set_status(status);
        announce_profile();
    });
}

void Node::run(model::SetActivity command, const Done& done) {
    presence_.set_active(command.active);
    done(model::Done{});
}

// --- the diagnosis page ---

namespace {

std::string people(std::uint64_t count, const char* one, const char* many) {
    return std::to_string(count) + (count == 1 ? one : many);
}

std::vector<std::string> words_of(const net::DiscoveryStats& stats) {
    std::vector<std::string> words;
    if (!stats.last_skewed.empty()) {
        words.push_back("The clock of " + stats.last_skewed +
                        " differs by more than 10 minutes from this computer's: it is not listed.");
    }
    const auto ignored = [&words](std::uint64_t count, const char* one, const char* many) {
        if (count > 0) words.push_back(people(count, one, many));
    };
    ignored(stats.foreign, " datagram was of another team, another version or another program.",
            " datagrams were of other teams, other versions or other programs.");
    ignored(stats.forged, " announcement was forged and ignored.",
            " announcements were forged and ignored.");
    ignored(stats.replayed, " announcement was a repetition and ignored.",
            " announcements were repetitions and ignored.");
    ignored(stats.dropped, " datagram was ignored because too many came at once.",
            " datagrams were ignored because too many came at once.");
    return words;
}

model::InterfaceStatus to_model(net::DiscoveryInterfaceStatus status) {
    model::InterfaceStatus out;
    out.name = std::move(status.name);
    out.addresses = std::move(status.addresses);
    out.sent = status.sent;
    out.heard = status.heard;
    out.ignored = status.ignored;
    if (status.last_heard_ago) out.last_heard_ms = status.last_heard_ago->count();
    out.problem = std::move(status.problem);
    return out;
}

/// What a reader is told about unasked: counters change all the time.
model::NetworkStatus without_counters(model::NetworkStatus status) {
    for (auto& interface : status.interfaces) {
        interface.sent = interface.heard = interface.ignored = 0;
        interface.last_heard_ms.reset();
    }
    std::erase_if(status.discovery_words,
                  [](const auto& words) { return words.find_first_of("0123456789") == 0; });
    return status;
}

}  // namespace

model::NetworkStatus Node::network_status() const {
    model::NetworkStatus status;
    Reach reach = whereabouts_.now();
    status.listening = spell(config_.listening());
    status.addresses = spell(reach.candidates);
    status.mapping = std::move(reach.mapping);
    status.mapped = std::move(reach.mapped);
    status.mapping_words = whereabouts_.mapping().words;
    status.public_address = std::move(reach.public_address);
    status.public_address_from = std::move(reach.public_address_from);
    status.outside = reach.outside;
    status.outside_text = std::move(reach.outside_text);
    status.discovery_problem = discovery_problem_;
    if (const auto* discovery = nearby_.discovery()) {
        for (auto& interface : discovery->interfaces())
            status.interfaces.push_back(to_model(std::move(interface)));
        status.discovery = discovery_problem_.empty() && !status.interfaces.empty();
        status.discovery_words = words_of(discovery->stats());
    }
    status.nearby = nearby_.count();
    status.relays = relays_.list().relays;
    status.last_errors.assign(context_.errors.begin(), context_.errors.end());
    return status;
}

void Node::run(model::GetNetworkStatus, Done done) { done(network_status()); }

std::chrono::milliseconds Node::tell_network_status(std::chrono::milliseconds now) {
    const auto earliest = status_looked_at_ + status_every;
    if (now < earliest && context_.network_dirty) return earliest;
    // What changes without a word is found when there is something else to do.
    if (!context_.network_dirty && now < status_looked_at_ + status_unasked)
        return std::chrono::milliseconds::max();
    status_looked_at_ = now;
    context_.network_dirty = false;
    auto status = network_status();
    if (auto plain = without_counters(status); plain != status_told_) {
        status_told_ = std::move(plain);
        context_.events.publish(model::NetworkStatusChanged{std::move(status)});
    }
    return std::chrono::milliseconds::max();
}

}  // namespace kith::node
