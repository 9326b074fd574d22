// SPDX-License-Identifier: MIT
#include "crypto/mailbox_card.hpp"

#include "crypto/encoding.hpp"
#include "crypto/xwing.hpp"

namespace kith::crypto {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t size_size = 2, id_size = 8, time_size = 8, signature_size = 64;
constexpr std::size_t behind_bundle = id_size + xwing::public_key_size + time_size;

Bytes signed_bytes(ByteView fields) {
    Bytes bytes;
    append(bytes, view("kith1 card"));
    append(bytes, fields);
    return bytes;
}

tl::unexpected<Error> malformed() { return fail(Errc::malformed, "The mailbox card is damaged."); }

}  // namespace

Bytes format_card(const MailboxCard& card, const SigningKey& signing) {
    Bytes out{version};
    append(out, big_endian<size_size>(card.bundle.encoded().size()));
    append(out, card.bundle.encoded());
    append(out, big_endian<id_size>(card.prekey_id));
    append(out, card.prekey);
    append(out, big_endian<time_size>(static_cast<std::uint64_t>(card.made_at)));
    append(out, signing.sign(signed_bytes(out)));
    return out;
}

Result<MailboxCard> parse_card(ByteView bytes, const Fingerprint& owner) {
    if (bytes.size() < 1 + size_size || bytes[0] != version) return malformed();
    const std::size_t bundle_size = read_big_endian<size_size>(bytes.subspan(1));
    const auto rest = bytes.subspan(1 + size_size);
    if (rest.size() != bundle_size + behind_bundle + signature_size) return malformed();
    auto bundle = PublicBundle::parse(rest.first(bundle_size));
    if (!bundle) return tl::unexpected(bundle.error());
    if (bundle->fingerprint() != owner)
        return fail(Errc::wrong_fingerprint, "The mailbox card is somebody else's.");
    const auto signature = bytes.last(signature_size);
    if (!bundle->verify(signed_bytes(bytes.first(bytes.size() - signature_size)), signature))
        return fail(Errc::not_authentic, "The mailbox card was changed.");
    const auto fields = rest.subspan(bundle_size);
    const auto key = fields.subspan(id_size, xwing::public_key_size);
    const auto made_at = read_big_endian<time_size>(fields.subspan(id_size + key.size()));
    return MailboxCard{std::move(*bundle), read_big_endian<id_size>(fields),
                       Bytes(key.begin(), key.end()), static_cast<std::int64_t>(made_at)};
}

}  // namespace kith::crypto
