// SPDX-License-Identifier: MIT
//
// The sending end of a run.
//
//   greeting --Start--> sending --(all files)--> waiting --Finished--> done
//
// The receiver names what it wants and the hashes of what it has; files follow in the manifest's
// order, without a round trip between them. A file that cannot be read is reported, and the rest
// goes on. docs/protocol.md, "Files: bulk connection". One thread, the run's.
#pragma once

#include <functional>
#include <unordered_map>

#include "net/transfer/bulk_pump.hpp"

namespace kith::net {

class BulkSender final : public BulkPump {
public:
    /// `selected`: entries that are files and were agreed on, ascending. `cancelled` is asked while
    /// hashing. All of it outlives the sender.
    BulkSender(const Manifest& manifest, std::vector<std::uint32_t> selected, FileSource& source,
               std::function<bool()> cancelled);

    tl::expected<std::size_t, std::string> produce(crypto::MutableByteView into,
                                                   Milliseconds now) override;
    BulkResult on_payload(ByteView payload, Milliseconds now) override;
    [[nodiscard]] Milliseconds next_due() const override { return Milliseconds::max(); }
    [[nodiscard]] bool finished() const override { return phase_ == Phase::done; }
    BulkNews take_news() override { return std::exchange(news_, {}); }
    void interrupted() override {}

private:
    enum class Phase { greeting, sending, waiting, done, failed };
    enum class Fate : std::uint8_t { not_wanted, wanted, sent, landed, trouble };
    struct Resume {
        std::uint64_t durable = 0;
        crypto::Digest256 hash{};
    };

    BulkResult on_item(const bulk::Item& item);
    BulkResult on_want(const bulk::Want& want);
    BulkResult on_have(const bulk::Have& have);
    BulkResult on_start();
    BulkResult on_landed(std::uint32_t entry);
    BulkResult on_problem(const bulk::Problem& problem);
    BulkResult on_finished();
    void begin_file(bulk::ItemWriter& out);
    [[nodiscard]] FileResult<std::uint64_t> offset_of(std::uint32_t entry, bulk::ItemWriter& out);
    void send_data(bulk::ItemWriter& out);
    void end_file(bulk::ItemWriter& out);
    void give_up(bulk::ItemWriter& out, FileError error);
    [[nodiscard]] Fate* fate_of(std::uint32_t entry);
    tl::unexpected<std::string> fail(std::string why);

    const Manifest& manifest_;
    const std::vector<std::uint32_t> selected_;
    FileSource& source_;
    std::function<bool()> cancelled_;
    Phase phase_ = Phase::greeting;
    std::vector<Fate> fates_;  // beside selected_
    std::unordered_map<std::uint32_t, Resume> resumes_;
    std::size_t wanted_up_to_ = 0;  // of selected_: Want comes in ascending order
    std::size_t next_ = 0;          // of selected_
    bool open_ = false;             // selected_[next_] is being sent
    std::uint64_t left_ = 0;        // of it
    std::size_t unsettled_ = 0;     // wanted, and neither landed nor troubled
    BulkNews news_;
};

}  // namespace kith::net
