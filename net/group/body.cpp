// SPDX-License-Identifier: MIT
#include "net/group/body.hpp"

#include "net/archive.hpp"

namespace kith::net::group {

template <typename Archive>
void serialize(Archive& archive, TextBody& m) {
    archive(text(m.text, text_bytes_max), m.reply_to, bounded(m.mentions, members_max));
}
template <typename Archive>
void serialize(Archive& archive, EditBody& m) {
    archive(m.target, m.revision, text(m.text, text_bytes_max), bounded(m.mentions, members_max));
}
template <typename Archive>
void serialize(Archive& archive, EraseBody& m) {
    archive(m.target);
}
template <typename Archive>
void serialize(Archive& archive, ReactionsBody& m) {
    archive(m.target, m.revision, texts(m.emojis, reactions_max, emoji_bytes_max));
}

namespace {

template <std::size_t I = 0>
std::optional<Body> read(std::size_t index, ByteView plain) {
    if constexpr (I < std::variant_size_v<Body>) {
        if (index != I) return read<I + 1>(index, plain);
        std::variant_alternative_t<I, Body> body;
        WireReader archive(plain);
        archive(body);
        if (archive.failed()) return std::nullopt;
        return Body(std::move(body));
    } else {
        return std::nullopt;
    }
}

}  // namespace

Kind kind_of(const Body& body) { return static_cast<Kind>(body.index() + 1); }

std::optional<Bytes> encode_body(const Body& body) {
    Bytes out;
    WireWriter archive(out);
    std::visit([&](const auto& b) { archive(b); }, body);
    return archive.failed() ? std::nullopt : std::optional(std::move(out));
}

std::optional<Body> decode_body(Kind kind, ByteView plain) {
    return read(static_cast<std::size_t>(kind) - 1, plain);
}

}  // namespace kith::net::group
