// SPDX-License-Identifier: MIT
//
// When the bytes of a transfer move, and over which path. The receiver says that it is ready, the
// sender names a run, both meet on a connection of its own or, where that cannot be made, in the
// session. docs/protocol.md, "Files: runs". Network thread only.
//
//   receiver                      sender
//   want() --FileReady----------> ready()
//   begin() <------FileRun------- link()
//        on_bulk() at both, or on_bulk_failed(): FileRun in_session by who dialled
//   on_run_news() ...             on_run_news() ...
//   on_run_ended()                on_run_ended()
#pragma once

#include "app/node/transfers/manifests.hpp"

namespace kith::node {

/// Runs whose other end is here: files go into a parcel, or come out of one.
class LocalRuns {
public:
    virtual ~LocalRuns() = default;
    virtual void on_local_output(const net::RunId& run, crypto::Bytes bytes) = 0;
    virtual void on_local_credit(const net::RunId& run, std::uint32_t bytes) = 0;
    /// Of all runs.
    virtual void on_ended(const net::RunId& run, net::RunOutcome outcome,
                          const std::string& text) = 0;
};

class Runs final : public net::BulkRunListener {
public:
    static constexpr Milliseconds answer_patience{20'000};  ///< for a FileRun, for a link
    /// Runs on connections of their own that were cut before anything came: then the session's.
    static constexpr std::uint32_t fruitless_max = 2;
    static constexpr Milliseconds retry_first{1000};  ///< between runs of one transfer at least
    static constexpr Milliseconds retry_most{60'000};
    static constexpr Milliseconds save_every{5000};

    Runs(Context& context, TransferBook& book, Manifests& manifests, TransferFiles* files,
         net::BulkRunner* runner);
    ~Runs() override;

    /// Incoming: asks for a run, if everything is there for it.
    void want(Transfer& transfer);
    /// The same at the other side's word: a long wait is over, but it is no reason for more than
    /// one run in retry_first.
    void want_soon(Transfer& transfer);
    void want_all(const model::PeerId& peer);
    /// Incoming, its list at hand: a run whose other end is here. Nothing: not now.
    [[nodiscard]] std::optional<net::RunId> start_local(Transfer& transfer);
    void set_local(LocalRuns* local) { local_ = local; }
    std::size_t places_taken = 0;  ///< of the runner, by runs that are not known here
    /// Says it while they are connected; nothing that has to arrive.
    void tell(const Transfer& transfer, net::TransferWish wish) const;
    /// Ends a run that is on; what came stays.
    void stop(Transfer& transfer);
    /// Cancelled: what has not landed goes, as soon as nobody writes it.
    void clean_up(Transfer& transfer);

    // What the other side says.
    void ready(Transfer& transfer);                           // outgoing
    void begin(Transfer& transfer, const net::FileRun& run);  // incoming, or in_session
    void done_there(Transfer& transfer);                      // incoming
    void received(const model::PeerId& from, net::BulkData data);
    void received(const model::PeerId& from, const net::BulkCredit& credit);

    void session_down(const model::PeerId& peer);
    /// The session takes more.
    void drained(const model::PeerId& peer);
    void on_bulk(const model::PeerId& peer, const net::RunId& run, net::BulkLink link);
    void on_bulk_failed(const model::PeerId& peer, const net::RunId& run);

    Milliseconds tick(Milliseconds now);

    // net::BulkRunListener
    void on_run_news(const net::RunId& run, const net::BulkNews& news, std::uint64_t rate) override;
    void on_run_ended(const net::RunId& run, net::RunOutcome outcome,
                      const std::string& text) override;
    void on_run_output(const net::RunId& run, crypto::Bytes bytes) override;
    void on_run_credit(const net::RunId& run, std::uint32_t bytes) override;

private:
    struct Run {
        model::TransferId transfer;
        model::PeerId peer;
        bool started = false;  ///< given to the runner
        bool in_session = false;
        bool local = false;
        Milliseconds give_up_at{};  ///< while not started
        bool gained = false;
        std::uint64_t moved = 0;  ///< bytes, with what was there already
    };
    struct Output {
        net::RunId run;
        crypto::Bytes bytes;
    };

    [[nodiscard]] bool able(const model::PeerId& peer) const;
    [[nodiscard]] static bool holds_place(const Transfer& transfer);
    /// A contact gets a further one only while more are free than it has, so that others find some:
    /// alone it gets half of them. One in each direction, that both ends do not wait for each
    /// other, if that is not the last.
    [[nodiscard]] bool has_place_for(const Transfer& wanting) const;
    void look_for_work();
    void ask_for_run(Transfer& transfer);
    void link(Transfer& transfer);
    void expect(Transfer& transfer, const net::RunId& id);
    void start(const net::RunId& id, net::BulkPath path);
    void run_in_session(const net::RunId& id);
    void start_in_session(const net::RunId& id);
    void drop(const net::RunId& id);
    void settle(Transfer& transfer, net::RunOutcome outcome, const std::string& text);
    void compared(const model::TransferId& id, std::optional<bool> all_landed);
    void completed(Transfer& transfer);
    void landed_all(Transfer& transfer);
    void failed(Transfer& transfer, std::string text);
    /// Nothing more of it comes from here until it is tried again: they need not wait.
    void give_up(Transfer& transfer, std::string text);
    void clean_now(Transfer& transfer);
    void cleaned(const model::TransferId& id);
    void note(Transfer& transfer, const net::BulkNews& news);
    void pump(const model::PeerId& peer);
    [[nodiscard]] net::MakeBulkJob job_of(const Transfer& transfer) const;
    [[nodiscard]] Transfer* transfer_of(const net::RunId& run);
    [[nodiscard]] Run* find(const model::PeerId& peer, const net::RunId& run);

    Context& context_;
    TransferBook& book_;
    Manifests& manifests_;
    TransferFiles* files_;
    net::BulkRunner* runner_;
    LocalRuns* local_ = nullptr;
    std::map<net::RunId, Run> runs_;
    std::map<model::PeerId, std::deque<Output>> output_;
};

/// The entries of a transfer that are files, and how much they are.
[[nodiscard]] std::uint64_t bytes_of(const net::Manifest& manifest,
                                     const std::vector<std::uint32_t>& entries);

}  // namespace kith::node
