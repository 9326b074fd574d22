// SPDX-License-Identifier: MIT
//
// Instances of discovery as processes of their own, on this machine and in network namespaces.
#include "net/discovery/udp_driver.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <catch2/catch_test_macros.hpp>
#include <csignal>

#include "tests/net/namespaces.hpp"
#include "tests/net/real_node.hpp"

using namespace kith;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

/// Of a test run alone: others of the same machine do not mix in.
std::string own_port() { return std::to_string(20'000 + ::getpid() % 20'000); }

std::vector<std::string> command(const Namespace* where, const std::string& name,
                                 const std::vector<std::string>& listen) {
    std::vector<std::string> words;
    if (where != nullptr) words = {"ip", "netns", "exec", where->name()};
    words.insert(words.end(), {KITH_DISCOVERY_PROBE, name, own_port()});
    words.insert(words.end(), listen.begin(), listen.end());
    return words;
}

class Probe {
public:
    Probe(const std::string& name, const Namespace* where,
          const std::vector<std::string>& listen = {})
        : process_("/usr/bin/env", command(where, name, listen), folder_.path() / "errors") {}

    /// A line with all of these comes behind the last one that was waited for.
    bool says(const std::vector<std::string>& words, e2e::Clock::duration time = e2e::patience) {
        const auto found = find(words, position_, time);
        if (found) position_ = *found + 1;
        return found.has_value();
    }
    /// It has come, or comes, at any time.
    bool knows(const std::vector<std::string>& words) {
        return find(words, 0, e2e::patience).has_value();
    }
    /// In anything that was read.
    [[nodiscard]] bool knew(const std::string& words) const {
        return std::ranges::any_of(
            lines_, [&](const std::string& line) { return line.find(words) != std::string::npos; });
    }
    void leave() {
        process_.signal(SIGTERM);
        REQUIRE(process_.wait() == 0);
    }

private:
    std::optional<std::size_t> find(const std::vector<std::string>& words, std::size_t from,
                                    e2e::Clock::duration time) {
        const auto deadline = e2e::Clock::now() + time;
        for (std::size_t at = from; at < lines_.size() || read_line(deadline); ++at) {
            const bool all = std::ranges::all_of(words, [&](const std::string& word) {
                return lines_[at].find(word) != std::string::npos;
            });
            if (all) return at;
        }
        return std::nullopt;
    }
    bool read_line(e2e::Clock::time_point deadline) {
        const auto left = deadline - e2e::Clock::now();
        if (left <= 0s) return false;
        try {
            auto line = process_.read_line(left);
            if (line) lines_.push_back(std::move(*line));
            return line.has_value();
        } catch (const std::runtime_error&) {
            return false;
        }
    }

    e2e::TemporaryFolder folder_;
    e2e::Process process_;
    std::vector<std::string> lines_;
    std::size_t position_ = 0;  ///< in lines_, behind what says() has found
};

#define REQUIRE_NAMESPACES(...)                                                           \
    for (const Namespace* space : {__VA_ARGS__}) {                                        \
        if (!space->usable()) SKIP("network namespaces are not allowed on this machine"); \
    }

}  // namespace

TEST_CASE("several instances on one machine find each other, and hear a goodbye") {
    Probe alice("alice", nullptr);
    Probe bob("bob", nullptr);
    Probe carol("carol", nullptr);
    CHECK(alice.knows({"near bob", ":4711"}));
    CHECK(bob.knows({"near alice", ":4711"}));
    CHECK(carol.knows({"near alice", ":4711"}));
    CHECK(carol.knows({"near bob", ":4711"}));
    CHECK(alice.knows({"near carol", ":4711"}));
    bob.leave();
    CHECK(alice.says({"gone bob"}));
    CHECK(carol.says({"gone bob"}));
}

TEST_CASE("instances find each other where only loopback is up") {
    const Namespace lonely("lonely");
    REQUIRE_NAMESPACES(&lonely);
    Probe alice("alice", &lonely);
    Probe bob("bob", &lonely);
    Probe carol("carol", &lonely, {"127.0.0.5"});
    CHECK(alice.says({"up lo=127.0.0.1"}));
    CHECK(alice.knows({"near bob 127.0.0.1:4711"}));
    CHECK(bob.knows({"near alice 127.0.0.1:4711"}));
    CHECK(alice.knows({"near carol 127.0.0.5:4711"}));
    CHECK(bob.knows({"near carol 127.0.0.5:4711"}));
    CHECK(carol.knows({"near bob"}));
    carol.leave();
    CHECK(bob.says({"gone carol"}));
}

TEST_CASE("two machines on a cable find each other by IPv4 and by IPv6") {
    const Namespace left("left");
    const Namespace right("right");
    REQUIRE_NAMESPACES(&left, &right);
    Probe alice("alice", &left);
    Probe bob("bob", &right);
    CHECK(alice.says({"up lo="}));
    REQUIRE(join(left, right));
    // Link-local addresses are all there is at first.
    CHECK(alice.says({"up ", "cable=[fe80::"}));
    CHECK(alice.says({"near bob [fe80::", ":4711"}));
    CHECK(bob.says({"near alice [fe80::", ":4711"}));

    REQUIRE(left.run({"address", "add", "192.0.2.1/24", "brd", "+", "dev", "cable"}));
    REQUIRE(right.run({"address", "add", "192.0.2.2/24", "brd", "+", "dev", "cable"}));
    // Long before the next regular look at the interfaces.
    CHECK(alice.says({"192.0.2.1"}, 10s));
    CHECK(alice.says({"near bob", "192.0.2.2:4711"}));
    CHECK(bob.says({"near alice", "192.0.2.1:4711"}));

    SECTION("the address changes") {
        REQUIRE(right.run({"address", "del", "192.0.2.2/24", "dev", "cable"}));
        REQUIRE(right.run({"address", "add", "192.0.2.7/24", "brd", "+", "dev", "cable"}));
        CHECK(bob.says({"192.0.2.7"}, 10s));
        CHECK(alice.says({"near bob", "192.0.2.7:4711"}));
    }
    SECTION("the cable is pulled and put back") {
        REQUIRE(right.run({"link", "set", "cable", "down"}));
        CHECK(alice.says({"up lo=127.0.0.1:0,[::1]:0,"}, 10s));
        CHECK(alice.says({"gone bob"}));
        REQUIRE(right.run({"link", "set", "cable", "up"}));
        CHECK(alice.says({"up ", "cable="}));
        CHECK(alice.says({"near bob"}));
    }
    SECTION("one leaves") {
        bob.leave();
        CHECK(alice.says({"gone bob"}));
    }
    SECTION("an interface goes for good, and another one comes") {
        REQUIRE(right.run({"link", "del", "cable"}));
        CHECK(alice.says({"gone bob"}));
        REQUIRE(join(left, right));
        CHECK(alice.says({"near bob [fe80::"}));
        CHECK(bob.says({"near alice [fe80::"}));
    }
}

TEST_CASE("IPv4 alone is enough") {
    const Namespace left("left");
    const Namespace right("right");
    REQUIRE_NAMESPACES(&left, &right);
    REQUIRE(join(left, right));
    for (const Namespace* side : {&left, &right})
        REQUIRE(side->run({"link", "set", "cable", "addrgenmode", "none"}));
    for (const Namespace* side : {&left, &right}) {
        REQUIRE(side->run({"address", "flush", "dev", "cable"}));
        const std::string host = side == &left ? "1" : "2";
        REQUIRE(
            side->run({"address", "add", "10.9.8." + host + "/24", "brd", "+", "dev", "cable"}));
    }
    Probe alice("alice", &left);
    Probe bob("bob", &right);
    CHECK(alice.says({"near bob 10.9.8.2:4711"}));
    CHECK(bob.says({"near alice 10.9.8.1:4711"}));
}

TEST_CASE("who listens at one address is announced there and nowhere else") {
    const Namespace left("left");
    const Namespace right("right");
    REQUIRE_NAMESPACES(&left, &right);
    REQUIRE(join(left, right));
    for (const std::string host : {"1", "2"}) {
        const Namespace& side = host == "1" ? left : right;
        REQUIRE(side.run({"address", "add", "10.9.8." + host + "/24", "brd", "+", "dev", "cable"}));
        REQUIRE(
            side.run({"address", "add", "10.9.8.1" + host + "/24", "brd", "+", "dev", "cable"}));
    }
    Probe alice("alice", &left);
    Probe second("second", &right, {"10.9.8.12"});  // not the address the system would choose
    Probe local("local", &right, {"127.0.0.1"});
    CHECK(alice.says({"near second 10.9.8.12:4711"}));
    CHECK(second.says({"near alice 10.9.8.1:4711"}));
    CHECK_FALSE(alice.says({"near local"}, 6s));
    CHECK_FALSE(alice.knew("10.9.8.2:4711"));  // nobody listens there
}

TEST_CASE("a port that cannot be had is told in words") {
    // Another program that does not share.
    const int taken = ::socket(AF_INET, SOCK_DGRAM, 0);
    const int taken6 = ::socket(AF_INET6, SOCK_DGRAM, 0);
    sockaddr_in name{};
    name.sin_family = AF_INET;
    socklen_t size = sizeof name;
    REQUIRE(::bind(taken, reinterpret_cast<sockaddr*>(&name), sizeof name) == 0);
    REQUIRE(::getsockname(taken, reinterpret_cast<sockaddr*>(&name), &size) == 0);
    const int on = 1;
    ::setsockopt(taken6, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    sockaddr_in6 name6{};
    name6.sin6_family = AF_INET6;
    name6.sin6_port = name.sin_port;
    (void)::bind(taken6, reinterpret_cast<sockaddr*>(&name6), sizeof name6);

    net::Reactor reactor;
    net::UdpDriver driver(reactor);
    const auto opened = driver.open({ntohs(name.sin_port), {}});
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().starts_with("Cannot hear who is near on UDP port "));
    CHECK_FALSE(driver.open({1, {"localhost"}}).has_value());
    CHECK(driver.announce(1, net::Bytes(288, 0)).has_value());
    reactor.start();
    run_to_end(reactor, [&](auto done) { driver.shut_down(done); });
    reactor.stop_and_join();
    ::close(taken);
    ::close(taken6);
}
