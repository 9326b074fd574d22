// SPDX-License-Identifier: MIT
//
//   receive(M1) -> M2      receive(M3) -> DecryptJob -> resume() -> M4 and keys
//
// What a stranger can make this side spend grows with what he has proven: one HMAC per token for
// M1, one X-Wing encapsulation for a valid mac1, one RSA decryption for an M3 that is authentic
// under the ephemeral key.
#include <algorithm>
#include <exception>

#include "crypto/handshake_wire.hpp"

namespace kith::crypto {

namespace {

enum class State { awaiting_m1, awaiting_m3, awaiting_secret, finished, taken, dead };

}  // namespace

struct Responder::Impl {
    PublicBundle self;
    Config config;
    RandomSource* random;
    State state = State::awaiting_m1;

    std::optional<TokenMatch> admitted;
    std::optional<PublicBundle> peer;
    std::optional<SymmetricState> noise;
    Bytes rest_of_m3;  ///< identity and payload, while the RSA decryption runs
    std::optional<RecordChannel::Keys> keys;

    Result<HandshakeStep> on_m1(ByteView message);
    Result<HandshakeStep> on_m3(ByteView message);
    Result<HandshakeStep> on_secret(ByteView secret);
    Result<PublicBundle> open_identity(SymmetricState& next) const;
    Result<Bytes> write_m4(SymmetricState& next, const PublicBundle& to);
    [[nodiscard]] std::optional<TokenMatch> admit(const wire::FirstMessage& first) const;
    Result<HandshakeStep> settle(Result<HandshakeStep> step);
};

/// Whatever failed, nothing of this handshake is used again.
Result<HandshakeStep> Responder::Impl::settle(Result<HandshakeStep> step) {
    if (step) return step;
    state = State::dead;
    noise.reset();
    keys.reset();
    return step;
}

std::optional<TokenMatch> Responder::Impl::admit(const wire::FirstMessage& first) const {
    const Digest256 digest = wire::mac1_digest(first.authenticated);
    return config.tokens([&](ByteView token) {
        const Digest256 key = wire::mac1_key(self.fingerprint(), token);
        return equal_constant_time(hmac_sha256(key, digest), first.mac1);
    });
}

Result<HandshakeStep> Responder::Impl::on_m1(ByteView message) {
    const auto first = wire::parse_first(message);
    if (!first) return tl::unexpected(first.error());
    auto match = admit(*first);
    if (!match) return fail(Errc::not_authentic, "A caller holds none of our tokens.");
    if (std::ranges::find(first->versions, protocol_version) == first->versions.end())
        return fail(Errc::unsupported_version,
                    "The caller's Kith has no protocol version in common with ours.");
    if (config.first_use && !config.first_use(*match, first->mac1))
        return fail(Errc::not_authentic, "A first message was sent again.");
    const auto encapsulated = xwing::encapsulate(first->public_key, *random);
    if (!encapsulated) return tl::unexpected(encapsulated.error());

    SymmetricState next = wire::begin({first->header, protocol_version, self.fingerprint(),
                                       config.path, first->public_key, first->mac1});
    Bytes m2{protocol_version >> 8, protocol_version & 0xff};
    append(m2, encapsulated->ciphertext);
    next.mix_hash(encapsulated->ciphertext);
    next.mix_key(encapsulated->secret);
    append(m2, next.encrypt_and_hash(wire::identity_block(self)));
    append(m2, next.encrypt_and_hash({}));

    admitted = std::move(match);
    noise = std::move(next);
    state = State::awaiting_m3;
    return SendMessage{std::move(m2)};
}

Result<HandshakeStep> Responder::Impl::on_m3(ByteView message) {
    if (message.size() != wire::m3_size)
        return fail(Errc::wrong_length, "The caller's identity has a wrong length.");
    SymmetricState next = *noise;
    const auto block = next.decrypt_and_hash(message.first(wire::sealed_ciphertext_size));
    if (!block) return tl::unexpected(block.error());
    auto ciphertext = wire::parse_ciphertext_block(*block, self.modulus_size());
    if (!ciphertext) return tl::unexpected(ciphertext.error());

    const ByteView rest = message.subspan(wire::sealed_ciphertext_size);
    rest_of_m3.assign(rest.begin(), rest.end());
    noise = std::move(next);
    state = State::awaiting_secret;
    return DecryptJob{std::move(*ciphertext)};
}

Result<PublicBundle> Responder::Impl::open_identity(SymmetricState& next) const {
    wire::Cutter cutter(rest_of_m3);
    const auto block = next.decrypt_and_hash(cutter.take(wire::sealed_identity_size));
    if (!block) return tl::unexpected(block.error());
    const auto payload = next.decrypt_and_hash(cutter.take(wire::tag_size));
    if (!payload) return tl::unexpected(payload.error());
    auto bundle = wire::parse_identity_block(*block);
    if (bundle && admitted->contact && bundle->fingerprint() != admitted->expected)
        return fail(Errc::wrong_fingerprint, "A contact's token was used by somebody else.");
    return bundle;
}

Result<Bytes> Responder::Impl::write_m4(SymmetricState& next, const PublicBundle& to) {
    const auto encapsulated = oaep_kem::encapsulate(to, *random);
    if (!encapsulated) return tl::unexpected(encapsulated.error());
    Bytes m4 = next.encrypt_and_hash(wire::ciphertext_block(encapsulated->ciphertext));
    next.mix_key_and_hash(encapsulated->secret);
    append(m4, next.encrypt_and_hash({}));
    return m4;
}

Result<HandshakeStep> Responder::Impl::on_secret(ByteView secret) {
    SymmetricState next = *noise;
    next.mix_key_and_hash(secret);
    auto bundle = open_identity(next);
    if (!bundle) return tl::unexpected(bundle.error());
    auto m4 = write_m4(next, *bundle);
    if (!m4) return tl::unexpected(m4.error());

    peer = std::move(*bundle);
    keys = wire::session_keys(next, RecordChannel::Side::responder);
    noise.reset();
    state = State::finished;
    return SendMessage{std::move(*m4), true};
}

Responder::Responder(const PublicBundle& self, Config config, RandomSource& random)
    : impl_(new Impl{self, std::move(config), &random, {}, {}, {}, {}, {}, {}}) {}
Responder::~Responder() = default;
Responder::Responder(Responder&&) noexcept = default;

Result<HandshakeStep> Responder::receive(ByteView message) {
    if (impl_->state == State::awaiting_m1) return impl_->settle(impl_->on_m1(message));
    if (impl_->state == State::awaiting_m3) return impl_->settle(impl_->on_m3(message));
    return impl_->settle(fail(Errc::out_of_order, "No handshake message is expected now."));
}

Result<HandshakeStep> Responder::resume(ByteView secret) {
    if (impl_->state != State::awaiting_secret)
        return impl_->settle(fail(Errc::out_of_order, "No decryption is under way."));
    return impl_->settle(impl_->on_secret(secret));
}

RecordChannel Responder::take_channel(RekeyLimits limits) {
    if (impl_->state != State::finished) std::terminate();  // a mistake of the caller
    impl_->state = State::taken;
    return {RecordChannel::Side::responder, std::move(*impl_->keys), *impl_->random, limits};
}

const PublicBundle& Responder::peer() const {
    if (!impl_->peer) std::terminate();  // a mistake of the caller
    return *impl_->peer;
}

const TokenMatch& Responder::admitted_by() const {
    if (!impl_->admitted) std::terminate();  // a mistake of the caller
    return *impl_->admitted;
}

}  // namespace kith::crypto
