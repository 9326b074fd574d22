// SPDX-License-Identifier: MIT
#include <algorithm>
#include <numeric>

#include "crypto/beacon.hpp"
#include "crypto/encoding.hpp"

namespace kith::crypto {

namespace {

// Specification: docs/protocol.md, "LAN discovery", "Tags".
constexpr std::size_t random_size = 24;
constexpr std::size_t half = 4;  ///< a tag is two halves of 4 bytes
constexpr std::size_t message_size = 4;
constexpr std::size_t place_size = 2 * half + message_size;
constexpr std::string_view pair_label = "kith1 pair";
constexpr std::string_view find_label = "kith1 tag find";
constexpr std::string_view check_label = "kith1 tag check";
constexpr std::int64_t ms_per_minute = 60'000;
constexpr std::int64_t minutes_modulus = 1 << 16;
static_assert(random_size + tags_per_datagram * place_size <= beacon_size);

/// By it the receiver finds their place (first half) and reads the message (the mask behind it).
Digest256 finder(const PairKey& key, const Fingerprint& to, ByteView random) {
    std::array<std::uint8_t, find_label.size() + sizeof(Fingerprint) + random_size> message{};
    auto at = std::ranges::copy(view(find_label), message.begin()).out;
    at = std::ranges::copy(to.bytes, at).out;
    std::ranges::copy(random, at);
    return hmac_sha256(key, message);
}

/// Over random bytes and message: nobody can change a port or a time.
Digest256 checker(const PairKey& key, ByteView random, ByteView message) {
    Bytes all;
    append(all, view(check_label));
    append(all, random);
    append(all, message);
    return hmac_sha256(key, all);
}

void write_place(MutableByteView place, const TagFor& contact, ByteView random, ByteView message) {
    const Digest256 found = finder(contact.key, contact.to, random);
    const Digest256 checked = checker(contact.key, random, message);
    std::copy_n(found.begin(), half, place.begin());
    std::copy_n(checked.begin(), half, place.begin() + half);
    for (std::size_t i = 0; i < message_size; ++i)
        place[2 * half + i] = message[i] ^ found[half + i];
}

/// The minute nearest to ours that ends in these 16 bits.
std::int64_t nearest_minute(std::uint64_t low, std::int64_t now_ms) {
    const std::int64_t now = now_ms / ms_per_minute;
    std::int64_t apart = (static_cast<std::int64_t>(low) - now) % minutes_modulus;
    if (apart < 0) apart += minutes_modulus;
    if (apart >= minutes_modulus / 2) apart -= minutes_modulus;
    return now + apart;
}

}  // namespace

PairKey pair_key(ByteView token_a, ByteView token_b) {
    if (std::ranges::lexicographical_compare(token_b, token_a)) std::swap(token_a, token_b);
    return sha256({view(pair_label), token_a, token_b});
}

std::array<std::uint8_t, beacon_size> seal_tags(std::span<const TagFor> contacts,
                                                std::uint16_t tcp_port, std::int64_t now_ms,
                                                RandomSource& random) {
    auto datagram = random.array<beacon_size>();
    std::array<std::uint8_t, tags_per_datagram> places{};
    std::iota(places.begin(), places.end(), std::uint8_t{0});
    const auto draws = random.array<tags_per_datagram>();
    Bytes message;
    append(message, big_endian<2>(tcp_port));
    append(message, big_endian<2>(static_cast<std::uint64_t>(now_ms / ms_per_minute)));

    const MutableByteView all(datagram);
    const std::size_t count = std::min(contacts.size(), tags_per_datagram);
    for (std::size_t i = 0; i < count; ++i) {
        std::swap(places[i], places[i + draws[i] % (tags_per_datagram - i)]);
        write_place(all.subspan(random_size + places[i] * place_size, place_size), contacts[i],
                    all.first(random_size), message);
    }
    return datagram;
}

std::optional<OpenedTag> find_tag(ByteView datagram, const PairKey& key, const Fingerprint& self,
                                  std::int64_t now_ms) {
    if (datagram.size() != beacon_size) return std::nullopt;
    const ByteView random = datagram.first(random_size);
    const Digest256 found = finder(key, self, random);
    for (std::size_t i = 0; i < tags_per_datagram; ++i) {
        const ByteView place = datagram.subspan(random_size + i * place_size, place_size);
        if (!std::ranges::equal(place.first(half), ByteView(found).first(half))) continue;
        std::array<std::uint8_t, message_size> message{};
        for (std::size_t j = 0; j < message_size; ++j)
            message[j] = place[2 * half + j] ^ found[half + j];
        const Digest256 checked = checker(key, random, message);
        if (!equal_constant_time(place.subspan(half, half), ByteView(checked).first(half)))
            return std::nullopt;
        return OpenedTag{static_cast<std::uint16_t>(read_big_endian<2>(message)),
                         nearest_minute(read_big_endian<2>(ByteView(message).subspan(2)), now_ms)};
    }
    return std::nullopt;
}

}  // namespace kith::crypto
