// SPDX-License-Identifier: MIT
#include "crypto/record_key.hpp"

#include <algorithm>
#include <limits>

#include "crypto/encoding.hpp"

namespace kith::crypto {

namespace {

constexpr std::size_t smallest_body = 1 + aead_tag_size;
static_assert(record_body_max == record_payload_max + smallest_body);
static_assert(record_overhead == length_prefix_size + smallest_body);

std::uint64_t times(std::uint64_t value, std::uint64_t factor) {
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    return value > most / factor ? most : value * factor;
}

/// Room for one more frame, growing geometrically however many frames share the buffer.
void make_room(Bytes& out, std::size_t size) {
    if (out.capacity() - out.size() < size)
        out.reserve(std::max(out.size() + size, 2 * out.size()));
}

}  // namespace

bool KeyUsage::beyond(const RekeyLimits& limits, std::uint64_t factor, MonotonicTime now,
                      std::uint64_t records, std::uint64_t bytes) {
    if (!since_) since_ = now;
    const auto age = now - *since_;
    return records >= times(limits.records, factor) || bytes >= times(limits.bytes, factor) ||
           age.count() / static_cast<std::int64_t>(factor) >= limits.age.count();
}

bool KeyUsage::due(const RekeyLimits& limits, MonotonicTime now) {
    return beyond(limits, 1, now, records_, bytes_);
}

bool KeyUsage::exhausted(const RekeyLimits& limits, MonotonicTime now, std::size_t size) {
    return beyond(limits, 2, now, records_, bytes_ + size);
}

void KeyUsage::count(std::size_t size) noexcept {
    ++records_;
    bytes_ += size;
}

Result<void> SendKey::seal(ContentType type, ByteView payload, const RekeyLimits& limits,
                           MonotonicTime now, Bytes& out) {
    const std::size_t start = out.size();
    make_room(out, payload.size() + record_overhead);
    append(out, std::array<std::uint8_t, length_prefix_size>{});
    append(out, payload);
    append(out, std::array<std::uint8_t, smallest_body>{});
    auto sealed = seal_in_place(type, MutableByteView(out).subspan(start), limits, now);
    if (!sealed) out.resize(start);
    return sealed;
}

Result<void> SendKey::seal_in_place(ContentType type, MutableByteView frame,
                                    const RekeyLimits& limits, MonotonicTime now) {
    const std::size_t size = frame.size() - record_overhead;
    if (usage_.exhausted(limits, now, size))
        return fail(Errc::counter_exhausted, "The session's keys are used up. It must be renewed.");
    const auto length = big_endian<length_prefix_size>(size + smallest_body);
    std::ranges::copy(length, frame.begin());
    frame[length_prefix_size + size] = static_cast<std::uint8_t>(type);
    aead_.seal(counter_nonce(usage_.records()), length, frame.subspan(length_prefix_size, size + 1),
               frame.last<aead_tag_size>());
    usage_.count(size);
    return {};
}

Result<ContentType> ReceiveKey::open(Bytes& body, const RekeyLimits& limits, MonotonicTime now) {
    if (body.size() < smallest_body || body.size() > record_body_max)
        return fail(Errc::wrong_length, "A record has an impossible length.");
    const std::size_t size = body.size() - smallest_body;
    if (usage_.exhausted(limits, now, size))
        return fail(Errc::counter_exhausted, "The session's keys are used up. It must be renewed.");
    const MutableByteView all(body);
    if (!aead_.open(counter_nonce(usage_.records()), big_endian<length_prefix_size>(body.size()),
                    all.first(size + 1), all.last<aead_tag_size>()))
        return fail(Errc::not_authentic, "A record was altered, repeated or left out.");
    usage_.count(size);
    const std::uint8_t type = body[size];
    body.resize(size);
    if (type > static_cast<std::uint8_t>(ContentType::confirm))
        return fail(Errc::malformed, "A record is of an unknown type.");
    return static_cast<ContentType>(type);
}

}  // namespace kith::crypto
