// SPDX-License-Identifier: MIT
//
// cereal archives for the wire: fixed big-endian integers, u32 sizes, no pointers, no
// polymorphism, no names. Reading is bounded: a size is compared with the bytes that are left and
// with the field's own maximum before any memory is taken. Reading never throws; the first fault
// makes the archive failed() and every later field empty. Internal to net/: message_codec.cpp, the
// .cpp files of net/group and tests include this.
#pragma once

#include <array>
#include <cereal/cereal.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "crypto/bytes.hpp"

namespace kith::net {

/// A field whose size in elements has a maximum of its own.
template <typename T>
struct Bounded {
    T& value;
    std::size_t max;
};
template <typename T>
Bounded<T> bounded(T& value, std::size_t max) {
    return {value, max};
}
/// Text: `max` counts bytes; what is not valid UTF-8 is a fault.
struct BoundedText {
    std::string& value;
    std::size_t max;
};
inline BoundedText text(std::string& value, std::size_t max) { return {value, max}; }

/// A list of texts: at most `max` of them, each at most `text_max` bytes.
struct BoundedTexts {
    std::vector<std::string>& value;
    std::size_t max;
    std::size_t text_max;
};
inline BoundedTexts texts(std::vector<std::string>& value, std::size_t max, std::size_t text_max) {
    return {value, max, text_max};
}
/// A field that older versions do not send: where the body ends in front of it, it keeps the value
/// it had. Always written. Behind it only fields of the same kind.
template <typename T>
struct Trailing {
    T& value;
};
template <typename T>
Trailing<T> trailing(T& value) {
    return {value};
}

/// Integers on the wire; bool and characters have no place there.
template <typename T>
concept WireInteger = std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char>;

class WireWriter : public cereal::OutputArchive<WireWriter> {
public:
    explicit WireWriter(crypto::Bytes& out) : OutputArchive(this), out_(out) {}

    template <WireInteger T>
    void integer(T value) {
        const auto bits = static_cast<std::make_unsigned_t<T>>(value);
        for (std::size_t i = sizeof(T); i-- > 0;) {
            out_.push_back(static_cast<std::uint8_t>(bits >> (8 * i) & 0xFF));
        }
    }
    void raw(crypto::ByteView bytes) { out_.insert(out_.end(), bytes.begin(), bytes.end()); }
    void size(std::size_t value) { integer(static_cast<std::uint32_t>(value)); }
    /// A value outside the bounds of its field: what was written is not to be sent.
    void fail() noexcept { failed_ = true; }
    [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
    crypto::Bytes& out_;
    bool failed_ = false;
};

class WireReader : public cereal::InputArchive<WireReader> {
public:
    explicit WireReader(crypto::ByteView bytes) : InputArchive(this), left_(bytes) {}

    template <WireInteger T>
    void integer(T& value) {
        std::make_unsigned_t<T> bits = 0;
        for (const std::uint8_t byte : raw(sizeof(T))) {
            bits = static_cast<std::make_unsigned_t<T>>(std::uint64_t{bits} << 8 | byte);
        }
        value = static_cast<T>(bits);
    }
    /// Empty, and the archive failed, when fewer bytes are left.
    [[nodiscard]] crypto::ByteView raw(std::size_t size);
    /// A count of elements that take at least `element_size` bytes each; 0 after a fault.
    [[nodiscard]] std::size_t size(std::size_t max, std::size_t element_size);
    void fail() noexcept;
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }

private:
    crypto::ByteView left_;
    bool failed_ = false;
};

template <WireInteger T>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const T& value) {
    archive.integer(value);
}
template <WireInteger T>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, T& value) {
    archive.integer(value);
}

// Fixed-size byte strings: ids and tokens, without a length.
template <std::size_t N>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const std::array<std::uint8_t, N>& value) {
    archive.raw(value);
}
template <std::size_t N>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, std::array<std::uint8_t, N>& value) {
    const auto bytes = archive.raw(N);
    value.fill(0);
    std::copy(bytes.begin(), bytes.end(), value.begin());
}

// u32 length || bytes.
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const BoundedText& field);
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, BoundedText& field);

// u32 count || texts.
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const BoundedTexts& field);
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, BoundedTexts& field);

template <typename T>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Trailing<T>& field) {
    archive(field.value);
}
template <typename T>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Trailing<T>& field) {
    if (!archive.at_end()) archive(field.value);
}

// u32 count || elements.
template <typename T>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const Bounded<std::vector<T>>& field) {
    if (field.value.size() > field.max) return archive.fail();
    archive.size(field.value.size());
    for (auto& element : field.value) archive(element);
}
template <typename T>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, Bounded<std::vector<T>>& field) {
    const std::size_t count = archive.size(field.max, sizeof(T));
    static_assert(std::same_as<T, std::array<std::uint8_t, sizeof(T)>>,
                  "sizeof is the size on the wire for byte strings only");
    field.value.resize(count);
    for (T& element : field.value) archive(element);
}

// u8 0 or 1 || element if 1.
template <typename T>
void CEREAL_SAVE_FUNCTION_NAME(WireWriter& archive, const std::optional<T>& value) {
    archive.integer(static_cast<std::uint8_t>(value.has_value() ? 1 : 0));
    if (value) archive(*value);
}
template <typename T>
void CEREAL_LOAD_FUNCTION_NAME(WireReader& archive, std::optional<T>& value) {
    std::uint8_t present = 0;
    archive.integer(present);
    value.reset();
    if (present > 1) return archive.fail();
    if (present == 1) archive(value.emplace());
}

}  // namespace kith::net
