// SPDX-License-Identifier: MIT
#include "net/mapping/port_mapper.hpp"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>

using namespace kith::net;
using namespace std::chrono_literals;
using State = MappingStatus::State;

namespace {

constexpr auto patience = 60s;

/// What the fakes were asked, and what they are to answer. For all threads.
struct Script {
    using Answer = tl::expected<MappingBackend::Granted, MappingBackend::Refused>;
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> log;
    std::deque<Answer> answers;  ///< then refusals
    bool hang = false;           ///< until cancelled
    bool hang_unmapping = false;

    void note(std::string line) {
        const std::lock_guard lock(mutex);
        log.push_back(std::move(line));
        changed.notify_all();
    }
    bool wait_for(const std::string& line, std::size_t times = 1) {
        std::unique_lock lock(mutex);
        return changed.wait_for(lock, patience, [&] {
            return static_cast<std::size_t>(std::ranges::count(log, line)) >= times;
        });
    }
    std::size_t count(const std::string& line) {
        const std::lock_guard lock(mutex);
        return static_cast<std::size_t>(std::ranges::count(log, line));
    }
};

class FakeBackend final : public MappingBackend {
public:
    FakeBackend(MappingProtocol how, Script& script) : how_(how), script_(script) {}
    [[nodiscard]] MappingProtocol protocol() const override { return how_; }

    Script::Answer map(std::uint16_t port, const std::optional<Mapping>& before) override {
        std::string line = name() + " map " + std::to_string(port);
        if (before) line += " again " + std::to_string(before->external.port);
        script_.note(line);
        bool hang = false;
        {
            const std::lock_guard lock(script_.mutex);
            hang = script_.hang;
            if (!hang && !script_.answers.empty()) {
                auto answer = std::move(script_.answers.front());
                script_.answers.pop_front();
                return answer;
            }
        }
        if (hang) hang_on("cut short");
        return tl::unexpected(Refused{name() + " says no", {}, true});
    }
    void unmap(const Mapping& mapping) override {
        script_.note(name() + " unmap " + std::to_string(mapping.external.port));
        if (script_.hang_unmapping) hang_on("unmapping cut short");
    }

private:
    [[nodiscard]] std::string name() const { return std::string(to_string(how_)); }
    void hang_on(const std::string& line) {
        while (!cancelled_) std::this_thread::yield();
        script_.note(line);
    }

    MappingProtocol how_;
    Script& script_;
};

Script::Answer granted(MappingProtocol how, std::uint16_t external, std::uint16_t internal,
                       std::chrono::seconds lease = 3600s, const std::string& router = "r1") {
    const Bytes address{8, 8, 4, 4};
    return MappingBackend::Granted{{how, {address, external, 0}, internal, lease, router}, address};
}

Script::Answer refused(const std::string& words, std::optional<Bytes> address = {}) {
    return tl::unexpected(MappingBackend::Refused{words, std::move(address), true});
}

struct Fixture {
    explicit Fixture(const PortMapper::Timing& timing = {}) {
        std::vector<std::unique_ptr<MappingBackend>> backends;
        for (const auto how :
             {MappingProtocol::pcp, MappingProtocol::nat_pmp, MappingProtocol::upnp})
            backends.push_back(std::make_unique<FakeBackend>(how, script));
        mapper.emplace(
            std::move(backends), [this] { script.note("changed"); }, timing);
    }
    /// The first status that is so; that it changed is heard through `changed`.
    template <typename Is>
    MappingStatus wait_until(Is is) {
        std::unique_lock lock(script.mutex);
        MappingStatus status;
        const bool became = script.changed.wait_for(lock, patience, [&] {
            status = mapper->status();
            return is(status);
        });
        REQUIRE(became);
        return status;
    }
    MappingStatus wait_until(State state) {
        return wait_until([state](const MappingStatus& status) { return status.state == state; });
    }

    Script script;
    std::optional<PortMapper> mapper;
};

}  // namespace

TEST_CASE("nothing is asked before there is a port") {
    Fixture f;
    f.mapper->network_changed();
    f.mapper->set_port(0);
    f.mapper->stop_and_join();
    CHECK(f.script.log.empty());
    CHECK(f.mapper->status() == MappingStatus{});
}

TEST_CASE("the ways of asking are tried in order, and their words kept") {
    Fixture f;
    f.script.answers = {refused("r1 does not answer PCP"), refused("r1 refused NAT-PMP"),
                        granted(MappingProtocol::upnp, 4712, 4711)};
    f.mapper->set_port(4711);
    const auto status = f.wait_until(State::mapped);
    CHECK(status.mapping->external.port == 4712);
    CHECK(status.public_address == Bytes{8, 8, 4, 4});
    CHECK(status.words ==
          std::vector<std::string>{"r1 does not answer PCP", "r1 refused NAT-PMP",
                                   "r1 passes port 4712 on (upnp, for 60 minutes)"});
    f.mapper->stop_and_join();
    CHECK(f.script.log == std::vector<std::string>{"changed", "pcp map 4711", "nat-pmp map 4711",
                                                   "upnp map 4711", "changed", "upnp unmap 4712"});
}

TEST_CASE("what works is renewed, by the way that worked") {
    // A lease of no time: renewed as soon as the least pause is over.
    Fixture f({.retry = 1h, .renew_min = 1ms});
    f.script.answers = {refused("no"), granted(MappingProtocol::nat_pmp, 4712, 4711, 0s),
                        granted(MappingProtocol::nat_pmp, 4712, 4711, 3600s)};
    f.mapper->set_port(4711);
    REQUIRE(f.script.wait_for("nat-pmp map 4711 again 4712"));
    const auto status = f.wait_until(
        [](const MappingStatus& now) { return now.mapping && now.mapping->lifetime == 3600s; });
    CHECK(status.state == State::mapped);
    f.mapper->stop_and_join();
    CHECK(f.script.count("pcp map 4711") == 1);
    CHECK(f.script.count("nat-pmp unmap 4712") == 1);
}

TEST_CASE("a renewal that fails does not end a mapping before its time") {
    Fixture f({.retry = 1h, .renew_min = 1ms});
    f.script.answers = {granted(MappingProtocol::pcp, 4712, 4711, 1s)};
    f.mapper->set_port(4711);
    const auto kept = f.wait_until(
        [](const MappingStatus& now) { return !now.words.empty() && now.words.size() > 3; });
    CHECK(kept.state == State::mapped);
    CHECK(kept.public_address == Bytes{8, 8, 4, 4});
    CHECK(kept.words.back() == "the mapping of before is kept until its time is over");
    // And then it is over.
    const auto over = f.wait_until(State::failed);
    CHECK_FALSE(over.mapping.has_value());
    CHECK(over.words == std::vector<std::string>{"pcp says no", "nat-pmp says no", "upnp says no"});
}

TEST_CASE("after a failure the router is asked again") {
    Fixture f({.retry = 1ms});
    for (int i = 0; i < 3; ++i) f.script.answers.push_back(refused("no router"));
    f.script.answers.push_back(granted(MappingProtocol::pcp, 4711, 4711));
    f.mapper->set_port(4711);
    (void)f.wait_until(State::mapped);
    CHECK(f.script.count("pcp map 4711") == 2);
}

TEST_CASE("words that repeat are said once") {
    Fixture f;
    for (int i = 0; i < 3; ++i) f.script.answers.push_back(refused("no router is known"));
    f.mapper->set_port(4711);
    CHECK(f.wait_until(State::failed).words == std::vector<std::string>{"no router is known"});
}

TEST_CASE("a router behind another one is told in words") {
    Fixture f;
    SECTION("with a mapping") {
        auto answer = granted(MappingProtocol::pcp, 4711, 4711);
        answer->public_address = Bytes{100, 70, 0, 1};
        f.script.answers = {answer};
        f.mapper->set_port(4711);
        const auto status = f.wait_until(State::mapped);
        CHECK(status.public_address == Bytes{100, 70, 0, 1});
        REQUIRE(status.words.size() == 2);
        CHECK(status.words[1].starts_with("r1 has no public address itself but 100.70.0.1"));
    }
    SECTION("without") {
        f.script.answers = {refused("no"), refused("no port", Bytes{192, 168, 7, 7})};
        f.mapper->set_port(4711);
        const auto status = f.wait_until(State::failed);
        CHECK(status.public_address == Bytes{192, 168, 7, 7});
        CHECK(status.words.back().starts_with(
            "The router has no public address itself but 192.168.7.7"));
    }
}

TEST_CASE("another network is asked anew, and the old mapping removed") {
    Fixture f;
    f.script.answers = {granted(MappingProtocol::pcp, 4712, 4711),
                        granted(MappingProtocol::pcp, 4799, 4711, 3600s, "r2")};
    f.mapper->set_port(4711);
    (void)f.wait_until(State::mapped);
    f.mapper->network_changed();
    const auto status = f.wait_until(
        [](const MappingStatus& now) { return now.mapping && now.mapping->router == "r2"; });
    CHECK(status.mapping->external.port == 4799);
    CHECK(f.script.wait_for("pcp unmap 4712"));
    f.mapper->stop_and_join();
    CHECK(f.script.count("pcp unmap 4799") == 1);
}

TEST_CASE("in a network without a router the old mapping counts for nothing") {
    Fixture f;
    f.script.answers = {granted(MappingProtocol::pcp, 4712, 4711)};
    f.mapper->set_port(4711);
    (void)f.wait_until(State::mapped);
    f.mapper->network_changed();
    CHECK_FALSE(f.wait_until(State::failed).mapping.has_value());
}

TEST_CASE("another port is another mapping, and none is none") {
    Fixture f;
    f.script.answers = {granted(MappingProtocol::pcp, 4711, 4711),
                        granted(MappingProtocol::pcp, 5000, 5000)};
    f.mapper->set_port(4711);
    (void)f.wait_until(State::mapped);
    f.mapper->set_port(5000);
    (void)f.wait_until(
        [](const MappingStatus& now) { return now.mapping && now.mapping->internal_port == 5000; });
    CHECK(f.script.count("pcp unmap 4711") == 1);
    f.mapper->set_port(0);
    CHECK(f.wait_until(State::off) == MappingStatus{});
    CHECK(f.script.wait_for("pcp unmap 5000"));
    f.mapper->stop_and_join();
    CHECK(f.script.count("pcp unmap 5000") == 1);
}

TEST_CASE("the end waits for no router") {
    Fixture f({.unmap_within = 20ms});
    SECTION("that is being asked") {
        f.script.hang = true;
        f.mapper->set_port(4711);
        REQUIRE(f.script.wait_for("pcp map 4711"));
        f.mapper->stop_and_join();
        CHECK(f.script.count("cut short") >= 1);
    }
    SECTION("that does not say that the mapping is gone") {
        f.script.answers = {granted(MappingProtocol::pcp, 4712, 4711)};
        f.script.hang_unmapping = true;
        f.mapper->set_port(4711);
        (void)f.wait_until(State::mapped);
        f.mapper->stop_and_join();
        CHECK(f.script.count("unmapping cut short") == 1);
    }
    const auto changes = f.script.count("changed");
    f.mapper->set_port(5000);
    f.mapper->stop_and_join();
    CHECK(f.script.count("changed") == changes);
    CHECK(f.script.count("pcp map 5000") == 0);
}

TEST_CASE("another port cuts short what is being asked") {
    Fixture f;
    f.script.hang = true;
    f.mapper->set_port(4711);
    REQUIRE(f.script.wait_for("pcp map 4711"));
    {
        const std::lock_guard lock(f.script.mutex);
        f.script.hang = false;
    }
    f.mapper->set_port(0);
    CHECK(f.wait_until(State::off) == MappingStatus{});
}
