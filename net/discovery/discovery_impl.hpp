// SPDX-License-Identifier: MIT
//
// Discovery taken apart: what comes in (discovery_receive.cpp), what goes out (discovery_send.cpp),
// probes (discovery_probe.cpp). Internal to net/discovery. Network thread.
#pragma once

#include <array>
#include <map>

#include "net/discovery/announcement_clock.hpp"
#include "net/discovery/contact_book.hpp"
#include "net/discovery/people.hpp"
#include "net/discovery/replay_memory.hpp"

namespace kith::net {

struct Discovery::Impl {
    using ms = std::chrono::milliseconds;
    Impl(const Fingerprint& self_, const crypto::SigningKey& signing_, std::uint64_t boot_,
         const Ports& ports_, const DiscoveryTiming& timing_);

    struct Line {
        Interface interface;
        DiscoveryInterfaceStatus status;
        std::optional<ms> last_heard;
    };
    /// Whom an answer is for: what they hear of us, nobody can send to others as new.
    using Addressee = std::array<std::uint8_t, 8>;
    [[nodiscard]] static Addressee addressee(const Fingerprint& peer);

    /// A newcomer who is to be told that we are here.
    struct Answer {
        ms due{0};
        std::uint32_t interface = 0;
        SocketAddress to;
        Fingerprint peer;
    };
    /// The names of what we sent last: our own words come back to us.
    struct Sent {
        std::array<std::uint64_t, 256> names{};
        std::size_t next = 0;
        void add(ByteView datagram);
        [[nodiscard]] bool contains(ByteView datagram) const;
    };

    // --- what goes out ---
    [[nodiscard]] bool uses_tags() const;
    [[nodiscard]] bool can_announce() const;
    [[nodiscard]] ms interval() const;
    [[nodiscard]] crypto::Beacon next_beacon(crypto::BeaconKind kind);
    [[nodiscard]] Bytes seal(const crypto::Beacon& beacon);
    [[nodiscard]] Bytes seal(const std::vector<crypto::TagFor>& tags);
    void to_all(const std::function<Bytes()>& fresh);
    void announce();
    void announce_tags(bool quick);
    void say_goodbye();
    void send_answers();
    void restart();

    // --- what comes in ---
    void receive(Line& line, const SocketAddress& from, ByteView datagram);
    enum class Verdict { heard, own, foreign, forged, replayed, skewed, dropped };
    [[nodiscard]] Verdict judge(Line& line, const SocketAddress& from, ByteView datagram);
    [[nodiscard]] Verdict on_beacon(Line& line, const SocketAddress& from,
                                    const crypto::OpenedBeacon& opened, bool team);
    [[nodiscard]] Verdict on_other(Line& line, const SocketAddress& from, ByteView datagram);
    [[nodiscard]] Verdict prove(const SocketAddress& from, const crypto::OpenedBeacon& opened);
    [[nodiscard]] bool authentic(const crypto::OpenedBeacon& opened) const;
    [[nodiscard]] bool is_skewed(std::int64_t sent_at) const;
    void accept(Line& line, const SocketAddress& from, const crypto::OpenedBeacon& opened,
                bool team);
    void consider_answer(Line& line, const SocketAddress& from, const crypto::OpenedBeacon& opened);
    void count(Line& line, const SocketAddress& from, Verdict verdict);
    [[nodiscard]] bool is_own_machine(const SocketAddress& from) const;

    void drop_other_signers(const Fingerprint& peer, const crypto::SignerKey& signer);
    /// Tells the listener what was collected; it may call back.
    void tell();
    [[nodiscard]] ms now() const { return ports.clock.monotonic(); }
    [[nodiscard]] const crypto::TeamKey& team_key() const {
        return team ? *team : crypto::local_team_key();
    }

    const Fingerprint fingerprint;
    const crypto::SigningKey& signing;
    const std::uint64_t boot;
    const Ports ports;
    const DiscoveryTiming timing;

    Self self;
    std::optional<crypto::TeamKey> team;
    bool visible = true;
    bool announced = false;  ///< somebody may have heard of us: a goodbye is due
    bool stopped = false;
    bool telling = false;
    std::uint32_t sequence = 0;
    std::map<std::uint32_t, Line> lines;
    std::vector<Answer> answers;
    Sent sent;
    ContactBook contacts;
    People people;
    ReplayMemory replays;
    DatagramLimits limits;
    AnnouncementClock schedule;
    DiscoveryStats stats;
};

}  // namespace kith::net
