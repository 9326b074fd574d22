// SPDX-License-Identifier: MIT
//
// Every limit of the network room, with its reason. The first part is the protocol's (both sides
// rely on it), the second is this program's choice.
#pragma once

#include <chrono>
#include <cstddef>

namespace kith::net::limits {

using namespace std::chrono_literals;

// --- specification (docs/protocol.md) ---
inline constexpr auto handshake_deadline = 10s;  ///< M1 to M5; slow bytes end here
inline constexpr std::size_t stranger_decryptions_per_second = 50;
inline constexpr std::size_t decryptions_waiting = 64;
inline constexpr std::size_t stranger_record_max =
    8 * 1024;  ///< frame body; a contact request fits
inline constexpr auto stranger_idle =
    60s;                                  ///< from Hello on, whatever it says; then Goodbye (idle)
inline constexpr auto ping_after = 5s;    ///< a side that sent nothing for so long pings
inline constexpr auto silence_max = 15s;  ///< a side that heard nothing for so long closes

// --- choice ---
inline constexpr std::size_t links_total = 4096;  ///< counted at accept; descriptors are finite
inline constexpr std::size_t links_in_handshake = 1024;    ///< half-open: 1,024 x about 8 KiB
inline constexpr std::size_t half_open_per_address = 512;  ///< no address displaces all others
inline constexpr std::size_t strangers_per_address = 64;   ///< one household behind one address
inline constexpr std::size_t vouched_per_contact =
    4;  ///< M1s alone: a contact's dials, few replays
inline constexpr std::size_t first_messages_remembered = 64;  ///< per contact; 2 KiB each contact
inline constexpr std::size_t strangers_total = 512;           ///< proven; an eighth of links_total
inline constexpr double contact_decryptions_per_second = 2;   ///< each; one is enough to connect
inline constexpr double contact_decryption_burst = 5;         ///< some dials at once
inline constexpr int accepts_per_turn = 32;       ///< then the loop reads what has arrived
inline constexpr double accepts_per_second = 20;  ///< token bucket per source address
inline constexpr double accept_burst = 5;
inline constexpr std::size_t accept_buckets = 8192;  ///< addresses remembered, oldest forgotten
inline constexpr std::size_t session_backlog_high = 1 << 20;   ///< send() says stop
inline constexpr std::size_t session_backlog_low = 256 << 10;  ///< on_drained
inline constexpr std::size_t session_backlog_max = 8 << 20;    ///< a peer that does not read is cut
inline constexpr std::size_t bulk_backlog_max = 64 << 10;      ///< what files in the session leave
inline constexpr std::size_t bulk_backlog_low = 32 << 10;      ///< on_drained, for them
inline constexpr auto unread_deadline = 60s;          ///< backlog without progress for so long: cut
inline constexpr std::size_t read_buffer = 64 << 10;  ///< one per loop, shared by all links
inline constexpr auto probe_deadline = 3s;            ///< for a ping after the network has changed
inline constexpr auto close_linger = 1s;              ///< for what is queued and for their FIN
inline constexpr auto dial_stagger = 250ms;           ///< RFC 8305 connection attempt delay
inline constexpr auto dial_timeout = 10s;
inline constexpr std::size_t dials_at_once = 64;
inline constexpr auto backoff_min = 1s;
inline constexpr auto backoff_max = 60s;
inline constexpr auto session_stable = 10s;       ///< a shorter session does not reset the backoff
inline constexpr auto redial_head_start = 500ms;  ///< the lower fingerprint redials first
// After a stable session was lost its contact is probably there, and a cable, a router or a radio
// will be back soon. With 12 addresses or fewer an attempt begins at least every 4 s (16: 5 s), so
// that the session is up again within 5 s of connectivity. Later the backoff holds.
inline constexpr auto redial_quick_for = 10min;
inline constexpr auto redial_every = 4s;
inline constexpr auto redial_connect_min = 1s;  ///< what each connection gets of it at least
// Beside a session through a relay.
inline constexpr auto direct_retry_min = 5s;
inline constexpr auto direct_retry_max = 5min;
inline constexpr auto tick_granularity = 20ms;  ///< timers of many sessions share one scan

}  // namespace kith::net::limits
