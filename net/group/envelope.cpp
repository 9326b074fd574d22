// SPDX-License-Identifier: MIT
#include "net/group/envelope.hpp"

#include <algorithm>

#include "crypto/aead.hpp"
#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"
#include "net/archive.hpp"

namespace kith::net::group {
namespace {

constexpr std::uint8_t envelope_version = 1;
constexpr std::size_t signature_size = 64;

bool ascending(const std::vector<Hash>& hashes) {
    return std::ranges::adjacent_find(hashes, std::ranges::greater_equal{}) == hashes.end();
}

bool proper(const Envelope& e) {
    return e.time >= 0 && e.time < time_end && e.place <= place_max && !e.view.empty() &&
           e.size >= crypto::aead_tag_size && e.size <= group_body_max && ascending(e.parents) &&
           ascending(e.view) && static_cast<std::uint8_t>(e.kind) != 0;
}

Bytes to_sign(ByteView encoded) {
    constexpr std::string_view label = "kith1 group item";
    Bytes out(label.begin(), label.end());
    crypto::append(out, encoded.first(encoded.size() - signature_size));
    return out;
}

Hash content_of(const GroupKey& key, ByteView body) {
    return crypto::sha256({crypto::view("kith1 group body"), key, body});
}

/// Ties the body to its group and author, beside the signature.
Bytes associated(const Envelope& envelope) {
    Bytes out(envelope.group.begin(), envelope.group.end());
    crypto::append(out, envelope.author.bytes);
    return out;
}

}  // namespace

MessageId id_of(const Hash& hash, std::int64_t time) {
    MessageId id{};
    std::ranges::copy(crypto::big_endian<6>(static_cast<std::uint64_t>(time)), id.begin());
    std::copy(hash.begin(), hash.begin() + 10, id.begin() + 6);
    id[6] = static_cast<std::uint8_t>(0x70 | (id[6] & 0x0F));  // version 7
    id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3F));  // variant of RFC 9562
    return id;
}

std::optional<SignedItem> seal_item(Envelope envelope, ByteView plain,
                                    const crypto::SigningKey& signing,
                                    crypto::RandomSource& random) {
    SignedItem out;
    out.key = random.array<sizeof(GroupKey)>();
    out.body = crypto::aead_seal(*out.key, crypto::counter_nonce(0), associated(envelope), plain);
    if (out.body.size() > group_body_max) return std::nullopt;
    envelope.content = content_of(*out.key, out.body);
    envelope.size = static_cast<std::uint32_t>(out.body.size());
    if (!proper(envelope)) return std::nullopt;
    out.envelope = std::move(envelope);
    auto& e = out.envelope;
    WireWriter archive(out.encoded);
    archive(envelope_version, e.group, e.author.bytes, static_cast<std::uint8_t>(e.kind), e.time,
            e.place, bounded(e.parents, parents_max), bounded(e.view, view_heads_max), e.content,
            e.size);
    if (archive.failed()) return std::nullopt;
    out.encoded.resize(out.encoded.size() + signature_size);
    const auto message = to_sign(out.encoded);
    out.hash = crypto::sha256({message});
    std::ranges::copy(signing.sign(message), out.encoded.end() - signature_size);
    return out;
}

std::optional<SignedItem> decode_envelope(ByteView encoded) {
    if (encoded.size() > group_envelope_max) return std::nullopt;
    SignedItem out;
    out.encoded.assign(encoded.begin(), encoded.end());
    auto& e = out.envelope;
    std::uint8_t version = 0;
    std::uint8_t kind = 0;
    WireReader archive(encoded);
    archive(version, e.group, e.author.bytes, kind, e.time, e.place,
            bounded(e.parents, parents_max), bounded(e.view, view_heads_max), e.content, e.size);
    (void)archive.raw(signature_size);
    e.kind = static_cast<Kind>(kind);
    if (archive.failed() || !archive.at_end() || version != envelope_version || !proper(e))
        return std::nullopt;
    out.hash = crypto::sha256({to_sign(out.encoded)});
    return out;
}

std::optional<SignedItem> decode_item(const GroupItem& message) {
    auto out = decode_envelope(message.envelope);
    if (!out || out->envelope.group != message.group) return std::nullopt;
    if (!message.key) return message.body.empty() ? out : std::nullopt;
    if (message.body.size() != out->envelope.size ||
        content_of(*message.key, message.body) != out->envelope.content)
        return std::nullopt;
    out->key = message.key;
    out->body = message.body;
    return out;
}

bool signed_by(const SignedItem& item, const crypto::PublicBundle& author) {
    return author.fingerprint() == item.envelope.author &&
           author.verify(to_sign(item.encoded), ByteView(item.encoded).last(signature_size));
}

std::optional<crypto::SecretBytes> open_body(const SignedItem& item) {
    if (!item.key) return std::nullopt;
    return crypto::aead_open(*item.key, crypto::counter_nonce(0), associated(item.envelope),
                             item.body);
}

GroupItem to_wire(const SignedItem& item) {
    return {item.envelope.group, item.encoded, item.key, item.body};
}

}  // namespace kith::net::group
