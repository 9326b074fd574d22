// SPDX-License-Identifier: MIT
#include "tests/net/group/group_sim.hpp"

#include <algorithm>

namespace kith::test {

using namespace std::chrono_literals;

namespace {

const std::vector<std::unique_ptr<Person>>& everybody() {
    static const auto all = [] {
        std::vector<std::unique_ptr<Person>> out;
        for (std::uint8_t i = 1; i <= GroupSim::people; ++i)
            out.push_back(std::make_unique<Person>(i));
        return out;
    }();
    return all;
}

std::pair<std::size_t, std::size_t> link(std::size_t a, std::size_t b) { return std::minmax(a, b); }

}  // namespace

GroupSim::GroupSim(std::uint64_t seed) : random_(seed), nodes_(people) {
    for (std::size_t i = 0; i < people; ++i) {
        auto& node = nodes_[i];
        node.person = everybody()[i].get();
        node.clock.now = &now_;
        // Some clocks are minutes off, one may be years ahead.
        node.clock.skew = std::chrono::milliseconds(roll(600'000)) - 5min;
        if (roll(40) == 0) node.clock.skew += 24h * 1000;
        node.random = std::make_unique<DeterministicRandom>(seed * 1000 + i);
        index_[node.person->id()] = i;
    }
    loss_ = static_cast<unsigned>(roll(20));
    doubling_ = static_cast<unsigned>(roll(20));
    mail_lost_ = static_cast<unsigned>(roll(101));
    delay_ = std::chrono::milliseconds(1 + roll(3000));
}
GroupSim::~GroupSim() = default;

std::uint64_t GroupSim::roll(std::uint64_t sides) {
    std::uint64_t out = 0;
    for (const auto byte : random_.array<8>()) out = out << 8 | byte;
    return out % sides;
}

std::size_t GroupSim::index_of(const Fingerprint& id) const { return index_.at(id); }

void GroupSim::fail(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
}

// --- the run ---

std::optional<std::string> GroupSim::run() {
    begin();
    const std::size_t steps = 60 + roll(120);
    for (std::size_t i = 0; i < steps && problem_.empty(); ++i) {
        something_happens();
        pass(std::chrono::milliseconds(roll(20'000)));
    }
    loss_ = doubling_ = 0;
    delay_ = 50ms;
    for (std::size_t i = 0; i < people; ++i) {
        if (!nodes_[i].running) restart(i);
    }
    for (std::size_t a = 0; a < people; ++a) {
        for (std::size_t b = a + 1; b < people; ++b) connect(a, b, true);
    }
    std::optional<std::string> differ = "nothing was compared";
    for (std::size_t s = 0; s < 1200 && differ && problem_.empty(); s += 5) {
        pass(5s);
        differ = converged();
        counts_.heal_s = s + 5;
    }
    if (!problem_.empty()) return problem_;
    return differ;
}

void GroupSim::begin() {
    auto& founder = nodes_[0];
    const GroupCore::World world{founder.person->id(), founder.person->signing(), founder.clock,
                                 *founder.random};
    founder.core = GroupCore::create("sim", founder.person->record(), world);
    group_ = founder.core->id();
    for (std::size_t a = 0; a < people; ++a) {
        for (std::size_t b = a + 1; b < people; ++b) {
            if (chance(60)) connect(a, b, true);
        }
    }
    collect(0);
    const std::size_t first = 3 + roll(10);
    for (std::size_t i = 1; i <= first; ++i) {
        (void)founder.core->add_member(nodes_[i].person->record(), 0);
        if (chance(30)) (void)founder.core->set_admin(nodes_[i].person->id(), true);
        collect(0);
        if (chance(50)) pass(1s);
    }
}

void GroupSim::something_happens() {
    const auto what = roll(100);
    const auto i = roll(people);
    auto& node = nodes_[i];
    if (what < 10) return links_change();
    if (what < 16) return node.running ? crash(i) : restart(i);
    if (!node.running || !node.core) return;
    if (what < 40) {
        somebody_changes_members(node);
    } else {
        somebody_writes(node);
    }
    collect(i);
}

/// Mostly somebody who may.
void GroupSim::somebody_changes_members(Node& first) {
    auto* chosen = &first;
    for (int tries = 0; tries < 8; ++tries) {
        if (chosen->running && chosen->core &&
            chosen->core->members()->is_admin(chosen->person->id()))
            break;
        chosen = &nodes_[roll(people)];
    }
    if (!chosen->running || !chosen->core) return;
    auto& node = *chosen;
    const auto& other = *nodes_[roll(people)].person;
    Done done = tl::unexpected(Refusal::invalid);
    switch (roll(8)) {
        case 0:
        case 1:
        case 2:
            done = node.core->add_member(other.record(), chance(30) ? roll(40) : 0);
            break;
        case 3:
        case 4:
            done = node.core->remove_member(other.id());
            counts_.removals += done.has_value();
            break;
        case 5:
            done = node.core->set_admin(other.id(), chance(60));
            break;
        case 6:
            done = node.core->rename("n" + std::to_string(roll(1000)));
            break;
        default:
            done = chance(10) ? node.core->leave() : node.core->set_card(other.record().card);
    }
    counts_.changes += done.has_value();
    collect(index_of(node.person->id()));
}

void GroupSim::somebody_writes(Node& node) {
    for (auto left = 1 + roll(4); left > 0; --left) {
        const auto done = node.core->send(TextBody{"text " + std::to_string(++number_), {}, {}});
        counts_.messages += done.has_value();
    }
    if (const auto heads = node.core->history().heads(false); !heads.empty() && chance(30))
        node.core->read(node.core->history().at(heads.back()).hash);
}

void GroupSim::links_change() {
    // A partition in two, or single links.
    const bool split = chance(40);
    std::vector<bool> side;
    for (std::size_t i = 0; i < people; ++i) side.push_back(chance(50));
    for (std::size_t a = 0; a < people; ++a) {
        for (std::size_t b = a + 1; b < people; ++b) {
            if (split) connect(a, b, side[a] == side[b]);
            if (!split && chance(20)) connect(a, b, chance(60));
        }
    }
}

// --- nodes and links ---

void GroupSim::connect(std::size_t a, std::size_t b, bool up) {
    up = up && nodes_[a].running && nodes_[b].running;
    if (up == sessions_.contains(link(a, b))) return;
    if (up) {
        sessions_[link(a, b)] = ++number_;
    } else {
        sessions_.erase(link(a, b));
    }
    for (const auto& [self, peer] : {std::pair(a, b), std::pair(b, a)}) {
        auto* core = nodes_[self].core.get();
        if (core == nullptr) continue;
        const auto& id = nodes_[peer].person->id();
        up ? core->session_up(id) : core->session_down(id);
        collect(self);
    }
}

void GroupSim::crash(std::size_t i) {
    ++counts_.crashes;
    auto& node = nodes_[i];
    node.core.reset();
    node.unwritten.clear();
    node.running = false;
    for (std::size_t other = 0; other < people; ++other) {
        if (other != i) connect(i, other, false);
    }
}

void GroupSim::restart(std::size_t i) {
    auto& node = nodes_[i];
    node.running = true;
    if (!node.changes.empty()) join(i);
    for (std::size_t other = 0; other < people; ++other) {
        if (other != i && chance(60)) connect(i, other, true);
    }
    open_mail(i);
}

void GroupSim::join(std::size_t i) {
    auto& node = nodes_[i];
    const GroupCore::World world{node.person->id(), node.person->signing(), node.clock,
                                 *node.random};
    node.core = std::make_unique<GroupCore>(group_, world);
    std::vector<Header> headers;
    for (const auto& stored : node.items) headers.push_back(stored.header);
    if (!node.core->load(node.changes, headers)) fail("what was stored does not load");
    for (std::size_t other = 0; other < people; ++other) {
        if (other != i && sessions_.contains(link(i, other)))
            node.core->session_up(nodes_[other].person->id());
    }
    collect(i);
}

// --- what the cores want ---

void GroupSim::collect(std::size_t i) {
    auto& node = nodes_[i];
    while (node.core) {
        auto actions = node.core->take_actions();
        if (actions.empty()) break;
        for (auto& action : actions) perform(i, action);
    }
}

void GroupSim::perform(std::size_t i, Action& action) {
    auto& node = nodes_[i];
    if (std::holds_alternative<StoreChange>(action) || std::holds_alternative<StoreItem>(action) ||
        std::holds_alternative<StoreBody>(action)) {
        node.unwritten.push_back(std::move(action));
    } else if (const auto* out = std::get_if<Send>(&action)) {
        send(i, out->to, out->message);
    } else if (const auto* mail = std::get_if<Mail>(&action)) {
        check_open(node, mail->to, mail->message);
        if (!chance(mail_lost_))
            nodes_[index_of(mail->to)].mailbox.emplace_back(node.person->id(), mail->message);
    } else if (const auto* fetch = std::get_if<Fetch>(&action)) {
        std::vector<std::optional<SignedItem>> items;
        for (const auto& hash : fetch->items) {
            const auto at = node.where.find(hash);
            items.push_back(at == node.where.end() ? std::nullopt
                                                   : std::optional(node.items[at->second].item));
        }
        node.core->fetched(fetch->ticket, std::move(items));
    }
}

/// The first `count` of what waits becomes durable.
void GroupSim::write(std::size_t i, std::size_t count) {
    auto& node = nodes_[i];
    if (!node.core || count == 0) return;
    count = std::min(count, node.unwritten.size());
    for (std::size_t n = 0; n < count; ++n) commit(node, node.unwritten[n]);
    node.unwritten.erase(node.unwritten.begin(),
                         node.unwritten.begin() + static_cast<std::ptrdiff_t>(count));
    node.core->stored(node.written_up_to);
    collect(i);
}

void GroupSim::commit(Node& node, Action& action) {
    if (auto* change = std::get_if<StoreChange>(&action)) {
        node.written_up_to = change->sequence;
        node.changes.push_back(change->encoded);
    } else if (auto* item = std::get_if<StoreItem>(&action)) {
        node.written_up_to = item->sequence;
        if (!node.where.emplace(item->header.hash, node.items.size()).second)
            fail("a message was stored twice");
        if (!item->body) fail("a message has no body");
        node.items.push_back({std::move(item->item), item->header});
    } else if (auto* body = std::get_if<StoreBody>(&action)) {
        node.written_up_to = body->sequence;
    }
}

// --- the network ---

void GroupSim::send(std::size_t from, const Fingerprint& to, const net::Message& message) {
    const auto peer = index_of(to);
    const auto session = sessions_.find(link(from, peer));
    if (session == sessions_.end()) return fail("said to somebody who is not there");
    check_open(nodes_[from], to, message);
    for (int copies = chance(doubling_) ? 2 : 1; copies > 0; --copies) {
        if (chance(loss_)) continue;
        const auto delay =
            std::chrono::milliseconds(1 + roll(static_cast<std::uint64_t>(delay_.count())));
        flights_.push({now_ + delay, ++number_, from, peer, session->second, message});
    }
}

/// Nobody is ever given what was written for those without them.
void GroupSim::check_open(const Node& from, const Fingerprint& to, const net::Message& message) {
    const auto* item = std::get_if<net::GroupItem>(&message);
    if (item == nullptr) return;
    const auto& log = from.core->log();
    const auto decoded = decode_item(*item);
    if (!decoded) return fail("a message was handed on damaged");
    const auto* member = log.members()->find(to);
    if (member == nullptr) return fail("a message for somebody who is no member");
    const auto then = log.members_at(decoded->envelope.view);
    if (then->find(to) == nullptr && !log.shared_with(to).contains(decoded->hash))
        fail("a message for somebody who was no member");
}

void GroupSim::deliver(std::size_t to, const Fingerprint& from, net::Message message, bool mailed) {
    auto& node = nodes_[to];
    if (!node.core) {
        const auto* changes = std::get_if<net::GroupChanges>(&message);
        const auto* have = std::get_if<net::GroupHave>(&message);
        if (changes == nullptr && have == nullptr) return;
        join(to);
    }
    node.core->hear(from, message, mailed);
    collect(to);
}

void GroupSim::open_mail(std::size_t i) {
    for (auto& [from, message] : std::exchange(nodes_[i].mailbox, {}))
        deliver(i, from, std::move(message), true);
}

void GroupSim::pass(std::chrono::milliseconds time) {
    const auto until = now_ + time;
    while (now_ < until) {
        now_ = std::min(until, now_ + 500ms);
        while (!flights_.empty() && flights_.top().at <= now_) {
            auto flight = flights_.top();
            flights_.pop();
            const auto session = sessions_.find(link(flight.from, flight.to));
            if (session == sessions_.end() || session->second != flight.session) continue;
            deliver(flight.to, nodes_[flight.from].person->id(), std::move(flight.message), false);
        }
        for (std::size_t i = 0; i < people; ++i) {
            auto& node = nodes_[i];
            if (!node.running) continue;
            if (!node.mailbox.empty() && chance(20)) open_mail(i);
            if (!node.unwritten.empty() && chance(70)) write(i, 1 + roll(20));
            if (!node.core) continue;
            (void)node.core->tick();
            collect(i);
        }
    }
}

// --- the end ---

/// Everybody who is a member sees the same members, rights and, of what they may see, the same
/// messages in the same order. Nothing: so it is.
std::optional<std::string> GroupSim::converged() {
    ChangeLog truth(group_);
    for (bool more = true; more;) {
        more = false;
        for (const auto& node : nodes_) {
            for (const auto& encoded : node.changes)
                more = truth.add(*decode_change(encoded)) == ChangeLog::Outcome::added || more;
        }
    }
    const auto members = truth.members();
    counts_.members = members->all.size();
    std::map<Order, const Stored*> all;
    for (const auto& member : members->all) {
        for (const auto& stored : nodes_[index_of(member.id)].items)
            all.emplace(Order{stored.header.place, stored.header.hash}, &stored);
    }
    for (const auto& member : members->all) {
        const auto& node = nodes_[index_of(member.id)];
        const auto who = node.person->record().name;
        if (!node.core || !node.core->is_member()) return who + " does not know it is a member";
        if (!node.core->members()->same_as(*members)) return who + " sees other members";
        std::vector<Hash> expected;
        for (const auto& [order, stored] : all) {
            const auto then = truth.members_at(stored->header.view);
            if (then == nullptr) return "a message nobody can place";
            if (then->find(member.id) != nullptr ||
                truth.shared_with(member.id).contains(order.hash))
                expected.push_back(order.hash);
        }
        auto seen = node.core->history().latest(node.core->history().size());
        std::ranges::reverse(seen);
        if (seen != expected)
            return who + " sees " + std::to_string(seen.size()) + " messages, not the " +
                   std::to_string(expected.size()) + " of all, or in another order";
        if (!node.unwritten.empty()) return who + " has something to store";
    }
    for (const auto& node : nodes_) {
        if (node.core && members->find(node.person->id()) == nullptr && node.core->is_member() &&
            !members->all.empty())
            return node.person->record().name + " does not know it is out";
    }
    return std::nullopt;
}

}  // namespace kith::test
