// SPDX-License-Identifier: MIT
#include "net/framing.hpp"

#include <catch2/catch_test_macros.hpp>
#include <numeric>

using namespace kith;
using crypto::Bytes;
using crypto::ByteView;
using net::FrameReader;

namespace {

Bytes frame_of(std::size_t size) {
    Bytes body(size);
    std::iota(body.begin(), body.end(), std::uint8_t{0});
    Bytes out;
    net::append_frame(out, body);
    return out;
}

/// Sizes of the bodies in `stream`, fed in pieces of `piece` bytes.
std::vector<std::size_t> sizes(FrameReader& reader, ByteView stream, std::size_t piece) {
    std::vector<std::size_t> result;
    while (!stream.empty() && !reader.refused()) {
        ByteView part = stream.first(std::min(piece, stream.size()));
        stream = stream.subspan(part.size());
        while (const auto body = reader.next(part)) {
            for (std::size_t i = 0; i < body->size(); ++i) REQUIRE((*body)[i] == (i & 0xFF));
            result.push_back(body->size());
        }
    }
    return result;
}

}  // namespace

TEST_CASE("a frame is a big-endian length and its body") {
    Bytes out;
    net::append_frame(out, Bytes{0xAA, 0xBB});
    CHECK(out == Bytes{0, 0, 0, 2, 0xAA, 0xBB});
}

TEST_CASE("frames come out the same however the stream is cut") {
    Bytes stream;
    const std::vector<std::size_t> expected{1, 2, 255, 256, 4096, 1, 70'000, 3};
    for (const std::size_t size : expected) {
        const Bytes frame = frame_of(size);
        stream.insert(stream.end(), frame.begin(), frame.end());
    }
    for (const std::size_t piece : {1, 2, 3, 5, 7, 64, 1000, 4096, 65536, 1 << 20}) {
        CAPTURE(piece);
        FrameReader reader(70'000);
        CHECK(sizes(reader, stream, piece) == expected);
        ByteView nothing;
        CHECK_FALSE(reader.next(nothing).has_value());
        CHECK(reader.held() <= 64);  // an idle reader gave its memory back
    }
}

TEST_CASE("a length of zero or above the limit is refused by the length alone") {
    struct Row {
        Bytes prefix;
        bool refused;
    };
    for (const auto& [prefix, refused] : std::vector<Row>{{{0, 0, 0, 0}, true},
                                                          {{0, 0, 0, 1}, false},
                                                          {{0, 0, 0x10, 0}, false},
                                                          {{0, 0, 0x10, 1}, true},
                                                          {{0x7F, 0xFF, 0xFF, 0xFF}, true},
                                                          {{0xFF, 0xFF, 0xFF, 0xFF}, true}}) {
        FrameReader reader(4096);
        ByteView input = prefix;
        CHECK_FALSE(reader.next(input).has_value());
        CHECK(reader.refused() == refused);
        CHECK(reader.held() <= 64);  // nothing was reserved for what was announced
        ByteView more = prefix;
        if (refused) CHECK_FALSE(reader.next(more).has_value());
    }
}

TEST_CASE("what is held grows with what arrived, up to one frame") {
    constexpr std::size_t size = 256 * 1024;
    const Bytes frame = frame_of(size);
    FrameReader reader(size);
    std::size_t arrived = 0;
    for (ByteView left = frame; !left.empty();) {
        ByteView part = left.first(std::min<std::size_t>(1000, left.size()));
        left = left.subspan(part.size());
        arrived += part.size();
        (void)reader.next(part);
        CHECK(reader.held() <= std::min(size, std::max<std::size_t>(2 * arrived, 64)));
    }
}

TEST_CASE("the limit can change between frames") {
    FrameReader reader(10);
    CHECK(sizes(reader, frame_of(10), 100) == std::vector<std::size_t>{10});
    reader.set_limit(5);
    CHECK(sizes(reader, frame_of(6), 100).empty());
    CHECK(reader.refused());
}
