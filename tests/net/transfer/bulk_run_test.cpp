// SPDX-License-Identifier: MIT
//
// Runs between two honest ends: everything arrives, whatever fails in between. A failing seed is
// in the message; KITH_SEED=<seed> runs it alone.
#include <catch2/catch_test_macros.hpp>
#include <cstdlib>

#include "tests/net/transfer/bulk_pair.hpp"

using namespace kith;
using test::BulkPair;
using test::MemorySink;
using test::MemorySource;

namespace {

std::vector<crypto::Bytes> random_files(std::mt19937_64& random, std::size_t most) {
    std::vector<crypto::Bytes> files(1 + random() % most);
    for (auto& file : files) {
        const unsigned magnitude = random() % 20;  // many small ones, a few of several records
        file = test::random_bytes(random, random() % (std::size_t{1} << magnitude));
    }
    return files;
}

void require_whole(const MemorySink& sink, const std::vector<crypto::Bytes>& files,
                   std::uint32_t entry) {
    INFO("entry " << entry);
    REQUIRE(sink.files.contains(entry));
    REQUIRE(sink.files.at(entry).done);
    REQUIRE(sink.files.at(entry).written == files[entry]);
}

template <typename Body>
void for_seeds(std::uint64_t count, Body body) {
    const char* chosen = std::getenv("KITH_SEED");
    const std::uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 0;
    const std::uint64_t last = chosen != nullptr ? first + 1 : count;
    for (std::uint64_t seed = first; seed < last; ++seed) {
        INFO("KITH_SEED=" << seed);
        std::mt19937_64 random(seed);
        body(random);
    }
}

}  // namespace

TEST_CASE("files of all sizes arrive as they are") {
    for_seeds(60, [](std::mt19937_64& random) {
        const auto files = random_files(random, 40);
        const auto manifest = test::manifest_of(files);
        MemorySource source(files);
        MemorySink sink;
        std::vector<std::uint32_t> chosen;
        for (const auto entry : test::all_entries(manifest)) {
            if (random() % 4 != 0) chosen.push_back(entry);
        }
        BulkPair pair(manifest, chosen, source, sink);
        pair.buffer = 4096 + random() % net::bulk::payload_max;
        pair.run();
        REQUIRE(pair.sender.finished());
        REQUIRE(pair.receiver.finished());
        REQUIRE(pair.sender.take_news().landed == chosen);
        REQUIRE(pair.receiver.take_news().landed == chosen);
        REQUIRE(sink.files.size() == chosen.size());
        for (const auto entry : chosen) require_whole(sink, files, entry);
    });
}

TEST_CASE("many small files share a record") {
    const std::vector<crypto::Bytes> files(1000, crypto::Bytes(100, 7));
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    BulkPair pair(manifest, test::all_entries(manifest), source, sink);
    pair.run();
    REQUIRE(pair.receiver.finished());
    REQUIRE(pair.payloads < 10);
}

TEST_CASE("a run that was cut anywhere goes on, and nothing comes twice") {
    std::mt19937_64 random(5);
    const std::vector<crypto::Bytes> files{test::random_bytes(random, 100),
                                           test::random_bytes(random, 30'000),
                                           {},
                                           test::random_bytes(random, 9'000),
                                           test::random_bytes(random, 1)};
    const auto manifest = test::manifest_of(files);
    const auto entries = test::all_entries(manifest);
    const net::CommitPolicy often{6000, 2, net::Milliseconds{1000}};
    bool whole = false;
    for (std::size_t cut = 0; !whole; ++cut) {
        INFO("cut after " << cut << " payloads");
        MemorySource source(files);
        MemorySink sink;
        {
            BulkPair first(manifest, entries, source, sink, often);
            first.buffer = 4096;
            first.run(cut);
            whole = first.receiver.finished();
        }
        sink.crash();
        std::uint64_t there = 0;
        for (const auto entry : entries)
            if (!sink.landed(entry).done) there += sink.landed(entry).durable;
        BulkPair second(manifest, entries, source, sink, often);
        second.run();
        REQUIRE(second.sender.finished());
        REQUIRE(second.receiver.finished());
        const auto news = second.receiver.take_news();
        REQUIRE(news.resumed == there);
        REQUIRE(news.troubles.empty());
        for (const auto entry : entries) require_whole(sink, files, entry);
        REQUIRE(sink.discarded.empty());
    }
}

TEST_CASE("what came before the connection broke is durable") {
    const std::vector<crypto::Bytes> files{crypto::Bytes(1 << 20, 3)};
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    BulkPair pair(manifest, test::all_entries(manifest), source, sink);
    pair.run(3);
    REQUIRE(sink.landed(0).durable == 0);
    pair.receiver.interrupted();
    REQUIRE(sink.landed(0).durable > 0);
}

TEST_CASE("another file of the same size is not continued") {
    std::mt19937_64 random(6);
    const std::vector<crypto::Bytes> files{test::random_bytes(random, 50'000)};
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    sink.files[0] = {test::random_bytes(random, 20'000), 20'000, false, false};
    BulkPair pair(manifest, {0}, source, sink);
    pair.run();
    REQUIRE(pair.receiver.finished());
    REQUIRE(sink.discarded == std::set<std::uint32_t>{0});
    require_whole(sink, files, 0);
    REQUIRE(pair.receiver.take_news().resumed == 0);
}

TEST_CASE("a source that changes is said, and never mixed") {
    std::mt19937_64 random(7);
    const std::vector<crypto::Bytes> files(3, test::random_bytes(random, 600'000));
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    SECTION("its time or size, seen at the end") { source.changes = {1}; }
    SECTION("it is shorter than it was") { source.shrinks = {1}; }
    BulkPair pair(manifest, test::all_entries(manifest), source, sink);
    pair.run();
    REQUIRE(pair.sender.finished());
    const auto here = pair.sender.take_news();
    const auto there = pair.receiver.take_news();
    REQUIRE(here.troubles.size() == 1);
    REQUIRE(there.troubles.size() == 1);
    REQUIRE(there.troubles[0].entry == 1);
    REQUIRE(there.troubles[0].theirs);
    REQUIRE(there.troubles[0].error.problem == net::FileProblem::changed);
    REQUIRE(sink.discarded == std::set<std::uint32_t>{1});
    require_whole(sink, files, 0);
    require_whole(sink, files, 2);
}

TEST_CASE("a problem with one file stops no other") {
    for_seeds(60, [](std::mt19937_64& random) {
        const auto files = random_files(random, 30);
        const auto manifest = test::manifest_of(files);
        MemorySource source(files);
        MemorySink sink;
        std::set<std::uint32_t> expected;
        for (const auto entry : test::all_entries(manifest)) {
            if (random() % 4 != 0) continue;
            std::set<std::uint32_t>* ways[] = {&source.unreadable, &source.changes,
                                               &sink.unwritable, &sink.uncommittable};
            ways[random() % 4]->insert(entry);
            expected.insert(entry);
        }
        net::CommitPolicy policy;
        policy.files = 1 + random() % 5;
        BulkPair pair(manifest, test::all_entries(manifest), source, sink, policy);
        pair.buffer = 4096 + random() % 60'000;
        pair.run();
        REQUIRE(pair.sender.finished());
        REQUIRE(pair.receiver.finished());
        for (const auto& news : {pair.sender.take_news(), pair.receiver.take_news()}) {
            std::set<std::uint32_t> troubled;
            for (const auto& trouble : news.troubles) troubled.insert(trouble.entry);
            REQUIRE(troubled == expected);
            REQUIRE(news.troubles.size() == expected.size());
            REQUIRE(news.landed.size() == files.size() - expected.size());
        }
        for (const auto entry : test::all_entries(manifest)) {
            if (!expected.contains(entry)) require_whole(sink, files, entry);
        }
    });
}

TEST_CASE("a full disk is said while the file comes, and its rest is not sent") {
    const std::vector<crypto::Bytes> files{crypto::Bytes(8 << 20, 1), crypto::Bytes(10, 2)};
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    sink.space = 1 << 20;
    BulkPair pair(manifest, test::all_entries(manifest), source, sink);
    pair.run();
    REQUIRE(pair.sender.finished());
    const auto news = pair.sender.take_news();
    REQUIRE(news.troubles.size() == 1);
    REQUIRE(news.troubles[0].error.problem == net::FileProblem::full);
    REQUIRE(news.troubles[0].theirs);
    REQUIRE(news.bytes < 2 << 20);
    require_whole(sink, files, 1);
}

TEST_CASE("what came is made durable every second") {
    const std::vector<crypto::Bytes> files{crypto::Bytes(4 << 20, 1)};
    const auto manifest = test::manifest_of(files);
    MemorySource source(files);
    MemorySink sink;
    BulkPair pair(manifest, {0}, source, sink);
    pair.run(4);
    REQUIRE(sink.commits == 0);
    REQUIRE(pair.receiver.next_due() == net::Milliseconds{1000});
    pair.now = net::Milliseconds{1000};
    while (pair.step(pair.receiver, pair.sender)) {
    }
    REQUIRE(sink.commits == 1);
    REQUIRE(sink.landed(0).durable > 0);
    REQUIRE(pair.receiver.next_due() == net::Milliseconds::max());
}
