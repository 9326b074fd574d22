// SPDX-License-Identifier: MIT
#include "tests/sim/sim_node.hpp"

#include <stdexcept>

#include "net/socket_names.hpp"

namespace kith::sim {

using namespace std::chrono_literals;

/// Between endpoint and node: hides what newer versions have said of themselves.
class SimNode::OldPeers final : public net::EndpointListener {
public:
    explicit OldPeers(net::EndpointListener& node) : node_(node) {}
    void on_session_up(const net::SessionInfo& session) override {
        net::SessionInfo old = session;
        old.features = 0;
        node_.on_session_up(old);
    }
    void on_session_down(const net::Fingerprint& peer, const net::Ending& ending) override {
        node_.on_session_down(peer, ending);
    }
    void on_message(const net::Fingerprint& peer, net::Message message) override {
        node_.on_message(peer, std::move(message));
    }
    void on_dialling(const net::Fingerprint& peer) override { node_.on_dialling(peer); }
    void on_dial_failed(const net::Fingerprint& peer, const net::Ending& ending,
                        milliseconds retry_in) override {
        node_.on_dial_failed(peer, ending, retry_in);
    }
    void on_drained(const net::Fingerprint& peer) override { node_.on_drained(peer); }
    void on_log(net::LogLevel level, std::string text) override {
        node_.on_log(level, std::move(text));
    }

private:
    net::EndpointListener& node_;
};

SimNode::SimNode(SimNetwork& network, const std::string& person, std::uint8_t number)
    : files(network),
      runner(network),
      network_(network),
      host_(network, test_identity(person), number),
      person_(person),
      number_(number),
      database_(store::Database::open_in_memory().value()),
      signing_(test_identity(person).keys().ed25519_seed),
      station_(network) {
    host_.on_settle = [this] { work(); };
    files.wake = runner.wake = [this] {
        if (node_) on_wake();
    };
}

SimNode::~SimNode() { crash(true); }

void SimNode::start() {
    ++incarnation_;
    store_ = std::make_unique<store::DirectStore>(database_);
    node::Node::Config config;
    config.self = host_.fingerprint();
    config.first_name = person_;
    config.version = "simulated";
    config.reachable = config.listening = [this] { return std::vector{host_.address()}; };
    config.alarm = [this](milliseconds delay) { ring_after(delay); };
    config.map_port = [this](std::uint16_t port) { asked_to_map = port; };
    config.resolve_host = [this](const std::string& host, std::uint16_t port, auto done) {
        resolve(host, port, std::move(done));
    };
    config.relays = relays;
    config.set_relays = [this](auto own) {
        used_relays = std::move(own);
        if (live_relays) host_.relays().set_relays(used_relays);
    };
    config.files = &files;
    config.runner = &runner;
    node_ = std::make_unique<node::Node>(std::move(config), *store_, host_.clock(), host_.random());
    node_->subscribe(*this);
    old_peers_ = only_old_peers ? std::make_unique<OldPeers>(*node_) : nullptr;
    host_.relay_listener = live_relays ? node_.get() : nullptr;
    if (old_peers_)
        host_.start(*old_peers_);
    else
        host_.start(*node_);
    node_->attach_mail({test_identity(person_).bundle(), signing_, host_.relays().mailbox()});
    node_->load(host_.endpoint(), [](auto loaded) {
        if (!loaded) throw std::runtime_error(loaded.error().text);
    });
    store_->run_all();
    node_->listening_on(host_.address().port);
    start_discovery();
}

/// Without a segment it serves for probes alone.
void SimNode::start_discovery() {
    const net::Discovery::Ports ports{
        host_.clock(), host_.random(), station_, node_->discovery_listener(), {}};
    discovery_ =
        std::make_unique<net::Discovery>(host_.fingerprint(), signing_, node_->boot(), ports);
    node_->attach(discovery_.get());
    host_.endpoint().set_probe_responder(&node_->probe_responder());
    if (segment_ == nullptr) return;
    plug();
    station_.attach(discovery_.get());
    station_.settle();
}

void SimNode::plug() {
    if (!std::exchange(plugged_, true)) station_.plug(*segment_, 1, number_);
}

void SimNode::unplug() {
    if (std::exchange(plugged_, false)) station_.unplug(1);
}

std::size_t SimNode::prekeys_of(const SimNode& other) {
    std::optional<std::size_t> count;
    store_->submit(store::CountTheirPrekeys{other.id()}, [&](const store::Result& result) {
        count = std::get<store::Prekeys>(result.value()).count;
    });
    on_wake();
    if (!network_.run_until([&] { return count.has_value(); }, std::chrono::seconds(30)))
        throw std::runtime_error("the store did not answer");
    return *count;
}

void SimNode::quit() {
    node_->attach(nullptr);
    discovery_->stop();
    host_.endpoint().shut_down();
    crash();
}

/// Answers later, as a thread does.
void SimNode::resolve(const std::string& host, std::uint16_t port,
                      std::function<void(node::Resolved)> done) {
    node::Resolved found = tl::unexpected("There is no host \"" + host + "\".");
    if (const auto numeric = net::parse_numeric(host, port)) {
        found = std::vector{*numeric};
    } else if (const auto named = hosts.find(host); named != hosts.end()) {
        found = named->second;
        for (auto& address : *found) address.port = port;
    }
    network_.after(1ms, [this, now = incarnation_, found, done = std::move(done)] {
        if (now != incarnation_) return;
        done(found);
        on_wake();
    });
}

void SimNode::ring_after(milliseconds delay) {
    network_.after(delay, [this, now = incarnation_] {
        if (now == incarnation_) on_wake();
    });
}

/// What the program does when the storage thread or the alarm wakes it.
void SimNode::on_wake() {
    work();
    host_.relays().flush();
}

void SimNode::crash(bool silently) {
    ++incarnation_;
    commit_scheduled_ = false;
    station_.attach(nullptr);
    unplug();
    if (node_) node_->attach(nullptr);
    discovery_.reset();
    host_.crash(silently);
    files.crash();
    runner.crash();
    if (store_) store_->crash();
    old_peers_.reset();
    node_.reset();
    store_.reset();
    events.clear();
}

/// Jobs gather for a few milliseconds, as they do behind an fsync, then commit together. The commit
/// and its answers are two steps: a crash may fall between them.
void SimNode::work() {
    if (!node_) return;
    node_->flush();
    if (discovery_ && segment_ != nullptr) station_.settle();
    if (store_->backlog() == 0 || commit_scheduled_) return;
    commit_scheduled_ = true;
    network_.after(2ms, [this, now = incarnation_] {
        if (now != incarnation_) return;
        store_->commit_pending();
        schedule_commit();
    });
}

void SimNode::schedule_commit() {
    network_.after(1ms, [this, now = incarnation_] {
        if (now != incarnation_) return;
        commit_scheduled_ = false;
        store_->run_pending();
        on_wake();
    });
}

void SimNode::fail_writes(bool fail) { store_->fail_writes(fail); }

void SimNode::send(model::Command command, std::function<void(model::Reply)> done) {
    node_->execute(std::move(command), std::move(done));
}

model::Reply SimNode::call(model::Command command) {
    auto reply = std::make_shared<std::optional<model::Reply>>();
    send(std::move(command), [reply](model::Reply r) { *reply = std::move(r); });
    if (!network_.run_until([&] { return reply->has_value(); }, 30s)) {
        throw std::runtime_error("a command was not answered within 30 s");
    }
    return std::move(**reply);
}

std::string SimNode::connection_id() {
    return std::get<model::Profile>(call(model::WhoAmI{}).value()).connection_id;
}

std::optional<model::Peer> SimNode::peer(const SimNode& other) {
    const auto listed = std::get<model::Peers>(call(model::ListPeers{}).value());
    for (const auto& peer : listed.peers) {
        if (peer.id == other.id()) return peer;
    }
    return std::nullopt;
}

model::Presence SimNode::presence(const SimNode& other) {
    const auto known = peer(other);
    return known ? known->presence : model::Presence::offline;
}

std::vector<model::Message> SimNode::conversation(const SimNode& other) {
    std::vector<model::Message> all;
    std::optional<model::MessageId> before;
    while (true) {
        auto page = std::get<model::Messages>(
            call(model::ListMessages{other.id(), model::page_max, before, {}, {}}).value());
        all.insert(all.begin(), page.messages.begin(), page.messages.end());
        if (!page.more || page.messages.empty()) return all;
        before = page.messages.front().id;
    }
}

bool befriend(SimNetwork& network, SimNode& a, SimNode& b) {
    if (!a.call(model::AddContact{b.connection_id(), "hello"})) return false;
    if (!network.run_until([&] { return b.presence(a) == model::Presence::pending_in; }, 20s))
        return false;
    if (!b.call(model::AcceptRequest{a.id()})) return false;
    return network.run_until(
        [&] {
            return a.presence(b) == model::Presence::online &&
                   b.presence(a) == model::Presence::online;
        },
        20s);
}

}  // namespace kith::sim
