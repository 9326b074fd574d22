// SPDX-License-Identifier: MIT
//
// The contacts as discovery knows them: whose tags we send, and whose we look for. Internal to
// net/discovery. Network thread.
#pragma once

#include <map>
#include <set>

#include "net/discovery/datagram_limits.hpp"
#include "net/discovery/discovery.hpp"

namespace kith::net {

class ContactBook {
public:
    using ms = std::chrono::milliseconds;
    ContactBook(const Fingerprint& self, const DiscoveryTiming& timing)
        : self_(self), timing_(timing) {}

    void replace(const std::vector<DiscoveryContact>& contacts);
    /// False: no contact, or nothing has changed.
    bool set_wanted(const Fingerprint& peer, bool wanted);
    bool set_signer(const Fingerprint& peer, const crypto::SignerKey& signer);
    [[nodiscard]] const DiscoveryContact* find(const Fingerprint& peer) const;
    [[nodiscard]] bool empty() const noexcept { return contacts_.empty(); }
    [[nodiscard]] std::size_t wanted() const noexcept { return wanted_.size(); }
    /// At most a datagram full of those that are wanted; the next call goes on behind them.
    [[nodiscard]] std::vector<crypto::TagFor> next_tags();

    enum class Verdict { heard, none, replayed, skewed, over_limit };
    struct Found {
        Verdict verdict = Verdict::none;
        Fingerprint peer;
        std::uint16_t tcp_port = 0;
    };
    /// Is it a tag of one of the wanted? Who is checked first changes, so that with more contacts
    /// than the rate allows everybody's turn comes.
    [[nodiscard]] Found find_tag(ByteView datagram, DatagramLimits& limits, ms wall, ms now);

private:
    struct Entry {
        DiscoveryContact contact;
        std::int64_t minute = 0;       ///< of the newest tag taken
        std::set<std::uint64_t> seen;  ///< datagrams of that minute
    };
    using Contacts = std::map<Fingerprint, Entry>;

    [[nodiscard]] Verdict judge(Entry& entry, const crypto::OpenedTag& tag, ByteView datagram,
                                ms wall);
    [[nodiscard]] const Fingerprint& wanted_after(const Fingerprint& peer) const;

    Fingerprint self_;
    const DiscoveryTiming& timing_;
    Contacts contacts_;
    std::set<Fingerprint> wanted_;  ///< of them: what is heard is tried for these alone
    Fingerprint tagged_;            ///< whose tag was sent last
    Fingerprint checked_;           ///< whose tag was looked for last
};

/// The first 8 bytes of a datagram: random, and so its name.
[[nodiscard]] std::uint64_t datagram_name(ByteView datagram);

}  // namespace kith::net
