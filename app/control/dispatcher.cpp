// SPDX-License-Identifier: MIT
#include "app/control/dispatcher.hpp"

#include <algorithm>

#include "app/control/serialize.hpp"

namespace kith::control {

using namespace model;

namespace {}  // namespace

Dispatcher::Dispatcher(NodePort& node, HostPort& host, Output& output)
    : node_(node), host_(host), output_(output), alive_(std::make_shared<Dispatcher*>(this)) {}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
    started_ = true;
    node_.subscribe(*this);
    node_.execute(WhoAmI{}, [weak = std::weak_ptr(alive_)](const Reply& reply) {
        const auto alive = weak.lock();
        if (!alive || !reply) return;
        if (const auto* profile = std::get_if<Profile>(&*reply)) (*alive)->self_ = profile->self;
    });
}

void Dispatcher::stop() {
    if (started_) node_.unsubscribe(*this);
    started_ = false;
    alive_.reset();
    clients_.clear();
}

Dispatcher::Client* Dispatcher::find(ClientId id) {
    const auto found = clients_.find(id);
    return found == clients_.end() ? nullptr : &found->second;
}

void Dispatcher::on_client(ClientId client) { clients_.try_emplace(client); }

void Dispatcher::on_client_gone(ClientId client) { clients_.erase(client); }

void Dispatcher::on_drained(ClientId client) {
    if (Client* state = find(client)) release_held_back(client, *state);
}

void Dispatcher::on_line(ClientId client, std::string_view line) {
    const std::size_t content = line.find_first_not_of(" \t\r");
    if (content == std::string_view::npos) return;  // an empty line asks nothing
    take_in(client, std::string(line));
}

void Dispatcher::on_oversized_line(ClientId client) { take_in(client, {}); }

/// Requests begin in the order they came, so a line waits behind those that wait already.
void Dispatcher::take_in(ClientId id, std::string line) {
    Client* client = find(id);
    if (client == nullptr) return;
    if (client->waiting_bytes + line.size() > waiting_bytes_max) {
        const auto request = parse_request(line, node_);
        const std::string& request_id = request ? request->id : request.error().id;
        output_.send_line(id, error_line(request_id, {"busy",
                                                      "Too many requests wait for an answer. "
                                                      "Read replies before sending more."}));
        return;
    }
    client->waiting_bytes += line.size();
    client->waiting.push_back(std::move(line));
    pump(id);
}

/// The node may answer at once and so come back here, and a client may go meanwhile: one loop per
/// client, which looks it up anew each time.
void Dispatcher::pump(ClientId id) {
    Client* client = find(id);
    if (client == nullptr || client->pumping) return;
    client->pumping = true;
    while (client != nullptr && !client->waiting.empty() && client->unfinished < unfinished_max) {
        const std::string line = std::move(client->waiting.front());
        client->waiting.pop_front();
        client->waiting_bytes -= line.size();
        ++client->unfinished;
        begin(id, line);
        client = find(id);
    }
    if (client != nullptr) client->pumping = false;
}

void Dispatcher::begin(ClientId id, std::string_view line) {
    if (line.empty()) {
        return finish(id, error_line("null", {"too_long", "A request may have at most 1 MiB."}));
    }
    auto request = parse_request(line, node_);
    if (!request) return finish(id, error_line(request.error().id, request.error().error));
    perform(id, request->id, request->action);
}

/// Every request ends here, exactly once.
void Dispatcher::finish(ClientId id, std::string line) {
    Client* client = find(id);
    if (client == nullptr) return;
    --client->unfinished;
    output_.send_line(id, std::move(line));
    client = find(id);
    if (client == nullptr) return;
    release_held_back(id, *client);
    pump(id);
}

void Dispatcher::perform(ClientId client, const std::string& id, Action& action) {
    if (auto* command = std::get_if<Command>(&action)) {
        execute(client, id, std::move(*command));
    } else if (const auto* all = std::get_if<MarkAllRead>(&action)) {
        mark_all_read(client, id, all->peer);
    } else if (auto* picture = std::get_if<TakeScreenshot>(&action)) {
        screenshot(client, id, std::move(picture->path));
    } else if (std::holds_alternative<Subscribe>(action)) {
        find(client)->subscribed = true;
        finish(client, reply_line(id, Done{}, self_));
    } else if (std::holds_alternative<RaiseWindow>(action)) {
        const auto raised = host_.raise();
        finish(client, raised ? reply_line(id, Done{}, self_) : error_line(id, raised.error()));
    } else {
        finish(client, reply_line(id, Done{}, self_));
        host_.quit();
    }
}

void Dispatcher::execute(ClientId client, const std::string& id, Command command) {
    node_.execute(std::move(command),
                  [weak = std::weak_ptr(alive_), client, id](const Reply& reply) {
                      const auto alive = weak.lock();
                      if (alive) (*alive)->finish(client, reply_line(id, reply, (*alive)->self_));
                  });
}

/// A message that comes between the two commands stays unread.
void Dispatcher::mark_all_read(ClientId client, const std::string& id, const PeerId& peer) {
    ListMessages newest;
    newest.peer = peer;
    newest.limit = 1;
    node_.execute(newest, [weak = std::weak_ptr(alive_), client, id, peer](const Reply& reply) {
        const auto alive = weak.lock();
        if (!alive) return;
        Dispatcher& self = **alive;
        if (!reply) return self.finish(client, reply_line(id, reply, self.self_));
        const auto* page = std::get_if<Messages>(&*reply);
        if (page == nullptr || page->messages.empty())
            return self.finish(client, reply_line(id, Done{}, self.self_));
        self.execute(client, id, MarkRead{peer, page->messages.back().id});
    });
}

void Dispatcher::screenshot(ClientId client, const std::string& id, std::string path) {
    host_.screenshot(std::move(path), [weak = std::weak_ptr(alive_), client,
                                       id](const tl::expected<void, Error>& written) {
        const auto alive = weak.lock();
        if (!alive) return;
        (*alive)->finish(client, written ? reply_line(id, Done{}, (*alive)->self_)
                                         : error_line(id, written.error()));
    });
}

void Dispatcher::on_event(const Event& event) {
    if (const auto* profile = std::get_if<ProfileChanged>(&event)) self_ = profile->profile.self;
    std::vector<ClientId> readers;
    for (const auto& [id, client] : clients_) {
        if (client.subscribed) readers.push_back(id);
    }
    if (readers.empty()) return;
    const std::string line = event_line(event, self_);
    const std::string subject = latest_wins_subject(event);
    for (const ClientId id : readers) {
        Client* client = find(id);  // sending to one may end another
        if (client == nullptr) continue;
        if (const auto* removed = std::get_if<PeerRemoved>(&event)) {
            client->latest.erase(peer_subject(removed->peer));
            client->latest.erase(typing_subject(removed->peer));
        }
        if (const auto* removed = std::get_if<RelayRemoved>(&event))
            client->latest.erase(relay_subject(removed->address));
        deliver(id, *client, subject, line);
    }
}

/// A client that does not keep up gets one event per subject when it does again; all other events
/// pile up at the server, which cuts the client at its bound.
void Dispatcher::deliver(ClientId id, Client& client, const std::string& subject,
                         const std::string& line) {
    const bool slow = output_.queued(id) > net::LocalServer::output_high;
    if (slow && !subject.empty()) {
        client.latest[subject] = line;
        return;
    }
    release_held_back(id, client);
    output_.send_line(id, line);
}

void Dispatcher::release_held_back(ClientId id, Client& client) {
    if (client.latest.empty() || output_.queued(id) > net::LocalServer::output_high) return;
    const auto held_back = std::exchange(client.latest, {});
    for (const auto& [subject, line] : held_back) output_.send_line(id, line);
}

}  // namespace kith::control
