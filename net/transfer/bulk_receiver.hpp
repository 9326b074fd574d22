// SPDX-License-Identifier: MIT
//
// The receiving end of a run.
//
//   greeting --(Start is said)--> receiving --AllSent, last commit--> closing --Finished--> done
//
// It says what it wants and has, writes what comes, and makes it durable every so often. What
// cannot be written is reported, and the rest goes on. Files come in the order and with the sizes
// that were agreed on, or the run ends. docs/protocol.md, "Files: bulk connection". One thread, the
// run's.
#pragma once

#include <functional>
#include <optional>

#include "net/transfer/bulk_pump.hpp"

namespace kith::net {

/// How much may be lost to a crash and has to come again.
struct CommitPolicy {
    std::uint64_t bytes = 64 << 20;
    std::size_t files = 256;
    Milliseconds age{1000};
};

class BulkReceiver final : public BulkPump {
public:
    /// A file that was agreed to, and what is there of it.
    struct Selected {
        std::uint32_t entry = 0;
        Landed have;
    };
    /// `selected`: entries that are files, ascending. `cancelled` is asked while hashing. All of it
    /// outlives the receiver.
    BulkReceiver(const Manifest& manifest, const std::vector<Selected>& selected, FileSink& sink,
                 std::function<bool()> cancelled, const CommitPolicy& policy = {});

    tl::expected<std::size_t, std::string> produce(crypto::MutableByteView into,
                                                   Milliseconds now) override;
    BulkResult on_payload(ByteView payload, Milliseconds now) override;
    [[nodiscard]] Milliseconds next_due() const override;
    [[nodiscard]] bool finished() const override { return phase_ == Phase::done; }
    BulkNews take_news() override { return std::exchange(news_, {}); }
    void interrupted() override { commit(); }

private:
    enum class Phase { greeting, receiving, closing, done, failed };
    enum class Fate : std::uint8_t { landed, wanted, whole, trouble };
    struct File {
        std::uint32_t entry = 0;
        Fate fate = Fate::wanted;
        std::uint64_t offset = 0;  // where it goes on; said by Have
    };

    void greet(bulk::ItemWriter& out);
    void say_wanted(bulk::ItemWriter& out);
    void say_what_is_there(bulk::ItemWriter& out);
    void report(bulk::ItemWriter& out);
    BulkResult on_item(const bulk::Item& item);
    BulkResult on_file(const bulk::File& file);
    BulkResult on_data(ByteView bytes);
    BulkResult on_end();
    BulkResult on_stop();
    BulkResult on_discard(std::uint32_t entry);
    BulkResult on_problem(const bulk::Problem& problem);
    BulkResult on_all_sent();
    void commit_if_due(Milliseconds now);
    void commit();
    void trouble_with(File& file, FileError error);
    void next_file();
    [[nodiscard]] File* find(std::uint32_t entry);
    tl::unexpected<std::string> fail(std::string why);

    const Manifest& manifest_;
    FileSink& sink_;
    std::function<bool()> cancelled_;
    const CommitPolicy policy_;
    Phase phase_ = Phase::greeting;
    std::vector<File> files_;
    std::size_t said_wanted_ = 0;  // of files_
    std::size_t said_have_ = 0;    // of files_
    std::size_t next_ = 0;         // of files_: the next one that is to come
    bool open_ = false;            // files_[next_] is coming
    std::uint64_t left_ = 0;       // of it
    std::uint64_t uncommitted_bytes_ = 0;
    std::size_t uncommitted_files_ = 0;
    std::optional<Milliseconds> uncommitted_since_;
    std::vector<bulk::Item> to_say_;  // Landed and Problem; at most one of each file
    std::size_t said_ = 0;            // of to_say_
    BulkNews news_;
};

}  // namespace kith::net
