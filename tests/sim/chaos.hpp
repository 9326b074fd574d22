// SPDX-License-Identifier: MIT
//
// People who write, edit, delete, react, read and take back at random while everything that can go
// wrong does: links cut with bytes in flight, bytes damaged on the way, partitions, crashes between
// any two steps, full disks, clocks that jump, machines that sleep. Then the faults end, and within
// a bounded time all histories have to agree. Everything follows from the seed.
#pragma once

#include <map>
#include <optional>

#include "tests/sim/sim_node.hpp"

namespace kith::sim {

class Chaos {
public:
    explicit Chaos(std::uint64_t seed);

    /// What is wrong in the end, for a person; nothing when all is well.
    [[nodiscard]] std::optional<std::string> run();

    [[nodiscard]] std::uint64_t texts() const { return texts_; }
    [[nodiscard]] std::uint64_t faults() const { return faults_ + network_.damaged(); }

private:
    using Pair = std::pair<std::size_t, std::size_t>;  ///< who writes, to whom

    /// A text that was promised to its writer.
    struct Written {
        model::MessageId id;
        std::vector<std::string> versions;  ///< every text it was ever asked to have
        bool erase_asked = false;
        bool cancel_asked = false;
        bool cancelled = false;  ///< promised, too
    };

    // chaos.cpp: what happens.
    [[nodiscard]] bool befriend_all();
    void act();
    void write(Pair pair);
    void edit(Pair pair);
    void erase(Pair pair);
    void cancel(Pair pair);
    void react(Pair pair);
    void read(Pair pair);
    void change_timer(Pair pair);
    void go_wrong();
    void crash_or_start();
    void recover();
    [[nodiscard]] Written* any_of(Pair pair, std::size_t newest);
    [[nodiscard]] std::size_t number(std::size_t below) { return network_.random()() % below; }
    SimNode& node(std::size_t index) { return *nodes_[index]; }

    // chaos_check.cpp: what has to hold in the end.
    using Problem = std::optional<std::string>;
    [[nodiscard]] Problem settle();
    [[nodiscard]] Problem check_all();
    [[nodiscard]] Problem compare(Pair pair);
    [[nodiscard]] Problem compare_people(Pair pair);
    [[nodiscard]] Problem check_promises(Pair pair, const std::vector<model::Message>& history);
    [[nodiscard]] Problem check_restart();

    SimNetwork network_;
    std::vector<std::unique_ptr<SimNode>> nodes_;
    std::map<Pair, std::vector<Written>> written_;
    std::map<Pair, std::size_t> read_up_to_;  ///< count of `written_` whose reading was promised
    std::uint64_t texts_ = 0;
    std::uint64_t faults_ = 0;
};

}  // namespace kith::sim
