// SPDX-License-Identifier: MIT
//
// Files into a parcel and out of it again, with the real ends of runs on both sides.
#include <catch2/generators/catch_generators_range.hpp>

#include "net/transfer/parcel_packer.hpp"
#include "net/transfer/parcel_unpacker.hpp"
#include "tests/net/transfer/bulk_pair.hpp"

using namespace kith;
using namespace kith::net;
using namespace kith::test;

namespace {

constexpr Milliseconds now{0};

struct Packed {
    crypto::Parcel parcel;
    std::vector<Bytes> pieces;
    std::string trouble;
};

Packed pack(const Manifest& manifest, MemorySource& source) {
    Packed packed;
    const Bytes encoded = encode(manifest);
    packed.parcel.key.fill(1);
    packed.parcel.size = encoded.size() + manifest.bytes();
    ParcelPacker packer(packed.parcel, manifest, encoded);
    BulkSender sender(manifest, files_of(manifest), source, [] { return false; });
    REQUIRE(sender.on_payload(ParcelPacker::greeting(manifest), now));
    Bytes payload(bulk::payload_max);
    while (const auto size = sender.produce(payload, now).value()) {
        const auto answer = packer.on_payload(ByteView(payload).first(size));
        for (auto& piece : packer.ready()) {
            REQUIRE(piece.index == packed.pieces.size());
            packed.pieces.push_back(std::move(piece.sealed));
        }
        packer.ready().clear();
        if (!answer) {
            packed.trouble = packer.trouble();
            return packed;
        }
        if (!answer->empty()) REQUIRE(sender.on_payload(*answer, now));
    }
    CHECK(packer.whole());
    CHECK(sender.finished());
    CHECK(packed.pieces.size() == packed.parcel.pieces());
    return packed;
}

/// Ends when so many pieces were handed over. Gives how many were.
std::size_t unpack(const Manifest& manifest, const Packed& packed,
                   const std::vector<std::uint32_t>& selected, MemorySink& sink,
                   std::size_t most = ~std::size_t{0}) {
    ParcelUnpacker unpacker(manifest, selected, encode(manifest).size());
    std::vector<std::uint32_t> files;
    for (const auto entry : selected) {
        if (!manifest.entries[entry].folder) files.push_back(entry);
    }
    const auto there = what_is_there(files, sink);
    BulkReceiver receiver(manifest, there, sink, [] { return false; });
    Bytes payload(bulk::payload_max);
    std::size_t pieces = 0;
    for (bool spoke = true; spoke && !receiver.finished();) {
        spoke = false;
        while (const auto size = receiver.produce(payload, now).value()) {
            REQUIRE(unpacker.on_payload(ByteView(payload).first(size)));
            spoke = true;
        }
        for (auto& said : unpacker.out()) {
            const auto taken = receiver.on_payload(said, now);
            INFO((taken ? std::string() : taken.error()));
            REQUIRE(taken);
            spoke = true;
        }
        unpacker.out().clear();
        const auto wanted = unpacker.wanted();
        if (!wanted || pieces == most) continue;
        const auto plaintext =
            crypto::open_piece(packed.parcel, *wanted, packed.pieces.at(*wanted));
        REQUIRE(plaintext);
        unpacker.on_piece(*plaintext);
        ++pieces;
        spoke = true;
    }
    if (pieces < most) CHECK(receiver.finished());
    if (pieces == most) receiver.interrupted();
    return pieces;
}

struct Files {
    explicit Files(std::uint64_t seed) : random(seed) {
        const auto count = 1 + random() % 12;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t sizes[] = {0, 1, random() % 1000, crypto::parcel_piece,
                                         random() % 300'000};
            contents.push_back(random_bytes(random, sizes[random() % 5]));
            if (random() % 4 == 0) {
                manifest.entries.push_back({"folder" + std::to_string(i), true, false, 0, 0});
                contents.back().clear();
            } else {
                manifest.entries.push_back(
                    {"file" + std::to_string(i), false, false, contents.back().size(), 1});
            }
        }
    }
    void check(const MemorySink& sink, const std::vector<std::uint32_t>& selected) const {
        for (std::uint32_t i = 0; i < contents.size(); ++i) {
            const bool wanted = std::ranges::find(selected, i) != selected.end();
            const bool file = !manifest.entries[i].folder;
            REQUIRE(sink.files.contains(i) == (wanted && file));
            if (!wanted || !file) continue;
            CHECK(sink.files.at(i).done);
            CHECK(sink.files.at(i).written == contents[i]);
        }
    }
    std::mt19937_64 random;
    std::vector<Bytes> contents;
    Manifest manifest;
};

}  // namespace

TEST_CASE("a parcel: what goes in comes out, all of it or a part, also in two goes") {
    const auto seed = GENERATE(range(0, 60));
    INFO("seed " << seed);
    Files files(static_cast<std::uint64_t>(seed));
    MemorySource source(files.contents);
    const auto packed = pack(files.manifest, source);
    std::vector<std::uint32_t> selected;
    for (std::uint32_t i = 0; i < files.contents.size(); ++i) {
        if (seed % 2 == 0 || files.random() % 2 == 0) selected.push_back(i);
    }
    MemorySink sink;
    if (seed % 3 == 0) {
        (void)unpack(files.manifest, packed, selected, sink, 1);
        sink.crash();
    }
    (void)unpack(files.manifest, packed, selected, sink);
    files.check(sink, selected);
}

TEST_CASE("a parcel: only pieces with something that is wanted are asked for") {
    const std::vector<Bytes> contents(4, Bytes(3 * crypto::parcel_piece, 7));
    const Manifest manifest = manifest_of(contents);
    MemorySource source(contents);
    const auto packed = pack(manifest, source);
    MemorySink sink;
    CHECK(unpack(manifest, packed, {2}, sink) == 4);
    CHECK(sink.files.at(2).written == contents[2]);
    MemorySink nothing;
    CHECK(unpack(manifest, packed, {}, nothing) == 0);
}

TEST_CASE("a parcel: a file that changed or cannot be read makes none") {
    const std::vector<Bytes> contents{Bytes(1000, 1), Bytes(600'000, 2), Bytes(10, 3)};
    const Manifest manifest = manifest_of(contents);
    for (const auto how : {0, 1, 2, 3}) {
        MemorySource source(contents);
        if (how == 0) source.unreadable = {1};
        if (how == 1) source.breaks = {1};
        if (how == 2) source.changes = {1};
        if (how == 3) source.shrinks = {1};
        CHECK_FALSE(pack(manifest, source).trouble.empty());
    }
}

TEST_CASE("a parcel: files that do not keep to the list are no parcel") {
    const Manifest manifest = manifest_of({Bytes(10, 1), Bytes(20, 2)});
    const auto refused = [&](std::initializer_list<bulk::Item> items) {
        crypto::Parcel parcel;
        const Bytes encoded = encode(manifest);
        parcel.size = encoded.size() + 30;
        ParcelPacker packer(parcel, manifest, encoded);
        Bytes payload(4096);
        bulk::ItemWriter out(payload);
        for (const auto& item : items) out.put(item);
        return !packer.on_payload(ByteView(payload).first(out.size()));
    };
    const Bytes ten(10, 1), twenty(20, 1);
    CHECK(refused({bulk::AllSent{}}));
    CHECK(refused({bulk::File{1, 0}}));
    CHECK(refused({bulk::File{0, 5}}));
    CHECK(refused({bulk::Data{ten}}));
    CHECK(refused({bulk::File{0, 0}, bulk::Data{twenty}}));
    CHECK(refused({bulk::File{0, 0}, bulk::End{}}));
    CHECK(refused({bulk::File{0, 0}, bulk::Data{ten}, bulk::File{1, 0}}));
    CHECK(refused({bulk::File{0, 0}, bulk::Data{ten}, bulk::End{}, bulk::AllSent{}}));
    CHECK(refused({bulk::Want{0, 1}}));
    CHECK_FALSE(refused({bulk::Busy{}, bulk::File{0, 0}, bulk::Data{ten}, bulk::End{},
                         bulk::File{1, 0}, bulk::Data{twenty}, bulk::End{}, bulk::AllSent{}}));
}

TEST_CASE("a parcel: who wants what is not in it is refused") {
    const Manifest manifest = manifest_of({Bytes(10, 1), Bytes(20, 2)});
    const auto good = [&](std::initializer_list<bulk::Item> items) {
        ParcelUnpacker unpacker(manifest, {0}, 100);
        Bytes payload(4096);
        bulk::ItemWriter out(payload);
        for (const auto& item : items) out.put(item);
        return unpacker.on_payload(ByteView(payload).first(out.size()));
    };
    CHECK(good({bulk::Want{0, 1}, bulk::Start{}}));
    CHECK_FALSE(good({bulk::Want{0, 2}}));
    CHECK_FALSE(good({bulk::Want{1, 1}}));
    CHECK_FALSE(good({bulk::Want{0, 0xFFFFFFFF}}));
    CHECK_FALSE(good({bulk::Start{}, bulk::Want{0, 1}}));
    CHECK_FALSE(good({bulk::Have{1, 5, {}}}));
}
