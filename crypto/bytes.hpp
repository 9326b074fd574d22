// SPDX-License-Identifier: MIT
//
// Byte strings, the hex and base64url spellings of them, and memory that is wiped when released.
// Thread-safe: free functions without state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kith::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using MutableByteView = std::span<std::uint8_t>;

/// Overwrites memory in a way the compiler may not remove.
void wipe(MutableByteView memory) noexcept;

/// Allocator whose memory is wiped before it goes back to the system.
template <typename T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() noexcept = default;
    template <typename U>
    WipingAllocator(const WipingAllocator<U>&) noexcept {}
    T* allocate(std::size_t n) { return std::allocator<T>{}.allocate(n); }
    void deallocate(T* p, std::size_t n) noexcept {
        wipe({reinterpret_cast<std::uint8_t*>(p), n * sizeof(T)});
        std::allocator<T>{}.deallocate(p, n);
    }
    template <typename U>
    bool operator==(const WipingAllocator<U>&) const noexcept {
        return true;
    }
};

/// A secret of variable length; wiped when it goes out of scope.
using SecretBytes = std::vector<std::uint8_t, WipingAllocator<std::uint8_t>>;

/// Compares in time that depends on the lengths only.
[[nodiscard]] bool equal_constant_time(ByteView a, ByteView b) noexcept;

[[nodiscard]] std::string to_hex(ByteView bytes);  ///< lower case
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view text);

/// RFC 4648 section 5, without padding.
[[nodiscard]] std::string to_base64url(ByteView bytes);
/// Refuses padding, foreign characters and non-zero trailing bits (one spelling per value).
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

[[nodiscard]] inline ByteView view(std::string_view text) noexcept {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace kith::crypto
