// SPDX-License-Identifier: MIT
//
// Offering files, and answering offers: what is agreed on before and after bytes move.
// docs/protocol.md, "Files: offers". Network thread only.
//
//   offered --accept--> waiting --(runs)--> done
//      |                   |  ^
//      +--> declined       |  +--retry-- failed
//      +--> cancelled <----+
#pragma once

#include "app/node/inbox.hpp"
#include "app/node/rules.hpp"
#include "app/node/transfers/runs.hpp"

namespace kith::node {

class Offers {
public:
    /// Of one person, that nobody has answered; further ones are declined.
    static constexpr std::size_t unanswered_max = 100;
    /// A rule accepts while so many of one person's are unfinished, and so much of the disk stays
    /// free behind all that is still to come.
    static constexpr std::size_t unfinished_max = 100;
    static constexpr std::uint64_t kept_free = 256 << 20;  ///< bytes
    static constexpr std::size_t said_early_max = 8;       ///< what is more comes again

    using Done = std::function<void(model::Reply)>;
    struct Ports {
        Context& context;
        TransferBook& book;
        Manifests& manifests;
        Runs& runs;
        Inbox& inbox;
        TransferFiles* files;
        /// A message of one's own was stored: shown and sent.
        std::function<void(model::Message, store::Outgoing)> sent;
        std::function<const model::Settings&()> settings;
    };
    explicit Offers(Ports ports) : to_(std::move(ports)) {}

    // What the user wants.
    void send(const model::PeerId& peer, std::vector<std::string> paths, Done done);
    void accept(Transfer& transfer, std::string folder,
                std::optional<std::vector<std::uint32_t>> selected, Done done);
    void decline(Transfer& transfer, Done done);
    void cancel(Transfer& transfer, Done done);

    // What the other side says. False: it broke the rules, the session is to end.
    [[nodiscard]] bool received(const Person& from, net::FileOffer offer);
    [[nodiscard]] bool received(const Person& from, net::FileAnswer answer);
    [[nodiscard]] bool received(const Person& from, const net::FileStop& stop);
    [[nodiscard]] bool received(const Person& from, net::FileWaits waits);

    /// The list of an offer is here: the rule for this person may accept it.
    void listed(Transfer& transfer);
    /// Where it would land.
    [[nodiscard]] WishedPlace place_of(const Transfer& transfer, std::string folder) const;

private:
    void offer(const model::PeerId& peer, WalkedFiles files, Done done);
    void stored(WalkedFiles files, store::TransferRow row, store::Result result, const Done& done);
    void chosen(Transfer& transfer, std::vector<std::uint32_t> entries, files::Landing landing,
                const Done& done);
    void arrived(const Person& from, store::TransferRow row, store::Result& result);
    void accept_by_rule(Transfer& transfer, const FolderRoom& room);
    // False: nothing has changed.
    bool answered(Transfer& transfer, net::FileAnswer answer);
    bool stopped(Transfer& transfer, net::StopReason reason);
    static bool waits_at_relay(Transfer& transfer, net::FileWaits waits);
    /// What is said of an offer that is being stored waits until it is. False: nothing to wait for.
    template <typename Message>
    bool wait_for_offer(const Person& from, const Message& message);
    /// Stores what the other side's reliable message has changed, then acknowledges it.
    bool settle(const Person& from, const net::MessageId& id, Transfer* transfer,
                const std::function<bool(Transfer&)>& change);

    Ports to_;
    struct Arriving {
        model::PeerId peer;
        std::vector<std::function<void()>> later{};  ///< said_early_max
    };
    std::map<model::TransferId, Arriving> arriving_;  ///< as many as the inbox lets wait
};

/// One top-level entry: its place; several: the folder.
[[nodiscard]] std::string shown_path(const files::Landing& landing);

}  // namespace kith::node
