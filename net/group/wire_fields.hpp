// SPDX-License-Identifier: MIT
//
// The fields of the messages about groups, in the order on the wire. Included by message_codec.cpp
// alone; see there.
#pragma once

#include "net/archive.hpp"
#include "net/file_messages.hpp"
#include "net/group/wire.hpp"

namespace kith::net {

/// u32 count || byte strings, not empty, of at most `each_max` bytes each and `sum_max` in all.
struct ByteStrings {
    std::vector<crypto::Bytes>& value;
    std::size_t max;
    std::size_t each_max;
    std::size_t sum_max;
};
inline void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const ByteStrings& field) {
    if (field.value.size() > field.max) return archive.fail();
    archive.size(field.value.size());
    std::size_t sum = 0;
    for (auto& element : field.value) {
        sum += element.size();
        if (element.empty()) archive.fail();
        archive(bytes(element, field.each_max));
    }
    if (sum > field.sum_max) archive.fail();
}
inline void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, ByteStrings& field) {
    field.value.resize(archive.size(field.max, sizeof(std::uint32_t) + 1));
    std::size_t sum = 0;
    for (auto& element : field.value) {
        archive(bytes(element, field.each_max));
        sum += element.size();
        if (element.empty() || sum > field.sum_max) return archive.fail();
    }
}

template <typename Archive>
void serialize(Archive& archive, GroupChanges& m) {
    archive(m.group,
            ByteStrings{m.changes, group_changes_max, group_change_max, group_changes_bytes_max});
}
template <typename Archive>
void serialize(Archive& archive, GroupChangesAsk& m) {
    archive(m.group, bounded(m.wants, group_wants_max), bounded(m.known, group_known_max));
}
template <typename Archive>
void serialize(Archive& archive, GroupHave& m) {
    archive(m.group, bounded(m.changes, group_heads_max), bounded(m.heads, group_heads_max),
            bounded(m.gaps, group_gaps_max), flag(m.asks));
}
template <typename Archive>
void serialize(Archive& archive, GroupItem& m) {
    archive(m.group, bytes(m.envelope, group_envelope_max), m.key, bytes(m.body, group_body_max));
    if (!m.key && !m.body.empty()) archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, GroupAsk& m) {
    archive(m.group, m.number, bounded(m.wants, group_wants_max), bounded(m.known, group_known_max),
            bounded(m.gaps, group_gaps_max));
}
template <typename Archive>
void serialize(Archive& archive, GroupAnswered& m) {
    archive(m.group, m.number, flag(m.more), bounded(m.withheld, group_withheld_max),
            bounded(m.unknown, group_wants_max));
}
template <typename Archive>
void serialize(Archive& archive, GroupSeen& m) {
    archive(m.group, bounded(m.delivered, group_seen_max), bounded(m.read, group_seen_max));
}
template <typename Archive>
void serialize(Archive& archive, GroupTyping& m) {
    archive(m.group, flag(m.on));
}

}  // namespace kith::net
