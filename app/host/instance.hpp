// SPDX-License-Identifier: MIT
//
// A running node with its threads: owns every component and takes them down in order.
// Constructed, stopped and destroyed on one thread that is not the reactor's.
//
// Start:  history opened, reactor, storage thread, worker, RSA lane, node loaded, listeners,
//         discovery and the watch over interfaces, control socket.
// Stop:   control socket (replies flushed), discovery, goodbyes to people and relays, links, port
//         at the router, RSA lane, worker (what it was given is done), storage thread (everything
//         submitted is committed), reactor.
#pragma once

#include <memory>

#include "app/model/node_port.hpp"
#include "app/profile/profile_paths.hpp"
#include "crypto/key_file.hpp"
#include "crypto/relay_address.hpp"
#include "net/discovery/udp_driver.hpp"

namespace kith::host {

struct InstanceOptions {
    profile::ProfilePaths paths;
    std::string first_name;
    bool rename = false;                ///< first_name was asked for: it replaces a stored name
    std::optional<std::uint16_t> port;  ///< none: the port of the last run; 0: any
    std::vector<std::string> listen;    ///< numeric addresses; empty: all
    bool discovery = true;              ///< announced and heard in the local network
    std::uint16_t discovery_port = net::discovery_port;
    std::vector<crypto::RelayAddress> relays;  ///< of this run, beside those that are kept
    std::string downloads;  ///< folder for received files; empty: as the settings say
    bool password_protected = false;
    bool fresh = false;      ///< the profile was made just now: no history is expected
    bool set_aside = false;  ///< the history is damaged: start with what can be read of it
    std::string version;
    std::vector<model::EventSink*> sinks;  ///< hear everything from the start; outlive the instance
};

class Instance {
public:
    /// Blocks until the node listens and answers on its control socket. Error codes: those of
    /// open_history() (`damaged`: set_aside may help), bad_key_file, cannot_listen.
    static tl::expected<std::unique_ptr<Instance>, model::Error> start(
        InstanceOptions options, crypto::ProfileSecrets secrets, model::HostPort& host);
    ~Instance();  ///< stops

    [[nodiscard]] model::Profile profile() const;  ///< as of the end of start()

    /// Takes all commands. Network thread only (wake handlers).
    [[nodiscard]] model::NodePort& node();
    /// Any thread: the handlers added with add_wake_handler run soon on the network thread.
    void wake() noexcept;
    void add_wake_handler(std::function<void()> handler);

private:
    struct Impl;
    explicit Instance(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::host
