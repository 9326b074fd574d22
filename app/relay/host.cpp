// SPDX-License-Identifier: MIT
#include "app/relay/host.hpp"

#include <algorithm>
#include <future>

#include "app/relay/exposition.hpp"
#include "app/store/mailbox/mailbox_thread.hpp"
#include "net/descriptor_limit.hpp"
#include "net/relay/metrics_server.hpp"
#include "net/rsa_lane.hpp"
#include "net/tcp_driver.hpp"

namespace kith::relay {
namespace {

constexpr std::size_t spare_descriptors = 256;  // listeners, metrics, files

using Outcome = tl::expected<void, std::string>;

/// Runs an operation that ends in a callback on the network thread, and waits for the callback.
template <typename Start>
void run_to_end(net::Reactor& reactor, Start start) {
    std::promise<void> ended;
    reactor.run_and_wait([&] { start([&ended] { ended.set_value(); }); });
    ended.get_future().wait();
}

net::ListenOptions listen_options(const net::ListenPlace& place) {
    net::ListenOptions options;
    if (!place.address.empty()) options.addresses = {place.address};
    options.port = place.port;
    return options;
}

}  // namespace

struct Host::Impl {
    explicit Impl(Options given) : options(std::move(given)) {}

    Options options;
    net::SystemClock clock;
    crypto::SystemRandom random;
    net::Reactor reactor;
    std::optional<crypto::PublicBundle> bundle;
    std::unique_ptr<store::mailbox::MailboxThread> mailbox;
    net::Reactor::HandlerId mailbox_handler = 0;
    std::unique_ptr<net::TcpDriver> driver;
    std::unique_ptr<net::RsaLane> lane;
    std::unique_ptr<net::RelayServer> server;
    std::unique_ptr<net::MetricsServer> metrics;
    crypto::RelayAddress address;
    bool guessed = false;
    std::uint16_t port = 0;
    std::uint16_t metrics_port = 0;
    std::int64_t started_at = 0;
    Descriptors descriptors;
    bool reactor_started = false;
    bool draining = false;  // network thread

    Outcome start();
    Outcome open_mailbox();
    void start_mailbox();
    void assemble();
    Outcome listen();
    void stop();
    void stop_mailbox();
    [[nodiscard]] Figures figures() const;
    [[nodiscard]] std::optional<net::MetricsServer::Page> page(std::string_view path) const;
};

Outcome Host::Impl::start() {
    const auto identity = crypto::Identity::from_keys(options.keys);
    if (!identity) return tl::unexpected(identity.error().text);
    bundle = identity->bundle();
    if (auto opened = open_mailbox(); !opened) return opened;
    started_at = std::chrono::duration_cast<std::chrono::seconds>(clock.wall()).count();
    reactor.start();
    reactor_started = true;
    Outcome listening;
    reactor.run_and_wait([&] {
        assemble();
        listening = listen();
    });
    return listening;
}

Outcome Host::Impl::open_mailbox() {
    if (!options.configuration.mailbox) return {};
    auto database = store::mailbox::MailboxDatabase::open(options.mailbox.string(), random);
    if (!database) return tl::unexpected(database.error().text);
    mailbox = std::make_unique<store::mailbox::MailboxThread>(
        std::move(*database), clock,
        store::mailbox::MailboxThread::Hooks{[this] { reactor.wake(); }, options.complain});
    return {};
}

void Host::Impl::start_mailbox() {
    if (!mailbox) return;
    mailbox_handler = reactor.add_wake_handler([this] {
        mailbox->drain();
        if (server) server->flush();
    });
    mailbox->set_limits(options.configuration.mailbox_limits);
    mailbox->start();
}

void Host::Impl::stop_mailbox() {
    if (!mailbox) return;
    if (mailbox_handler != 0) reactor.remove_wake_handler(mailbox_handler);
    mailbox->stop_and_join();
    mailbox.reset();
}

void Host::Impl::assemble() {
    start_mailbox();
    net::RelayLimits limits = options.configuration.limits;
    descriptors.wanted = limits.clients_max + limits.door.handshakes_max +
                         2 * limits.circuits.circuits_max + spare_descriptors;
    descriptors.there = net::raise_descriptor_limit(descriptors.wanted);
    // What is not a connection of clients works on when these are used up.
    limits.door.links_max = descriptors.there - std::min(spare_descriptors, descriptors.there / 2);
    driver = std::make_unique<net::TcpDriver>(reactor);
    lane = std::make_unique<net::RsaLane>(reactor, clock, std::move(options.keys));
    server = std::make_unique<net::RelayServer>(*bundle, *driver, *lane, clock, random,
                                                net::RelayRules{options.secret, options.allowed},
                                                limits, mailbox.get());
    driver->attach(server.get());
    lane->start(*server);
    if (!options.configuration.metrics) return;
    metrics = std::make_unique<net::MetricsServer>(
        reactor, [this](std::string_view path) { return page(path); });
}

Outcome Host::Impl::listen() {
    const auto& configuration = options.configuration;
    if (metrics) {
        const auto listening = metrics->listen(*configuration.metrics);
        if (!listening) return tl::unexpected(listening.error());
        metrics_port = *listening;
    }
    const auto listening = driver->listen(listen_options(configuration.listen));
    if (!listening) return tl::unexpected(listening.error());
    port = *listening;
    const auto where = public_address(configuration, port, driver->reachable_addresses());
    guessed = where.guessed;
    address = {bundle->fingerprint(), options.secret, where.host, where.port};
    return {};
}

std::optional<net::MetricsServer::Page> Host::Impl::page(std::string_view path) const {
    if (path == "/metrics")
        return net::MetricsServer::Page{200, std::string(Exposition::content_type),
                                        metrics_page(figures(), started_at, draining)};
    if (path != "/healthz") return std::nullopt;
    return draining ? net::MetricsServer::Page{503, "text/plain", "draining\n"}
                    : net::MetricsServer::Page{200, "text/plain", "ok\n"};
}

Figures Host::Impl::figures() const {
    Figures figures{server->stats(), {}};
    if (mailbox) figures.mailbox = {mailbox->figures(), mailbox->counts()};
    return figures;
}

void Host::Impl::stop() {
    if (!reactor_started) return;
    run_to_end(reactor, [this](auto done) {
        server->shut_down();
        driver->shut_down(done);
    });
    if (metrics) run_to_end(reactor, [this](auto done) { metrics->shut_down(done); });
    lane->stop_and_join();
    reactor.run_and_wait([this] {
        metrics.reset();
        server.reset();
        lane.reset();
        driver.reset();
        stop_mailbox();
    });
    reactor.stop_and_join();
    reactor_started = false;
}

Host::Host(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

tl::expected<std::unique_ptr<Host>, std::string> Host::start(Options options) {
    std::unique_ptr<Host> host(new Host(std::make_unique<Impl>(std::move(options))));
    if (auto started = host->impl_->start(); !started) return tl::unexpected(started.error());
    return host;
}

Host::~Host() { impl_->stop(); }

const crypto::RelayAddress& Host::address() const { return impl_->address; }
bool Host::address_guessed() const { return impl_->guessed; }
std::uint16_t Host::port() const { return impl_->port; }
Host::Descriptors Host::descriptors() const { return impl_->descriptors; }
std::uint16_t Host::metrics_port() const { return impl_->metrics_port; }

Figures Host::figures() {
    Figures figures;
    impl_->reactor.run_and_wait([&] { figures = impl_->figures(); });
    return figures;
}

void Host::set_allowed(std::optional<AllowList> allowed) {
    impl_->reactor.run_and_wait([&] {
        impl_->server->set_rules({impl_->options.secret, std::move(allowed)});
    });
}

void Host::set_mailbox_limits(const net::MailboxLimits& limits) {
    impl_->reactor.run_and_wait([&] {
        if (impl_->mailbox) impl_->mailbox->set_limits(limits);
    });
}

void Host::drain() {
    impl_->reactor.run_and_wait([this] {
        impl_->draining = true;
        impl_->server->drain();
    });
}

bool Host::drained() {
    bool drained = false;
    impl_->reactor.run_and_wait([&] { drained = impl_->server->drained(); });
    return drained;
}

}  // namespace kith::relay
