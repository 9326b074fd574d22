// SPDX-License-Identifier: MIT
#include "net/resolver.hpp"

#include <net/if.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/net/real_node.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;
using namespace std::chrono_literals;

namespace {

struct Fixture {
    Fixture() : Fixture([](Reactor& r) { return std::make_unique<Resolver>(r); }) {}
    explicit Fixture(const std::function<std::unique_ptr<Resolver>(Reactor&)>& make) {
        reactor.start();
        reactor.run_and_wait([&] { resolver = make(reactor); });
    }
    ~Fixture() {
        reactor.run_and_wait([this] { resolver.reset(); });
        reactor.stop_and_join();
    }
    Resolver::Found ask(const std::string& host) {
        std::promise<Resolver::Found> promise;
        auto found = promise.get_future();
        bool returned = false;
        reactor.run_and_wait([&] {
            resolver->resolve(host, 4711, [&](Resolver::Found result) {
                CHECK(returned);  // later, not from inside
                promise.set_value(std::move(result));
            });
            returned = true;
        });
        return found.get();
    }

    Reactor reactor;
    std::unique_ptr<Resolver> resolver;
};

}  // namespace

TEST_CASE("numeric addresses are what they say") {
    Fixture f;
    CHECK(f.ask("192.0.2.7").value() == std::vector{SocketAddress{{192, 0, 2, 7}, 4711, 0}});
    Bytes loopback(16, 0);
    loopback[15] = 1;
    CHECK(f.ask("::1").value() == std::vector{SocketAddress{loopback, 4711, 0}});
    CHECK(f.ask("[::1]").value() == std::vector{SocketAddress{loopback, 4711, 0}});
    const auto scoped = f.ask("fe80::1%lo").value();
    REQUIRE(scoped.size() == 1);
    CHECK(scoped[0].scope == ::if_nametoindex("lo"));
    CHECK(scoped[0].port == 4711);
}

TEST_CASE("names that are none are refused in words") {
    Fixture f;
    for (const std::string& host :
         {std::string(), std::string(300, 'a'), std::string("a\0b", 3), std::string("a..b")}) {
        CAPTURE(host);
        const auto found = f.ask(host);
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error().ends_with("."));
    }
}

TEST_CASE("the machine's own name for itself is found") {
    Fixture f;
    const auto found = f.ask("localhost");
    REQUIRE(found.has_value());
    CHECK_FALSE(found->empty());
}

TEST_CASE("few look-ups at a time, and none is answered after the end") {
    Fixture f;
    std::promise<std::string> refused;
    std::size_t answered = 0;
    f.reactor.run_and_wait([&] {
        for (std::size_t i = 0; i < Resolver::at_once_max; ++i)
            f.resolver->resolve("127.0.0.1", 1, [&](const auto&) { ++answered; });
        f.resolver->resolve("127.0.0.1", 1,
                            [&](const auto& found) { refused.set_value(found.error()); });
    });
    CHECK(refused.get_future().get().starts_with("Too many names"));
    SECTION("the end while they run") {}
    SECTION("the end after they ran") { (void)f.ask("127.0.0.1"); }
    f.reactor.run_and_wait([&] { f.resolver->shut_down(); });
    const auto at_the_end = answered;
    f.reactor.run_and_wait([&] {
        f.resolver = std::make_unique<Resolver>(f.reactor);
        CHECK(answered == at_the_end);
    });
}

TEST_CASE("a name server that is silent holds up no end, and what it says later is not heard") {
    std::promise<void> let_go;
    std::promise<void> asked, answered;
    const auto silence = let_go.get_future().share();
    const auto look_up = [&](const std::string&) -> Resolver::Found {
        asked.set_value();
        silence.wait();
        answered.set_value_at_thread_exit();
        return std::vector{SocketAddress{{192, 0, 2, 7}, 0, 0}};
    };
    {
        Fixture f([&](Reactor& r) { return std::make_unique<Resolver>(r, look_up); });
        f.reactor.run_and_wait([&] {
            f.resolver->resolve("slow.example", 1, [](const auto&) { FAIL("called at the end"); });
        });
        asked.get_future().wait();
    }
    let_go.set_value();
    answered.get_future().wait();
}

TEST_CASE("look-ups do not wait for one another") {
    std::promise<void> let_go;
    const auto silence = let_go.get_future().share();
    const auto look_up = [silence](const std::string& host) -> Resolver::Found {
        if (host == "slow.example") silence.wait();
        return std::vector{SocketAddress{{192, 0, 2, 7}, 0, 0}};
    };
    Fixture f([&](Reactor& r) { return std::make_unique<Resolver>(r, look_up); });
    std::promise<void> slow;
    f.reactor.run_and_wait(
        [&] { f.resolver->resolve("slow.example", 1, [&](const auto&) { slow.set_value(); }); });
    CHECK(f.ask("quick.example").value() == std::vector{SocketAddress{{192, 0, 2, 7}, 4711, 0}});
    let_go.set_value();
    slow.get_future().wait();
}
