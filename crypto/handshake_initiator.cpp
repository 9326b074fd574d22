// SPDX-License-Identifier: MIT
//
//   start() -> M1      receive(M2) -> M3      receive(M4) -> DecryptJob -> resume() -> keys
//
// Each step works on a copy of the symmetric state and commits it when everything is verified; the
// first failure wipes all of it.
#include <exception>

#include "crypto/handshake_wire.hpp"

namespace kith::crypto {

namespace {

enum class State { created, awaiting_m2, awaiting_m4, awaiting_secret, finished, taken, dead };

constexpr std::array<std::uint16_t, 1> offered{protocol_version};

}  // namespace

struct Initiator::Impl {
    PublicBundle self;
    Config config;
    RandomSource* random;
    State state = State::created;

    xwing::KeyPair ephemeral;
    Digest256 mac1{};
    std::optional<PublicBundle> peer;
    std::optional<SymmetricState> noise;
    Bytes confirmation;  ///< of M4, while the RSA decryption runs
    std::optional<RecordChannel::Keys> keys;

    Result<HandshakeStep> on_m2(ByteView message);
    Result<HandshakeStep> on_m4(ByteView message);
    Result<SymmetricState> open_m2(ByteView message, std::optional<PublicBundle>& bundle) const;
    Result<Bytes> write_m3(SymmetricState& noise_of_m3, const PublicBundle& to);
    Result<HandshakeStep> confirm(ByteView secret);
    Result<HandshakeStep> settle(Result<HandshakeStep> step);
};

/// Whatever failed, nothing of this handshake is used again.
Result<HandshakeStep> Initiator::Impl::settle(Result<HandshakeStep> step) {
    if (step) return step;
    state = State::dead;
    wipe(ephemeral.seed);
    noise.reset();
    keys.reset();
    return step;
}

Result<SymmetricState> Initiator::Impl::open_m2(ByteView message,
                                                std::optional<PublicBundle>& bundle) const {
    if (message.size() != wire::m2_size)
        return fail(Errc::wrong_length, "The answer has a wrong length.");
    wire::Cutter cutter(message);
    const ByteView version = cutter.take(wire::version_size);
    if (read_big_endian<wire::version_size>(version) != protocol_version)
        return fail(Errc::unsupported_version, "The answer chooses a version we did not offer.");

    const Bytes header = wire::first_header(offered);
    SymmetricState next = wire::begin(
        {header, protocol_version, config.peer, config.path, ephemeral.public_key, mac1});
    const ByteView ciphertext = cutter.take(xwing::ciphertext_size);
    const auto secret = xwing::decapsulate(ephemeral.seed, ciphertext);
    if (!secret) return tl::unexpected(secret.error());
    next.mix_hash(ciphertext);
    next.mix_key(*secret);

    const auto block = next.decrypt_and_hash(cutter.take(wire::sealed_identity_size));
    if (!block) return tl::unexpected(block.error());
    const auto payload = next.decrypt_and_hash(cutter.take(wire::tag_size));
    if (!payload) return tl::unexpected(payload.error());
    auto parsed = wire::parse_identity_block(*block);
    if (!parsed) return tl::unexpected(parsed.error());
    if (parsed->fingerprint() != config.peer)
        return fail(Errc::wrong_fingerprint, "Somebody else answered than the one who was called.");
    bundle = std::move(*parsed);
    return next;
}

Result<Bytes> Initiator::Impl::write_m3(SymmetricState& next, const PublicBundle& to) {
    const auto encapsulated = oaep_kem::encapsulate(to, *random);
    if (!encapsulated) return tl::unexpected(encapsulated.error());
    Bytes m3 = next.encrypt_and_hash(wire::ciphertext_block(encapsulated->ciphertext));
    next.mix_key_and_hash(encapsulated->secret);
    append(m3, next.encrypt_and_hash(wire::identity_block(self)));
    append(m3, next.encrypt_and_hash({}));
    return m3;
}

Result<HandshakeStep> Initiator::Impl::on_m2(ByteView message) {
    std::optional<PublicBundle> bundle;
    auto next = open_m2(message, bundle);
    if (!next) return tl::unexpected(next.error());
    auto m3 = write_m3(*next, *bundle);
    if (!m3) return tl::unexpected(m3.error());

    wipe(ephemeral.seed);
    peer = std::move(bundle);
    noise = std::move(*next);
    state = State::awaiting_m4;
    return SendMessage{std::move(*m3)};
}

Result<HandshakeStep> Initiator::Impl::on_m4(ByteView message) {
    if (message.size() != wire::m4_size)
        return fail(Errc::wrong_length, "The confirmation has a wrong length.");
    wire::Cutter cutter(message);
    SymmetricState next = *noise;
    const auto block = next.decrypt_and_hash(cutter.take(wire::sealed_ciphertext_size));
    if (!block) return tl::unexpected(block.error());
    auto ciphertext = wire::parse_ciphertext_block(*block, self.modulus_size());
    if (!ciphertext) return tl::unexpected(ciphertext.error());

    const ByteView rest = cutter.take(wire::tag_size);
    confirmation.assign(rest.begin(), rest.end());
    noise = std::move(next);
    state = State::awaiting_secret;
    return DecryptJob{std::move(*ciphertext)};
}

Result<HandshakeStep> Initiator::Impl::confirm(ByteView secret) {
    SymmetricState next = *noise;
    next.mix_key_and_hash(secret);
    const auto payload = next.decrypt_and_hash(confirmation);
    if (!payload) return tl::unexpected(payload.error());
    keys = wire::session_keys(next, RecordChannel::Side::initiator);
    noise.reset();
    state = State::finished;
    return Finished{};
}

Initiator::Initiator(const PublicBundle& self, Config config, RandomSource& random)
    : impl_(new Impl{self, std::move(config), &random, {}, {}, {}, {}, {}, {}, {}}) {}
Initiator::~Initiator() = default;
Initiator::Initiator(Initiator&&) noexcept = default;

Bytes Initiator::start() {
    if (impl_->state != State::created) std::terminate();  // a mistake of the caller
    impl_->ephemeral = xwing::generate(*impl_->random);
    Bytes m1 = wire::first_header(offered);
    append(m1, impl_->ephemeral.public_key);
    impl_->mac1 =
        hmac_sha256(wire::mac1_key(impl_->config.peer, impl_->config.token), wire::mac1_digest(m1));
    append(m1, impl_->mac1);
    impl_->state = State::awaiting_m2;
    return m1;
}

Result<HandshakeStep> Initiator::receive(ByteView message) {
    if (impl_->state == State::awaiting_m2) return impl_->settle(impl_->on_m2(message));
    if (impl_->state == State::awaiting_m4) return impl_->settle(impl_->on_m4(message));
    return impl_->settle(fail(Errc::out_of_order, "No handshake message is expected now."));
}

Result<HandshakeStep> Initiator::resume(ByteView secret) {
    if (impl_->state != State::awaiting_secret)
        return impl_->settle(fail(Errc::out_of_order, "No decryption is under way."));
    return impl_->settle(impl_->confirm(secret));
}

RecordChannel Initiator::take_channel(RekeyLimits limits) {
    if (impl_->state != State::finished) std::terminate();  // a mistake of the caller
    impl_->state = State::taken;
    return {RecordChannel::Side::initiator, std::move(*impl_->keys), *impl_->random, limits};
}

const PublicBundle& Initiator::peer() const {
    if (!impl_->peer) std::terminate();  // a mistake of the caller
    return *impl_->peer;
}

}  // namespace kith::crypto
