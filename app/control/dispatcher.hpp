// SPDX-License-Identifier: MIT
//
// What the control socket means: lines of clients in, replies and events out. Knows no socket, so
// that tests drive it over plain vectors. Network thread only.
//
//   line -> waiting (bounded) -> parse_request -> NodePort::execute -> reply
//   NodePort event -> every subscribed client; latest-wins kinds wait while a client is slow
#pragma once

#include <deque>
#include <map>
#include <unordered_map>

#include "app/control/request.hpp"
#include "net/local_server.hpp"

namespace kith::control {

using ClientId = net::LocalServer::ClientId;

/// Where lines to clients go.
class Output {
public:
    virtual ~Output() = default;
    virtual void send_line(ClientId client, std::string line) = 0;
    [[nodiscard]] virtual std::size_t queued(ClientId client) const = 0;
};

class Dispatcher final : public net::LocalServer::Handler, public model::EventSink {
public:
    /// Requests of one client that the node works on at once; more wait their turn.
    static constexpr std::size_t unfinished_max = 1024;
    /// Bytes of waiting requests per client; above, requests are answered with `busy`.
    static constexpr std::size_t waiting_bytes_max = 16 << 20;

    Dispatcher(model::NodePort& node, model::HostPort& host, Output& output);
    ~Dispatcher() override;
    Dispatcher(const Dispatcher&) = delete;
    Dispatcher& operator=(const Dispatcher&) = delete;

    /// Listens to the node's events and learns who we are.
    void start();
    void stop();  ///< replies that come later are dropped

    void on_client(ClientId client) override;
    void on_line(ClientId client, std::string_view line) override;
    void on_oversized_line(ClientId client) override;
    void on_client_gone(ClientId client) override;
    void on_drained(ClientId client) override;
    void on_event(const model::Event& event) override;

private:
    struct Client {
        bool subscribed = false;
        bool pumping = false;
        std::size_t unfinished = 0;
        std::size_t waiting_bytes = 0;
        std::deque<std::string> waiting;            ///< an empty line stands for one too long
        std::map<std::string, std::string> latest;  ///< subject -> event held back
    };

    Client* find(ClientId id);
    void take_in(ClientId id, std::string line);
    void pump(ClientId id);
    void begin(ClientId id, std::string_view line);
    void finish(ClientId id, std::string line);
    void execute(ClientId client, const std::string& id, model::Command command);
    void mark_all_read(ClientId client, const std::string& id, const model::PeerId& peer);
    void screenshot(ClientId client, const std::string& id, std::string path);
    void perform(ClientId client, const std::string& id, Action& action);
    void deliver(ClientId id, Client& client, const std::string& subject, const std::string& line);
    void release_held_back(ClientId id, Client& client);

    model::NodePort& node_;
    model::HostPort& host_;
    Output& output_;
    model::PeerId self_;
    bool started_ = false;
    std::unordered_map<ClientId, Client> clients_;
    /// Continuations hold it weakly: the node may answer when this object is gone.
    std::shared_ptr<Dispatcher*> alive_;
};

}  // namespace kith::control
