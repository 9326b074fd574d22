// SPDX-License-Identifier: MIT
//
// Who is heard in the local network, between discovery and the people: strangers are shown as long
// as they are heard and never stored; of contacts, and of those who were asked, the local addresses
// go first into the route. docs/protocol.md, "LAN discovery". Network thread only.
#pragma once

#include "app/node/contacts.hpp"
#include "net/discovery/discovery.hpp"
#include "net/token_bucket.hpp"

namespace kith::node {

class Nearby final : public net::DiscoveryListener, public net::ProbeResponder {
public:
    Nearby(Context& context, Contacts& contacts);

    /// Null: nothing is heard and nothing is said any more.
    void attach(net::Discovery* discovery);
    [[nodiscard]] net::Discovery* discovery() const { return discovery_; }

    // Strangers: those who are not in the list of people, and were neither blocked nor denied.
    void list(model::Peers& peers) const;  ///< behind those who are there, by name
    [[nodiscard]] std::optional<model::Peer> stranger(const model::PeerId& id) const;
    /// A fingerprint, a prefix of 8 or more digits, or a name. Error codes: no_such_peer,
    /// ambiguous_peer.
    [[nodiscard]] tl::expected<model::PeerId, model::Error> resolve(std::string_view text) const;
    /// Whoever announces themselves, also contacts. Null: nobody of that fingerprint.
    [[nodiscard]] const net::NearbyPerson* announced(const model::PeerId& id) const;
    /// People heard now, however.
    [[nodiscard]] std::size_t count() const;

    /// Something of a person may have changed that decides how to look for them.
    void person_changed(const model::PeerId& id);
    void session_changed(const model::PeerId& id, bool direct);
    /// Tells discovery whom to look for, if that has changed. Once per batch.
    void flush();

    // net::DiscoveryListener
    void on_nearby(const net::NearbyPerson& person) override;
    void on_nearby_gone(const net::Fingerprint& peer) override;
    void on_contact_near(const net::Fingerprint& peer,
                         const std::vector<net::SocketAddress>& addresses) override;
    void on_contact_far(const net::Fingerprint& peer) override;
    // net::ProbeResponder
    std::optional<net::Bytes> answer_probe(net::ByteView probe,
                                           const net::SocketAddress& from) override;

private:
    /// What discovery needs of a contact, and what that was made of.
    struct Looked {
        store::Blob dial_token, door_token, signer;
        net::DiscoveryContact contact;
    };
    void heard(const model::PeerId& id);
    [[nodiscard]] bool may_arrive(const model::PeerId& id);
    void look_for(const Person& person);
    void stop_looking_for(const model::PeerId& id);
    [[nodiscard]] std::vector<net::SocketAddress> addresses_of(const Person& person) const;
    [[nodiscard]] bool is_stranger(const model::PeerId& id) const;

    Context& context_;
    Contacts& contacts_;
    net::Discovery* discovery_ = nullptr;
    std::map<model::PeerId, net::NearbyPerson> announced_;  ///< names are tidied
    std::map<model::PeerId, std::vector<net::SocketAddress>> contacts_near_;
    std::map<model::PeerId, Looked> looked_for_;
    std::map<model::PeerId, net::TokenBucket> arrivals_;  ///< of contacts and those asked
    bool looking_changed_ = false;
};

}  // namespace kith::node
