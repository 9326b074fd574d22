// SPDX-License-Identifier: MIT
//
// Starting a node: what the store remembers, and what a first run makes up.
#include <charconv>

#include "app/node/convert.hpp"
#include "app/node/node.hpp"
#include "app/node/settings_text.hpp"

namespace kith::node {
namespace {

store::Blob blob(std::string_view text) { return {text.begin(), text.end()}; }
std::string text(const store::Blob& blob) { return {blob.begin(), blob.end()}; }

template <typename Number>
Number number(const store::Blob& value, Number otherwise) {
    const std::string digits = text(value);
    Number parsed{};
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), parsed);
    return error == std::errc{} && end == digits.data() + digits.size() ? parsed : otherwise;
}

}  // namespace

struct Node::Loader {
    Node& node;
    bool named = false;
    bool invited = false;

    void meta(const std::string& key, const store::Blob& value) {
        if (key == "name" && !value.empty()) {
            node.contacts_.own_name = text(value);
            named = true;
        } else if (key == "invite_token" && value.size() == node.invite_token_.size()) {
            std::copy(value.begin(), value.end(), node.invite_token_.begin());
            invited = true;
        } else if (key == "port") {
            node.stored_port_ = number<std::uint16_t>(value, 0);
        } else if (key == "boot") {
            node.boot_ = number<std::uint64_t>(value, 0);
        } else if (key == "relays") {
            node.relays_.load(text(value));
        } else if (key == "relay_names" && node.names_) {
            node.names_->load(text(value));
        } else if (key == "status") {
            node.presence_.remember_status(tidy_name(text(value)));
        } else if (key == "team_key" && value.size() == std::tuple_size_v<crypto::TeamKey>) {
            std::copy(value.begin(), value.end(), node.team_.emplace().begin());
        }
    }

    /// The oldest profiles have two values of their own instead of one for all.
    void settings(const store::Snapshot& snapshot) {
        const std::map<std::string, store::Blob> meta(snapshot.meta.begin(), snapshot.meta.end());
        for (const std::string key : {"theme", "zoom"}) {
            const auto found = meta.find(key);
            if (found != meta.end()) read_setting(key, text(found->second), node.settings_);
        }
        const auto found = meta.find("settings");
        if (found == meta.end()) return;
        read_settings(text(found->second), node.settings_, node.unknown_settings_);
    }

    void fill_in() {
        if (!named || node.config_.rename) {
            node.contacts_.own_name = node.config_.first_name;
            put("name", blob(node.config_.first_name));
        }
        if (!invited) {
            node.context_.random.fill(node.invite_token_);
            put("invite_token", {node.invite_token_.begin(), node.invite_token_.end()});
        }
    }

    void put(std::string key, store::Blob value) {
        node.save_meta(
            std::move(key), std::move(value), [](const model::Reply&) {}, [] {});
    }

    void people(store::Snapshot& snapshot) {
        for (auto& row : snapshot.peers) node.context_.people.put(std::move(row));
        for (auto& conversation : snapshot.conversations) {
            Person* person = node.context_.people.find(conversation.peer);
            if (person == nullptr) continue;
            person->unread = conversation.unread;
            person->last_activity = conversation.last_activity;
            person->last_text = preview(conversation.last_text);
            person->timer_mine = conversation.timer_mine;
            person->timer_theirs = conversation.timer_theirs;
        }
    }

    /// A copy of an older state must not count on from there: others remember the newer one.
    void next_boot() {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(node.context_.clock.wall()).count();
        node.boot_ = std::max(node.boot_ + 1,
                              static_cast<std::uint64_t>(std::max<decltype(seconds)>(seconds, 0)));
    }

    void routes() {
        node.context_.endpoint->set_invite_token(node.invite_token_);
        for (auto& [id, person] : node.context_.people) node.contacts_.apply_route(person);
    }
};

void Node::load(net::Endpoint& endpoint,
                std::function<void(tl::expected<void, model::Error>)> done) {
    context_.endpoint = &endpoint;
    context_.store.submit(store::LoadAll{}, [this, done = std::move(done)](store::Result result) {
        if (!result) return done(tl::unexpected(to_model(result.error())));
        auto& snapshot = std::get<store::Snapshot>(*result);
        Loader loader{*this};
        for (const auto& [key, value] : snapshot.meta) loader.meta(key, value);
        loader.settings(snapshot);
        loader.people(snapshot);
        transfers_.load(std::move(snapshot.transfers));
        transfers_.configure(settings_);
        loader.fill_in();
        loader.routes();
        loader.next_boot();
        retention_.keep_for(settings_.history_days);
        whereabouts_.configure(settings_.mapping, settings_.public_address);
        relays_.start();
        if (mail_) mail_->start(invite_token_);
        // What was announced under a number must not be announced again after a crash.
        save_meta(
            "boot", blob(std::to_string(boot_)), [done](const model::Reply&) { done({}); }, [] {});
    });
}

void Node::listening_on(std::uint16_t port) {
    whereabouts_.listening_on(port);
    port_ = port;
    if (port != stored_port_)
        save_meta(
            "port", blob(std::to_string(port)), [](const model::Reply&) {}, [] {});
    announce_profile();
}

void Node::save_meta(std::string key, store::Blob value, Done done, std::function<void()> then) {
    context_.store.submit(
        store::PutMeta{std::move(key), std::move(value)},
        [this, done = std::move(done), then = std::move(then)](const store::Result& result) {
            if (!result) {
                context_.report(model::NoticeLevel::error, result.error().text);
                return done(tl::unexpected(to_model(result.error())));
            }
            then();
            done(model::Done{});
        });
}

}  // namespace kith::node
