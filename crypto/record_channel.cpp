// SPDX-License-Identifier: MIT
//
//   application   seal() -> frame                      open() -> payload
//   rekey         initiator                            responder
//                 rekey_if_due() -> offer{pk}     ->   open(): new send key behind the
//                 open(): new receive key,        <-   answer{ct}, its last under the old one
//                 new send key behind the
//                 confirm{}, its last under the   ->   open(): new receive key
//                 old one
//
// Application records flow in both directions all the while.
#include "crypto/record_channel.hpp"

#include <utility>

#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"
#include "crypto/record_key.hpp"
#include "crypto/rekey.hpp"
#include "crypto/xwing.hpp"

namespace kith::crypto {

struct RecordChannel::Impl {
    Side side;
    RandomSource* random;
    RekeyLimits limits;
    std::optional<SendKey> send;  ///< neither key: the channel is dead
    std::optional<ReceiveKey> receive;
    SecretBytes rekey;
    SecretBytes exporter;
    Bytes handshake_hash;
    std::uint64_t generation = 0;
    std::optional<xwing::KeyPair> offered;  ///< initiator, until the answer
    std::optional<ReceiveKey> prepared;     ///< responder, until the confirm
    std::optional<MonotonicTime> keyed_at;  ///< responder: last offer, or first record

    Result<void> seal(ContentType type, ByteView payload, MonotonicTime now, Bytes& out);
    Result<Opened> open(Bytes&& body, MonotonicTime now);
    Result<Opened> dispatch(ContentType type, Bytes&& payload, MonotonicTime now);
    [[nodiscard]] bool offer_too_early(MonotonicTime now);
    Result<Bytes> on_offer(ByteView public_key, MonotonicTime now);
    Result<Bytes> on_answer(ByteView ciphertext, MonotonicTime now);
    Result<Bytes> on_confirm(ByteView payload);
    void die() noexcept;
};

namespace {

tl::unexpected<Error> dead() {
    return fail(Errc::out_of_order, "The session is over after an earlier error.");
}

tl::unexpected<Error> unexpected_record() {
    return fail(Errc::out_of_order, "A record of a key exchange came where none was expected.");
}

}  // namespace

void RecordChannel::Impl::die() noexcept {
    send.reset();
    receive.reset();
    prepared.reset();
    offered.reset();
    wipe(rekey);
}

Result<void> RecordChannel::Impl::seal(ContentType type, ByteView payload, MonotonicTime now,
                                       Bytes& out) {
    if (!send) return dead();
    auto sealed = send->seal(type, payload, limits, now, out);
    if (!sealed) die();
    return sealed;
}

Result<RecordChannel::Opened> RecordChannel::Impl::open(Bytes&& body, MonotonicTime now) {
    if (!receive) return dead();
    const auto type = receive->open(body, limits, now);
    Result<Opened> opened =
        type ? dispatch(*type, std::move(body), now) : Result<Opened>(tl::unexpected(type.error()));
    if (!opened) die();
    return opened;
}

Result<RecordChannel::Opened> RecordChannel::Impl::dispatch(ContentType type, Bytes&& payload,
                                                            MonotonicTime now) {
    if (type == ContentType::application) {
        if (!keyed_at) keyed_at = now;
        if (payload.empty()) return fail(Errc::wrong_length, "A record is empty.");
        return Opened{std::move(payload), {}};
    }
    auto reply = type == ContentType::offer    ? on_offer(payload, now)
                 : type == ContentType::answer ? on_answer(payload, now)
                                               : on_confirm(payload);
    if (!reply) return tl::unexpected(reply.error());
    return Opened{{}, std::move(*reply)};
}

/// An offer is cheap to make and dear to answer. Who keeps to the limits offers at the whole of one
/// of them, which this side has then seen as well, but for the time records are on their way.
bool RecordChannel::Impl::offer_too_early(MonotonicTime now) {
    constexpr std::uint64_t part = 16;
    const RekeyLimits least{limits.records / part, limits.bytes / part, limits.age / part};
    if (!keyed_at || now - *keyed_at >= least.age) return false;
    return !send->usage().due(least, now) && !receive->usage().due(least, now);
}

Result<Bytes> RecordChannel::Impl::on_offer(ByteView public_key, MonotonicTime now) {
    if (side != Side::responder || prepared) return unexpected_record();
    if (offer_too_early(now)) return fail(Errc::limits, "A new key was asked for too early.");
    keyed_at = now;
    const auto encapsulated = xwing::encapsulate(public_key, *random);
    if (!encapsulated) return tl::unexpected(encapsulated.error());
    Bytes frame;
    const auto sealed = seal(ContentType::answer, encapsulated->ciphertext, now, frame);
    if (!sealed) return tl::unexpected(sealed.error());

    NextKeys next = derive_next_keys(rekey, encapsulated->secret, generation + 1, public_key,
                                     encapsulated->ciphertext);
    send.emplace(next.to_initiator);
    prepared.emplace(next.to_responder);
    rekey = std::move(next.rekey);
    return frame;
}

Result<Bytes> RecordChannel::Impl::on_answer(ByteView ciphertext, MonotonicTime now) {
    if (!offered) return unexpected_record();
    const auto secret = xwing::decapsulate(offered->seed, ciphertext);
    if (!secret) return tl::unexpected(secret.error());
    Bytes frame;
    const auto sealed = seal(ContentType::confirm, {}, now, frame);
    if (!sealed) return tl::unexpected(sealed.error());

    NextKeys next =
        derive_next_keys(rekey, *secret, generation + 1, offered->public_key, ciphertext);
    send.emplace(next.to_responder);
    receive.emplace(next.to_initiator);
    rekey = std::move(next.rekey);
    offered.reset();
    ++generation;
    return frame;
}

Result<Bytes> RecordChannel::Impl::on_confirm(ByteView payload) {
    if (!prepared) return unexpected_record();
    if (!payload.empty()) return fail(Errc::wrong_length, "A rekey confirmation is not empty.");
    receive = std::move(prepared);
    prepared.reset();
    ++generation;
    return Bytes{};
}

RecordChannel::RecordChannel(Side side, Keys keys, RandomSource& random, RekeyLimits limits)
    : impl_(new Impl{side,
                     &random,
                     limits,
                     SendKey(keys.send),
                     ReceiveKey(keys.receive),
                     std::move(keys.rekey),
                     std::move(keys.exporter),
                     std::move(keys.handshake_hash),
                     0,
                     {},
                     {},
                     {}}) {}
RecordChannel::RecordChannel(RecordChannel&&) noexcept = default;
RecordChannel& RecordChannel::operator=(RecordChannel&&) noexcept = default;
RecordChannel::~RecordChannel() = default;

Result<Bytes> RecordChannel::seal(ByteView payload, MonotonicTime now) {
    Bytes frame;
    const auto sealed = seal_append(payload, now, frame);
    if (!sealed) return tl::unexpected(sealed.error());
    return frame;
}

Result<void> RecordChannel::seal_append(ByteView payload, MonotonicTime now, Bytes& out) {
    if (payload.empty() || payload.size() > record_payload_max)
        return fail(Errc::wrong_length, "A record is empty or too long to be sent.");
    return impl_->seal(ContentType::application, payload, now, out);
}

Result<void> RecordChannel::seal_in_place(MutableByteView frame, MonotonicTime now) {
    if (frame.size() <= record_overhead || frame.size() - record_overhead > record_payload_max)
        return fail(Errc::wrong_length, "A record is empty or too long to be sent.");
    if (!impl_->send) return dead();
    auto sealed = impl_->send->seal_in_place(ContentType::application, frame, impl_->limits, now);
    if (!sealed) impl_->die();
    return sealed;
}

Result<RecordChannel::Opened> RecordChannel::open(ByteView body, MonotonicTime now) {
    if (body.size() > record_body_max) body = body.first(0);  // refused without copying it
    return impl_->open(Bytes(body.begin(), body.end()), now);
}

Result<RecordChannel::Opened> RecordChannel::open(Bytes&& body, MonotonicTime now) {
    return impl_->open(std::move(body), now);
}

std::optional<Bytes> RecordChannel::rekey_if_due(MonotonicTime now) {
    Impl& channel = *impl_;
    if (channel.side != Side::initiator || !channel.send || channel.offered) return std::nullopt;
    const bool sent_enough = channel.send->usage().due(channel.limits, now);
    const bool received_enough = channel.receive->usage().due(channel.limits, now);
    if (!sent_enough && !received_enough) return std::nullopt;

    auto pair = xwing::generate(*channel.random);
    Bytes frame;
    if (!channel.seal(ContentType::offer, pair.public_key, now, frame)) return std::nullopt;
    channel.offered = std::move(pair);
    return frame;
}

SecretBytes RecordChannel::exported(std::string_view label, ByteView context,
                                    std::size_t size) const {
    constexpr std::string_view domain = "kith1 export";
    Bytes info(domain.begin(), domain.end());
    append(info, big_endian<2>(label.size()));
    append(info, view(label));
    append(info, context);
    return hkdf_sha512({}, impl_->exporter, info, size);
}

ByteView RecordChannel::handshake_hash() const noexcept { return impl_->handshake_hash; }

std::uint64_t RecordChannel::generation() const noexcept { return impl_->generation; }

}  // namespace kith::crypto
