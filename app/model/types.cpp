// SPDX-License-Identifier: MIT
#include "app/model/types.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace kith::model {
namespace {

constexpr char digits[] = "0123456789abcdef";

template <std::size_t N>
std::string hex(const std::array<std::uint8_t, N>& bytes) {
    std::string out;
    out.reserve(2 * N);
    for (const auto byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

int nibble(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

template <std::size_t N>
bool unhex(std::string_view text, std::array<std::uint8_t, N>& out) {
    if (text.size() != 2 * N) return false;
    for (std::size_t i = 0; i < N; ++i) {
        const int high = nibble(text[2 * i]);
        const int low = nibble(text[2 * i + 1]);
        if (high < 0 || low < 0) return false;
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

}  // namespace

std::string to_hex(const PeerId& peer) { return hex(peer.bytes); }

std::optional<PeerId> parse_peer_id(std::string_view text) {
    PeerId id;
    if (!unhex(text, id.bytes)) return std::nullopt;
    return id;
}

std::string to_string(const MessageId& id) {
    std::string text = hex(id.bytes);
    for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
    return text;
}

std::optional<MessageId> parse_message_id(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    std::string bare;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash != (text[i] == '-')) return std::nullopt;
        if (!dash) bare += text[i];
    }
    MessageId id;
    if (!unhex(bare, id.bytes)) return std::nullopt;
    return id;
}

std::string to_rfc3339(Timestamp at) {
    using namespace std::chrono;
    const sys_time<milliseconds> time{milliseconds{at}};
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss clock{time - day};
    char text[64];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text;
}

std::string_view to_string(Presence presence) {
    switch (presence) {
        case Presence::online:
            return "online";
        case Presence::idle:
            return "idle";
        case Presence::offline:
            return "offline";
        case Presence::connecting:
            return "connecting";
        case Presence::discovered:
            return "discovered";
        case Presence::pending_in:
            return "pending_in";
        case Presence::pending_out:
            return "pending_out";
        case Presence::blocked:
            return "blocked";
    }
    return "offline";
}

std::string_view to_string(Outside outside) {
    switch (outside) {
        case Outside::no:
            return "no";
        case Outside::yes:
            return "yes";
        case Outside::unknown:
            break;
    }
    return "unknown";
}

std::string_view to_string(PathKind path) {
    switch (path) {
        case PathKind::none:
            return "none";
        case PathKind::direct:
            return "direct";
        case PathKind::relay:
            return "relay";
    }
    return "none";
}

std::string_view to_string(RelayState state) {
    switch (state) {
        case RelayState::connecting:
            return "connecting";
        case RelayState::online:
            return "online";
        case RelayState::offline:
            return "offline";
    }
    return "offline";
}

std::string_view to_string(TransferState state) {
    switch (state) {
        case TransferState::offered:
            return "offered";
        case TransferState::active:
            return "active";
        case TransferState::paused:
            return "paused";
        case TransferState::waiting:
            return "waiting";
        case TransferState::done:
            return "done";
        case TransferState::failed:
            return "failed";
        case TransferState::declined:
            return "declined";
        case TransferState::cancelled:
            return "cancelled";
    }
    return "failed";
}

std::string_view to_string(MessageState state) {
    switch (state) {
        case MessageState::queued:
            return "queued";
        case MessageState::sent:
        case MessageState::at_relay:  // said beside it: waiting_at
            return "sent";
        case MessageState::delivered:
            return "delivered";
        case MessageState::read:
            return "read";
        case MessageState::failed:
            return "failed";
        case MessageState::received:
            return "received";
    }
    return "queued";
}

}  // namespace kith::model
