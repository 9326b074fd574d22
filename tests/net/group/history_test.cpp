// SPDX-License-Identifier: MIT
#include "net/group/history.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <random>

using namespace kith;
using namespace kith::net::group;

namespace {

Hash named(unsigned number) {
    Hash out{};
    out[0] = static_cast<std::uint8_t>(number >> 8);
    out[1] = static_cast<std::uint8_t>(number);
    return out;
}

struct Scene {
    History history;
    std::vector<History::Index> moved;

    History::Index add(unsigned number, std::vector<unsigned> parents, std::uint64_t place) {
        Header header;
        header.hash = named(number);
        header.place = place;
        header.view = {Hash{1}};
        for (const auto parent : parents) header.parents.push_back(named(parent));
        const auto index = history.add(header, moved);
        history.set_durable(*index);
        return *index;
    }
    [[nodiscard]] std::vector<Hash> shown() const {
        std::vector<Hash> out = history.latest(history.size());
        std::ranges::reverse(out);
        return out;
    }
    [[nodiscard]] std::vector<Hash> between(std::vector<Hash> wants, std::vector<Hash> known,
                                            std::vector<Hash> gaps = {}) const {
        std::vector<Hash> out;
        for (const auto i : history.between(wants, {known, gaps}, [](auto) { return true; }))
            out.push_back(history.at(i).hash);
        return out;
    }
};

std::vector<Hash> names(std::vector<unsigned> numbers) {
    std::vector<Hash> out;
    for (const auto number : numbers) out.push_back(named(number));
    return out;
}

}  // namespace

TEST_CASE("messages stand by place, then hash, and never before a parent") {
    Scene s;
    s.add(1, {}, 100);
    s.add(2, {1}, 200);
    s.add(4, {1}, 150);
    s.add(3, {1}, 150);
    CHECK(s.shown() == names({1, 3, 4, 2}));
    s.add(5, {2}, 10);  // its author's clock lies
    CHECK(s.shown() == names({1, 3, 4, 2, 5}));
    CHECK(s.moved.empty());
}

TEST_CASE("a parent that comes late moves what would stand before it") {
    Scene s;
    s.add(3, {2}, 300);
    s.add(4, {3}, 301);
    CHECK(s.history.gaps().contains(named(2)));
    s.add(2, {1}, 500);
    CHECK(s.shown() == names({2, 3, 4}));
    CHECK(s.moved.size() == 2);
    CHECK(s.history.gaps().size() == 1);
    s.add(1, {}, 5);
    CHECK(s.shown() == names({1, 2, 3, 4}));
    CHECK(s.moved.size() == 2);
    CHECK(s.history.gaps().empty());
    CHECK(s.history.heads(true).size() == 1);
}

TEST_CASE("the order is the same whichever came first") {
    std::mt19937 random(3);
    struct One {
        unsigned number;
        std::vector<unsigned> parents;
        std::uint64_t place;
    };
    std::vector<One> all;
    for (unsigned i = 0; i < 200; ++i) {
        One one{i, {}, random() % 1000};
        for (unsigned j = 0; j < 3 && i > 0; ++j) {
            const unsigned parent = random() % i;
            if (std::ranges::find(one.parents, parent) == one.parents.end())
                one.parents.push_back(parent);
        }
        all.push_back(one);
    }
    std::vector<Hash> expected;
    for (int round = 0; round < 20; ++round) {
        Scene s;
        for (const auto& one : all) s.add(one.number, one.parents, one.place);
        if (round == 0) expected = s.shown();
        CHECK(s.shown() == expected);
        CHECK(s.history.gaps().empty());
        for (History::Index i = 0; i < s.history.size(); ++i) {
            for (const auto parent : s.history.at(i).parents)
                CHECK(s.history.order(parent) < s.history.order(i));
        }
        std::ranges::shuffle(all, random);
    }
}

TEST_CASE("what somebody lacks") {
    Scene s;
    s.add(1, {}, 1);
    s.add(2, {1}, 2);
    s.add(3, {2}, 3);
    s.add(4, {1}, 4);
    s.add(5, {3, 4}, 5);
    CHECK(s.between(names({5}), {}) == names({1, 2, 3, 4, 5}));
    CHECK(s.between(names({5}), names({2})) == names({3, 4, 5}));
    CHECK(s.between(names({5}), names({3, 99})) == names({4, 5}));
    CHECK(s.between(names({3}), names({4})) == names({2, 3}));
    CHECK(s.between(names({3}), names({5})) == names({3}));  // named: given in any case
    CHECK(s.between(names({99}), {}).empty());
    // They have 5 and 4, but not 3: below that we cannot know.
    CHECK(s.between(names({3}), names({5}), names({3})) == names({2, 3}));
}

TEST_CASE("what is not open is not looked past") {
    Scene s;
    for (unsigned i = 1; i <= 6; ++i)
        s.add(i, i == 1 ? std::vector<unsigned>{} : std::vector{i - 1}, i);
    const auto late = s.history.between(names({6}), {{}, {}}, [](auto i) { return i >= 3; });
    CHECK(late.size() == 3);
}

TEST_CASE("only what is durable is given and named") {
    Scene s;
    s.add(1, {}, 1);
    Header header;
    header.hash = named(2);
    header.parents = names({1});
    header.place = 2;
    const auto index = *s.history.add(header, s.moved);
    CHECK(s.history.heads(true).size() == 1);
    CHECK(s.history.at(s.history.heads(true)[0]).hash == named(1));
    CHECK(s.between(names({2}), {}) == names({1}));
    s.history.set_durable(index);
    CHECK(s.history.at(s.history.heads(true)[0]).hash == named(2));
}

TEST_CASE("marks reach what is below, except through gaps") {
    Scene s;
    s.add(1, {}, 1);
    s.add(2, {1}, 2);
    s.add(3, {2}, 3);
    const auto mask = &History::Node::had_by;
    CHECK(s.history.mark({names({3}), names({2})}, mask, 1).size() == 1);
    CHECK(s.history.mark({names({3}), {}}, mask, 1).empty());
    CHECK(s.history.mark({names({2}), {}}, mask, 1).size() == 2);
    s.history.clear(1);
    CHECK(s.history.mark({names({3}), {}}, mask, 1).size() == 3);
}

TEST_CASE("a new message stands on at most 16 heads, the oldest first") {
    Scene s;
    for (unsigned i = 1; i <= 20; ++i) s.add(i, {}, 100 + i);
    Envelope envelope;
    envelope.time = 50;
    s.history.write_on_top(envelope);
    CHECK(envelope.parents.size() == 16);
    CHECK(envelope.place == 117);
    CHECK(envelope.parents.front() == named(1));
}

TEST_CASE("a long chain behind a clock far ahead moves in one pass") {
    Scene s;
    constexpr unsigned length = 60'000;
    for (unsigned i = 2; i < length; ++i) s.add(i, {i - 1}, i);
    s.add(1, {}, place_max);
    CHECK(s.moved.size() == length - 2);
    CHECK(s.history.at(*s.history.find(named(length - 1))).place == place_max + length - 2);
}
