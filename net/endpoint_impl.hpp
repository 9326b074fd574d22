// SPDX-License-Identifier: MIT
//
// The inside of Endpoint: where door, dialer and sessions meet. Internal to net/.
//
// Every public function of Endpoint opens an Entry. Listeners are called in the midst of things and
// may call back; whatever would pull an object from under its caller (ended sessions, disconnects,
// reports about dials) waits in a list until the outermost Entry closes.
#pragma once

#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "net/asker.hpp"
#include "net/bulk_door.hpp"
#include "net/contact_guard.hpp"
#include "net/dialer.hpp"
#include "net/door.hpp"
#include "net/endpoint.hpp"
#include "net/relay/puncher.hpp"
#include "net/session.hpp"
#include "net/session_rules.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {

struct Endpoint::Impl final : Session::Host, Dialer::Host, Puncher::Host {
    Impl(const crypto::PublicBundle& self, Transport& transport, DecryptLane& lane,
         const Clock& clock, crypto::RandomSource& random, EndpointListener& listener,
         const Timing& timing);

    class Entry {
    public:
        explicit Entry(Impl& impl) : impl_(impl) {
            impl_.affinity.check();
            ++impl_.depth;
        }
        ~Entry() {
            if (impl_.depth == 1) impl_.settle();
            --impl_.depth;
        }
        Entry(const Entry&) = delete;
        Entry& operator=(const Entry&) = delete;

    private:
        Impl& impl_;
    };
    /// Runs what waited for the outermost call to end.
    void settle();

    // Session::Host
    crypto::Responder::Config admission_for(const Session& session) override;
    bool decrypt(Session& session, Bytes ciphertext, bool contact) override;
    void on_knocked(Session& session) override;
    void on_answered(Session& session) override;
    bool welcomes(const Fingerprint& peer) const override;
    void on_proven(Session& session) override;
    void on_message(Session& session, Message message) override;
    std::optional<Bytes> answer_probe(Session& session, ByteView probe) override;
    bool on_ticket(Session& session, ByteView ticket, ByteView early) override;
    void on_dirty(Session& session) override;
    void on_drained(Session& session) override;
    void on_ended(Session& session, const Ending& ending) override;

    // Dialer::Host
    void on_connected(LinkId link, const Fingerprint& peer, const SocketAddress& remote,
                      const Bytes& token) override;
    bool withdraw(LinkId link, bool for_other_session) override;
    bool wants_dial(const Fingerprint& peer) const override;
    void on_attempt(const Fingerprint& peer) override;
    void on_attempt_failed(const Fingerprint& peer, const Ending& ending,
                           std::chrono::milliseconds retry_in) override;

    // Puncher::Host (endpoint_punch.cpp)
    void send_punch(const Fingerprint& peer, const Message& message) override;
    void on_punched(const Fingerprint& peer, LinkId link, const SocketAddress& to,
                    bool leads) override;
    /// True: it was one of the puncher's.
    bool on_punch_message(const Session& session, const Message& message);
    /// They have dialled a session: what was punched and is not up yet is given up, as dials are.
    void withdraw_punched(const Fingerprint& peer);

    void accept(LinkId link, const SocketAddress& from);
    void evict(LinkId link);
    [[nodiscard]] BulkDoor::Ports bulk_ports();
    [[nodiscard]] BulkSecrets bulk_secrets(const Session& session, const RunId& run) const;
    void bulk_failed(const Fingerprint& peer, const RunId& run, const Ending& ending);
    [[nodiscard]] ContactGuard& guard_of(const Fingerprint& contact);
    [[nodiscard]] crypto::TokenLookup tokens_for(const Session& session);
    void update_trust(const Fingerprint& peer);
    void flush_all();
    std::chrono::milliseconds tick_all();
    void shut_down_all();
    /// The next tick must not be later than this.
    void due_at(std::chrono::milliseconds at) { next_due = std::min(next_due, at); }

    [[nodiscard]] Session* find(LinkId link) const;
    [[nodiscard]] Session* live_session(const Fingerprint& peer) const;
    [[nodiscard]] Session::Context session_context() {
        return {self, transport, clock, random, timing, *this};
    }
    [[nodiscard]] SessionOrigin origin_of(const Session& session) const;
    [[nodiscard]] bool is_contact(const Fingerprint& peer) const;
    void later(std::function<void()> task) { deferred.push_back(std::move(task)); }

    const crypto::PublicBundle self;
    Transport& transport;
    DecryptLane& lane;
    const Clock& clock;
    crypto::RandomSource& random;
    EndpointListener& listener;
    const Timing timing;

    std::optional<crypto::InviteToken> invite_token;
    std::unordered_set<Fingerprint> blocked;
    Door door;
    std::unordered_map<Fingerprint, ContactGuard> guards;  ///< of those with a route
    Dialer dialer;
    Asker asker;
    BulkDoor bulk;
    Puncher puncher;
    std::unordered_set<LinkId> punched;  ///< of our sessions that are not up yet
    ProbeResponder* responder = nullptr;
    std::unordered_map<LinkId, std::unique_ptr<Session>> sessions;  ///< in any phase
    std::unordered_map<Fingerprint, Session*> live;                 ///< up, one per peer
    std::unordered_set<LinkId> requested;  ///< strangers' sessions whose one request has come
    std::vector<LinkId> dirty;
    std::vector<LinkId> ended;
    std::vector<std::function<void()>> deferred;
    std::uint64_t events = 0;  ///< order of what the duplicate rule compares
    std::chrono::milliseconds next_due{0};
    int depth = 0;
    bool shut = false;
    EndpointStats counters;
    std::map<Ending::Reason, std::uint64_t> failed;
    ThreadAffinity affinity;
};

}  // namespace kith::net
