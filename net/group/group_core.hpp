// SPDX-License-Identifier: MIT
//
// One group, as one of its members sees it: takes what members say, commands and time, and gives
// back what is to be stored, said and shown. Owns no socket, file or thread. docs/protocol.md,
// "Groups". Network thread only.
//
//   hear(), session_up(), commands, tick() --> GroupCore --> take_actions()
//            stored(), fetched()           -->
//
// What comes from others counts here at once, and is told to others (heads, receipts, handing on)
// when stored() has confirmed it: nothing is acknowledged that is not durable. After a crash the
// core is loaded from what was stored; what was not, comes again.
#pragma once

#include <deque>
#include <list>
#include <set>
#include <span>

#include "net/group/body.hpp"
#include "net/group/change_log.hpp"
#include "net/group/history.hpp"
#include "net/token_bucket.hpp"
#include "net/transport.hpp"

namespace kith::net::group {

/// Bounds and times of this program, with their reasons.
struct CoreLimits {
    std::size_t items_waiting = 256;             ///< for parents or changes
    std::size_t items_waiting_each = 64;         ///< of one member: none displaces the others
    std::size_t bytes_waiting = 8 << 20;         ///< of them all
    std::size_t changes_waiting = 256;           ///< for parents
    std::size_t wants = 4096;                    ///< hashes looked for; the rest when there is room
    std::size_t answer_items = 64;               ///< in one answer
    std::size_t answer_bytes = 192 * 1024;       ///< of bodies and envelopes in one answer
    std::chrono::milliseconds patience{30'000};  ///< for an answer, and for what an item waits for
    std::chrono::milliseconds remind{15'000};    ///< then heads are told again to who lacks some
    double asks_per_second = 8;                  ///< of one member; a walk through the history each
    double ask_burst = 64;
};

// --- what the caller has to do, in this order ---

/// Store these durably, then call stored(sequence). A change comes once.
struct StoreChange {
    std::uint64_t sequence = 0;
    Hash hash{};
    Bytes encoded;
};
/// Store a message, then call stored(sequence), and show it.
struct StoreItem {
    std::uint64_t sequence = 0;
    SignedItem item;
    Header header;             ///< for load()
    Order order;               ///< where it stands; may be before others
    std::optional<Body> body;  ///< what it says; nothing: gone, of a newer version, or not readable
    bool mine = false;
};
/// Store the body of a message that was stored without one, then call stored(sequence).
struct StoreBody {
    std::uint64_t sequence = 0;
    SignedItem item;
    std::optional<Body> body;
};
/// These stand elsewhere now: store and show it. Rare: somebody's clock, or a gap that was filled.
struct StoreOrder {
    std::vector<std::pair<Hash, Order>> moved;
};
/// Their session is up.
struct Send {
    Fingerprint to;
    Message message;
};
/// Their session is down: seal it to their mailbox, or leave it; they get it in a later session
/// from whoever has it.
struct Mail {
    Fingerprint to;
    Message message;
};
/// Read these from the store and call fetched(ticket, ...) with as many, in this order.
struct Fetch {
    std::uint64_t ticket = 0;
    std::vector<Hash> items;
};
/// Members, rights, the name or cards are others now: see members(). `lines` are the new changes
/// with an effect, for lines in the history; `voided` had one before and have none any more.
struct MembersChanged {
    std::vector<Hash> lines;
    std::vector<Hash> voided;
};
/// These messages of ours are durable there, or were read.
struct Delivered {
    Fingerprint member;
    std::vector<Hash> messages;
};
struct Read {
    Fingerprint member;
    std::vector<Hash> messages;
};
struct TypingHeard {
    Fingerprint member;
    bool on = false;
};
/// How many messages are known to be missing has changed: see missing().
struct GapsChanged {
    std::size_t missing = 0;
};
/// The log or the history holds no more; said once.
struct Full {};
using Action = std::variant<StoreChange, StoreItem, StoreBody, StoreOrder, Send, Mail, Fetch,
                            MembersChanged, Delivered, Read, TypingHeard, GapsChanged, Full>;

enum class Refusal {
    not_member,   ///< we are not in the group (any more)
    not_allowed,  ///< admins may; or the log says no
    no_such,      ///< they are no member
    invalid,      ///< a name, text or record outside its bounds
    full,
};
using Done = tl::expected<Hash, Refusal>;

class GroupCore {
public:
    struct World {
        Fingerprint self;
        const crypto::SigningKey& signing;  ///< of self's bundle
        const Clock& clock;
        crypto::RandomSource& random;
    };
    /// A group that exists: what is stored of it follows with load(). Without it, one that we are
    /// being added to: it fills when its changes are heard.
    GroupCore(const GroupId& group, const World& world, const CoreLimits& limits = {});
    ~GroupCore();
    /// A new one with ourselves as its only member. Nothing: the name or record is invalid.
    static std::unique_ptr<GroupCore> create(const std::string& name, const MemberRecord& self,
                                             const World& world, const CoreLimits& limits = {});

    /// Before anything else: changes in the order they were stored, messages in any. False: some of
    /// the changes were not what was stored once; the group goes on without them.
    bool load(const std::vector<Bytes>& changes, const std::vector<Header>& messages);

    // --- commands: done here and now, told when stored ---
    /// `share_last`: of the latest messages so many, at most shared_max, are theirs too.
    Done add_member(const MemberRecord& member, std::size_t share_last = 0);
    Done remove_member(const Fingerprint& member);
    Done leave();
    Done rename(const std::string& name);
    Done set_admin(const Fingerprint& member, bool on);
    Done set_card(const Card& card);
    /// The message's id is id_of(hash, its time), in the StoreItem that follows.
    Done send(const Body& body);
    /// Everything up to this message has been read here; tells its authors.
    void read(const Hash& message);
    void typing(bool on);
    /// Its body is no more in the store; others are told so who ask for it.
    void body_gone(const Hash& message);

    // --- the world ---
    void session_up(const Fingerprint& peer);
    void session_down(const Fingerprint& peer);
    /// From a session or from mail (`mailed`); of anybody. False: it is not about this group.
    bool hear(const Fingerprint& from, Message& message, bool mailed = false);
    /// Everything up to this sequence is durable.
    void stored(std::uint64_t sequence);
    /// Nothing in a place: not in the store.
    void fetched(std::uint64_t ticket, std::vector<std::optional<SignedItem>> items);
    /// Call when it says, and after every other call at the latest.
    std::chrono::milliseconds tick();
    [[nodiscard]] std::vector<Action> take_actions();

    // --- what there is ---
    [[nodiscard]] const GroupId& id() const noexcept { return group_; }
    [[nodiscard]] ChangeLog::View members() const { return log_.members(); }
    [[nodiscard]] bool is_member() const;
    [[nodiscard]] const ChangeLog& log() const noexcept { return log_; }
    [[nodiscard]] const History& history() const noexcept { return history_; }
    /// Hashes named by messages here that are not here, and that nobody has said are not for us.
    [[nodiscard]] std::vector<Hash> missing() const;
    /// Messages and changes that wait for others, at most as many as the limits say.
    [[nodiscard]] std::size_t waiting() const noexcept {
        return waiting_.size() + waiting_changes_.size();
    }

private:
    using Index = History::Index;
    using Mask = History::Mask;
    using Milliseconds = std::chrono::milliseconds;

    struct Peer {
        bool member = false;
        std::uint8_t slot = 0;  ///< of members: their bit in masks
        bool up = false;
        std::uint32_t asked = 0;  ///< number of the question under way; 0: none
        bool gained = false;      ///< something new has come since it was put
        Milliseconds asked_at{};
        bool asked_changes = false;
        Milliseconds asked_changes_at{};
        std::vector<Hash> changes;  ///< heads they last told
        std::vector<Hash> gaps;     ///< they last told
        Milliseconds told_at{};     ///< our heads
        std::optional<TokenBucket> asks;
        bool answering = false;
    };
    struct Want {
        Mask holders = 0;     ///< who has announced it
        Mask tried = 0;       ///< in this session of theirs
        Mask withheld = 0;    ///< who said it is not for us
        bool needed = false;  ///< others are asked, too
        std::optional<Fingerprint> asked;
    };
    struct Waiting {
        SignedItem item;
        Fingerprint from;
        Milliseconds since{};
        bool proven = false;  ///< its signature was checked
    };
    struct Unstored {
        std::uint64_t sequence = 0;
        std::optional<ChangeLog::Index> change;
        std::optional<Index> message;
        std::optional<SignedItem> mine;  ///< to be sent
    };
    struct Answering {
        Fingerprint to;
        std::vector<Index> items;
        GroupAnswered end;
    };
    static constexpr std::uint8_t self_slot = 63;  ///< members beside us have 0 to 62
    enum class Verdict { good, wait_for_changes, wait_for_parents, bad };

    // group_core.cpp
    Done change(Statement statement);
    void say(const Fingerprint& to, Message message);
    [[nodiscard]] Milliseconds now() const { return world_.clock.monotonic(); }
    [[nodiscard]] std::int64_t wall() const;
    [[nodiscard]] Peer* member_up(const Fingerprint& peer);
    [[nodiscard]] Mask bit(const Fingerprint& member) const;
    [[nodiscard]] Mask members_up() const;
    void say_full();

    // group_changes.cpp
    void heard(const Fingerprint& from, GroupChanges& message);
    void heard(const Fingerprint& from, const GroupChangesAsk& message);
    bool take(SignedChange change, const Fingerprint* from);
    bool retry_changes();
    void ask_changes(const Fingerprint& from);
    [[nodiscard]] std::vector<Hash> wanted_changes(const Peer& peer) const;
    std::size_t say_changes(const Fingerprint& to, std::span<const ChangeLog::Index> changes);
    void say_all_changes(const Fingerprint& to, std::span<const ChangeLog::Index> changes);
    void say_removal(const Fingerprint& to, const std::vector<Hash>& known);
    void announce(ChangeLog::Index change);
    void members_moved();
    void seat_members();
    void unseat(const Fingerprint& id, Peer& peer);

    // group_items.cpp
    void heard(const Fingerprint& from, GroupItem& message);
    void take(SignedItem item, const Fingerprint& from);
    [[nodiscard]] Verdict judge(Waiting& waiting) const;
    [[nodiscard]] bool may_have(const Fingerprint& member, const std::vector<Hash>& view,
                                const Hash& message) const;
    void accept(SignedItem item);
    void fill(SignedItem item, Index index);
    void let_wait(Waiting waiting);
    void drop(std::list<Waiting>::iterator at);
    void retry_items();
    [[nodiscard]] bool waits_on(const Waiting& waiting, Verdict verdict) const;
    void push(const SignedItem& item);
    void say_receipts(const std::map<Fingerprint, std::vector<Hash>>& delivered);

    // group_sync.cpp
    void heard(const Fingerprint& from, GroupHave& message);
    void heard(const Fingerprint& from, const GroupSeen& message);
    void heard(const Fingerprint& from, const GroupTyping& message);
    void tell_heads(const Fingerprint& to, Peer& peer, bool asks);
    [[nodiscard]] std::vector<Hash> gaps_to_name() const;
    [[nodiscard]] bool lacks(const Peer& peer) const;
    void delivered(const Fingerprint& member, const std::vector<Index>& messages);
    void tell_read(const std::set<Fingerprint>& authors);
    void note_gaps();

    // group_asks.cpp
    void heard(const Fingerprint& from, const GroupAsk& message);
    void heard(const Fingerprint& from, const GroupAnswered& message);
    [[nodiscard]] Answering answer_to(const Fingerprint& from, const GroupAsk& message) const;
    void want(const Hash& hash, Mask holders, bool needed);
    void want_gaps();
    void prune_wants();
    void ask();
    void ask(const Fingerprint& from, Peer& peer);
    [[nodiscard]] bool worth_asking(const Want& want, Mask bit, Mask up) const;
    void give_up(const Fingerprint& from, Peer& peer, bool tried);

    GroupId group_;
    const World world_;
    const CoreLimits limits_;
    ChangeLog log_;
    History history_;
    std::map<Fingerprint, Peer> peers_;  ///< members, and others whose session is up
    std::unordered_map<Hash, Want, HashOf> wants_;
    std::list<Waiting> waiting_;  ///< oldest first
    std::size_t waiting_bytes_ = 0;
    std::deque<SignedChange> waiting_changes_;
    std::deque<Unstored> unstored_;
    std::size_t durable_changes_ = 0;
    std::vector<Hash> read_;  ///< up to here by us
    std::map<std::uint64_t, Answering> answering_;
    ChangeLog::View shown_;  ///< members as of the last MembersChanged
    std::vector<bool> counted_;
    std::uint64_t sequence_ = 0;
    std::uint64_t ticket_ = 0;
    std::uint32_t number_ = 0;
    std::size_t told_missing_ = 0;
    bool full_ = false;
    std::vector<Action> actions_;
};

}  // namespace kith::net::group
