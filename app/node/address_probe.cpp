// SPDX-License-Identifier: MIT
#include "app/node/address_probe.hpp"

#include "app/node/convert.hpp"
#include "net/utf8.hpp"

namespace kith::node {
namespace {

using Reason = net::Ending::Reason;

model::Reply refuse(std::string code, std::string text) {
    return tl::unexpected(model::Error{std::move(code), std::move(text)});
}

const char* code_of(Reason reason) {
    switch (reason) {
        case Reason::refused:
        case Reason::timed_out:
        case Reason::unreachable:
        case Reason::no_addresses:
            return "unreachable";
        default:
            return "no_answer";
    }
}

std::string no_answer(const std::string& address) {
    return "Something listens at " + address +
           " but does not say who it is. It may be no Kith; or that Kith is hidden, belongs to "
           "another team, or answers nobody outside of its local network. Ask for the connection "
           "ID instead.";
}

std::string unreachable(const std::string& address, const net::Ending& ending) {
    switch (ending.reason) {
        case Reason::refused:
            return "Nobody is listening at " + address +
                   ": their Kith is not running, or the port is another one.";
        case Reason::timed_out:
            return "No answer from " + address +
                   ": the computer is off, the address is another one, or a firewall stands in "
                   "between.";
        default:
            return "There is no way from this network to " + address + ".";
    }
}

}  // namespace

void AddressProbe::run(model::ConnectAddress command, Done done) {
    const auto where = parse_host_port(command.address);
    if (!where) return done(tl::unexpected(where.error()));
    if (!net::valid_utf8(command.greeting))
        return done(refuse("bad_request", "The greeting is not valid UTF-8."));
    if (net::count_code_points(command.greeting) > model::greeting_max_code_points)
        return done(refuse("too_long", "The greeting is too long: 256 characters at most."));
    if (nearby_.discovery() == nullptr || !resolve_)
        return done(refuse("not_supported", "This cannot be done from here."));
    if (under_way_ >= at_once_max)
        return done(refuse("busy", "Too many addresses are being asked. Try again in a moment."));
    ++under_way_;
    auto order = std::make_shared<Order>();
    order->command = std::move(command);
    order->done = std::move(done);
    resolve_(where->host, where->port, [this, order](Resolved resolved) {
        if (!resolved) return fail(*order, "not_found", std::move(resolved.error()));
        if (resolved->empty()) return fail(*order, "not_found", "That name has no address.");
        order->addresses = std::move(*resolved);
        if (order->addresses.size() > crypto::candidates_max)
            order->addresses.resize(crypto::candidates_max);
        ask(order);
    });
}

void AddressProbe::ask(std::shared_ptr<Order> order) {
    auto* discovery = nearby_.discovery();
    if (discovery == nullptr) return fail(*order, "not_supported", "Kith is being closed.");
    order->probe = discovery->make_probe();
    context_.endpoint->ask(order->addresses, order->probe,
                           [this, order](const auto& answer) { answered(*order, answer); });
}

void AddressProbe::answered(Order& order, const tl::expected<net::Bytes, net::Ending>& answer) {
    const auto& address = order.command.address;
    if (!answer) {
        const bool met = code_of(answer.error().reason) == std::string_view("no_answer");
        if (answer.error().reason == Reason::closed_here)
            return fail(order, "busy",
                        "Too many addresses are being asked. Try again in a moment.");
        return fail(order, code_of(answer.error().reason),
                    met ? no_answer(address) : unreachable(address, answer.error()));
    }
    auto* discovery = nearby_.discovery();
    if (discovery == nullptr) return fail(order, "not_supported", "Kith is being closed.");
    const auto person = discovery->read_answer(order.probe, *answer, order.addresses.front());
    if (!person) return fail(order, "no_answer", no_answer(address));
    found(order, *person);
}

void AddressProbe::found(Order& order, const net::NearbyPerson& person) {
    if (person.peer == self_)
        return fail(order, "own_id", "That is this Kith itself: the address is your own.");
    model::FoundPerson reply{peer_id(person.peer), tidy_name(person.name), order.command.address,
                             false};
    const auto& expected = order.command.fingerprint;
    if (!expected) {
        --under_way_;
        return order.done(std::move(reply));
    }
    if (*expected != reply.peer) {
        return fail(order, "wrong_fingerprint",
                    "Somebody else answers at " + order.command.address +
                        ": their fingerprint is " + model::to_hex(reply.peer) +
                        ". They got no request.");
    }
    add(order, person, std::move(reply));
}

void AddressProbe::add(Order& order, const net::NearbyPerson& person, model::FoundPerson reply) {
    --under_way_;
    reply.added = true;
    const crypto::ConnectionId id{person.peer, person.token, to_candidates(order.addresses)};
    contacts_.add(
        id, std::move(order.command.greeting),
        [done = std::move(order.done), reply](auto saved) {
            if (!saved) return done(tl::unexpected(std::move(saved.error())));
            done(reply);
        },
        reply.name);
}

void AddressProbe::fail(Order& order, const char* code, std::string text) {
    --under_way_;
    context_.note_error(text);
    order.done(refuse(code, std::move(text)));
}

}  // namespace kith::node
