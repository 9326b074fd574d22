// SPDX-License-Identifier: MIT
//
// The lists of files behind offers: read from the store when they are worked with, pulled from who
// offers them, given to who was offered them. docs/protocol.md, "Files: offers". Network thread
// only.
#pragma once

#include <deque>

#include "app/node/transfers/book.hpp"

namespace kith::node {

class Manifests {
public:
    /// Lists that are being pulled at a time, one of each person; the others wait. Each takes at
    /// most net::manifest_bytes_max.
    static constexpr std::size_t pulls_max = 4;
    /// Who says nothing for pull_patience while all places are taken gives theirs up for so long.
    static constexpr Milliseconds pull_pause{60'000};
    static constexpr std::size_t requests_ahead = 8;
    static constexpr Milliseconds pull_patience{20'000};
    /// Encoded lists kept to be given away, and for how long after they were last asked for.
    static constexpr std::size_t given_max = 4;
    static constexpr Milliseconds given_for{30'000};

    using Got = std::function<void(ManifestPtr)>;  ///< null: not here, or damaged
    Manifests(Context& context, TransferBook& book, TransferFiles* files)
        : context_(context), book_(book), files_(files) {}

    /// Keeps it in Transfer::manifest as well. `got` is called once, perhaps at once.
    void get(Transfer& transfer, Got got);

    /// A list came whole and is stored.
    std::function<void(Transfer&)> on_listed;

    // Incoming: pulls what is missing of offers, where there is a place for it.
    void pull_missing();
    void session_down(const model::PeerId& peer);
    /// It came some other way.
    void came(Transfer& transfer, store::Blob encoded) { whole(transfer, std::move(encoded)); }
    void received(const model::PeerId& from, net::ManifestPart part);
    // Outgoing.
    void asked(const model::PeerId& from, const net::ManifestRequest& request);
    void drained(const model::PeerId& peer);

    Milliseconds tick(Milliseconds now);

private:
    struct Pull {
        model::PeerId peer;
        store::Blob bytes{};
        std::uint32_t asked = 0;  ///< up to here
        Milliseconds heard_at{};
    };
    struct Given {
        model::TransferId transfer;
        std::shared_ptr<const store::Blob> encoded;
        Milliseconds asked_at{};
    };
    struct Asker {
        std::deque<net::ManifestRequest> requests{};  ///< requests_ahead
        bool full = false;                            ///< the session
    };
    [[nodiscard]] bool may_pull(const Transfer& transfer) const;
    [[nodiscard]] bool goes_on(const model::TransferId& id, Pull& pull, Milliseconds now);
    void ask_on(const model::TransferId& id, Pull& pull, std::uint32_t size);
    void whole(Transfer& transfer, store::Blob encoded);
    void bad_list(Transfer& transfer);
    [[nodiscard]] Given* find_given(const model::TransferId& id);
    Given& given_of(const model::PeerId& peer, const model::TransferId& id);
    void give(const model::PeerId& to);

    Context& context_;
    TransferBook& book_;
    TransferFiles* files_;
    std::map<model::TransferId, Pull> pulls_;
    std::deque<Given> given_;
    std::map<model::PeerId, Asker> askers_;
};

/// Whether an offer says the same as its list.
[[nodiscard]] bool fits(const store::TransferRow& row, const net::Manifest& manifest);

}  // namespace kith::node
