// SPDX-License-Identifier: MIT
#include "crypto/handshake_wire.hpp"

#include <algorithm>

#include "crypto/aead.hpp"

namespace kith::crypto::wire {

namespace {

constexpr std::size_t fixed_header_size = magic.size() + 2;

bool all_zero(ByteView bytes) {
    return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

Bytes labelled(std::string_view label, const SymmetricState& state) {
    Bytes info(label.begin(), label.end());
    append(info, state.handshake_hash());
    return info;
}

}  // namespace

Result<FirstMessage> parse_first(ByteView message) {
    if (message.size() < fixed_header_size)
        return fail(Errc::wrong_length, "The first message is too short.");
    if (!std::ranges::equal(message.first(magic.size()), magic))
        return fail(Errc::bad_magic, "Whoever connected does not speak Kith.");
    const std::size_t count = message[fixed_header_size - 1];
    if (count == 0 || count > versions_max)
        return fail(Errc::malformed, "The first message offers an impossible number of versions.");
    if (message.size() != m1_size(count))
        return fail(Errc::wrong_length, "The first message has a wrong length.");

    FirstMessage first;
    Cutter cutter(message);
    first.header = cutter.take(fixed_header_size + count * version_size);
    first.public_key = cutter.take(xwing::public_key_size);
    first.authenticated = message.first(message.size() - mac1_size);
    first.mac1 = cutter.take(mac1_size);
    for (std::size_t i = 0; i < count; ++i)
        first.versions.push_back(static_cast<std::uint16_t>(read_big_endian<version_size>(
            first.header.subspan(fixed_header_size + i * version_size))));
    if (std::ranges::adjacent_find(first.versions, std::greater_equal{}) != first.versions.end())
        return fail(Errc::malformed, "The versions offered are not in ascending order.");
    return first;
}

Bytes first_header(std::span<const std::uint16_t> versions) {
    constexpr std::uint8_t no_flags = 0;
    Bytes out(magic.begin(), magic.end());
    out.push_back(no_flags);
    out.push_back(static_cast<std::uint8_t>(versions.size()));
    for (const std::uint16_t version : versions) append(out, big_endian<2>(version));
    return out;
}

Digest256 mac1_key(const Fingerprint& responder, ByteView token) {
    return sha256({view("mac1"), responder.bytes, token});
}

Digest256 mac1_digest(ByteView authenticated) { return sha256({authenticated}); }

SymmetricState begin(const Opening& opening) {
    Bytes prologue(opening.header.begin(), opening.header.end());
    append(prologue, big_endian<2>(opening.version));
    append(prologue, opening.responder.bytes);
    prologue.push_back(static_cast<std::uint8_t>(opening.path));

    SymmetricState state(protocol_name);
    state.mix_hash(prologue);
    state.mix_hash(opening.public_key);
    state.mix_hash(opening.mac1);  // EncryptAndHash of a payload while there is no key
    return state;
}

Bytes identity_block(const PublicBundle& bundle) {
    Bytes block;
    block.reserve(identity_block_size);
    append(block, big_endian<2>(bundle.encoded().size()));
    append(block, bundle.encoded());
    block.resize(identity_block_size);
    return block;
}

Result<PublicBundle> parse_identity_block(ByteView block) {
    if (block.size() != identity_block_size)
        return fail(Errc::wrong_length, "An identity has a wrong length.");
    const std::size_t size = read_big_endian<2>(block);
    if (size > bundle_size_max || !all_zero(block.subspan(2 + size)))
        return fail(Errc::malformed, "An identity is not padded with zeros.");
    return PublicBundle::parse(block.subspan(2, size));
}

Bytes ciphertext_block(ByteView ciphertext) {
    Bytes block(ciphertext.begin(), ciphertext.end());
    block.resize(ciphertext_block_size);
    return block;
}

Result<Bytes> parse_ciphertext_block(ByteView block, std::size_t modulus_size) {
    if (block.size() != ciphertext_block_size)
        return fail(Errc::wrong_length, "A static ciphertext has a wrong length.");
    if (!all_zero(block.subspan(modulus_size)))
        return fail(Errc::malformed, "A static ciphertext is not padded with zeros.");
    return Bytes(block.begin(), block.begin() + static_cast<std::ptrdiff_t>(modulus_size));
}

RecordChannel::Keys session_keys(const SymmetricState& state, RecordChannel::Side side) {
    const SecretBytes split = state.derive({}, 128);
    const ByteView to_responder = ByteView(split).first(aead_key_size);
    const ByteView to_initiator = ByteView(split).subspan(64, aead_key_size);
    const bool initiator = side == RecordChannel::Side::initiator;
    const ByteView send = initiator ? to_responder : to_initiator;
    const ByteView receive = initiator ? to_initiator : to_responder;

    RecordChannel::Keys keys;
    keys.send.assign(send.begin(), send.end());
    keys.receive.assign(receive.begin(), receive.end());
    keys.rekey = state.derive(labelled("kith1 rekey", state), 64);
    keys.exporter = state.derive(labelled("kith1 exporter", state), 64);
    const Digest512& hash = state.handshake_hash();
    keys.handshake_hash.assign(hash.begin(), hash.end());
    return keys;
}

}  // namespace kith::crypto::wire
