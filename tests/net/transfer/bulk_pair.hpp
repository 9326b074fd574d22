// SPDX-License-Identifier: MIT
//
// A sending and a receiving end in one process, payloads handed over by the test.
#pragma once

#include <catch2/catch_test_macros.hpp>
#include <deque>
#include <numeric>

#include "net/transfer/bulk_receiver.hpp"
#include "net/transfer/bulk_sender.hpp"
#include "tests/net/transfer/memory_files.hpp"

namespace kith::test {

inline std::vector<std::uint32_t> all_entries(const net::Manifest& manifest) {
    std::vector<std::uint32_t> entries(manifest.entries.size());
    std::iota(entries.begin(), entries.end(), 0U);
    return entries;
}

inline std::vector<net::BulkReceiver::Selected> what_is_there(
    const std::vector<std::uint32_t>& entries, const MemorySink& sink) {
    std::vector<net::BulkReceiver::Selected> selected;
    for (const auto entry : entries) selected.push_back({entry, sink.landed(entry)});
    return selected;
}

struct BulkPair {
    BulkPair(const net::Manifest& manifest, const std::vector<std::uint32_t>& entries,
             MemorySource& source, MemorySink& sink, const net::CommitPolicy& policy = {})
        : sender(manifest, entries, source, [] { return false; }),
          receiver(
              manifest, what_is_there(entries, sink), sink, [] { return false; }, policy) {}

    /// Lets one end speak; false: it had nothing to say.
    bool step(net::BulkPump& from, net::BulkPump& to) {
        Bytes payload(buffer);
        const auto size = from.produce(payload, now);
        REQUIRE(size.has_value());
        if (*size == 0) return false;
        payload.resize(*size);
        ++payloads;
        const auto taken = to.on_payload(payload, now);
        INFO((taken ? std::string() : taken.error()));
        REQUIRE(taken.has_value());
        return true;
    }
    /// Until nobody has anything to say, or so many payloads were handed over.
    void run(std::size_t most = ~std::size_t{0}) {
        while (payloads < most) {
            const bool spoke = step(receiver, sender);
            if (payloads >= most) return;
            if (!step(sender, receiver) && !spoke) return;
        }
    }

    net::BulkSender sender;
    net::BulkReceiver receiver;
    net::Milliseconds now{0};
    std::size_t buffer = net::bulk::payload_max;
    std::size_t payloads = 0;
};

}  // namespace kith::test
