// SPDX-License-Identifier: MIT
//
// Registered names: those of one's own at relays of one's own, kept up to date there, and whom a
// name at some relay stands for. docs/protocol.md, "Names". Network thread only.
#pragma once

#include <map>
#include <set>

#include "app/node/relays.hpp"
#include "net/backoff.hpp"
#include "net/relay/mailbox_client.hpp"
#include "net/token_bucket.hpp"

namespace kith::node {

class Names {
public:
    using Done = std::function<void(model::Reply)>;
    using Found = std::function<void(tl::expected<model::FoundName, model::Error>)>;
    /// Stores to_text() durably; `done` says whether.
    using Save = std::function<void(std::string text, Done done)>;

    static constexpr std::size_t kept_max = 16;     ///< with those at relays that are not used now
    static constexpr std::size_t look_ups_max = 8;  ///< under way
    // A relay answers one question a second; addresses change in bursts.
    static constexpr double claims_per_second = 1.0 / 30;  ///< of ours, at one relay
    static constexpr double claim_burst = 4;
    static constexpr std::chrono::milliseconds settle{1'000};
    static constexpr std::chrono::milliseconds again_least{30'000}, again_most{3'600'000};

    /// `relays` and `mailbox` outlive it.
    Names(Context& context, Relays& relays, net::MailboxClient& mailbox, Save save);

    /// As of an earlier run: to_text(). What is damaged is left out.
    void load(std::string_view text);
    /// What whoever asks is to get from now on. Told to the relays soon.
    void set_connection_id(const std::string& id);
    /// Something was heard of a relay of one's own.
    void heard(const net::RelayStatus& status);
    /// Names at relays that are no longer one's own are given back. `before`: those there were.
    void relays_changed(const Relays::List& before);

    /// Error codes: see model::ClaimName. Replies model::Relays.
    void claim(const model::ClaimName& command, Done done);
    /// Error codes: see model::FindName.
    void find(const std::string& name, Found done);

    [[nodiscard]] Relays::NameThere at(const crypto::Fingerprint& relay) const;
    [[nodiscard]] std::string to_text() const;
    /// Claims again what is due; when to be called next (monotonic).
    std::chrono::milliseconds tick(std::chrono::milliseconds now);

private:
    using Milliseconds = std::chrono::milliseconds;
    struct Kept {
        std::string name;
        net::TokenBucket pace;
        net::Backoff backoff{again_least, again_most};
        std::string told{};       ///< the connection ID the relay has answered for, well or not
        std::string error{};      ///< of that answer, for a person
        bool held = false;        ///< it answered well
        Milliseconds due{};       ///< not before
        std::uint64_t claim = 0;  ///< under way; 0: none
    };
    struct Order {
        crypto::RelayAddress relay;
        std::string name;
        std::string connection_id;
    };
    [[nodiscard]] Kept fresh(std::string name) const;
    [[nodiscard]] std::vector<crypto::RelayAddress> relays_of_contacts() const;
    [[nodiscard]] tl::expected<crypto::RelayAddress, model::Error> own_relay(
        std::string_view text) const;
    [[nodiscard]] tl::expected<crypto::RelayAddress, model::Error> any_relay(
        const std::string& text) const;
    /// Why there is no use in asking it.
    [[nodiscard]] std::optional<model::Error> away(const crypto::RelayAddress& relay) const;
    void renew(const crypto::RelayAddress& relay, Kept& kept);
    void renewed(const Order& order, std::uint64_t claim, const net::MailboxReply& reply);
    void claimed(const Order& order, const net::MailboxReply& reply, const Done& done);
    void put(const Order& order);

    Context& context_;
    Relays& relays_;
    net::MailboxClient& mailbox_;
    const Save save_;
    std::map<crypto::Fingerprint, Kept> kept_;
    std::set<crypto::Fingerprint> claiming_;  ///< a person has asked for it
    std::string id_;
    std::uint64_t claims_ = 0;
    std::size_t look_ups_ = 0;
};

}  // namespace kith::node
