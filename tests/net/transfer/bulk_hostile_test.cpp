// SPDX-License-Identifier: MIT
//
// Ends that lie: each script of items is refused in words, and nothing lands that was not whole.
#include <catch2/catch_test_macros.hpp>

#include "tests/net/transfer/bulk_pair.hpp"

using namespace kith;
using namespace kith::net;
using test::MemorySink;
using test::MemorySource;
using Items = std::vector<bulk::Item>;

namespace {

const Bytes ten(10, 7);

Bytes payload_of(const Items& items) {
    Bytes payload(bulk::payload_max);
    bulk::ItemWriter out(payload);
    for (const auto& item : items) out.put(item);
    payload.resize(out.size());
    return payload;
}

/// Entries 0, 1 and 3 were agreed on, of 10, 0 and 20 bytes; of 3 there are 5 bytes.
struct Victim {
    Victim() : manifest(test::manifest_of({ten, {}, ten, Bytes(20, 8)})) {
        sink.files[3] = {Bytes(5, 8), 5, false, false};
        receiver.emplace(manifest, test::what_is_there({0, 1, 3}, sink), sink,
                         [] { return false; });
        Bytes said(bulk::payload_max);
        while (*receiver->produce(said, Milliseconds{0}) != 0) {
        }
    }
    Manifest manifest;
    MemorySink sink;
    std::optional<BulkReceiver> receiver;
};

struct Lender {
    Lender()
        : manifest(test::manifest_of({ten, {}, ten, Bytes(20, 8)})),
          source({ten, {}, ten, Bytes(20, 8)}),
          sender(manifest, {0, 1, 3}, source, [] { return false; }) {}
    Manifest manifest;
    MemorySource source;
    BulkSender sender;
};

struct Script {
    const char* what;
    Items items;
};

}  // namespace

TEST_CASE("a receiver refuses a sender that lies") {
    const std::vector<Script> scripts{
        {"a file that was not selected", {bulk::File{2, 0}}},
        {"a file that does not exist", {bulk::File{400, 0}}},
        {"a file out of turn", {bulk::File{1, 0}}},
        {"a file twice", {bulk::File{0, 0}, bulk::Data{ten}, bulk::End{}, bulk::File{0, 0}}},
        {"a file in a file", {bulk::File{0, 0}, bulk::File{1, 0}}},
        {"an offset nobody agreed to", {bulk::File{0, 3}}},
        {"an offset beyond the end", {bulk::File{0, ~std::uint64_t{0}}}},
        {"more bytes than offered", {bulk::File{0, 0}, bulk::Data{ten}, bulk::Data{ten}}},
        {"bytes of an empty file",
         {bulk::File{0, 0}, bulk::Data{ten}, bulk::End{}, bulk::File{1, 0}, bulk::Data{ten}}},
        {"fewer bytes than offered", {bulk::File{0, 0}, bulk::End{}}},
        {"data before a file", {bulk::Data{ten}}},
        {"an end before a file", {bulk::End{}}},
        {"a stop nobody asked for", {bulk::File{0, 0}, bulk::Stop{}}},
        {"from nothing, where it should go on",
         {bulk::File{0, 0}, bulk::Data{ten}, bulk::End{}, bulk::File{1, 0}, bulk::End{},
          bulk::File{3, 0}}},
        {"nothing to discard", {bulk::Discard{0}}},
        {"all sent, before it is", {bulk::AllSent{}}},
        {"something behind the end",
         {bulk::Problem{0, {}}, bulk::Problem{1, {}}, bulk::Problem{3, {}}, bulk::AllSent{},
          bulk::AllSent{}}},
        {"a problem with another file", {bulk::Problem{2, {}}}},
        {"two problems with one file", {bulk::Problem{0, {}}, bulk::Problem{0, {}}}},
        {"a receiver's item", {bulk::Landed{0}}},
        {"a second start", {bulk::Start{}}},
    };
    for (const Script& script : scripts) {
        INFO(script.what);
        Victim victim;
        const auto taken = victim.receiver->on_payload(payload_of(script.items), Milliseconds{0});
        REQUIRE_FALSE(taken.has_value());
        REQUIRE_FALSE(victim.receiver->finished());
        // Only what was whole may land; and nothing goes on after an error.
        victim.receiver->interrupted();
        for (const auto& [entry, file] : victim.sink.files)
            if (file.done) REQUIRE(file.written.size() == victim.manifest.entries[entry].size);
        REQUIRE_FALSE(
            victim.receiver->on_payload(payload_of({bulk::Busy{}}), Milliseconds{0}).has_value());
    }
}

TEST_CASE("data before the start is refused") {
    const auto manifest = test::manifest_of({ten});
    MemorySink sink;
    BulkReceiver receiver(manifest, {{0, {}}}, sink, [] { return false; });
    REQUIRE_FALSE(receiver.on_payload(payload_of({bulk::File{0, 0}}), Milliseconds{0}));
}

TEST_CASE("a sender refuses a receiver that lies") {
    const Items start{bulk::Want{0, 3}, bulk::Start{}};
    const auto after_start = [&](const Items& more) {
        Items items = start;
        items.insert(items.end(), more.begin(), more.end());
        return items;
    };
    const std::vector<Script> scripts{
        {"it wants what was not selected", {bulk::Want{2, 1}}},
        {"it wants more than was selected", {bulk::Want{0, 4}}},
        {"it wants four thousand million", {bulk::Want{3, ~std::uint32_t{0}}}},
        {"it wants nothing", {bulk::Want{0, 0}}},
        {"it wants twice", {bulk::Want{0, 2}, bulk::Want{1, 1}}},
        {"it has what it does not want", {bulk::Have{0, 5, {}}}},
        {"it has more than there is", {bulk::Want{0, 1}, bulk::Have{0, 11, {}}}},
        {"it has nothing of it", {bulk::Want{0, 1}, bulk::Have{0, 0, {}}}},
        {"it has it twice", {bulk::Want{0, 1}, bulk::Have{0, 1, {}}, bulk::Have{0, 1, {}}}},
        {"it starts twice", after_start({bulk::Start{}})},
        {"it wants after the start", after_start({bulk::Want{0, 1}})},
        {"landed, but not sent", after_start({bulk::Landed{0}})},
        {"landed before the start", {bulk::Want{0, 3}, bulk::Landed{0}}},
        {"a problem with what does not come", after_start({bulk::Problem{2, {}}})},
        {"a problem before the start", {bulk::Want{0, 1}, bulk::Problem{0, {}}}},
        {"finished before the start", {bulk::Finished{}}},
        {"finished before all is sent", after_start({bulk::Finished{}})},
        {"a sender's item", after_start({bulk::File{0, 0}})},
    };
    for (const Script& script : scripts) {
        INFO(script.what);
        Lender lender;
        REQUIRE_FALSE(lender.sender.on_payload(payload_of(script.items), Milliseconds{0}));
        REQUIRE_FALSE(lender.sender.finished());
        REQUIRE(lender.sender.take_news().landed.empty());
        Bytes payload(bulk::payload_max);
        REQUIRE(*lender.sender.produce(payload, Milliseconds{0}) == 0);
    }
}

TEST_CASE("a receiver that says finished while files are missing is refused") {
    Lender lender;
    Bytes payload(bulk::payload_max);
    REQUIRE(
        lender.sender.on_payload(payload_of({bulk::Want{0, 3}, bulk::Start{}}), Milliseconds{0}));
    while (*lender.sender.produce(payload, Milliseconds{0}) != 0) {
    }
    REQUIRE(
        lender.sender.on_payload(payload_of({bulk::Landed{0}, bulk::Landed{1}}), Milliseconds{0}));
    SECTION("finished") {
        REQUIRE_FALSE(lender.sender.on_payload(payload_of({bulk::Finished{}}), Milliseconds{0}));
    }
    SECTION("landed twice") {
        REQUIRE_FALSE(lender.sender.on_payload(payload_of({bulk::Landed{1}}), Milliseconds{0}));
    }
    SECTION("something behind the end") {
        REQUIRE(lender.sender.on_payload(payload_of({bulk::Landed{3}, bulk::Finished{}}),
                                         Milliseconds{0}));
        REQUIRE(lender.sender.finished());
        REQUIRE_FALSE(lender.sender.on_payload(payload_of({bulk::Busy{}}), Milliseconds{0}));
    }
}

TEST_CASE("lengths and types that lie are malformed") {
    const Bytes long_text = [] {
        Bytes payload{15, 0, 0, 0, 0, 7, 0x02, 0x01};  // 513 bytes of text
        payload.resize(payload.size() + 513, 'a');
        return payload;
    }();
    const std::vector<Bytes> payloads{
        {200},                            // of no known type
        {2, 0xFF, 0xFF, 0xFF, 0xFF, 1},   // four thousand million bytes
        {2, 0, 0, 0, 0},                  // no bytes
        {2, 0, 0, 0, 2, 1},               // one too few
        {1, 0, 0, 0},                     // cut off
        {15, 0, 0, 0, 0, 7, 0, 1, 0xFF},  // not UTF-8
        long_text,
    };
    for (const Bytes& payload : payloads) {
        Victim victim;
        INFO(crypto::to_hex(payload));
        REQUIRE_FALSE(victim.receiver->on_payload(payload, Milliseconds{0}));
        Lender lender;
        REQUIRE_FALSE(lender.sender.on_payload(payload, Milliseconds{0}));
    }
}

TEST_CASE("a long text is cut at a code point, one that is no text is made one") {
    FileError error{FileProblem::other, std::string(bulk::problem_text_max - 1, 'a') + "\u00e9"};
    std::size_t expected = bulk::problem_text_max - 1;
    SECTION("cut") {}
    SECTION("no text") {
        error.text = "a\xFF";
        expected = 2;
    }
    const Bytes payload = payload_of({bulk::Problem{7, error}});
    bulk::ItemReader reader(payload);
    const auto item = reader.next();
    REQUIRE(item.has_value());
    REQUIRE(std::get<bulk::Problem>(*item).error.text.size() == expected);
}

TEST_CASE("whatever bytes come, an end either takes or refuses them") {
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        INFO("seed " << seed);
        std::mt19937_64 random(seed);
        Victim victim;
        Lender lender;
        Bytes said(4096);
        for (int i = 0; i < 20; ++i) {
            Bytes payload = test::random_bytes(random, 1 + random() % 60);
            payload[0] %= 21;  // mostly types that exist
            (void)victim.receiver->on_payload(payload, Milliseconds{0});
            (void)lender.sender.on_payload(payload, Milliseconds{0});
            (void)victim.receiver->produce(said, Milliseconds{0});
            (void)lender.sender.produce(said, Milliseconds{0});
        }
        REQUIRE_FALSE(victim.sink.files.contains(2));
    }
}
