// SPDX-License-Identifier: MIT
//
// Every time and bound of discovery, with its reason. docs/protocol.md, "LAN discovery".
#pragma once

#include <array>
#include <chrono>
#include <cstddef>

namespace kith::net {

struct DiscoveryTiming {
    using ms = std::chrono::milliseconds;
    /// After start, a change of the network, the name, the team: so that Nearby fills within 2 s
    /// even when a datagram or two are lost.
    std::array<ms, 4> quick{ms{0}, ms{300}, ms{900}, ms{1700}};
    ms interval = ms{4000};           ///< between announcements when few are near
    ms interval_per_person = ms{30};  ///< 500 people: 15 s, which keeps a segment below 50 kB/s
    ms interval_max = ms{60'000};
    double jitter = 0.2;  ///< of the interval, either way: no two instances stay in step
    /// In intervals of the one who is silent (each announcement says its own).
    double idle_after = 3;
    double gone_after = 6;
    ms answer_within = ms{500};       ///< a newcomer is answered within this, at a random moment
    ms spacing_min = ms{100};         ///< between announcements, however much changes
    ms interval_said_min = ms{1000};  ///< who says less counts as this: no flapping entries
    ms tag_silence = ms{90'000};      ///< tags say no interval: who is silent for so long is gone
    ms clock_skew_max = ms{600'000};  ///< older announcements may be recordings
};

namespace limits {
inline constexpr std::size_t nearby_max = 1000;  ///< people in the list; others are not taken
inline constexpr std::size_t nearby_addresses_max = 8;   ///< of one person; the last heard stay
inline constexpr std::size_t remembered_max = 4096;      ///< newest (boot, sequence) of each; LRU
inline constexpr std::size_t answers_per_newcomer = 50;  ///< expected number, whoever is there
inline constexpr double datagrams_per_address = 20;      ///< a second; several instances share one
inline constexpr double datagram_burst = 100;
inline constexpr double verifications_per_second = 250;  ///< Ed25519, about 100 µs each
inline constexpr double stranger_share = 0.2;            ///< of those; as much of keys that moved
inline constexpr double stranger_burst = 500;            ///< a full segment that starts at once
inline constexpr double verifications_per_person = 5;    ///< a second: copies over interfaces, and
                                                         ///< as many from where they were not heard
inline constexpr double verifications_person_burst = 30;
inline constexpr double datagrams_per_second = 5000;     ///< from all; opening one takes some 5 µs
inline constexpr double tag_checks_per_second = 20'000;  ///< HMACs over what no team key opens
inline constexpr std::size_t datagram_buckets = 4096;    ///< addresses remembered, oldest forgotten
inline constexpr std::size_t tag_datagrams_quick = 4;    ///< in a quick announcement: 80 contacts
inline constexpr std::size_t tags_remembered = 256;      ///< of one contact, within a minute
inline constexpr std::size_t answers_waiting = 64;
// Everybody hears a newcomer and draws whether to answer, so these bound what all answers of a
// segment come to, however many are there: by answers_per_newcomer each. Who forges addresses gets
// 8 kB/s for a victim and 80 kB/s for all.
inline constexpr double newcomers_per_address = 0.5;  ///< a second; one is up to 3 (quick)
inline constexpr double newcomer_address_burst = 6;
inline constexpr double newcomers_per_second = 5;
inline constexpr double newcomer_burst = 100;
inline constexpr double probe_answers_per_second = 20;
inline constexpr double probe_answer_burst = 50;
}  // namespace limits

}  // namespace kith::net
