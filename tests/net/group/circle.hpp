// SPDX-License-Identifier: MIT
//
// A few members of one group, whose sessions are made and broken by hand. Nothing is lost; what
// they say is heard when settle() is called.
#pragma once

#include <deque>

#include "net/group/group_core.hpp"
#include "tests/net/group/group_sim.hpp"

namespace kith::test {

class Circle {
public:
    struct Node {
        explicit Node(std::uint8_t number) : person(number), random(number) {}
        Person person;
        HandClock clock;
        DeterministicRandom random;
        std::unique_ptr<GroupCore> core;
        bool holds = false;  ///< what is to be stored waits
        std::vector<Bytes> changes;
        std::vector<Header> headers;
        std::map<Hash, SignedItem> items;
        std::vector<std::string> texts;  ///< in the order they came
        std::vector<Action> unwritten;
        std::vector<Action> seen;  ///< everything but what is said
        std::vector<std::pair<Fingerprint, net::Message>> mail;
        [[nodiscard]] const Fingerprint& id() const { return person.id(); }
    };

    explicit Circle(std::uint8_t people) {
        for (std::uint8_t i = 0; i < people; ++i) {
            nodes_.emplace_back(static_cast<std::uint8_t>(i + 1));
            nodes_.back().clock.now = &now;
        }
        nodes_[0].core = GroupCore::create("friends", nodes_[0].person.record(), world(0));
        group = nodes_[0].core->id();
        collect(0);
    }
    /// Sessions between all, and the first `members` are in it.
    void gather(std::size_t members) {
        for (std::size_t a = 0; a < nodes_.size(); ++a) {
            for (std::size_t b = a + 1; b < nodes_.size(); ++b) connect(a, b);
        }
        for (std::size_t i = 1; i < members; ++i) {
            REQUIRE(at(0).add_member(nodes_[i].person.record()));
            settle();
        }
    }
    Node& operator[](std::size_t i) { return nodes_[i]; }
    GroupCore& at(std::size_t i) { return *nodes_[i].core; }
    [[nodiscard]] GroupCore::World world(std::size_t i) {
        auto& node = nodes_[i];
        return {node.id(), node.person.signing(), node.clock, node.random};
    }

    void connect(std::size_t a, std::size_t b, bool up = true) {
        if (up == sessions_.contains(std::minmax(a, b))) return;
        up ? (void)sessions_.insert(std::minmax(a, b)) : (void)sessions_.erase(std::minmax(a, b));
        for (const auto& [self, peer] : {std::pair(a, b), std::pair(b, a)}) {
            if (!nodes_[self].core) continue;
            const auto& id = nodes_[peer].id();
            up ? at(self).session_up(id) : at(self).session_down(id);
            collect(self);
        }
    }
    void away(std::size_t i, bool gone = true) {
        for (std::size_t other = 0; other < nodes_.size(); ++other) {
            if (other != i) connect(i, other, !gone);
        }
    }
    /// Until nobody has anything more to say.
    void settle() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) collect(i);
        heard_ = said_.size();
        while (!said_.empty()) {
            auto [from, to, message] = std::move(said_.front());
            said_.pop_front();
            if (sessions_.contains(std::minmax(from, to))) hear(to, from, std::move(message));
        }
    }
    void pass(std::chrono::milliseconds time) {
        now += time;
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i].core) (void)at(i).tick();
        }
        settle();
    }
    void hear(std::size_t to, std::size_t from, net::Message message, bool mailed = false) {
        if (!nodes_[to].core) start(to);
        at(to).hear(nodes_[from].id(), message, mailed);
        collect(to);
    }
    /// From what is stored.
    void start(std::size_t i) {
        auto& node = nodes_[i];
        node.unwritten.clear();
        node.core = std::make_unique<GroupCore>(group, world(i));
        REQUIRE(node.core->load(node.changes, node.headers));
        for (std::size_t other = 0; other < nodes_.size(); ++other) {
            if (other != i && sessions_.contains(std::minmax(i, other)))
                node.core->session_up(nodes_[other].id());
        }
        collect(i);
    }
    void say(std::size_t i, const std::string& text) {
        REQUIRE(at(i).send(TextBody{text, {}, {}}));
        collect(i);
    }
    void write(std::size_t i) {
        auto& node = nodes_[i];
        std::uint64_t sequence = 0;
        for (auto& action : std::exchange(node.unwritten, {})) {
            if (auto* change = std::get_if<StoreChange>(&action)) {
                sequence = change->sequence;
                node.changes.push_back(change->encoded);
            } else if (auto* item = std::get_if<StoreItem>(&action)) {
                sequence = item->sequence;
                node.headers.push_back(item->header);
                if (item->body && item->body->index() == 0)
                    node.texts.push_back(std::get<TextBody>(*item->body).text);
                node.items.insert_or_assign(item->header.hash, std::move(item->item));
            } else if (auto* body = std::get_if<StoreBody>(&action)) {
                sequence = body->sequence;
                node.texts.push_back(std::get<TextBody>(*body->body).text);
                node.items.insert_or_assign(body->item.hash, body->item);
            }
        }
        at(i).stored(sequence);
        collect(i);
    }
    void collect(std::size_t i) {
        auto& node = nodes_[i];
        while (node.core) {
            auto actions = node.core->take_actions();
            if (actions.empty()) break;
            for (auto& action : actions) perform(i, action);
            if (!node.holds && !node.unwritten.empty()) write(i);
        }
    }
    /// In the order they are shown.
    [[nodiscard]] std::vector<Hash> shown(std::size_t i) {
        auto out = at(i).history().latest(at(i).history().size());
        std::ranges::reverse(out);
        return out;
    }
    template <typename T>
    [[nodiscard]] std::size_t count(std::size_t i) {
        return static_cast<std::size_t>(std::ranges::count_if(
            nodes_[i].seen, [](const auto& a) { return std::holds_alternative<T>(a); }));
    }
    /// What was said and not heard yet.
    [[nodiscard]] std::size_t under_way() const { return said_.size(); }
    void lose() {
        for (std::size_t i = 0; i < nodes_.size(); ++i) collect(i);
        said_.clear();
    }
    /// In the last settle().
    [[nodiscard]] std::size_t said() const { return heard_; }

    std::chrono::milliseconds now{1000};
    net::GroupId group{};

private:
    void perform(std::size_t i, Action& action) {
        auto& node = nodes_[i];
        if (auto* send = std::get_if<Send>(&action)) {
            said_.emplace_back(i, index_of(send->to), std::move(send->message));
        } else if (auto* mail = std::get_if<Mail>(&action)) {
            nodes_[index_of(mail->to)].mail.emplace_back(node.id(), std::move(mail->message));
        } else if (auto* fetch = std::get_if<Fetch>(&action)) {
            std::vector<std::optional<SignedItem>> items;
            for (const auto& hash : fetch->items) {
                const auto found = node.items.find(hash);
                items.push_back(found == node.items.end() ? std::nullopt
                                                          : std::optional(found->second));
            }
            at(i).fetched(fetch->ticket, std::move(items));
        } else {
            const bool store = std::holds_alternative<StoreChange>(action) ||
                               std::holds_alternative<StoreItem>(action) ||
                               std::holds_alternative<StoreBody>(action);
            if (store) node.unwritten.push_back(action);
            node.seen.push_back(std::move(action));
        }
    }
    [[nodiscard]] std::size_t index_of(const Fingerprint& id) const {
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (nodes_[i].id() == id) return i;
        }
        return nodes_.size();
    }

    std::size_t heard_ = 0;
    std::deque<Node> nodes_;
    std::set<std::pair<std::size_t, std::size_t>> sessions_;
    std::deque<std::tuple<std::size_t, std::size_t, net::Message>> said_;
};

}  // namespace kith::test
