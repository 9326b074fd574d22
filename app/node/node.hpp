// SPDX-License-Identifier: MIT
//
// The conductor: wires people, texts and sessions to the store, and carries out commands. Owns no
// socket, file, thread or clock; those come in by interfaces, so that the same code runs in the
// program and in the simulation. Network thread only.
#pragma once

#include "app/node/address_probe.hpp"
#include "app/node/contacts.hpp"
#include "app/node/inbox.hpp"
#include "app/node/mail/mail.hpp"
#include "app/node/names.hpp"
#include "app/node/nearby.hpp"
#include "app/node/presence.hpp"
#include "app/node/relays.hpp"
#include "app/node/retention.hpp"
#include "app/node/rules.hpp"
#include "app/node/transfers/transfers.hpp"
#include "app/node/typing.hpp"
#include "app/node/whereabouts.hpp"

namespace kith::node {

class Node final : public model::NodePort,
                   public net::EndpointListener,
                   public net::RelayListener,
                   private Contacts::Listener {
public:
    struct Config {
        crypto::Fingerprint self;
        std::string first_name;  ///< used when the store has no name yet
        bool rename = false;     ///< first_name replaces a stored one
        std::string version;
        bool password_protected = false;
        std::function<std::vector<net::SocketAddress>()> reachable;  ///< where we listen, expanded
        std::function<std::vector<net::SocketAddress>()> listening;
        std::function<void()> wake;  ///< asks for flush() soon, for changes outside of a batch
        /// Asks for flush() after that time; replaces what was asked for before.
        std::function<void(std::chrono::milliseconds)> alarm;
        /// The port the router is to pass on, 0: none. May be empty.
        std::function<void(std::uint16_t)> map_port{};
        /// May be empty: host names are not understood then.
        ResolveHost resolve_host{};
        /// Of this run, beside those of the store.
        std::vector<crypto::RelayAddress> relays{};
        /// Gets all relays of one's own, at load() and whenever they change. May be empty.
        Relays::Use set_relays{};
        /// Both outlive the node. Null: no files are sent or received.
        TransferFiles* files = nullptr;
        net::BulkRunner* runner = nullptr;
    };
    /// Between two NetworkStatusChanged at least; and how soon changes nobody reports are seen.
    static constexpr std::chrono::milliseconds status_every{1000};
    static constexpr std::chrono::milliseconds status_unasked{5000};

    Node(Config config, store::Store& store, const net::Clock& clock, crypto::RandomSource& random);
    ~Node() override;

    /// Before load(): mail is read and left at relays. What is in `ports` outlives the node's use.
    void attach_mail(const Mail::Ports& ports);
    /// Reads the store and tells the endpoint whom to expect. `done` is called once; with an error
    /// the node must not be used.
    void load(net::Endpoint& endpoint, std::function<void(tl::expected<void, model::Error>)> done);
    /// The port of earlier runs, 0 if none. Valid after load().
    [[nodiscard]] std::uint16_t stored_port() const { return stored_port_; }
    void listening_on(std::uint16_t port);
    /// Higher in every run of this profile, also after a restored backup. Valid after load().
    [[nodiscard]] std::uint64_t boot() const { return boot_; }
    /// After load() and listening_on(). Null: it is not to be used any more. Never called: nobody
    /// is looked for.
    void attach(net::Discovery* discovery);
    [[nodiscard]] net::DiscoveryListener& discovery_listener() { return nearby_; }
    [[nodiscard]] net::ProbeResponder& probe_responder() { return nearby_; }
    void interfaces_changed(const std::vector<net::Interface>& interfaces, bool slept);
    void mapping_changed(net::MappingStatus status);
    /// Why discovery does not work at all; empty: it does.
    void discovery_problem(std::string words);
    /// The key of SetTeam's passphrase; none: everybody. `done` after it is stored.
    void set_team(std::optional<crypto::TeamKey> team,
                  std::function<void(tl::expected<void, model::Error>)> done);
    /// The profile has a password now, or none any more.
    void set_password_protected(bool on);
    /// Once per batch of store completions or network events, and when the alarm rings:
    /// acknowledgements, changed people, whatever is due.
    void flush();
    [[nodiscard]] model::Profile profile() const;

    // model::NodePort
    void execute(model::Command command, std::function<void(model::Reply)> done) override;
    [[nodiscard]] tl::expected<model::PeerId, model::Error> resolve(
        std::string_view peer) const override;
    void subscribe(model::EventSink& sink) override { context_.events.subscribe(sink); }
    void unsubscribe(model::EventSink& sink) override { context_.events.unsubscribe(sink); }

    // net::EndpointListener
    void on_session_up(const net::SessionInfo& session) override;
    void on_session_down(const net::Fingerprint& peer, const net::Ending& ending) override;
    void on_message(const net::Fingerprint& peer, net::Message message) override;
    void on_dialling(const net::Fingerprint& peer) override;
    void on_dial_failed(const net::Fingerprint& peer, const net::Ending& ending,
                        std::chrono::milliseconds retry_in) override;
    void on_drained(const net::Fingerprint& peer) override;
    void on_bulk(const net::Fingerprint& peer, const net::RunId& run, net::BulkLink link) override;
    void on_bulk_failed(const net::Fingerprint& peer, const net::RunId& run,
                        const net::Ending& ending) override;
    void on_log(net::LogLevel level, std::string text) override;

    // net::RelayListener
    void on_relay(const net::RelayStatus& status) override;

private:
    using Done = std::function<void(model::Reply)>;
    struct Loader;

    void on_contact(const model::PeerId& peer) override;
    void on_no_contact(const model::PeerId& peer) override;
    void deliver_mail(const model::PeerId& from, net::Message message);

    // One overload per command; node_commands.cpp, node_messages.cpp, node_amendments.cpp,
    // node_settings.cpp, node_network.cpp, node_relays.cpp and node_transfers.cpp.
    void run(model::WhoAmI, Done done);
    void run(model::SetName command, Done done);
    void run(model::NewConnectionId, Done done);
    void run(model::AddContact command, Done done);
    void run(model::ListRequests, Done done);
    void run(model::AcceptRequest command, Done done);
    void run(model::DenyRequest command, Done done);
    void run(model::BlockPeer command, Done done);
    void run(model::UnblockPeer command, Done done);
    void run(model::RemoveContact command, Done done);
    void run(model::RenameContact command, Done done);
    void run(model::ListPeers, Done done);
    void run(model::ConnectPeer command, Done done);
    void run(model::DisconnectPeer command, Done done);
    void run(model::GetSafetyNumber command, Done done);
    void run(model::SetVerified command, Done done);
    void run(model::SendText command, Done done);
    void run(model::EditMessage command, Done done);
    void run(model::DeleteMessage command, Done done);
    void run(model::CancelMessage command, Done done);
    void run(model::React command, Done done);
    void run(model::ListMessages command, Done done);
    void run(model::MarkRead command, Done done);
    void run(model::SetTyping command, const Done& done);
    void run(model::Search command, Done done);
    void run(model::DeleteConversation command, Done done);
    void run(model::SetDisappearing command, Done done);
    // Answered in front of the node, by whoever owns files and passwords.
    void run(const model::ExportHistory&, const Done& done);
    void run(const model::SetPassword&, const Done& done);
    void run(const model::CreateBackup&, const Done& done);
    void run(const model::SetTeam&, const Done& done);
    void run(model::GetSettings, const Done& done);
    void run(const model::ChangeSettings& change, Done done);
    void run(model::GetNetworkStatus, Done done);
    void run(model::GetStats, Done done);
    void run(model::AddNearby command, Done done);
    void run(model::ConnectAddress command, Done done);
    void run(model::SetVisibility command, Done done);
    void run(model::SetStatus command, Done done);
    void run(model::SetActivity command, const Done& done);
    void run(model::SendFiles command, Done done);
    void run(const model::ListTransfers& command, Done done);
    void run(const model::ListTransferFiles& command, Done done);
    void run(model::AcceptTransfer command, Done done);
    void run(const model::DeclineTransfer& command, Done done);
    void run(const model::PauseTransfer& command, Done done);
    void run(const model::ResumeTransfer& command, Done done);
    void run(const model::CancelTransfer& command, Done done);
    void run(const model::RetryTransfer& command, Done done);
    void run(const model::SetAutoAccept& command, Done done);
    void run(model::ListRelays, const Done& done);
    void run(const model::AddRelay& command, Done done);
    void run(const model::RemoveRelay& command, Done done);
    void run(const model::ClaimName& command, Done done);
    void run(const model::FindName& command, Done done);

    // One overload per message; node.cpp.
    void handle(const model::PeerId& from, net::ContactRequest message);
    void handle(const model::PeerId& from, net::ContactCard message);
    void handle(const model::PeerId& from, net::ContactDecline message);
    void handle(const model::PeerId& from, net::RequestReceipt message);
    void handle(const model::PeerId& from, net::Text message);
    void handle(const model::PeerId& from, net::Edit message);
    void handle(const model::PeerId& from, net::Erase message);
    void handle(const model::PeerId& from, net::Reactions message);
    void handle(const model::PeerId& from, net::ReadUpTo message);
    void handle(const model::PeerId& from, net::Disappearing message);
    void handle(const model::PeerId& from, net::Typing message);
    void handle(const model::PeerId& from, const net::Ack& message);
    void handle(const model::PeerId& from, const net::Presence& message);
    void handle(const model::PeerId& from, const net::Observed& message);
    void handle(const model::PeerId& from, net::FileOffer message);
    void handle(const model::PeerId& from, net::FileAnswer message);
    void handle(const model::PeerId& from, const net::FileStop& message);
    void handle(const model::PeerId& from, net::FileWaits message);
    void handle(const model::PeerId& from, const net::ManifestRequest& message);
    void handle(const model::PeerId& from, net::ManifestPart message);
    void handle(const model::PeerId& from, const net::FileState& message);
    void handle(const model::PeerId& from, const net::FileRun& message);
    void handle(const model::PeerId& from, const net::FileReady& message);
    void handle(const model::PeerId& from, net::BulkData message);
    void handle(const model::PeerId& from, const net::BulkCredit& message);
    void handle(const model::PeerId& from, const net::PrekeyStock& message);
    void handle(const model::PeerId& from, net::Prekeys message);
    template <typename Other>
    void handle(const model::PeerId&, Other) {}  // the endpoint's own: never handed up

    template <typename Reliable>
    void receive(const model::PeerId& from, Reliable&& message);
    template <typename Reliable>
    void receive_files(const model::PeerId& from, Reliable&& message);
    template <typename AboutFiles>
    void hear(const model::PeerId& from, AboutFiles&& message);
    void not_taken(const model::PeerId& from, const Person* person);

    /// Replies no_such_peer and gives nullptr if unknown.
    Person* known(const model::PeerId& peer, const Done& done);
    /// Replies blocked or not_a_contact as well, and gives nullptr.
    Person* correspondent(const model::PeerId& peer, const Done& done);
    /// Replies with the problem, if there is one.
    static bool refused(const Problem& problem, const Done& done);
    /// Replies busy while too much waits to be stored.
    bool overloaded(const Done& done) const;
    /// Submits a job; `then` gets its answer, an error is the reply.
    template <typename Answer, typename Then>
    void ask(store::Job&& job, Done done, Then then);
    model::MessageId new_id() { return {context_.uuids.next()}; }
    void save_meta(std::string key, store::Blob value, Done done, std::function<void()> then);
    void change_relays(tl::expected<Relays::Change, model::Error> change, Done done);
    void add_by_name(model::AddContact command, Done done);
    void announce_profile();
    void apply_settings(const model::Settings& settings);
    [[nodiscard]] net::Discovery::Self discovery_self() const;
    void moved();
    void learn_signer(Person& person);
    [[nodiscard]] model::NetworkStatus network_status() const;
    /// Publishes it when it has changed; when to be called next (monotonic).
    std::chrono::milliseconds tell_network_status(std::chrono::milliseconds now);
    /// Whatever is due, and the alarm for what comes next.
    void tick();

    Config config_;
    Context context_;
    Contacts contacts_;
    Outboxes outboxes_;
    Conversations conversations_;
    Inbox inbox_;
    Typing typing_;
    Retention retention_;
    Nearby nearby_;
    PresenceExchange presence_;
    AddressProbe address_probe_;
    Whereabouts whereabouts_;
    Relays relays_;
    Transfers transfers_;
    std::optional<Mail> mail_;
    std::optional<Parcels> parcels_;
    std::optional<Names> names_;
    crypto::InviteToken invite_token_{};
    model::Settings settings_;
    model::Settings settings_to_be_;  ///< when those on their way to the store have got there
    int settings_under_way_ = 0;
    std::vector<std::string> unknown_settings_;  ///< lines of newer versions, kept
    store::SessionNumber sessions_ = 0;
    std::chrono::milliseconds armed_ = std::chrono::milliseconds::max();
    std::optional<crypto::TeamKey> team_;
    std::uint64_t boot_ = 0;
    std::string discovery_problem_;
    model::NetworkStatus status_told_;
    std::chrono::milliseconds status_looked_at_ = -status_unasked;
    std::vector<crypto::Candidate> told_;  ///< where we are, as of the last cards
    std::uint16_t stored_port_ = 0;
    std::uint16_t port_ = 0;
    std::chrono::milliseconds started_{};
};

}  // namespace kith::node
