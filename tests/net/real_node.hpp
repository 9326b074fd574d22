// SPDX-License-Identifier: MIT
//
// An endpoint on real sockets, for tests: reactor, driver, lane, listener. What happens on the
// loop's thread is waited for with a deadline.
#pragma once

#include <condition_variable>
#include <future>
#include <mutex>

#include "net/reactor.hpp"
#include "net/rsa_lane.hpp"
#include "net/tcp_driver.hpp"
#include "tests/net/recording_listener.hpp"
#include "tests/support/test_identities.hpp"

namespace kith::test {

/// Runs `start(done)` on the loop and waits until `done()` was called.
template <typename Start>
void run_to_end(net::Reactor& reactor, Start start) {
    std::promise<void> ended;
    reactor.run_and_wait([&] { start([&ended] { ended.set_value(); }); });
    ended.get_future().wait();
}

class RealNode {
public:
    explicit RealNode(const std::string& name, const net::Timing& timing = {})
        : bundle_(test_identity(name).bundle()) {
        reactor.start();
        reactor.run_and_wait([&] {
            driver = std::make_unique<net::TcpDriver>(reactor);
            lane_ = std::make_unique<net::RsaLane>(reactor, clock_, test_identity_keys(name));
            endpoint = std::make_unique<net::Endpoint>(bundle_, *driver, *lane_, clock_, random_,
                                                       listener, timing);
            driver->attach(endpoint.get());
            lane_->start(*endpoint);
            invite = random_.array<8>();
            endpoint->set_invite_token(invite);
        });
    }
    ~RealNode() {
        run_to_end(reactor, [this](auto done) {
            endpoint->shut_down();
            driver->shut_down(done);
        });
        lane_->stop_and_join();
        reactor.run_and_wait([&] {
            endpoint.reset();
            driver.reset();
            lane_.reset();
        });
        reactor.stop_and_join();
    }

    [[nodiscard]] const net::Fingerprint& id() const { return bundle_.fingerprint(); }
    std::uint16_t listen(std::vector<std::string> addresses = {"127.0.0.1"}) {
        reactor.run_and_wait([&] { port = driver->listen({std::move(addresses), 0}).value(); });
        return port;
    }
    [[nodiscard]] net::SocketAddress address() const { return {{127, 0, 0, 1}, port, 0}; }

    /// Runs on the loop's thread.
    template <typename Task>
    auto on_loop(Task task) {
        std::optional<decltype(task())> result;
        reactor.run_and_wait([&] { result = task(); });
        return *result;
    }
    void run(std::function<void()> task) { reactor.run_and_wait(std::move(task)); }
    /// Looks whenever the listener heard something; false after `limit`.
    bool wait_until(std::function<bool()> done, std::chrono::milliseconds limit) {
        std::promise<void> reached;
        auto future = reached.get_future();
        bool fired = false;
        const auto look = [&] {
            if (fired || !done()) return;
            fired = true;
            reached.set_value();
        };
        run([&] {
            listener.when_anything = look;
            look();
        });
        const bool in_time = future.wait_for(limit) == std::future_status::ready;
        run([&] { listener.when_anything = nullptr; });
        return in_time;
    }

    class Listener final : public RecordingListener {
    public:
        void on_session_up(const net::SessionInfo& session) override {
            RecordingListener::on_session_up(session);
            heard();
        }
        void on_session_down(const net::Fingerprint& peer, const net::Ending& ending) override {
            RecordingListener::on_session_down(peer, ending);
            heard();
        }
        void on_message(const net::Fingerprint& peer, net::Message message) override {
            RecordingListener::on_message(peer, std::move(message));
            heard();
        }
        void on_dial_failed(const net::Fingerprint& peer, const net::Ending& ending,
                            std::chrono::milliseconds retry_in) override {
            RecordingListener::on_dial_failed(peer, ending, retry_in);
            heard();
        }
        void on_bulk(const net::Fingerprint& peer, const net::RunId& run,
                     net::BulkLink link) override {
            RecordingListener::on_bulk(peer, run, std::move(link));
            heard();
        }
        void on_bulk_failed(const net::Fingerprint& peer, const net::RunId& run,
                            const net::Ending& ending) override {
            RecordingListener::on_bulk_failed(peer, run, ending);
            heard();
        }
        std::function<void()> when_anything;

    private:
        void heard() {
            if (when_anything) when_anything();
        }
    };

    Listener listener;
    net::Reactor reactor;
    std::unique_ptr<net::TcpDriver> driver;
    std::unique_ptr<net::Endpoint> endpoint;
    crypto::InviteToken invite{};
    std::uint16_t port = 0;

private:
    crypto::PublicBundle bundle_;
    net::SystemClock clock_;
    crypto::SystemRandom random_;
    std::unique_ptr<net::RsaLane> lane_;
};

/// The two are contacts; `from` knows `addresses` of `to`.
inline void introduce(RealNode& from, RealNode& to, std::vector<net::SocketAddress> addresses) {
    net::ContactToken at_from{};
    net::ContactToken at_to{};
    at_from.fill(0xA1);
    at_to.fill(0xB2);
    to.run([&] {
        to.endpoint->set_route({from.id(), {at_from.begin(), at_from.end()}, at_to, {}, false});
    });
    from.run([&] {
        from.endpoint->set_route(
            {to.id(), {at_to.begin(), at_to.end()}, at_from, std::move(addresses), true});
    });
}

}  // namespace kith::test
