// SPDX-License-Identifier: MIT
//
// Connections from one port to several places, on real sockets.
#include <catch2/catch_test_macros.hpp>
#include <condition_variable>
#include <map>
#include <mutex>

#include "tests/net/real_node.hpp"

using namespace kith;
using namespace kith::net;
using namespace std::chrono_literals;

namespace {

/// Dials, is dialled, and remembers who came from where.
class Place final : public LinkListener {
public:
    Place() {
        reactor_.start();
        reactor_.run_and_wait([&] {
            driver_ = std::make_unique<TcpDriver>(reactor_);
            driver_->attach(this);
        });
    }
    ~Place() override {
        test::run_to_end(reactor_, [&](auto done) { driver_->shut_down(done); });
        reactor_.run_and_wait([&] { driver_.reset(); });
        reactor_.stop_and_join();
    }
    template <typename Task>
    auto on_loop(Task task) {
        decltype(task(*driver_)) result;
        reactor_.run_and_wait([&] { result = task(*driver_); });
        return result;
    }
    bool wait_until(const std::function<bool()>& done) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, 5s, done);
    }

    std::vector<SocketAddress> came_from;
    std::vector<LinkId> dialled;
    std::map<LinkId, Ending::Reason> closed;

    void on_accepted(LinkId, const SocketAddress& from) override {
        change([&] { came_from.push_back(from); });
    }
    void on_dialled(LinkId link) override {
        change([&] { dialled.push_back(link); });
    }
    void on_closed(LinkId link, Ending::Reason reason) override {
        change([&] { closed[link] = reason; });
    }
    void on_data(LinkId, ByteView) override {}
    void on_writable(LinkId) override {}
    void on_decrypted(std::uint64_t, crypto::SecretBytes) override {}
    void on_accept_failed() override {}
    void flush() override {}
    std::chrono::milliseconds tick() override { return std::chrono::milliseconds::max(); }

private:
    void change(const std::function<void()>& task) {
        const std::lock_guard lock(mutex_);
        task();
        changed_.notify_all();
    }
    Reactor reactor_;
    std::unique_ptr<TcpDriver> driver_;
    std::mutex mutex_;
    std::condition_variable changed_;
};

}  // namespace

TEST_CASE("a port that is shared leads to several places") {
    Place there, here;
    const auto port = there.on_loop([](TcpDriver& driver) {
        return driver.listen({{"127.0.0.1", "127.0.0.2"}, 0}).value();
    });
    const auto link = here.on_loop([&](TcpDriver& driver) {
        return driver.dial_shared({{127, 0, 0, 1}, port, 0});
    });
    REQUIRE(here.wait_until([&] { return here.dialled.size() == 1; }));
    here.on_loop([&](TcpDriver& driver) {
        return driver.dial_beside(link, {{127, 0, 0, 2}, port, 0});
    });
    REQUIRE(here.wait_until([&] { return here.dialled.size() == 2; }));
    REQUIRE(there.wait_until([&] { return there.came_from.size() == 2; }));
    CHECK(there.came_from[0] == there.came_from[1]);
    CHECK(here.closed.empty());
}

TEST_CASE("a port that is shared can be dialled from again and again") {
    Place there, here;
    const auto port = there.on_loop([](TcpDriver& driver) {
        return driver.listen({{"127.0.0.1"}, 0}).value();
    });
    const auto link = here.on_loop([&](TcpDriver& driver) {
        return driver.dial_shared({{127, 0, 0, 1}, port, 0});
    });
    REQUIRE(here.wait_until([&] { return here.dialled.size() == 1; }));
    const auto beside = [&](LinkId whose, const SocketAddress& to) {
        const auto tried =
            here.on_loop([&](TcpDriver& driver) { return driver.dial_beside(whose, to); });
        REQUIRE(here.wait_until([&] { return here.closed.contains(tried); }));
        return here.closed.at(tried);
    };
    for (int i = 0; i < 3; ++i)
        CHECK(beside(link, {{127, 0, 0, 2}, port, 0}) == Ending::Reason::refused);
    // Of another family, or beside nothing.
    Bytes v6(16, 0);
    v6.back() = 1;
    CHECK(beside(link, {v6, port, 0}) == Ending::Reason::unreachable);
    CHECK(beside(link + 100, {{127, 0, 0, 1}, port, 0}) == Ending::Reason::unreachable);
    REQUIRE(there.wait_until([&] { return !there.came_from.empty(); }));
    CHECK(there.came_from.size() == 1);
}
