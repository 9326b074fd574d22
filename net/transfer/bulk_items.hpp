// SPDX-License-Identifier: MIT
//
// What the two ends of a run say to each other: items, one after the other in payloads of at most
// 256 KiB, none across two of them. docs/protocol.md, "Files: bulk connection". Values; any thread.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "crypto/kdf.hpp"
#include "net/transfer/file_io.hpp"

namespace kith::net::bulk {

inline constexpr std::size_t payload_max = 256 * 1024;
inline constexpr std::size_t problem_text_max = 512;  ///< bytes of UTF-8

// clang-format off
// Either end.
struct Busy {};  ///< "I am hashing a long file": keeps the connection from seeming dead
struct Problem { std::uint32_t entry = 0; FileError error; };
// Receiver to sender.
struct Want { std::uint32_t first = 0; std::uint32_t count = 0; };  ///< entries that are to come
struct Have { std::uint32_t entry = 0; std::uint64_t durable = 0; crypto::Digest256 hash{}; };
struct Start {};
struct Landed { std::uint32_t entry = 0; };  ///< durably, under its final name
struct Finished {};
// Sender to receiver.
struct File { std::uint32_t entry = 0; std::uint64_t offset = 0; };
struct Data { ByteView bytes; };   ///< lies in the payload
struct End {};                     ///< of the file: it is whole, and did not change
struct Stop {};                    ///< the rest does not come: the receiver had a problem with it
struct Discard { std::uint32_t entry = 0; };  ///< what you have is no beginning of this file
struct AllSent {};
// clang-format on

using Item = std::variant<Busy, Problem, Want, Have, Start, Landed, Finished, File, Data, End, Stop,
                          Discard, AllSent>;

inline constexpr std::size_t data_header_size = 5;
/// Largest item that is not Data.
inline constexpr std::size_t item_max = 1 + 4 + 1 + 2 + problem_text_max;

/// Fills a payload. The caller looks at room() first: item_max is enough for every item.
class ItemWriter {
public:
    explicit ItemWriter(crypto::MutableByteView into) : into_(into) {}

    [[nodiscard]] std::size_t size() const noexcept { return used_; }
    [[nodiscard]] std::size_t room() const noexcept { return into_.size() - used_; }
    /// Anything but Data. Texts are cut to problem_text_max, at a code point; what is not UTF-8 in
    /// them becomes "?".
    void put(const Item& item);
    /// Where up to `most` bytes of Data may be written; at least data_header_size + 1 of room().
    [[nodiscard]] crypto::MutableByteView data_room(std::size_t most) const;
    /// So many of them were.
    void put_data(std::size_t size);

private:
    void byte(std::uint8_t value) { into_[used_++] = value; }
    void integer(std::uint64_t value, std::size_t size);
    void bytes(ByteView value);

    crypto::MutableByteView into_;
    std::size_t used_ = 0;
};

/// Walks over a payload. What is malformed is beyond use; types that are not known are, too.
class ItemReader {
public:
    explicit ItemReader(ByteView payload) : left_(payload) {}

    [[nodiscard]] std::optional<Item> next();
    [[nodiscard]] bool malformed() const noexcept { return malformed_; }

private:
    std::optional<Item> read(std::uint8_t type);
    std::optional<Item> read_problem();
    std::uint64_t integer(std::size_t size);
    ByteView bytes(std::uint64_t size);

    ByteView left_;
    bool malformed_ = false;
};

}  // namespace kith::net::bulk
