// SPDX-License-Identifier: MIT
//
// A running relay with its threads. Everything is called on the main thread.
//
// Start:  mailbox file, reactor, mailbox thread, driver, RSA lane, server, metrics, listeners.
// Stop:   server and listeners, metrics, RSA lane, mailbox thread (what was accepted is stored),
//         reactor.
#pragma once

#include <functional>
#include <memory>

#include "app/relay/allow_list.hpp"
#include "app/relay/figures.hpp"
#include "app/relay/public_address.hpp"
#include "crypto/identity.hpp"
#include "crypto/relay_address.hpp"

namespace kith::relay {

class Host {
public:
    struct Options {
        Configuration configuration;
        crypto::IdentityKeys keys;
        crypto::InviteToken secret{};
        std::optional<AllowList> allowed;  ///< none: everybody who has the address
        std::filesystem::path mailbox;     ///< its file; made when the configuration wants one
        /// Any thread, at most once a minute: what the disk of the mailbox says, in a sentence.
        std::function<void(const std::string&)> complain;
    };
    /// Blocks until it listens. The error is a sentence.
    static tl::expected<std::unique_ptr<Host>, std::string> start(Options options);
    ~Host();  ///< cuts what is left

    [[nodiscard]] const crypto::RelayAddress& address() const;
    /// `guessed` as in PublicAddress.
    [[nodiscard]] bool address_guessed() const;
    [[nodiscard]] std::uint16_t port() const;          ///< listened on
    [[nodiscard]] std::uint16_t metrics_port() const;  ///< 0: none
    /// `wanted`: for as many clients and circuits as there may be.
    struct Descriptors {
        std::size_t wanted = 0, there = 0;
    };
    [[nodiscard]] Descriptors descriptors() const;
    [[nodiscard]] Figures figures();

    /// Clients that are not in it lose their session.
    void set_allowed(std::optional<AllowList> allowed);
    /// For what comes from now on; without a mailbox nothing happens.
    void set_mailbox_limits(const net::MailboxLimits& limits);
    /// No new clients and circuits; those that are there are told, and circuits may come to their
    /// end. /healthz says so.
    void drain();
    [[nodiscard]] bool drained();

private:
    struct Impl;
    explicit Host(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::relay
