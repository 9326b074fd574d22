// SPDX-License-Identifier: MIT
#include "net/group/change.hpp"

#include <algorithm>

#include "crypto/kdf.hpp"
#include "net/group/change_fields.hpp"

namespace kith::net::group {
namespace {

constexpr std::uint8_t change_version = 1;
constexpr std::size_t signature_size = 64;

/// The payload by its kind; anything unread behind its fields is a newer version's.
template <typename T>
Statement read_as(ByteView payload, bool& good) {
    T statement;
    WireReader archive(payload);
    archive(statement);
    good = !archive.failed();
    return statement;
}

Statement read_statement(std::uint8_t kind, ByteView payload, bool& good) {
    switch (kind) {
        case 1:
            return read_as<Create>(payload, good);
        case 2:
            return read_as<Add>(payload, good);
        case 3:
            return read_as<Remove>(payload, good);
        case 4:
            return read_as<Leave>(payload, good);
        case 5:
            return read_as<Rename>(payload, good);
        case 6:
            return read_as<SetAdmin>(payload, good);
        case 7:
            return read_as<SetCard>(payload, good);
        default:
            good = kind != 0;
            return Unknown{kind, Bytes(payload.begin(), payload.end())};
    }
}

/// The index in Statement is the kind less one.
std::uint8_t kind_of(const Statement& statement) {
    if (const auto* unknown = std::get_if<Unknown>(&statement)) return unknown->kind;
    return static_cast<std::uint8_t>(statement.index() + 1);
}

bool write_statement(Bytes& out, const Statement& statement) {
    if (const auto* unknown = std::get_if<Unknown>(&statement)) {
        out = unknown->payload;
        return unknown->kind > std::variant_size_v<Statement> - 1;
    }
    WireWriter archive(out);
    std::visit(
        [&](const auto& s) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(s)>, Unknown>) archive(s);
        },
        statement);
    return !archive.failed();
}

bool proper(const Change& change) {
    const bool creates = std::holds_alternative<Create>(change.statement);
    return creates == change.parents.empty() && (!creates || change.group == GroupId{}) &&
           std::ranges::adjacent_find(change.parents, std::ranges::greater_equal{}) ==
               change.parents.end();
}

ByteView signed_part(const SignedChange& change) {
    return ByteView(change.encoded).first(change.encoded.size() - signature_size);
}

Bytes to_sign(const SignedChange& change) {
    constexpr std::string_view label = "kith1 group change";
    Bytes out(label.begin(), label.end());
    const auto part = signed_part(change);
    out.insert(out.end(), part.begin(), part.end());
    return out;
}

}  // namespace

std::optional<SignedChange> sign_change(Change change, const crypto::SigningKey& key) {
    Bytes payload;
    if (!proper(change) || !write_statement(payload, change.statement)) return std::nullopt;
    SignedChange out{{}, std::move(change), {}};
    WireWriter archive(out.encoded);
    archive(change_version, out.change.group, out.change.author.bytes, out.change.time,
            kind_of(out.change.statement), bounded(out.change.parents, parents_max),
            bytes(payload, group_change_max));
    out.encoded.resize(out.encoded.size() + signature_size);
    if (archive.failed() || out.encoded.size() > group_change_max) return std::nullopt;
    const auto message = to_sign(out);
    out.hash = crypto::sha256({message});
    std::ranges::copy(key.sign(message), out.encoded.end() - signature_size);
    return out;
}

std::optional<SignedChange> decode_change(ByteView encoded) {
    if (encoded.size() > group_change_max) return std::nullopt;
    SignedChange out{{}, {}, Bytes(encoded.begin(), encoded.end())};
    WireReader archive(encoded);
    std::uint8_t version = 0;
    std::uint8_t kind = 0;
    Bytes payload;
    archive(version, out.change.group, out.change.author.bytes, out.change.time, kind,
            bounded(out.change.parents, parents_max), bytes(payload, group_change_max));
    (void)archive.raw(signature_size);
    if (archive.failed() || !archive.at_end() || version != change_version) return std::nullopt;
    bool good = false;
    out.change.statement = read_statement(kind, payload, good);
    if (!good || !proper(out.change)) return std::nullopt;
    out.hash = crypto::sha256({to_sign(out)});
    return out;
}

bool signed_by(const SignedChange& change, const crypto::PublicBundle& author) {
    return author.fingerprint() == change.change.author &&
           author.verify(to_sign(change), ByteView(change.encoded).last(signature_size));
}

}  // namespace kith::net::group
