// SPDX-License-Identifier: MIT
//
//   h, ck    as in Noise, with the name below
//   MixHash(version || prekey id || fingerprint of the recipient)
//   MixHash(X-Wing ciphertext), MixKey(its secret)
//   MixHash(OAEP ciphertext), MixKey(its secret)
//   MixKeyAndHash(token)
//   signature = Ed25519("kith1 sealed" || h || sealed_at)
//   blocks    = u16 size || bundle || sealed_at || signature || u32 size || payload || zeros
#include "crypto/sealed_message.hpp"

#include "crypto/encoding.hpp"
#include "crypto/oaep_kem.hpp"
#include "crypto/symmetric_state.hpp"
#include "crypto/xwing.hpp"

namespace kith::crypto {
namespace {

constexpr std::string_view protocol_name = "Kith_sealed_XWing+OAEP_AESGCM_SHA512";
constexpr std::uint8_t version = 1;
constexpr std::size_t id_size = 8, size_size = 2, time_size = 8, signature_size = 64;
constexpr std::size_t payload_size_size = 4, tag_size = 16;
constexpr std::size_t front_size = 1 + id_size;
constexpr std::size_t oaep_at = front_size + xwing::ciphertext_size + size_size;

SymmetricState begin(ByteView front, const Fingerprint& to) {
    SymmetricState state(protocol_name);
    Bytes prologue(front.begin(), front.end());
    append(prologue, to.bytes);
    state.mix_hash(prologue);
    return state;
}

void mix_secrets(SymmetricState& state, ByteView xwing_ciphertext, ByteView xwing_secret,
                 ByteView oaep_ciphertext, ByteView oaep_secret, ByteView token) {
    state.mix_hash(xwing_ciphertext);
    state.mix_key(xwing_secret);
    state.mix_hash(oaep_ciphertext);
    state.mix_key(oaep_secret);
    state.mix_key_and_hash(token);
}

Bytes signed_bytes(const SymmetricState& state, ByteView sealed_at) {
    Bytes bytes;
    append(bytes, view("kith1 sealed"));
    append(bytes, state.handshake_hash());
    append(bytes, sealed_at);
    return bytes;
}

SecretBytes blocks_of(const SymmetricState& state, const SealFrom& from, std::int64_t sealed_at,
                      ByteView payload) {
    const auto time = big_endian<time_size>(static_cast<std::uint64_t>(sealed_at));
    SecretBytes blocks;
    blocks.reserve(sealed_blocks_max * sealed_block);
    append(blocks, big_endian<size_size>(from.bundle.encoded().size()));
    append(blocks, from.bundle.encoded());
    append(blocks, time);
    append(blocks, from.signing.sign(signed_bytes(state, time)));
    append(blocks, big_endian<payload_size_size>(payload.size()));
    append(blocks, payload);
    blocks.resize((blocks.size() + sealed_block - 1) / sealed_block * sealed_block);
    return blocks;
}

tl::unexpected<Error> malformed() {
    return fail(Errc::malformed, "The sealed message is damaged.");
}
tl::unexpected<Error> not_authentic() {
    return fail(Errc::not_authentic, "The sealed message is not for us, or was changed.");
}

/// Takes from the front; empty, and everything after it too, when there is too little.
class Reader {
public:
    explicit Reader(ByteView left) : left_(left) {}
    ByteView take(std::size_t size) {
        failed_ = failed_ || size > left_.size();
        if (failed_) return {};
        const auto taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    template <std::size_t N>
    std::uint64_t number() {
        const auto bytes = take(N);
        return bytes.empty() ? 0 : read_big_endian<N>(bytes);
    }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    ByteView left_;
    bool failed_ = false;
};

Result<OpenedMessage> read_blocks(const SymmetricState& state, ByteView blocks) {
    Reader reader(blocks);
    const auto encoded = reader.take(reader.number<size_size>());
    const auto time = reader.take(time_size);
    const auto signature = reader.take(signature_size);
    const auto payload = reader.take(reader.number<payload_size_size>());
    if (reader.failed()) return malformed();
    auto bundle = PublicBundle::parse(encoded);
    if (!bundle) return tl::unexpected(bundle.error());
    if (!bundle->verify(signed_bytes(state, time), signature)) return not_authentic();
    return OpenedMessage{std::move(*bundle),
                         static_cast<std::int64_t>(read_big_endian<time_size>(time)),
                         SecretBytes(payload.begin(), payload.end())};
}

}  // namespace

Result<Bytes> seal_message(const SealTo& to, const SealFrom& from, std::int64_t sealed_at,
                           ByteView payload, RandomSource& random) {
    if (payload.size() > sealed_payload_max)
        return fail(Errc::limits, "The message is too long to be sealed.");
    const auto ephemeral = xwing::encapsulate(to.prekey, random);
    if (!ephemeral) return tl::unexpected(ephemeral.error());
    const auto fixed = oaep_kem::encapsulate(to.bundle, random);
    if (!fixed) return tl::unexpected(fixed.error());

    Bytes out{version};
    append(out, big_endian<id_size>(to.prekey_id));
    auto state = begin(out, to.bundle.fingerprint());
    append(out, ephemeral->ciphertext);
    append(out, big_endian<size_size>(fixed->ciphertext.size()));
    append(out, fixed->ciphertext);
    mix_secrets(state, ephemeral->ciphertext, ephemeral->secret, fixed->ciphertext, fixed->secret,
                to.token);
    append(out, state.encrypt_and_hash(blocks_of(state, from, sealed_at, payload)));
    return out;
}

Result<SealedHeader> parse_sealed(ByteView sealed, std::size_t modulus_size) {
    const std::size_t blocks_at = oaep_at + modulus_size;
    if (sealed.size() < blocks_at + tag_size) return malformed();
    const std::size_t blocks = sealed.size() - blocks_at - tag_size;
    const auto announced =
        read_big_endian<size_size>(sealed.subspan(front_size + xwing::ciphertext_size, size_size));
    const bool whole = blocks > 0 && blocks % sealed_block == 0 &&
                       blocks <= sealed_blocks_max * sealed_block && announced == modulus_size;
    if (sealed[0] != version || !whole) return malformed();
    const auto oaep = sealed.subspan(oaep_at, modulus_size);
    return SealedHeader{read_big_endian<id_size>(sealed.subspan(1, id_size)),
                        Bytes(oaep.begin(), oaep.end())};
}

Result<OpenedMessage> open_sealed(ByteView sealed, const OpenWith& with) {
    const auto header = parse_sealed(sealed, with.self.modulus_size());
    if (!header) return tl::unexpected(header.error());
    const auto ephemeral = sealed.subspan(front_size, xwing::ciphertext_size);
    const auto secret = xwing::decapsulate(with.prekey_seed, ephemeral);
    if (!secret) return tl::unexpected(secret.error());
    auto state = begin(sealed.first(front_size), with.self.fingerprint());
    mix_secrets(state, ephemeral, *secret, header->oaep_ciphertext, with.oaep_secret, with.token);
    const auto before = state;  // what was signed is what was mixed, without the blocks themselves
    const auto blocks =
        state.decrypt_and_hash(sealed.subspan(oaep_at + header->oaep_ciphertext.size()));
    if (!blocks) return not_authentic();
    return read_blocks(before, *blocks);
}

}  // namespace kith::crypto
