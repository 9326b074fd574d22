// SPDX-License-Identifier: MIT
//
// The fields of the statements of changes, in the order of their bytes. Included by change.cpp
// alone.
#pragma once

#include "net/candidate_field.hpp"
#include "net/file_messages.hpp"
#include "net/group/change.hpp"

namespace kith::net::group {

template <typename Archive>
void serialize(Archive& archive, Card& m) {
    archive(m.door, list(m.candidates));
}
template <typename Archive>
void serialize(Archive& archive, MemberRecord& m) {
    archive(text(m.name, name_bytes_max), bytes(m.bundle, crypto::bundle_size_max), m.card);
}
template <typename Archive>
void serialize(Archive& archive, Create& m) {
    archive(m.nonce, text(m.name, group_name_max), m.founder);
    if (m.name.empty()) archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, Add& m) {
    archive(m.member, bounded(m.shared, shared_max));
}
template <typename Archive>
void serialize(Archive& archive, Remove& m) {
    archive(m.member.bytes);
}
template <typename Archive>
void serialize(Archive&, Leave&) {}
template <typename Archive>
void serialize(Archive& archive, Rename& m) {
    archive(text(m.name, group_name_max));
    if (m.name.empty()) archive.fail();
}
template <typename Archive>
void serialize(Archive& archive, SetAdmin& m) {
    archive(m.member.bytes, flag(m.on));
}
template <typename Archive>
void serialize(Archive& archive, SetCard& m) {
    archive(m.card);
}

}  // namespace kith::net::group
