// SPDX-License-Identifier: MIT
//
// All transfers that are not over, and the newest of the others: their rows, what is true of them
// right now, and what of it the store and the window are told. Network thread only.
#pragma once

#include "app/node/outboxes.hpp"
#include "app/node/transfers/transfer_files.hpp"

namespace kith::node {

using Milliseconds = std::chrono::milliseconds;

struct Transfer {
    store::TransferRow row;
    Plan plan;
    EntrySet landed;
    // Of the moment; not stored.
    ManifestPtr manifest;             ///< while it is worked with
    std::optional<net::RunId> run{};  ///< under way or being linked
    bool moving = false;              ///< its bytes flow
    bool peer_ready = false;          ///< outgoing: they wait for a run
    Milliseconds asked_until{0};      ///< incoming: we wait for theirs
    Milliseconds retry_at{0};         ///< not before
    std::uint32_t cuts = 0;           ///< runs cut off without anything gained
    bool preparing = false;           ///< a file or the manifest is being looked at
    bool to_clean = false;            ///< something of it lies on the disk that is not needed
    bool cleaning = false;
    bool unsaved = false;  ///< the store did not take what the other side has said
    std::uint64_t rate = 0;
    std::map<std::uint32_t, std::string> troubles{};  ///< of the last run; troubles_max
    Milliseconds saved_at{0};

    static constexpr std::size_t troubles_max = 1000;

    [[nodiscard]] bool over() const { return store::is_over(row.state); }
    /// Room is promised to it: accepted, or just being so.
    [[nodiscard]] bool taken_on() const {
        const bool accepting =
            row.state == model::TransferState::offered && row.listed && preparing;
        return !row.outgoing && !over() && (accepting || !plan.selected.empty());
    }
    [[nodiscard]] bool paused() const { return row.paused_here || row.paused_there; }
    /// Agreed on, and nobody minds.
    [[nodiscard]] bool may_move() const {
        return row.state == model::TransferState::waiting && !paused();
    }
};
[[nodiscard]] model::Transfer to_model(const Transfer& transfer);

class TransferBook {
public:
    /// Finished ones kept beside those that are not.
    static constexpr std::size_t over_max = model::transfers_listed_max;

    TransferBook(Context& context, Outboxes& outboxes) : context_(context), outboxes_(outboxes) {}

    void load(std::vector<store::TransferRow> rows);
    /// Null: the id is taken, by another person's or by one that is known.
    Transfer* add(store::TransferRow row);
    [[nodiscard]] Transfer* find(const model::TransferId& id);
    /// Of this person's, in that direction.
    [[nodiscard]] Transfer* find(const model::PeerId& peer, const net::MessageId& id,
                                 bool outgoing);
    /// What offers are there from somebody that nobody has answered? Those with a list that was
    /// not the one that was offered count until somebody takes them away.
    [[nodiscard]] std::size_t unanswered(const model::PeerId& peer) const;
    /// Of theirs, taken_on().
    [[nodiscard]] std::size_t unfinished(const model::PeerId& peer) const;
    /// Bytes that are still to come, of all that was taken_on().
    [[nodiscard]] std::uint64_t to_come() const;

    using Done = std::function<void(tl::expected<void, model::Error>)>;
    /// Writes the row, with a message for the other side, and tells the window. A failure is
    /// reported.
    void save(Transfer& transfer, std::optional<net::Message> message = {}, Done done = {});
    [[nodiscard]] store::PutTransfer to_job(Transfer& transfer,
                                            std::optional<net::Message> message);
    void publish(const Transfer& transfer);

    auto begin() { return transfers_.begin(); }
    auto end() { return transfers_.end(); }
    auto begin() const { return transfers_.begin(); }
    auto end() const { return transfers_.end(); }

private:
    void drop_oldest();

    Context& context_;
    Outboxes& outboxes_;
    std::map<model::TransferId, Transfer> transfers_;
};

}  // namespace kith::node
