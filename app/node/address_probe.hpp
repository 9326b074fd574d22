// SPDX-License-Identifier: MIT
//
// "Who is at this address?": a person reached by host and port alone. The name is resolved, the
// first address that answers says who is there, and with the right fingerprint they get a contact
// request. docs/protocol.md, "Manual addresses". Network thread only.
#pragma once

#include "app/node/addresses.hpp"
#include "app/node/nearby.hpp"

namespace kith::node {

/// What a host stands for, or a sentence that says why that is not known.
using Resolved = tl::expected<std::vector<net::SocketAddress>, std::string>;
/// `done` is called once, later, and not after the end of the node.
using ResolveHost = std::function<void(const std::string& host, std::uint16_t port,
                                       std::function<void(Resolved)> done)>;

class AddressProbe {
public:
    using Done = std::function<void(model::Reply)>;
    static constexpr int at_once_max = net::Endpoint::asks_max;

    AddressProbe(Context& context, Contacts& contacts, Nearby& nearby,
                 const crypto::Fingerprint& self, ResolveHost resolve)
        : context_(context),
          contacts_(contacts),
          nearby_(nearby),
          self_(self),
          resolve_(std::move(resolve)) {}

    /// Error codes: see model::ConnectAddress; own_id, busy, not_supported, and those of a request.
    void run(model::ConnectAddress command, Done done);

private:
    struct Order {
        model::ConnectAddress command;
        std::vector<net::SocketAddress> addresses;
        net::Bytes probe;
        Done done;
    };
    void ask(std::shared_ptr<Order> order);
    void answered(Order& order, const tl::expected<net::Bytes, net::Ending>& answer);
    void found(Order& order, const net::NearbyPerson& person);
    void add(Order& order, const net::NearbyPerson& person, model::FoundPerson reply);
    void fail(Order& order, const char* code, std::string text);

    Context& context_;
    Contacts& contacts_;
    Nearby& nearby_;
    const crypto::Fingerprint self_;
    ResolveHost resolve_;
    int under_way_ = 0;
};

}  // namespace kith::node
