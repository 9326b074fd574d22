// SPDX-License-Identifier: MIT
//
// The fields of the messages about files, in the order on the wire. Included by message_codec.cpp
// alone; see there.
#pragma once

#include "net/archive.hpp"
#include "net/message.hpp"
#include "net/transfer/manifest.hpp"

namespace kith::net {

/// u32 size || bytes.
struct BoundedBytes {
    crypto::Bytes& value;
    std::size_t max;
};
inline BoundedBytes bytes(crypto::Bytes& value, std::size_t max) { return {value, max}; }

inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const BoundedBytes& field) {
    if (field.value.size() > field.max) return archive.fail();
    archive.size(field.value.size());
    archive.raw(field.value);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, BoundedBytes& field) {
    const auto read = archive.raw(archive.size(field.max, 1));
    field.value.assign(read.begin(), read.end());
}

/// u8, at most `last`: other values are a fault.
template <typename Enum>
struct Choice {
    Enum& value;
    Enum last;
};
template <typename Enum>
Choice<Enum> choice(Enum& value, Enum last) {
    return {value, last};
}
template <typename Enum>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Choice<Enum>& field) {
    archive.integer(static_cast<std::uint8_t>(field.value));
}
template <typename Enum>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Choice<Enum>& field) {
    std::uint8_t value = 0;
    archive.integer(value);
    if (value > static_cast<std::uint8_t>(field.last)) return archive.fail();
    field.value = static_cast<Enum>(value);
}

/// u8 0 or 1: other values are a fault.
struct Flag {
    bool& value;
};
inline Flag flag(bool& value) { return {value}; }
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Flag& field) {
    archive.integer(static_cast<std::uint8_t>(field.value ? 1 : 0));
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Flag& field) {
    std::uint8_t value = 0;
    archive.integer(value);
    if (value > 1) archive.fail();
    field.value = value == 1;
}

/// Ascending, with gaps between them, none empty, none beyond manifest_entries_max.
struct RangeList {
    std::vector<EntryRange>& value;
};
inline RangeList ranges(std::vector<EntryRange>& value) { return {value}; }

inline bool proper(const std::vector<EntryRange>& ranges) {
    std::uint64_t free_from = 0;
    for (const auto& range : ranges) {
        if (range.count == 0 || range.first < free_from) return false;
        free_from = std::uint64_t{range.first} + range.count + 1;
    }
    return free_from <= manifest_entries_max + 1;
}
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const RangeList& field) {
    if (field.value.size() > selected_ranges_max || !proper(field.value)) return archive.fail();
    archive.size(field.value.size());
    for (const auto& range : field.value) archive(range.first, range.count);
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, RangeList& field) {
    field.value.resize(archive.size(selected_ranges_max, 8));
    for (auto& range : field.value) archive(range.first, range.count);
    if (!proper(field.value)) archive.fail();
}

template <typename Archive>
void serialize(Archive& archive, FileOffer& m) {
    archive(m.id, m.sent_at, text(m.title, title_bytes_max), m.files, m.bytes, m.manifest_hash,
            m.manifest_size, bytes(m.manifest, manifest_inline_max));
    if (m.manifest_size == 0 || m.manifest_size > manifest_bytes_max ||
        (!m.manifest.empty() && m.manifest.size() != m.manifest_size))
        archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, ManifestRequest& m) {
    archive(m.transfer, m.offset);
}
template <typename Archive>
void serialize(Archive& archive, ManifestPart& m) {
    archive(m.transfer, m.offset, bytes(m.bytes, manifest_part_max));
}
template <typename Archive>
void serialize(Archive& archive, FileAnswer& m) {
    archive(m.id, m.transfer, flag(m.accept), m.manifest_hash, ranges(m.selected));
    if (m.accept == m.selected.empty()) archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, FileStop& m) {
    archive(m.id, m.transfer, choice(m.reason, StopReason::done));
}
template <typename Archive>
void serialize(Archive& archive, FileState& m) {
    archive(m.transfer, choice(m.wish, TransferWish::retry));
}
template <typename Archive>
void serialize(Archive& archive, FileRun& m) {
    archive(m.transfer, m.run, flag(m.in_session));
}
template <typename Archive>
void serialize(Archive& archive, FileReady& m) {
    archive(m.transfer);
}
template <typename Archive>
void serialize(Archive& archive, BulkData& m) {
    archive(m.run, bytes(m.bytes, bulk_data_max));
    if (m.bytes.empty()) archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, BulkCredit& m) {
    archive(m.run, m.bytes);
}

template <typename Archive>
void serialize(Archive& archive, FileWaits& m) {
    archive(m.id, m.transfer, text(m.relay, parcel_relay_max), m.key, m.size);
    if (m.size == 0 || m.size > parcel_max) archive.fail();
}

}  // namespace kith::net
