// SPDX-License-Identifier: MIT
#include "app/host/instance.hpp"

#include <cstdlib>
#include <future>

#include "app/control/server.hpp"
#include "app/host/history.hpp"
#include "app/host/services.hpp"
#include "app/host/surroundings.hpp"
#include "app/host/transfer_host.hpp"
#include "app/node/node.hpp"
#include "app/store/storage_thread.hpp"
#include "net/relay/relay_transport.hpp"
#include "net/rsa_lane.hpp"
#include "net/tcp_driver.hpp"
#include "net/transfer/bulk_lanes.hpp"

namespace kith::host {
namespace {

using Outcome = tl::expected<void, model::Error>;

tl::unexpected<model::Error> fail(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

/// Runs an operation that ends in a callback on the network thread, and waits for the callback.
template <typename Start>
void run_to_end(net::Reactor& reactor, Start start) {
    std::promise<void> ended;
    reactor.run_and_wait([&] { start([&ended] { ended.set_value(); }); });
    ended.get_future().wait();
}

}  // namespace

struct Instance::Impl {
    Impl(InstanceOptions o, model::HostPort& h) : options(std::move(o)), host(h) {}

    InstanceOptions options;
    model::HostPort& host;
    net::SystemClock clock;
    crypto::SystemRandom random;
    net::Reactor reactor;
    std::optional<crypto::PublicBundle> bundle;
    std::unique_ptr<crypto::SigningKey> signing;
    std::unique_ptr<store::ThreadedStore> store;
    std::unique_ptr<net::TcpDriver> driver;
    std::unique_ptr<net::RsaLane> lane;
    std::unique_ptr<node::Node> node;
    std::unique_ptr<net::RelayTransport> relays;
    std::unique_ptr<net::Endpoint> endpoint;
    std::unique_ptr<Surroundings> surroundings;
    std::unique_ptr<Worker> worker;
    std::unique_ptr<Worker> file_worker;
    std::unique_ptr<TransferHost> files;
    std::unique_ptr<net::BulkLanes> lanes;
    std::unique_ptr<Services> services;
    std::unique_ptr<control::ControlServer> control;
    model::Profile profile;
    bool reactor_started = false;

    Outcome start(crypto::ProfileSecrets secrets);
    void assemble(store::Database database, crypto::ProfileSecrets secrets);
    void assemble_links();
    Outcome load();
    Outcome listen();
    void on_wake();
    void stop();
    [[nodiscard]] node::Node::Config node_config();
    [[nodiscard]] Services::Options services_options(const crypto::ProfileSecrets& secrets);
};

Outcome Instance::Impl::start(crypto::ProfileSecrets secrets) {
    auto identity = crypto::Identity::from_keys(secrets.identity);
    if (!identity) return fail("bad_key_file", identity.error().text);
    bundle = identity->bundle();
    if (secrets.database_key.size() != 32)
        return fail("bad_key_file", "The key file holds no database key.");
    auto history =
        open_history({options.paths, options.fresh, options.set_aside, clock.wall().count()},
                     DatabaseKey(secrets.database_key.data(), 32));
    if (!history) return tl::unexpected(history.error());

    reactor.start();
    reactor_started = true;
    reactor.run_and_wait([&] { assemble(std::move(history->database), std::move(secrets)); });
    if (auto loaded = load(); !loaded) return loaded;
    Outcome listening;
    reactor.run_and_wait([&] {
        for (auto& notice : history->notices)
            node->on_log(net::LogLevel::warning, std::move(notice));
        listening = listen();
    });
    return listening;
}

node::Node::Config Instance::Impl::node_config() {
    node::Node::Config config;
    config.self = bundle->fingerprint();
    config.first_name = options.first_name;
    config.rename = options.rename;
    config.version = options.version;
    config.password_protected = options.password_protected;
    config.reachable = [this] { return driver->reachable_addresses(); };
    config.listening = [this] { return driver->listening(); };
    config.wake = [this] { reactor.wake(); };
    config.alarm = [this](auto delay) { reactor.wake_after(delay); };
    config.map_port = [this](std::uint16_t port) { surroundings->map_port(port); };
    config.resolve_host = [this](const std::string& name, std::uint16_t port, auto done) {
        surroundings->resolve(name, port, std::move(done));
    };
    config.relays = options.relays;
    config.set_relays = [this](const auto& own) { relays->set_relays(own); };
    config.files = files.get();
    config.runner = lanes.get();
    return config;
}

Services::Options Instance::Impl::services_options(const crypto::ProfileSecrets& secrets) {
    auto clear = crypto::seal_key_file(secrets, "", random);
    Services::Options made{options.paths, {clear.begin(), clear.end()}, {}, {}, {}};
    crypto::wipe(clear);
    made.password_changed = [this](bool on) { node->set_password_protected(on); };
    made.set_team = [this](auto team, auto done) { node->set_team(team, std::move(done)); };
    return made;
}

void Instance::Impl::assemble(store::Database database, crypto::ProfileSecrets secrets) {
    store = std::make_unique<store::ThreadedStore>(std::move(database), [this] { reactor.wake(); });
    store->start();
    driver = std::make_unique<net::TcpDriver>(reactor);
    worker = std::make_unique<Worker>([this] { reactor.wake(); });
    auto for_services = services_options(secrets);
    surroundings = std::make_unique<Surroundings>(
        reactor, clock, random, secrets.identity.ed25519_seed,
        Surroundings::Options{options.discovery, options.discovery_port, options.listen,
                              net::system_mapping_backends()});
    signing = std::make_unique<crypto::SigningKey>(secrets.identity.ed25519_seed);
    file_worker = std::make_unique<Worker>([this] { reactor.wake(); });
    const char* home = std::getenv("HOME");
    files = std::make_unique<TransferHost>(
        *file_worker, TransferHost::Options{options.paths.transfers().string(), options.downloads,
                                            home != nullptr ? home : ""});
    lanes = std::make_unique<net::BulkLanes>(reactor, clock);
    lane = std::make_unique<net::RsaLane>(reactor, clock, std::move(secrets.identity));
    node = std::make_unique<node::Node>(node_config(), *store, clock, random);
    for (auto* sink : options.sinks) node->subscribe(*sink);
    assemble_links();
    services = std::make_unique<Services>(*node, *store, *worker, clock, std::move(for_services));
    control = std::make_unique<control::ControlServer>(reactor, *services, host);
    reactor.add_wake_handler([this] { on_wake(); });
}

// Those that are kept, and those named for this run beside them.
static_assert(net::RelayTransport::own_max >= 2 * model::relays_max);

/// driver and RSA lane -> relays -> endpoint -> node
void Instance::Impl::assemble_links() {
    const auto resolve = [this](const std::string& name, std::uint16_t port, auto done) {
        surroundings->resolve(name, port, std::move(done));
    };
    relays = std::make_unique<net::RelayTransport>(
        *bundle, net::RelayTransport::Ports{*driver, *lane, clock, random, resolve, node.get()});
    endpoint = std::make_unique<net::Endpoint>(*bundle, *relays, *lane, clock, random, *node);
    relays->attach(endpoint.get());
    driver->attach(relays.get());
    lane->start(*relays);
    node->attach_mail({*bundle, *signing, relays->mailbox()});
}

void Instance::Impl::on_wake() {
    if (!node) return;  // taken down already
    store->drain();
    worker->drain();
    file_worker->drain();
    node->flush();
    surroundings->on_wake();
    relays->flush();
}

Outcome Instance::Impl::load() {
    std::promise<Outcome> loaded;
    reactor.run_and_wait([&] {
        node->load(*endpoint, [&loaded](Outcome outcome) { loaded.set_value(std::move(outcome)); });
    });
    return loaded.get_future().get();
}

Outcome Instance::Impl::listen() {
    const auto wanted = options.port.value_or(node->stored_port());
    auto port = driver->listen({options.listen, wanted});
    if (!port && !options.port && wanted != 0) {
        node->on_log(
            net::LogLevel::warning,
            port.error() +
                " Another port is used: connection IDs given out earlier may not lead here.");
        port = driver->listen({options.listen, 0});
    }
    if (!port) return fail("cannot_listen", port.error());
    node->listening_on(*port);
    surroundings->start(bundle->fingerprint(), *node, *endpoint, *relays);
    profile = node->profile();
    if (auto ready = control->listen(options.paths.control_socket().string()); !ready) {
        return fail("cannot_listen", ready.error());
    }
    return {};
}

void Instance::Impl::stop() {
    if (!reactor_started) return;
    if (node) {
        run_to_end(reactor, [this](auto done) { control->shut_down(done); });
        run_to_end(reactor, [this](auto done) { surroundings->shut_down(done); });
        run_to_end(reactor, [this](auto done) {
            endpoint->shut_down();
            relays->shut_down();
            driver->shut_down(done);
        });
        surroundings->leave_router();
        lane->stop_and_join();
        reactor.run_and_wait([this] {
            worker->stop_and_join();
            worker->drain();
            files->cancel();
            file_worker->stop_and_join();
            file_worker->drain();
            store->stop_and_join();
            store->drain();
            control.reset();
            services.reset();
            surroundings.reset();
            endpoint.reset();
            relays.reset();
            node.reset();
            lanes.reset();
            files.reset();
            file_worker.reset();
            lane.reset();
            driver.reset();
            worker.reset();
            store.reset();
        });
    }
    reactor.stop_and_join();
    reactor_started = false;
}

Instance::Instance(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

tl::expected<std::unique_ptr<Instance>, model::Error> Instance::start(
    InstanceOptions options, crypto::ProfileSecrets secrets, model::HostPort& host) {
    std::unique_ptr<Instance> instance(
        new Instance(std::make_unique<Impl>(std::move(options), host)));
    if (auto started = instance->impl_->start(std::move(secrets)); !started) {
        return tl::unexpected(std::move(started.error()));
    }
    return instance;
}

Instance::~Instance() { impl_->stop(); }

model::Profile Instance::profile() const { return impl_->profile; }

model::NodePort& Instance::node() { return *impl_->services; }

void Instance::wake() noexcept { impl_->reactor.wake(); }

void Instance::add_wake_handler(std::function<void()> handler) {
    // The loop may wake once more after the node is gone.
    auto guarded = [impl = impl_.get(), handler = std::move(handler)] {
        if (impl->node) handler();
    };
    impl_->reactor.run_and_wait([&] { impl_->reactor.add_wake_handler(std::move(guarded)); });
}

}  // namespace kith::host
