// SPDX-License-Identifier: MIT
#include "tests/sim/chaos.hpp"

namespace kith::sim {

using namespace std::chrono_literals;

namespace {

constexpr int steps = 120;
constexpr std::uint32_t day_s = 24 * 3600;
constexpr std::array emojis{"👍", "❤️", "😂", "漢", "ok"};

}  // namespace

Chaos::Chaos(std::uint64_t seed) : network_(seed) {
    const std::size_t people = seed % 4 == 0 ? 3 : 2;
    const std::array names{"alice", "bob", "carol"};
    for (std::size_t i = 0; i < people; ++i) {
        nodes_.push_back(
            std::make_unique<SimNode>(network_, names[i], static_cast<std::uint8_t>(i + 1)));
    }
}

std::optional<std::string> Chaos::run() {
    for (auto& node : nodes_) node->start();
    if (!befriend_all()) return "they did not become contacts";
    for (int step = 0; step < steps; ++step) {
        act();
        network_.run_for(milliseconds(number(60)));
        if (number(4) == 0) go_wrong();
    }
    recover();
    return settle();
}

bool Chaos::befriend_all() {
    for (std::size_t a = 0; a < nodes_.size(); ++a) {
        for (std::size_t b = a + 1; b < nodes_.size(); ++b) {
            if (!befriend(network_, node(a), node(b))) return false;
        }
    }
    return true;
}

void Chaos::act() {
    const std::size_t from = number(nodes_.size());
    const std::size_t to = (from + 1 + number(nodes_.size() - 1)) % nodes_.size();
    if (!node(from).running()) return;
    const Pair pair{from, to};
    const auto what = number(100);
    if (what < 50) return write(pair);
    if (what < 62) return edit(pair);
    if (what < 67) return erase(pair);
    if (what < 72) return cancel(pair);
    if (what < 85) return react(pair);
    if (what < 97) return read(pair);
    change_timer(pair);
}

/// One of the last `newest` texts of this writer, or none.
Chaos::Written* Chaos::any_of(Pair pair, std::size_t newest) {
    auto& all = written_[pair];
    if (all.empty()) return nullptr;
    return &all[all.size() - 1 - number(std::min(newest, all.size()))];
}

// Answers come later or, after a crash, never: what they change is found again by its place.

void Chaos::write(Pair pair) {
    const std::string text = "text " + std::to_string(++texts_) + std::string(number(200), '.');
    const auto promised = [this, pair, text](const model::Reply& reply) {
        if (reply) written_[pair].push_back({std::get<model::Accepted>(*reply).message, {text}});
    };
    const auto* answered = number(4) == 0 ? any_of({pair.second, pair.first}, 10) : nullptr;
    std::optional<model::MessageId> reply_to;
    if (answered != nullptr) reply_to = answered->id;
    node(pair.first).send(model::SendText{node(pair.second).id(), text, reply_to}, promised);
}

void Chaos::edit(Pair pair) {
    Written* text = any_of(pair, 20);
    if (text == nullptr) return;
    text->versions.push_back("version " + std::to_string(text->versions.size()) + " of " +
                             text->versions.front());
    node(pair.first).send(model::EditMessage{text->id, text->versions.back()}, [](const auto&) {});
}

void Chaos::erase(Pair pair) {
    Written* text = any_of(pair, 20);
    if (text == nullptr) return;
    text->erase_asked = true;
    node(pair.first).send(model::DeleteMessage{text->id, model::DeleteFor::both}, [](const auto&) {
    });
}

void Chaos::cancel(Pair pair) {
    Written* text = any_of(pair, 3);
    if (text == nullptr) return;
    text->cancel_asked = true;
    const auto place = static_cast<std::size_t>(text - written_[pair].data());
    node(pair.first).send(model::CancelMessage{text->id}, [this, pair, place](const auto& reply) {
        if (reply) written_[pair][place].cancelled = true;
    });
}

void Chaos::react(Pair pair) {
    const Pair whose = number(2) == 0 ? pair : Pair{pair.second, pair.first};
    const Written* text = any_of(whose, 20);
    if (text == nullptr) return;
    node(pair.first)
        .send(model::React{text->id, emojis[number(emojis.size())], number(3) != 0},
              [](const auto&) {});
}

void Chaos::read(Pair pair) {
    const Pair theirs{pair.second, pair.first};
    const Written* text = any_of(theirs, 5);
    if (text == nullptr) return;
    const auto count = static_cast<std::size_t>(text - written_[theirs].data()) + 1;
    node(pair.first)
        .send(model::MarkRead{node(pair.second).id(), text->id},
              [this, theirs, count](const auto& reply) {
                  auto& read = read_up_to_[theirs];
                  if (reply) read = std::max(read, count);
              });
}

void Chaos::change_timer(Pair pair) {
    const std::uint32_t seconds = number(2) == 0 ? 0 : day_s * (30 + number(30));
    node(pair.first).send(model::SetDisappearing{node(pair.second).id(), seconds}, [](const auto&) {
    });
}

void Chaos::crash_or_start() {
    SimNode& victim = node(number(nodes_.size()));
    if (victim.running())
        victim.crash(number(2) == 0);
    else
        victim.start();
}

void Chaos::go_wrong() {
    ++faults_;
    SimNode& one = node(number(nodes_.size()));
    SimNode& other = node(number(nodes_.size()));
    const bool begin = number(2) == 0;
    switch (number(9)) {
        case 0:
        case 1:
            return crash_or_start();
        case 2:
            return network_.cut(one.host(), other.host());
        case 3:
            return network_.set_partitioned(one.host(), other.host(), begin);
        case 4:
            return one.host().jump_wall_clock(std::chrono::minutes(number(720)) - 6h);
        case 5:
            return network_.suspend(milliseconds(number(40'000)));
        case 6:
            return network_.set_damage(begin ? Damage{100, 100, 100, 100} : Damage{});
        case 7:
            return begin ? network_.set_latency(50ms, 900ms) : network_.set_latency(1ms, 20ms);
        default:
            if (one.running()) one.fail_writes(begin);
    }
}

void Chaos::recover() {
    network_.set_damage({});
    network_.set_latency(1ms, 20ms);
    for (auto& one : nodes_) {
        for (auto& other : nodes_) network_.set_partitioned(one->host(), other->host(), false);
    }
    for (auto& one : nodes_) {
        if (!one->running()) one->start();
        one->fail_writes(false);
    }
}

}  // namespace kith::sim
