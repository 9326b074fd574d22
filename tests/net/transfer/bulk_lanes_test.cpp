// SPDX-License-Identifier: MIT
#include "net/transfer/bulk_lanes.hpp"

#include <poll.h>

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include "net/message.hpp"
#include "net/tcp_driver.hpp"
#include "tests/net/transfer/lane_pair.hpp"

using namespace kith;
using namespace kith::net;
using test::HandClock;
using test::LaneHost;
using test::MemorySink;
using test::run_id;

namespace {

std::vector<Bytes> some_files(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    std::vector<Bytes> files;
    for (const std::size_t size : {0UL, 1UL, 100UL, 300'000UL, 3'000'000UL, 0UL, 70'000UL})
        files.push_back(test::random_bytes(random, size));
    return files;
}

void require_all(const MemorySink& sink, const std::vector<Bytes>& files) {
    for (std::uint32_t entry = 0; entry < files.size(); ++entry) {
        INFO("entry " << entry);
        REQUIRE(sink.files.at(entry).done);
        REQUIRE(sink.files.at(entry).written == files[entry]);
    }
}

/// Bytes that pass from one socket to the other, up to a number of them. Then both are closed.
class Cutter {
public:
    Cutter(BulkSocket left, BulkSocket right, std::size_t forward)
        : left_(std::move(left)), right_(std::move(right)), left_to_go_(forward) {
        thread_ = std::thread([this] { run(); });
    }
    ~Cutter() { thread_.join(); }

private:
    void run() {
        while (pass()) {
        }
        left_ = {};
        right_ = {};
    }
    bool pass() {
        pollfd waiting[2] = {{left_.get(), POLLIN, 0}, {right_.get(), POLLIN, 0}};
        (void)::poll(waiting, 2, -1);
        for (int i = 0; i < 2; ++i) {
            if (waiting[i].revents == 0) continue;
            char buffer[4096];
            const bool counts = i == 0;
            const std::size_t most = counts ? std::min(sizeof buffer, left_to_go_) : sizeof buffer;
            if (most == 0) return false;
            const auto size = ::read(waiting[i].fd, buffer, most);
            if (size <= 0) return false;
            if (counts) left_to_go_ -= static_cast<std::size_t>(size);
            const auto whole = static_cast<std::size_t>(size);
            if (::send(waiting[1 - i].fd, buffer, whole, MSG_NOSIGNAL) != size) return false;
        }
        return true;
    }

    BulkSocket left_, right_;
    std::size_t left_to_go_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("lanes: files arrive over a connection, through many new keys") {
    const auto files = some_files(1);
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    crypto::RekeyLimits rekey;
    rekey.records = 8;
    LaneHost alice(clock, rekey), bob(clock, rekey);
    const bool sender_dials = GENERATE(true, false);
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), !sender_dials),
              test::receiving(manifest, sink));
    alice.start(run_id(1), test::bulk_link(std::move(a), sender_dials),
                test::sending(manifest, files));
    for (LaneHost* host : {&alice, &bob}) {
        const auto end = host->wait_for_end(run_id(1));
        INFO(end.text);
        REQUIRE(end.outcome == RunOutcome::complete);
        const BulkNews news = host->news(run_id(1));
        REQUIRE(news.landed.size() == files.size());
        REQUIRE(news.bytes == manifest.bytes());
        REQUIRE_FALSE(host->heard_after_the_end());
        REQUIRE(host->running() == 0);
    }
    require_all(sink, files);
}

TEST_CASE("lanes: what was read behind the ticket is not lost") {
    const auto files = some_files(2);
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost alice(clock), bob(clock);
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    // What Bob says first, taken off the socket by somebody else.
    Bytes early(8);
    REQUIRE(::recv(a.get(), early.data(), early.size(), MSG_WAITALL) == 8);
    BulkSocket with_early(a.release(), early);
    alice.start(run_id(1), test::bulk_link(std::move(with_early), true),
                test::sending(manifest, files));
    REQUIRE(bob.wait_for_end(run_id(1)).outcome == RunOutcome::complete);
    REQUIRE(alice.wait_for_end(run_id(1)).outcome == RunOutcome::complete);
    require_all(sink, files);
}

TEST_CASE("lanes: a run that is cut anywhere is taken up by the next") {
    const auto files = some_files(3);
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost alice(clock), bob(clock);
    std::uint8_t number = 0;
    for (std::size_t after = 0; after < manifest.bytes(); after = after * 2 + 1) {
        INFO("cut after " << after << " bytes");
        MemorySink sink;
        const RunId first = run_id(++number);
        {
            auto [a, near] = test::socket_pair();
            auto [far, b] = test::socket_pair();
            const Cutter cutter(std::move(near), std::move(far), after);
            bob.start(first, test::bulk_link(std::move(b), true), test::receiving(manifest, sink));
            alice.start(first, test::bulk_link(std::move(a), false),
                        test::sending(manifest, files));
            REQUIRE(alice.wait_for_end(first).outcome == RunOutcome::cut);
            REQUIRE(bob.wait_for_end(first).outcome == RunOutcome::cut);
        }
        sink.crash();
        const RunId second = run_id(++number);
        auto [a, b] = test::socket_pair();
        bob.start(second, test::bulk_link(std::move(b), true), test::receiving(manifest, sink));
        alice.start(second, test::bulk_link(std::move(a), false), test::sending(manifest, files));
        REQUIRE(bob.wait_for_end(second).outcome == RunOutcome::complete);
        REQUIRE(alice.wait_for_end(second).outcome == RunOutcome::complete);
        require_all(sink, files);
    }
}

TEST_CASE("lanes: who has other keys, or none, gets nothing in") {
    const auto files = some_files(4);
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost bob(clock);
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    Bytes bytes;
    SECTION("a length that cannot be") { bytes = {0xFF, 0xFF, 0xFF, 0xFF}; }
    SECTION("a length that is too small") { bytes = {0, 0, 0, 16}; }
    SECTION("a record of other keys") {
        bytes.assign(104, 7);
        bytes[0] = bytes[1] = bytes[2] = 0;
        bytes[3] = 100;
    }
    SECTION("their own record, sent back") {}
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    if (bytes.empty()) {
        bytes.resize(20);
        REQUIRE(::recv(a.get(), bytes.data(), 4, MSG_WAITALL) == 4);
        bytes.resize(4U + bytes[3]);
        REQUIRE(::recv(a.get(), bytes.data() + 4, bytes.size() - 4, MSG_WAITALL) > 0);
    }
    REQUIRE(::send(a.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) > 0);
    const auto end = bob.wait_for_end(run_id(1));
    REQUIRE(end.outcome == RunOutcome::cut);
    REQUIRE_FALSE(end.text.empty());
    REQUIRE(sink.files.empty());
}

TEST_CASE("lanes: a peer that breaks the rules ends the run as failed, in words") {
    const std::vector<Bytes> files{Bytes(10, 7)};
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost bob(clock);
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    test::RawPeer alice(a.get(), true);
    (void)alice.next();  // before Start nothing may come
    Bytes payload(bulk::item_max);
    bulk::ItemWriter out(payload);
    out.put(bulk::File{7, 0});
    alice.send(alice.seal(net::ByteView(payload).first(out.size())));
    const auto end = bob.wait_for_end(run_id(1));
    REQUIRE(end.outcome == RunOutcome::failed);
    REQUIRE(end.text.find("protocol") != std::string::npos);
    REQUIRE(sink.files.empty());
}

TEST_CASE("lanes: a run that is stopped says so, the other end is cut, and what came stays") {
    const std::vector<Bytes> files{Bytes(64 << 20, 7)};
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost alice(clock), bob(clock);
    alice.run([&] { alice.lanes->set_rates({4 << 20, 0}); });
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    alice.start(run_id(1), test::bulk_link(std::move(a), true), test::sending(manifest, files));
    bob.wait_for_bytes(run_id(1), 100'000);
    LaneHost& one = GENERATE(0, 1) == 0 ? alice : bob;
    LaneHost& other = &one == &alice ? bob : alice;
    one.run([&] { one.lanes->stop(run_id(1)); });
    REQUIRE(one.wait_for_end(run_id(1)).outcome == RunOutcome::stopped);
    REQUIRE(other.wait_for_end(run_id(1)).outcome == RunOutcome::cut);
    REQUIRE(sink.landed(0).durable >= 100'000);
    REQUIRE_FALSE(sink.landed(0).done);
}

TEST_CASE("lanes: whoever is silent for 30 seconds is gone, whoever hashes is not") {
    const std::vector<Bytes> files{Bytes(10, 7)};
    const auto manifest = test::manifest_of(files);
    HandClock clock;
    LaneHost bob(clock);
    MemorySink sink;
    auto [a, b] = test::socket_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    test::RawPeer alice(a.get(), true);
    while (alice.next() != Bytes{18}) {  // Start
    }
    const Bytes busy{0};
    for (int i = 0; i < 3; ++i) {
        clock.advance(Milliseconds{29'000});
        alice.send(alice.seal(busy));
        bob.nudge();
        REQUIRE(alice.next() == busy);  // they had nothing to say either
    }
    clock.advance(Milliseconds{30'000});
    bob.nudge();
    const auto end = bob.wait_for_end(run_id(1));
    REQUIRE(end.outcome == RunOutcome::cut);
    REQUIRE(end.text == "Nothing was heard from the other side any more.");
}

TEST_CASE("lanes: a record that comes in pieces is no silence") {
    const std::vector<Bytes> files{Bytes(100'000, 7)};
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost bob(clock, {}, {.silence = Milliseconds{400}, .busy = Milliseconds{100}});
    MemorySink sink;
    auto [a, b] = test::tcp_pair();
    bob.start(run_id(1), test::bulk_link(std::move(b), false), test::receiving(manifest, sink));
    test::RawPeer alice(a.get(), true);
    while (alice.next() != Bytes{18}) {  // Start
    }
    Bytes payload(bulk::payload_max);
    bulk::ItemWriter out(payload);
    out.put(bulk::File{0, 0});
    std::ranges::copy(files[0], out.data_room(files[0].size()).begin());
    out.put_data(files[0].size());
    out.put(bulk::End{});
    out.put(bulk::AllSent{});
    const Bytes frame = alice.seal(net::ByteView(payload).first(out.size()));
    constexpr std::size_t piece = 12'000;
    for (std::size_t at = 0; at < frame.size(); at += piece) {
        REQUIRE(alice.next() == Bytes{0});  // they are busy: 100 ms have passed
        alice.send(net::ByteView(frame).subspan(at, std::min(piece, frame.size() - at)));
    }
    Bytes words;
    while (words.empty() || words == Bytes{0}) words = alice.next();
    REQUIRE(words == Bytes{19, 0, 0, 0, 0, 20});  // Landed, Finished
    a = {};
    REQUIRE(bob.wait_for_end(run_id(1)).outcome == RunOutcome::complete);
    require_all(sink, files);
}

TEST_CASE("lanes: files that cannot be opened, and runs too many") {
    const SystemClock clock;
    LaneHost bob(clock);
    SECTION("cannot be opened") {
        auto [a, b] = test::socket_pair();
        bob.start(run_id(1), test::bulk_link(std::move(b), false),
                  [](const auto&) -> FileResult<std::unique_ptr<BulkJob>> {
                      return tl::unexpected(FileError{FileProblem::vanished, "It is gone."});
                  });
        const auto end = bob.wait_for_end(run_id(1));
        REQUIRE(end.outcome == RunOutcome::failed);
        REQUIRE(end.text == "It is gone.");
        char byte = 0;
        REQUIRE(::recv(a.get(), &byte, 1, 0) == 0);
    }
    SECTION("too many") {
        const std::vector<Bytes> files{Bytes(10, 7)};
        const auto manifest = test::manifest_of(files);
        MemorySink sinks[BulkRunner::runs_max + 1];
        std::vector<BulkSocket> open;
        for (std::uint8_t i = 0; i <= BulkRunner::runs_max; ++i) {
            auto [a, b] = test::socket_pair();
            open.push_back(std::move(a));
            bob.start(run_id(i), test::bulk_link(std::move(b), false),
                      test::receiving(manifest, sinks[i]));
        }
        REQUIRE(bob.wait_for_end(run_id(BulkRunner::runs_max)).outcome == RunOutcome::failed);
        REQUIRE(bob.running() == BulkRunner::runs_max);
        open.clear();
        for (std::uint8_t i = 0; i < BulkRunner::runs_max; ++i)
            REQUIRE(bob.wait_for_end(run_id(i)).outcome == RunOutcome::cut);
    }
}

// --- in the session ---

namespace {

/// Hands over what one side says, on the other's thread, as the sessions would.
void join(LaneHost& from, LaneHost& to, std::size_t& longest) {
    from.when_output = [&](const RunId& run, Bytes bytes) {
        longest = std::max(longest, bytes.size());
        const std::size_t size = bytes.size();
        to.post([&to, run, bytes = std::move(bytes)] { (void)to.lanes->on_input(run, bytes); });
        from.lanes->on_run_sent(run, size);
    };
    from.when_credit = [&](const RunId& run, std::uint32_t bytes) {
        to.post([&to, run, bytes] { to.lanes->on_credit(run, bytes); });
    };
}

}  // namespace

TEST_CASE("lanes: files arrive within the session") {
    const auto files = some_files(5);
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost alice(clock), bob(clock);
    std::size_t longest_of_alice = 0, longest_of_bob = 0;
    join(alice, bob, longest_of_alice);
    join(bob, alice, longest_of_bob);
    MemorySink sink;
    // Neither hears of the other before it has begun, as FileRun sees to it.
    alice.run([&] {
        bob.start(run_id(1), InSession{}, test::receiving(manifest, sink));
        alice.lanes->start(run_id(1), InSession{}, test::sending(manifest, files));
    });
    REQUIRE(bob.wait_for_end(run_id(1)).outcome == RunOutcome::complete);
    REQUIRE(alice.wait_for_end(run_id(1)).outcome == RunOutcome::complete);
    require_all(sink, files);
    REQUIRE(longest_of_alice == bulk_data_max);
}

TEST_CASE("lanes: the session is given no more than it asked for") {
    const std::vector<Bytes> files{Bytes(4 << 20, 7)};
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost alice(clock), bob(clock);
    std::atomic<std::size_t> given{0};
    alice.when_output = [&](const RunId& run, Bytes bytes) {
        given += bytes.size();
        given.notify_all();
        bob.post([&bob, run, bytes = std::move(bytes)] { (void)bob.lanes->on_input(run, bytes); });
    };
    std::size_t longest = 0;
    join(bob, alice, longest);
    alice.when_credit = [&](const RunId& run, std::uint32_t bytes) {
        bob.post([&bob, run, bytes] { bob.lanes->on_credit(run, bytes); });
    };
    MemorySink sink;
    alice.run([&] {
        bob.start(run_id(1), InSession{}, test::receiving(manifest, sink));
        alice.lanes->start(run_id(1), InSession{}, test::sending(manifest, files));
    });
    for (std::size_t seen = given; seen < bulk_output_max; seen = given) given.wait(seen);
    // Nothing was taken by the session: that is all there will ever be.
    alice.nudge();
    alice.run([&] {});
    REQUIRE(given == bulk_output_max);
    alice.run([&] { alice.lanes->stop(run_id(1)); });
    REQUIRE(alice.wait_for_end(run_id(1)).outcome == RunOutcome::stopped);
    REQUIRE(given == bulk_output_max);
    bob.run([&] { bob.lanes->stop(run_id(1)); });
    REQUIRE(bob.wait_for_end(run_id(1)).outcome == RunOutcome::stopped);
}

TEST_CASE("lanes: who sends more than the credit within the session, or nonsense, has failed") {
    const std::vector<Bytes> files{Bytes(4 << 20, 7)};
    const auto manifest = test::manifest_of(files);
    const SystemClock clock;
    LaneHost bob(clock);
    MemorySink sink;
    std::atomic<std::uint32_t> credit{0};
    bob.when_credit = [&](const RunId&, std::uint32_t bytes) {
        credit = bytes;
        credit.notify_all();
    };
    bob.start(run_id(1), InSession{}, test::receiving(manifest, sink));
    credit.wait(0);
    REQUIRE(credit == bulk_window);
    SECTION("more") {
        bool taken = true;
        bob.run([&] { taken = bob.lanes->on_input(run_id(1), Bytes(bulk_window + 1)); });
        REQUIRE_FALSE(taken);
    }
    SECTION("a payload too long") {
        bob.run([&] { (void)bob.lanes->on_input(run_id(1), {0, 4, 0, 1}); });
    }
    SECTION("an empty one") {
        bob.run([&] { (void)bob.lanes->on_input(run_id(1), {0, 0, 0, 0}); });
    }
    const auto end = bob.wait_for_end(run_id(1));
    REQUIRE(end.outcome == RunOutcome::failed);
    REQUIRE(sink.files.empty());
    bool taken = false;
    bob.run([&] { taken = bob.lanes->on_input(run_id(1), {1}); });
    REQUIRE(taken);  // it is over, nobody cares
}
