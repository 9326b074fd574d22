// SPDX-License-Identifier: MIT
//
// Whatever the order in which reliable messages come, and however often, both sides end alike.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <map>
#include <random>

#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::MessageState;
using test::get;
using test::message;
using test::message_id;
using test::outbox;
using test::peer;

namespace {

using Random = std::mt19937_64;

/// Databases for many runs, each with people of its own: making one takes longer than a run.
struct Pair {
    Database first = test::in_memory();
    Database second = test::in_memory();
};
constexpr std::uint64_t runs_per_pair = 50;

PeerId person(std::uint64_t seed, std::uint8_t which) {
    PeerId id = peer(which);
    for (std::size_t i = 0; i < 8; ++i) id.bytes[i] = static_cast<std::uint8_t>(seed >> (8 * i));
    return id;
}

std::size_t below(Random& random, std::size_t end) { return random() % end; }

std::map<MessageId, Message> messages_of(Database& database, const PeerId& with) {
    std::map<MessageId, Message> found;
    for (auto& one : test::newest(database, with)) found.emplace(one.id, std::move(one));
    return found;
}

Timers timers_of(Database& database, const PeerId& with) {
    for (const auto& one : get<Snapshot>(database.run(LoadAll{})).conversations)
        if (one.peer == with) return {one.timer_mine, one.timer_theirs, {}};
    return {};
}

// -- What one peer says, in any order --

/// Few revisions and ids, so that there are ties; texts for most of the targets.
std::vector<Job> what_a_peer_says(const PeerId& who, Random& random) {
    std::vector<Job> said;
    for (std::uint64_t i = 1; i <= 6; ++i)
        if (below(random, 5) > 0) said.emplace_back(InsertIncoming{message(who, i)});
    for (std::uint64_t n = 0; n < 30; ++n) {
        const auto target = message_id(1 + below(random, 7));
        const auto id = message_id(1000 + n);
        const std::uint64_t revision = below(random, 5);
        const auto word = std::to_string(n);
        switch (below(random, 5)) {
            case 0:
                if (below(random, 3) == 0) said.emplace_back(ApplyErase{who, target, id});
                break;
            case 1:
            case 2:
                said.emplace_back(ApplyEdit{who, target, id, revision, word});
                break;
            case 3:
                said.emplace_back(ApplyReactions{who, target, id, revision, {word}});
                break;
            default:
                said.emplace_back(
                    ApplyTimer{who, id, revision, static_cast<std::uint32_t>(below(random, 100))});
        }
    }
    return said;
}

struct Outcome {
    std::map<MessageId, Message> messages;
    std::uint32_t unread = 0;
    std::uint32_t timer = 0;
    bool operator==(const Outcome&) const = default;
};

Outcome listen(Database& database, const PeerId& who, std::vector<Job> said, Random& random) {
    const auto once = said.size();
    for (std::size_t i = 0; i < once / 2; ++i) said.push_back(said[below(random, once)]);
    std::shuffle(said.begin(), said.end(), random);
    for (const auto& job : said) REQUIRE(database.run(job));
    Outcome outcome{messages_of(database, who), test::unread(database, who),
                    timers_of(database, who).theirs};
    for (auto& [id, one] : outcome.messages) one.position = 0;  // in order of coming, as it should
    return outcome;
}

// -- Two that talk --

struct Side {
    Database& database;
    PeerId other;
    std::uint64_t name = 0;
    kith::model::Timestamp clock = 0;
    std::map<MessageId, std::uint64_t> sent;  ///< with their positions
    std::vector<MessageId> cancelled;
    std::uint64_t read_up_to = 0;  ///< by the other; the highest position of a receipt that came
};

struct Packet {
    bool to_second = false;
    Outgoing content;
};

class Talk {
public:
    Talk(Pair& pair, std::uint64_t seed)
        : random_(seed),
          sides_{{pair.first, person(seed, 2), 1, 0, {}, {}, 0},
                 {pair.second, person(seed, 1), 2, 0, {}, {}, 0}},
          last_(seed << 32) {}

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            Side& side = sides_[below(random_, 2)];
            side.clock += static_cast<std::int64_t>(below(random_, 7)) - 2;
            switch (below(random_, 4)) {
                case 0:
                    act(side);
                    break;
                case 1:
                    transmit(side);
                    break;
                default:
                    arrive();
            }
        }
    }

    /// Until both outboxes are empty.
    void settle() {
        while (!outbox(sides_[0].database, sides_[0].other).empty() ||
               !outbox(sides_[1].database, sides_[1].other).empty() || !flying_.empty()) {
            for (auto& side : sides_)
                if (flying_.size() < 50) transmit(side);
            arrive();
        }
    }

    void compare() {
        for (const int from : {0, 1}) {
            Side &writer = sides_[from], &reader = sides_[1 - from];
            const auto here = messages_of(writer.database, writer.other);
            const auto there = messages_of(reader.database, reader.other);
            for (const auto& [id, position] : writer.sent) compare(writer, id, here, there);
            CHECK(timers_of(writer.database, writer.other).mine ==
                  timers_of(reader.database, reader.other).theirs);
        }
    }

private:
    MessageId fresh(const Side& side) { return message_id((++last_ << 2) | side.name); }

    std::optional<MessageId> any(Side& side, bool own) {
        std::vector<MessageId> ids;
        for (const auto& one : test::newest(side.database, side.other))
            if (!own || one.outgoing) ids.push_back(one.id);
        if (ids.empty()) return std::nullopt;
        return ids[below(random_, ids.size())];
    }

    void act(Side& side) {
        const auto own = any(side, true), some = any(side, false);
        const auto word = std::to_string(below(random_, 1000));
        const auto id = fresh(side);
        auto& database = side.database;
        switch (below(random_, 8)) {
            case 0:
                if (own) (void)database.run(EraseOwn{*own, id, side.clock});
                break;
            case 1:
                if (own) (void)database.run(EditOwn{*own, id, word, side.clock});
                break;
            case 2:
                if (own && database.run(CancelOwn{*own, id, side.clock}))
                    side.cancelled.push_back(*own);
                break;
            case 3:
                if (some) (void)database.run(MarkRead{side.other, *some, id, side.clock});
                break;
            case 4:
                get<Timers>(database.run(SetTimer{
                    side.other, id, static_cast<std::uint32_t>(below(random_, 50)), side.clock}));
                break;
            case 5:
                if (some)
                    (void)database.run(ReactOwn{*some, id, std::to_string(below(random_, 3)),
                                                below(random_, 3) > 0, side.clock});
                break;
            default:
                auto text = message(side.other, 0, word);
                text.id = id;
                if (some && below(random_, 3) == 0) text.reply_to = some;
                side.sent[id] =
                    get<Inserted>(database.run(InsertOutgoing{text, side.clock})).message.position;
        }
    }

    /// Any of what waits, not only the oldest.
    void transmit(Side& side) {
        const auto waiting = outbox(side.database, side.other);
        if (waiting.empty()) return;
        flying_.push_back({&side == &sides_[0], waiting[below(random_, waiting.size())]});
    }

    void arrive() {
        if (flying_.empty()) return;
        const auto at = below(random_, flying_.size());
        const Packet packet = flying_[at];
        if (below(random_, 4) > 0) {  // otherwise it comes once more
            flying_[at] = flying_.back();
            flying_.pop_back();
        }
        Side& from = sides_[packet.to_second ? 0 : 1];
        Side& to = sides_[packet.to_second ? 1 : 0];
        take(to, packet.content);
        if (below(random_, 3) > 0)  // otherwise it is lost, and the sender sends again
            get<Delivered>(
                from.database.run(Acknowledged{from.other, {packet.content.id}, from.clock}));
    }

    static void take(Side& to, const Outgoing& one) {
        switch (one.kind) {
            case Kind::text: {
                auto text = message(to.other, 0, one.text);
                text.id = one.id;
                text.reply_to = one.reply_to;
                REQUIRE(to.database.run(InsertIncoming{text, 0, to.clock}));
                break;
            }
            case Kind::edit:
                REQUIRE(to.database.run(
                    ApplyEdit{to.other, one.target, one.id, one.revision, one.text, 0, to.clock}));
                break;
            case Kind::erase:
                REQUIRE(to.database.run(ApplyErase{to.other, one.target, one.id, 0, to.clock}));
                break;
            case Kind::reactions:
                REQUIRE(to.database.run(ApplyReactions{to.other, one.target, one.id, one.revision,
                                                       one.emojis, 0, to.clock}));
                break;
            case Kind::read_up_to:
                note_receipt(to, one.target);
                REQUIRE(to.database.run(ApplyRead{to.other, one.target}));
                break;
            case Kind::disappearing:
                REQUIRE(to.database.run(ApplyTimer{to.other, one.id, one.revision, one.timer}));
                break;
            case Kind::file_offer:
            case Kind::file_answer:
            case Kind::file_stop:
            case Kind::file_waits:
                FAIL("nobody offers files here");
        }
    }

    /// A text that was cancelled here after it had arrived there counts too.
    static void note_receipt(Side& side, const MessageId& target) {
        side.read_up_to = std::max(side.read_up_to, side.sent.at(target));
    }

    void compare(const Side& writer, const MessageId& id, const std::map<MessageId, Message>& here,
                 const std::map<MessageId, Message>& there) {
        INFO("message " << kith::model::to_string(id));
        const auto own = here.find(id), copy = there.find(id);
        const bool cancelled = std::find(writer.cancelled.begin(), writer.cancelled.end(), id) !=
                               writer.cancelled.end();
        CHECK((own == here.end()) == cancelled);
        if (cancelled || own->second.deleted) {
            // What was taken back before it was ever sent left no tombstone there.
            CHECK((copy == there.end() || copy->second.deleted));
            return;
        }
        REQUIRE(copy != there.end());
        compare(own->second, copy->second);
        CHECK((own->second.state == MessageState::read) ==
              (own->second.position <= writer.read_up_to));
    }

    static void compare(const Message& own, const Message& copy) {
        CHECK(own.text == copy.text);
        CHECK(own.edited == copy.edited);
        CHECK_FALSE(copy.deleted);
        CHECK(own.reply_to == copy.reply_to);
        auto mirrored = copy.reactions;
        for (auto& one : mirrored) one.mine = !one.mine;
        CHECK(own.reactions == mirrored);
        CHECK(own.state != MessageState::queued);
    }

    Random random_;
    Side sides_[2];
    std::vector<Packet> flying_;
    std::uint64_t last_;
};

}  // namespace

TEST_CASE("what a peer says has one outcome, in whatever order and how often it comes") {
    std::optional<Pair> pair;
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        INFO("seed " << seed);
        if (seed % runs_per_pair == 1) pair.emplace();
        Random random(seed);
        const auto who = person(seed, 1);
        const auto said = what_a_peer_says(who, random);
        const auto first = listen(pair->first, who, said, random);
        const auto second = listen(pair->second, who, said, random);
        REQUIRE(first == second);
    }
}

TEST_CASE("two that talk over a bad line end with the same conversation") {
    std::optional<Pair> pair;
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        INFO("seed " << seed);
        if (seed % runs_per_pair == 1) pair.emplace();
        Talk talk(*pair, seed);
        talk.run(150);
        talk.settle();
        talk.compare();
    }
}
