// SPDX-License-Identifier: MIT
//
// Many members of one group in a network that fails in every way: links that come and go, messages
// that are lost, doubled and overtaken, nodes that crash and come back with what they had stored,
// mail that comes late or never, clocks that disagree. Seeded: the same seed gives the same run.
#pragma once

#include <functional>
#include <queue>

#include "net/group/group_core.hpp"
#include "tests/net/group/people.hpp"

namespace kith::test {

class HandClock final : public net::Clock {
public:
    [[nodiscard]] std::chrono::milliseconds monotonic() const override { return *now; }
    [[nodiscard]] std::chrono::milliseconds wall() const override {
        return std::chrono::milliseconds(1'700'000'000'000) + *now + skew;
    }
    const std::chrono::milliseconds* now = nullptr;
    std::chrono::milliseconds skew{0};
};

class GroupSim {
public:
    static constexpr std::size_t people = 16;
    explicit GroupSim(std::uint64_t seed);
    ~GroupSim();

    /// Everything, and what was wrong at the end.
    std::optional<std::string> run();
    struct Counts {
        std::size_t changes = 0, messages = 0, crashes = 0, removals = 0, members = 0, heal_s = 0;
    };
    [[nodiscard]] Counts counts() const { return counts_; }

private:
    struct Stored {
        SignedItem item;
        Header header;
    };
    struct Node {
        const Person* person = nullptr;
        HandClock clock;
        std::unique_ptr<DeterministicRandom> random;
        std::unique_ptr<GroupCore> core;
        bool running = true;
        // What a crash leaves.
        std::vector<Bytes> changes;
        std::vector<Stored> items;
        std::map<Hash, std::size_t> where;
        // What it takes: stored in a moment.
        std::vector<Action> unwritten;
        std::uint64_t written_up_to = 0;
        std::vector<std::pair<Fingerprint, net::Message>> mailbox;
    };
    struct Flight {
        std::chrono::milliseconds at{};
        std::uint64_t number = 0;
        std::size_t from = 0, to = 0;
        std::uint64_t session = 0;
        net::Message message;
        bool operator>(const Flight& o) const {
            return std::tie(at, number) > std::tie(o.at, o.number);
        }
    };

    [[nodiscard]] std::uint64_t roll(std::uint64_t sides);
    [[nodiscard]] bool chance(unsigned percent) { return roll(100) < percent; }
    [[nodiscard]] std::size_t index_of(const Fingerprint& id) const;
    void begin();
    void something_happens();
    void somebody_changes_members(Node& node);
    void somebody_writes(Node& node);
    void links_change();
    void connect(std::size_t a, std::size_t b, bool up);
    void crash(std::size_t i);
    void restart(std::size_t i);
    void join(std::size_t i);
    void collect(std::size_t i);
    void perform(std::size_t i, Action& action);
    void write(std::size_t i, std::size_t count);
    void commit(Node& node, Action& action);
    void send(std::size_t from, const Fingerprint& to, const net::Message& message);
    void check_open(const Node& from, const Fingerprint& to, const net::Message& message);
    void deliver(std::size_t to, const Fingerprint& from, net::Message message, bool mailed);
    void pass(std::chrono::milliseconds time);
    void open_mail(std::size_t i);
    void fail(std::string what);
    [[nodiscard]] std::optional<std::string> converged();

    DeterministicRandom random_;
    std::chrono::milliseconds now_{0};
    std::vector<Node> nodes_;
    std::map<Fingerprint, std::size_t> index_;
    std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> sessions_;  ///< up: its number
    std::priority_queue<Flight, std::vector<Flight>, std::greater<>> flights_;
    std::uint64_t number_ = 0;
    net::GroupId group_{};
    unsigned loss_ = 0, doubling_ = 0, mail_lost_ = 0;
    std::chrono::milliseconds delay_{0};
    std::string problem_;
    Counts counts_;
};

}  // namespace kith::test
