// SPDX-License-Identifier: MIT
//
// Who is heard, and where: one entry for each fingerprint, whatever interfaces and address families
// it is heard over. What the listener is to be told is collected, because listeners may call back.
// Internal to net/discovery. Network thread.
#pragma once

#include <map>
#include <variant>

#include "net/discovery/discovery.hpp"
#include "net/token_bucket.hpp"

namespace kith::net {

/// An announcement that is proven and new.
struct Sighting {
    Fingerprint peer;
    crypto::SignerKey signer{};
    std::string name;
    crypto::InviteToken token{};
    std::uint16_t tcp_port = 0;
    std::chrono::milliseconds interval{0};
    std::uint32_t interface = 0;
    SocketAddress from;  ///< the port is not used
    bool team = false;   ///< under our team's key; else only for contacts
};

struct PersonGone {
    Fingerprint peer;
};
struct ContactNear {
    Fingerprint peer;
    std::vector<SocketAddress> addresses;
};
struct ContactFar {
    Fingerprint peer;
};
using PeopleEvent = std::variant<NearbyPerson, PersonGone, ContactNear, ContactFar>;

class People {
public:
    using ms = std::chrono::milliseconds;
    enum class Contact { no, resting, wanted };  ///< resting: in a session, and so without tags
    using Relation = std::function<Contact(const Fingerprint&)>;

    explicit People(const DiscoveryTiming& timing, Relation relation)
        : timing_(timing), relation_(std::move(relation)) {}

    void heard(const Sighting& sighting, ms now);
    void heard_tag(const Fingerprint& contact, std::uint16_t tcp_port, std::uint32_t interface,
                   const SocketAddress& from, ms now);
    void left(const Fingerprint& peer);
    void interface_gone(std::uint32_t interface);
    /// The relation of some has changed.
    void contacts_changed(ms now);
    /// Strangers go, contacts stay until they are silent.
    void team_changed();
    /// Turns the silent ones idle, then removes them; when to call again.
    ms tick(ms now);

    /// The key they announce with, while they are listed.
    [[nodiscard]] const crypto::SignerKey* signer(const Fingerprint& peer) const;
    /// Heard from there before, and not silent there since.
    [[nodiscard]] bool is_heard_at(const Fingerprint& peer, const SocketAddress& from) const;
    /// A listed person's share of signature checks, one for where they were heard (`there`) and one
    /// for everywhere else.
    [[nodiscard]] bool may_verify(const Fingerprint& peer, bool there, ms now);
    /// Asking to be answered, a listed person counts once within answer_within: what they say comes
    /// over several groups and interfaces.
    [[nodiscard]] bool may_ask(const Fingerprint& peer, ms now);
    [[nodiscard]] std::size_t team_size() const;
    [[nodiscard]] std::vector<NearbyPerson> nearby() const;
    [[nodiscard]] std::vector<PeopleEvent> take_events() { return std::exchange(events_, {}); }

private:
    struct Place {
        SocketAddress address;
        std::uint32_t interface = 0;
        ms heard{0};
    };
    struct Person {
        NearbyPerson shown;  ///< addresses are made of `places` when it is shown
        std::optional<crypto::SignerKey> signer;  ///< none: heard by tags only
        std::uint16_t tcp_port = 0;
        ms interval{0};
        bool team = false;
        Contact relation = Contact::no;
        std::vector<Place> places;
        ms heard{0};
        ms told{0};
        ms asked{0};
        TokenBucket verifications;
        TokenBucket verifications_elsewhere;
    };
    using Entry = std::pair<const Fingerprint, Person>;

    template <typename Predicate>
    void remove_if(const Predicate& gone);
    Person* find_or_add(const Fingerprint& peer, ms now);
    bool add_place(Person& person, std::uint16_t port, std::uint32_t interface,
                   const SocketAddress& from, ms now);
    bool forget_places(Person& person, ms before);
    [[nodiscard]] ms place_due(const Person& person) const;
    [[nodiscard]] static ms newest_place(const Person& person);
    void show(Entry& entry, ms now);
    void hide(const Entry& entry);
    bool expire(Entry& entry, ms now);
    [[nodiscard]] ms silence_max(const Person& person) const;
    [[nodiscard]] ms idle_after(const Person& person) const;
    [[nodiscard]] static bool listed(const Person& person) {
        return person.team && person.relation == Contact::no;
    }
    [[nodiscard]] static std::vector<SocketAddress> addresses_of(const Person& person);

    const DiscoveryTiming& timing_;
    Relation relation_;
    std::map<Fingerprint, Person> people_;  // ordered: strangers choose their fingerprints
    std::vector<PeopleEvent> events_;
    ms next_ = ms::max();
};

}  // namespace kith::net
