// SPDX-License-Identifier: MIT
#include "crypto/beacon.hpp"

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"
#include "crypto/signing_key.hpp"

namespace kith::crypto {

namespace {

// Specification: docs/protocol.md, "LAN discovery".
constexpr std::uint8_t version = 1;
constexpr std::uint8_t flag_asks = 1;
constexpr std::size_t random_size = 24;
constexpr std::size_t plain_size = beacon_size - random_size - aead_tag_size;
constexpr std::size_t signature_size = 64;
constexpr std::size_t fields_size = plain_size - signature_size;
constexpr std::string_view label = "kith1 beacon";
constexpr std::string_view local_label = "kith1 team local";
constexpr std::string_view team_salt = "kith1 team phras";  // 16 bytes

constexpr std::size_t kind_at = 1;
constexpr std::size_t flags_at = 2;
constexpr std::size_t port_at = 3;
constexpr std::size_t interval_at = 5;
constexpr std::size_t boot_at = 9;
constexpr std::size_t sequence_at = 17;
constexpr std::size_t sent_at = 21;
constexpr std::size_t echo_at = 29;
constexpr std::size_t token_at = 37;
constexpr std::size_t fingerprint_at = 45;
constexpr std::size_t signer_at = 77;
constexpr std::size_t name_size_at = 109;
constexpr std::size_t name_at = 110;
constexpr std::size_t padding_at = name_at + beacon_name_max;
static_assert(plain_size == 248 && fields_size == 184 && padding_at == 174);
static_assert(team_salt.size() == 16);

using Plain = std::array<std::uint8_t, plain_size>;

/// What one datagram is sealed with. Its 24 random bytes never come twice, so that the key seals
/// one message and needs no nonce.
struct DatagramKeys {
    SecretBytes derived;
    DatagramKeys(ByteView random, const TeamKey& team)
        : derived(hkdf_sha512(random, team, view(label), 64)) {}
    [[nodiscard]] ByteView seal() const { return ByteView(derived).first(32); }
    /// Ties the signature to the team and to this datagram: who may open it cannot seal what is in
    /// it again, for another team or as another datagram.
    [[nodiscard]] ByteView binding() const { return ByteView(derived).last(32); }
};

template <typename Source>
void put(Plain& plain, std::size_t at, const Source& bytes) {
    std::ranges::copy(bytes, plain.begin() + static_cast<std::ptrdiff_t>(at));
}

template <typename Target>
void get(ByteView plain, std::size_t at, Target& bytes) {
    std::ranges::copy(plain.subspan(at, bytes.size()), bytes.begin());
}

Plain write_fields(const Beacon& beacon, const SignerKey& signer) {
    Plain plain{};
    plain[0] = version;
    plain[kind_at] = static_cast<std::uint8_t>(beacon.kind);
    plain[flags_at] = beacon.asks ? flag_asks : 0;
    put(plain, port_at, big_endian<2>(beacon.tcp_port));
    put(plain, interval_at, big_endian<4>(beacon.interval_ms));
    put(plain, boot_at, big_endian<8>(beacon.boot));
    put(plain, sequence_at, big_endian<4>(beacon.sequence));
    put(plain, sent_at, big_endian<8>(static_cast<std::uint64_t>(beacon.sent_at)));
    put(plain, echo_at, beacon.echo);
    put(plain, token_at, beacon.token);
    put(plain, fingerprint_at, beacon.fingerprint.bytes);
    put(plain, signer_at, signer);
    const std::size_t size = std::min(beacon.name.size(), beacon_name_max);
    plain[name_size_at] = static_cast<std::uint8_t>(size);
    put(plain, name_at, view(beacon.name).first(size));
    return plain;
}

bool well_formed(ByteView plain) {
    if (plain[0] != version || plain[name_size_at] > beacon_name_max) return false;
    if (plain[kind_at] < static_cast<std::uint8_t>(BeaconKind::announcement) ||
        plain[kind_at] > static_cast<std::uint8_t>(BeaconKind::answer))
        return false;
    const ByteView padding =
        plain.first(fields_size).subspan(name_at + std::size_t{plain[name_size_at]});
    return std::ranges::all_of(padding, [](std::uint8_t byte) { return byte == 0; });
}

Beacon read_fields(ByteView plain) {
    Beacon beacon;
    beacon.kind = static_cast<BeaconKind>(plain[kind_at]);
    beacon.asks = (plain[flags_at] & flag_asks) != 0;
    beacon.tcp_port = static_cast<std::uint16_t>(read_big_endian<2>(plain.subspan(port_at)));
    beacon.interval_ms = static_cast<std::uint32_t>(read_big_endian<4>(plain.subspan(interval_at)));
    beacon.boot = read_big_endian<8>(plain.subspan(boot_at));
    beacon.sequence = static_cast<std::uint32_t>(read_big_endian<4>(plain.subspan(sequence_at)));
    beacon.sent_at = static_cast<std::int64_t>(read_big_endian<8>(plain.subspan(sent_at)));
    get(plain, echo_at, beacon.echo);
    get(plain, token_at, beacon.token);
    get(plain, fingerprint_at, beacon.fingerprint.bytes);
    const ByteView name = plain.subspan(name_at, plain[name_size_at]);
    beacon.name.assign(name.begin(), name.end());
    return beacon;
}

Bytes signed_part(const DatagramKeys& keys, ByteView plain) {
    Bytes out;
    out.reserve(label.size() + 32 + fields_size);
    append(out, view(label));
    append(out, keys.binding());
    append(out, plain.first(fields_size));
    return out;
}

}  // namespace

const TeamKey& local_team_key() {
    static const TeamKey key = sha256({view(local_label)});
    return key;
}

Result<TeamKey> derive_team_key(std::string_view passphrase) {
    TeamKey key{};
    const auto derived = argon2id(passphrase, view(team_salt), PasswordCost{}, key.size());
    if (!derived) return tl::unexpected(derived.error());
    std::ranges::copy(*derived, key.begin());
    return key;
}

std::array<std::uint8_t, beacon_size> seal_beacon(const Beacon& beacon, const TeamKey& team,
                                                  const SigningKey& key, RandomSource& random) {
    std::array<std::uint8_t, beacon_size> datagram{};
    const std::span all(datagram);
    random.fill(all.first<random_size>());
    const DatagramKeys keys(all.first<random_size>(), team);

    Plain plain = write_fields(beacon, key.public_key());
    put(plain, fields_size, key.sign(signed_part(keys, plain)));
    std::ranges::copy(plain, all.begin() + random_size);
    AeadSealer(keys.seal())
        .seal(Nonce{}, {}, all.subspan<random_size, plain_size>(), all.last<aead_tag_size>());
    return datagram;
}

std::optional<OpenedBeacon> open_beacon(ByteView datagram, const TeamKey& team) {
    if (datagram.size() != beacon_size) return std::nullopt;
    const std::span<const std::uint8_t, beacon_size> all(datagram);
    const DatagramKeys keys(all.first<random_size>(), team);
    Plain plain{};
    std::ranges::copy(all.subspan<random_size, plain_size>(), plain.begin());
    if (!AeadOpener(keys.seal()).open(Nonce{}, {}, plain, all.last<aead_tag_size>()))
        return std::nullopt;
    if (!well_formed(plain)) return std::nullopt;

    OpenedBeacon opened;
    opened.beacon = read_fields(plain);
    get(plain, signer_at, opened.signer);
    opened.signed_part = signed_part(keys, plain);
    get(plain, fields_size, opened.signature);
    return opened;
}

bool OpenedBeacon::authentic() const { return verify_signature(signer, signed_part, signature); }

}  // namespace kith::crypto
