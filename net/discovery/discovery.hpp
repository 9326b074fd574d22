// SPDX-License-Identifier: MIT
//
// Who is near: announces this node on every interface and keeps the list of those heard. Without
// I/O; the datagrams move in UdpDriver. docs/protocol.md, "LAN discovery". What is heard is a hint,
// never an identity: the handshake decides. Network thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "crypto/beacon.hpp"
#include "crypto/connection_id.hpp"
#include "net/discovery/interface.hpp"
#include "net/discovery/timing.hpp"

namespace kith::net {

using crypto::Fingerprint;

/// What Discovery needs of the network.
class DatagramTransport {
public:
    virtual ~DatagramTransport() = default;
    /// To every group of that interface: IPv4 broadcast and multicast, IPv6 link-local multicast.
    /// Nothing (sent), or why not, in words.
    virtual std::optional<std::string> announce(std::uint32_t interface, ByteView datagram) = 0;
    /// The same with a datagram of its own for each group, from one call of `fresh` each: copies
    /// would be told from noise by an eavesdropper, and counted as replays by receivers.
    virtual std::optional<std::string> announce_each(std::uint32_t interface,
                                                     const std::function<Bytes()>& fresh) {
        return announce(interface, fresh());
    }
    /// To one instance, at the address and UDP port it sent from.
    virtual void reply(std::uint32_t interface, const SocketAddress& to, ByteView datagram) = 0;
};

/// Somebody who announces themselves to our team.
struct NearbyPerson {
    Fingerprint peer;
    std::string name;  ///< as sent: valid UTF-8 of at most 64 bytes, nothing else is promised
    crypto::InviteToken token{};
    std::vector<SocketAddress> addresses;  ///< TCP, best first, at most nearby_addresses_max
    bool idle = false;                     ///< silent for a while; goes soon
};

class DiscoveryListener {
public:
    virtual ~DiscoveryListener() = default;
    /// New, or something of it changed.
    virtual void on_nearby(const NearbyPerson& person) = 0;
    virtual void on_nearby_gone(const Fingerprint& peer) = 0;
    /// A contact is reachable there: by a tag of theirs, or by their announcement to any team.
    /// Repeated while they are heard.
    virtual void on_contact_near(const Fingerprint& peer,
                                 const std::vector<SocketAddress>& addresses) = 0;
    virtual void on_contact_far(const Fingerprint& peer) = 0;
};

/// A contact as discovery knows it.
struct DiscoveryContact {
    Fingerprint peer;
    crypto::PairKey key{};  ///< from both contact tokens: crypto::pair_key()
    /// From their bundle, once known: an announcement signed by another key is not theirs.
    std::optional<crypto::SignerKey> signer;
    bool wanted = true;  ///< no session: they are to find us, and we them
};

/// Per interface, for the diagnosis page. Counts are of datagrams.
struct DiscoveryInterfaceStatus {
    std::string name;
    std::vector<std::string> addresses;  ///< without port
    std::uint64_t sent = 0, heard = 0, ignored = 0;
    std::optional<std::chrono::milliseconds> last_heard_ago;  ///< of others
    std::string problem;                                      ///< why sending failed; empty: works
};

struct DiscoveryStats {
    std::uint64_t heard = 0;     ///< datagrams of others that counted
    std::uint64_t own = 0;       ///< our own, come back
    std::uint64_t foreign = 0;   ///< other teams, other versions, noise
    std::uint64_t forged = 0;    ///< wrong signature, or another key than before
    std::uint64_t replayed = 0;  ///< old or repeated
    std::uint64_t skewed = 0;    ///< their clock is far from ours
    std::uint64_t dropped = 0;   ///< above a limit
    std::string last_skewed;     ///< address of the last one whose clock differs; empty: none
};

class Discovery {
public:
    struct Ports {
        const Clock& clock;
        crypto::RandomSource& random;
        DatagramTransport& transport;
        DiscoveryListener& listener;
        /// Null: the signature decides. Simulations of many instances check each signature once.
        std::function<bool(const crypto::OpenedBeacon&)> authentic{};
    };
    struct Self {
        std::string name;
        crypto::InviteToken token{};
        std::uint16_t tcp_port = 0;
        bool operator==(const Self&) const = default;
    };
    /// `boot` is higher in every run of this profile. `signing` outlives the discovery.
    Discovery(const Fingerprint& self, const crypto::SigningKey& signing, std::uint64_t boot,
              const Ports& ports, const DiscoveryTiming& timing = {});
    ~Discovery();
    Discovery(const Discovery&) = delete;
    Discovery& operator=(const Discovery&) = delete;

    // --- the node's side; may be called at any time, changes are announced soon ---
    void set_self(Self self);
    /// None: everybody on the LAN.
    void set_team(const std::optional<crypto::TeamKey>& team);
    /// False: nothing is announced but tags for contacts.
    void set_visible(bool visible);
    void set_contacts(std::vector<DiscoveryContact> contacts);  ///< replaces all
    void set_wanted(const Fingerprint& contact, bool wanted);
    void set_signer(const Fingerprint& contact, const crypto::SignerKey& signer);
    [[nodiscard]] std::vector<NearbyPerson> nearby() const;
    [[nodiscard]] std::vector<DiscoveryInterfaceStatus> interfaces() const;
    [[nodiscard]] const DiscoveryStats& stats() const;

    // Manual addresses: the same words over TCP (Endpoint::ask, ProbeResponder).
    /// crypto::beacon_size bytes: "who are you?", for members of our team.
    [[nodiscard]] Bytes make_probe();
    /// What we answer to it: nothing while invisible, or to a stranger from outside of the local
    /// network when the team is everybody.
    [[nodiscard]] std::optional<Bytes> answer_probe(ByteView probe, const SocketAddress& from);
    /// Who answered `probe` from there; nothing if it is no answer to that.
    [[nodiscard]] std::optional<NearbyPerson> read_answer(ByteView probe, ByteView answer,
                                                          const SocketAddress& from);

    // --- the driver's side ---
    /// What is up now. The first call starts announcing.
    void set_interfaces(std::vector<Interface> interfaces);
    void on_datagram(std::uint32_t interface, const SocketAddress& from, ByteView datagram);
    /// Quick announcements again: after sleep or a change that set_interfaces does not show.
    void network_changed();
    /// Runs what is due; when it wants to be called next (monotonic).
    std::chrono::milliseconds tick();
    /// Says goodbye; nothing is sent afterwards.
    void stop();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace kith::net
