// SPDX-License-Identifier: MIT
#include <catch2/catch_test_macros.hpp>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

using namespace kith::store;
using kith::model::TransferState;
using test::answer;
using test::get;
using test::message;
using test::message_id;
using test::newest;
using test::offer;
using test::outbox;
using test::peer;

namespace {

const Blob list(300, 9);

TransferRow send(Database& database, std::uint64_t number) {
    const auto row = offer(peer(1), number, true);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), number, row.name), 100, row, list}));
    return row;
}

TransferRow receive(Database& database, std::uint64_t number, const Blob& manifest = {}) {
    const auto row = offer(peer(1), number, false);
    get<Inserted>(
        database.run(InsertIncoming{message(peer(1), number, row.name), 1, 100, row, manifest}));
    return row;
}

void put(Database& database, TransferRow row, TransferState state) {
    row.state = state;
    get<TransferStored>(database.run(PutTransfer{row, {}}));
}

std::vector<TransferRow> transfers(Database& database) {
    return get<Snapshot>(database.run(LoadAll{})).transfers;
}

std::string refusal(Database& database, const Job& job) {
    const auto result = database.run(job);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == Errc::too_late);
    return result.error().text;
}

std::int64_t rows(Database& database, const char* table) {
    return *database.connection().number(std::string("SELECT count(*) FROM ") + table + ";");
}

}  // namespace

TEST_CASE("an offer waits in the outbox with its list, and becomes delivered") {
    auto database = test::in_memory();
    const auto row = send(database, 1);
    const auto waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].kind == Kind::file_offer);
    CHECK(waiting[0].text == row.name);
    REQUIRE(waiting[0].transfer);
    CHECK(waiting[0].transfer->bytes == row.bytes);
    CHECK(waiting[0].transfer->manifest_hash == row.manifest_hash);
    CHECK(waiting[0].body == list);

    auto shown = newest(database, peer(1));
    REQUIRE(shown.at(0).transfer);
    CHECK(shown[0].transfer->files == 3);
    CHECK(shown[0].transfer->outgoing);
    CHECK(shown[0].transfer->listed);
    const auto delivered =
        get<Delivered>(database.run(Acknowledged{peer(1), {message_id(1)}, 200}));
    CHECK(delivered.texts == std::vector{message_id(1)});
    CHECK(outbox(database, peer(1)).empty());
    CHECK(newest(database, peer(1)).at(0).state == kith::model::MessageState::delivered);
}

TEST_CASE("a long list does not leave with its offer") {
    auto database = test::in_memory();
    auto row = offer(peer(1), 1, true);
    row.manifest_size = 32 * 1024 + 1;
    get<Inserted>(database.run(
        InsertOutgoing{message(peer(1), 1, row.name), 100, row, Blob(row.manifest_size)}));
    const auto waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].body.empty());
    CHECK(waiting[0].transfer->manifest_size == row.manifest_size);
}

TEST_CASE("what changes of a transfer is kept with what is to be said about it") {
    auto database = test::in_memory();
    auto row = receive(database, 1);
    CHECK_FALSE(transfers(database).at(0).listed);
    get<Stored>(database.run(PutManifest{peer(1), row.id, list}));
    CHECK(get<Manifest>(database.run(LoadManifest{peer(1), row.id})).manifest == list);
    CHECK(get<Manifest>(database.run(LoadManifest{peer(2), row.id})).manifest.empty());

    row.state = TransferState::waiting;
    row.total = 7;
    row.moved = 5;
    row.files_done = 2;
    row.files_failed = 1;
    row.paused_here = true;
    row.error = "The disk is full.";
    row.path = "/home/bob/Downloads";
    row.plan = Blob{4, 5};
    row.landed = Blob{3};
    const auto stored = get<TransferStored>(database.run(PutTransfer{row, answer(2, row.id)}));
    REQUIRE(stored.entry);
    row.listed = true;
    CHECK(transfers(database) == std::vector{row});
    auto waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].sequence == stored.entry->sequence);
    CHECK(waiting[0].kind == Kind::file_answer);
    CHECK(waiting[0].target == row.id);
    CHECK(waiting[0].body == Blob{5, 6, 7});

    // The next answer to the same offer stands for the first one.
    get<TransferStored>(database.run(PutTransfer{row, answer(3, row.id)}));
    waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].id == message_id(3));
}

TEST_CASE("nothing is said about a transfer that is not there") {
    auto database = test::in_memory();
    receive(database, 1);
    const auto other = offer(peer(1), 2, false);
    CHECK_FALSE(get<TransferStored>(database.run(PutTransfer{other, answer(3, other.id)})).entry);
    const auto stranger = offer(peer(9), 2, false);
    CHECK_FALSE(
        get<TransferStored>(database.run(PutTransfer{stranger, answer(3, other.id)})).entry);
    get<Stored>(database.run(PutManifest{peer(1), other.id, list}));
    CHECK(outbox(database, peer(1)).empty());
    CHECK(rows(database, "manifests") == 0);
    CHECK(transfers(database).size() == 1);
}

TEST_CASE("an offer that comes again changes nothing") {
    auto database = test::in_memory();
    auto row = receive(database, 1, list);
    put(database, row, TransferState::waiting);
    const auto again = get<Inserted>(
        database.run(InsertIncoming{message(peer(1), 1, "other"), 2, 900, row, Blob{1}}));
    CHECK(again.duplicate);
    CHECK(transfers(database).at(0).state == TransferState::waiting);
    CHECK(get<Manifest>(database.run(LoadManifest{peer(1), row.id})).manifest == list);
}

TEST_CASE("an offer stays in the history as long as its files move") {
    auto database = test::in_memory();
    const auto row = receive(database, 1, list);
    get<Unread>(database.run(MarkRead{peer(1), row.id, {}, 150}));
    refusal(database, RemoveLocally{row.id, 200});
    CHECK(get<Emptied>(database.run(DeleteConversation{peer(1), 200, {}})).kept == 1);
    CHECK(get<Pruned>(database.run(Prune{10'000, 9'000, 10})).conversations.empty());
    CHECK(newest(database, peer(1)).size() == 1);

    put(database, row, TransferState::done);
    SECTION("until it is removed") { get<Gone>(database.run(RemoveLocally{row.id, 300})); }
    SECTION("until the conversation is deleted") {
        CHECK(get<Emptied>(database.run(DeleteConversation{peer(1), 300, {}})).removed == 1);
    }
    SECTION("until it is too old") {
        CHECK(get<Pruned>(database.run(Prune{10'000, 9'000, 10})).conversations.size() == 1);
    }
    CHECK(newest(database, peer(1)).empty());
    CHECK(rows(database, "transfers") == 0);
    CHECK(rows(database, "manifests") == 0);
}

TEST_CASE("an offer is taken back by deleting it, on either side") {
    auto database = test::in_memory();
    SECTION("ours") {
        const auto row = send(database, 1);
        refusal(database, EditOwn{row.id, message_id(2), "other", 200});
        refusal(database, CancelOwn{row.id, message_id(2), 200});
        const auto change = get<Changed>(database.run(EraseOwn{row.id, message_id(2), 200}));
        CHECK(change.message->deleted);
        CHECK_FALSE(change.message->transfer);
        const auto waiting = outbox(database, peer(1));
        REQUIRE(waiting.size() == 1);
        CHECK(waiting[0].kind == Kind::erase);
    }
    SECTION("theirs") {
        const auto row = receive(database, 1, list);
        CHECK_FALSE(
            get<Changed>(database.run(ApplyEdit{peer(1), row.id, message_id(2), 5, "other.exe"}))
                .message);
        get<Changed>(database.run(ApplyErase{peer(1), row.id, message_id(3), 0, 200}));
        CHECK_FALSE(newest(database, peer(1)).at(0).transfer);
    }
    CHECK(transfers(database).at(0).state == TransferState::cancelled);
}

TEST_CASE("all that is going on and the newest of the rest are there after a start") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 3; ++i) receive(database, i);
    const auto over = offer(peer(1), 2, false);
    put(database, over, TransferState::done);
    const auto found = transfers(database);
    REQUIRE(found.size() == 3);
    CHECK(found[2].id == over.id);
    CHECK(found[2].plan == over.plan);
    CHECK(found[2].landed.empty());
    CHECK(found[0].plan == over.plan);
}

TEST_CASE("what is done with offers of a contact without asking is kept with the contact") {
    auto database = test::in_memory();
    auto row = test::peer_row(1);
    row.auto_accept = {kith::model::AutoAccept::Rule::up_to, 5'000'000'000};
    get<Stored>(database.run(PutPeer{row}));
    CHECK(get<Snapshot>(database.run(LoadAll{})).peers.at(0) == row);
}

TEST_CASE("what was said about an offer before it came counts when it comes, but for edits") {
    auto database = test::in_memory();
    get<Changed>(database.run(ApplyEdit{peer(1), message_id(1), message_id(51), 5, "other.exe"}));
    get<Changed>(database.run(ApplyReactions{peer(1), message_id(1), message_id(52), 5, {"+"}}));
    get<Changed>(database.run(ApplyErase{peer(1), message_id(2), message_id(53), 0, 50}));
    const auto row = receive(database, 1, list);
    receive(database, 2, list);
    const auto shown = newest(database, peer(1));
    CHECK(shown[0].text == row.name);
    CHECK_FALSE(shown[0].edited);
    CHECK(shown[0].reactions.size() == 1);
    CHECK(shown[0].transfer);
    CHECK(shown[1].deleted);
    CHECK_FALSE(shown[1].transfer);
    const auto found = transfers(database);
    REQUIRE(found.size() == 2);
    CHECK(found[0].state == TransferState::offered);
    CHECK((found[1].id == message_id(2) && found[1].state == TransferState::cancelled));
    CHECK(rows(database, "early") == 0);
}

TEST_CASE("a transfer that is over does not begin again") {
    auto database = test::in_memory();
    auto row = receive(database, 1, list);
    get<Changed>(database.run(ApplyErase{peer(1), row.id, message_id(3), 0, 200}));
    // Was on its way when the offer was deleted.
    row.state = TransferState::active;
    row.moved = 5;
    CHECK(get<TransferStored>(database.run(PutTransfer{row, answer(4, row.id)})).entry);
    CHECK(transfers(database).at(0).state == TransferState::cancelled);
    CHECK(transfers(database).at(0).moved == 5);
    get<Gone>(database.run(RemoveLocally{row.id, 300}));
    CHECK(rows(database, "transfers") == 0);
}

TEST_CASE("what is done stays done when the offer is deleted") {
    auto database = test::in_memory();
    const auto row = send(database, 1);
    get<Delivered>(database.run(Acknowledged{peer(1), {row.id}, 150}));
    put(database, row, TransferState::done);
    CHECK(get<Changed>(database.run(EraseOwn{row.id, message_id(2), 200})).message->deleted);
    CHECK(transfers(database).at(0).state == TransferState::done);
}

TEST_CASE("an offer that was removed here does not come back") {
    auto database = test::in_memory();
    const auto row = receive(database, 1, list);
    put(database, row, TransferState::declined);
    get<Gone>(database.run(RemoveLocally{row.id, 200}));
    CHECK(get<Inserted>(
              database.run(InsertIncoming{message(peer(1), 1, row.name), 2, 900, row, list}))
              .duplicate);
    CHECK(rows(database, "transfers") == 0);
    CHECK(rows(database, "manifests") == 0);
}

TEST_CASE("an offer that was never sent is taken back when it is over") {
    auto database = test::in_memory();
    const auto row = send(database, 1);
    put(database, row, TransferState::cancelled);
    get<Gone>(database.run(CancelOwn{row.id, {}, 200}));
    CHECK(outbox(database, peer(1)).empty());
    CHECK(rows(database, "transfers") == 0);
    CHECK(rows(database, "manifests") == 0);
}

TEST_CASE("a message comes with its transfer wherever it leaves the store") {
    auto database = test::in_memory();
    auto row = offer(peer(1), 1, false);
    const auto inserted = get<Inserted>(
        database.run(InsertIncoming{message(peer(1), 1, row.name), 1, 100, row, list}));
    row.listed = true;
    const auto expected = to_model(row);
    CHECK(inserted.message.transfer == expected);
    CHECK(newest(database, peer(1)).at(0).transfer == expected);
    const auto changed =
        get<Changed>(database.run(ReactOwn{row.id, message_id(2), "+", true, 200}));
    CHECK(changed.message->transfer == expected);
    const auto hits = get<Hits>(database.run(Search{"holi", {}, 5, {}})).hits;
    REQUIRE(hits.size() == 1);
    CHECK(hits[0].message.transfer == expected);
    // Files of the same number in another conversation are others.
    get<Inserted>(database.run(InsertIncoming{message(peer(2), 1, "a text"), 1, 100}));
    CHECK_FALSE(newest(database, peer(2)).at(0).transfer);
}

TEST_CASE("an offer that disappears waits until its files have stopped") {
    auto database = test::in_memory();
    const auto row = offer(peer(1), 1, false);
    auto said = message(peer(1), 1, row.name);
    said.timer = 60;
    get<Inserted>(database.run(InsertIncoming{said, 1, 100, row, list}));
    get<Unread>(database.run(MarkRead{peer(1), row.id, {}, 1000}));
    auto pruned = get<Pruned>(database.run(Prune{100'000, 0, 10}));
    CHECK(pruned.conversations.empty());
    CHECK(pruned.next == 0);  // else the node would look again and again
    put(database, row, TransferState::failed);
    CHECK(get<Pruned>(database.run(Prune{100'000, 0, 10})).conversations.empty());
    put(database, row, TransferState::done);
    CHECK(get<Pruned>(database.run(Prune{50'000, 0, 10})).next == 61'000);
    pruned = get<Pruned>(database.run(Prune{100'000, 0, 10}));
    REQUIRE(pruned.conversations.size() == 1);
    CHECK(pruned.conversations[0].messages == std::vector{row.id});
    CHECK(rows(database, "manifests") == 0);
}

TEST_CASE("of a deleted conversation, what waits or moves is kept and counted once") {
    auto database = test::in_memory();
    send(database, 1);  // waits and moves
    const auto over = receive(database, 2, list);
    receive(database, 3);
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 4), 100}));
    get<Inserted>(database.run(InsertIncoming{message(peer(1), 5), 1, 100}));
    put(database, over, TransferState::done);
    const auto emptied = get<Emptied>(database.run(DeleteConversation{peer(1), 200, {}}));
    CHECK(emptied.kept == 3);
    CHECK(emptied.removed == 2);
    std::vector<MessageId> left;
    for (const auto& one : newest(database, peer(1))) left.push_back(one.id);
    CHECK(left == std::vector{message_id(1), message_id(3), message_id(4)});
    CHECK(rows(database, "transfers") == 2);
    CHECK(rows(database, "manifests") == 1);
    CHECK(outbox(database, peer(1)).size() == 2);
}

TEST_CASE("an answer and a stop wait side by side, in their order among the others") {
    auto database = test::in_memory();
    const auto row = receive(database, 1, list);
    get<TransferStored>(database.run(PutTransfer{row, answer(2, row.id)}));
    get<Inserted>(database.run(InsertOutgoing{message(peer(1), 3), 100}));
    auto stop = answer(4, row.id);
    stop.kind = Kind::file_stop;
    stop.body = Blob{1};
    get<TransferStored>(database.run(PutTransfer{row, stop}));
    const auto waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 3);
    CHECK(waiting[0].kind == Kind::file_answer);
    CHECK(waiting[1].kind == Kind::text);
    CHECK(waiting[2].kind == Kind::file_stop);
    CHECK(waiting[2].body == Blob{1});
    CHECK(get<Delivered>(database.run(Acknowledged{peer(1), {message_id(2), message_id(4)}, 200}))
              .texts.empty());
    CHECK(outbox(database, peer(1)).size() == 1);
}

TEST_CASE("of where a file waits the newest word counts") {
    auto database = test::in_memory();
    const auto row = receive(database, 1, list);
    for (std::uint8_t i = 2; i < 5; ++i) {
        auto waits = answer(i, row.id);
        waits.kind = Kind::file_waits;
        waits.body = Blob{i};
        get<TransferStored>(database.run(PutTransfer{row, waits}));
    }
    const auto waiting = outbox(database, peer(1));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].kind == Kind::file_waits);
    CHECK(waiting[0].body == Blob{4});
}

TEST_CASE("a transfer changes only together with what is said about it") {
    auto database = test::in_memory();
    auto row = receive(database, 1, list);
    REQUIRE(database.connection().execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END;"));
    row.state = TransferState::waiting;
    CHECK_FALSE(database.run(PutTransfer{row, answer(2, row.id)}));
    CHECK(transfers(database).at(0).state == TransferState::offered);
    const auto sent = offer(peer(1), 3, true);
    CHECK_FALSE(database.run(InsertOutgoing{message(peer(1), 3), 100, sent, list}));
    CHECK(newest(database, peer(1)).size() == 1);
    CHECK(rows(database, "transfers") == 1);
    CHECK(rows(database, "manifests") == 1);
}

TEST_CASE("the longest list of files comes back as it was") {
    const test::TempFolder folder;
    Blob longest(16 << 20);
    for (std::size_t i = 0; i < longest.size(); ++i)
        longest[i] = static_cast<std::uint8_t>(i * 7 + i / 4096);
    {
        auto database = test::open(folder.file());
        const auto row = receive(database, 1);
        get<Stored>(database.run(PutManifest{peer(1), row.id, longest}));
    }
    auto database = test::open(folder.file());
    CHECK(get<Manifest>(database.run(LoadManifest{peer(1), message_id(1)})).manifest == longest);
}

TEST_CASE("of transfers that are over, a start reads the newest thousand") {
    auto database = test::in_memory();
    for (std::uint64_t i = 1; i <= 1003; ++i) {
        auto row = receive(database, i);
        if (i != 1) put(database, row, i % 2 == 0 ? TransferState::done : TransferState::cancelled);
    }
    const auto found = transfers(database);
    REQUIRE(found.size() == 1001);
    CHECK(found.front().id == message_id(1));  // old, but going on
    CHECK(found[1].id == message_id(1003));
    CHECK(found.back().id == message_id(4));
}

TEST_CASE("states are kept by fixed numbers; those of the moment wait after a restart") {
    auto database = test::in_memory();
    const std::pair<TransferState, TransferState> kept[] = {
        {TransferState::offered, TransferState::offered},
        {TransferState::active, TransferState::waiting},
        {TransferState::paused, TransferState::waiting},
        {TransferState::waiting, TransferState::waiting},
        {TransferState::failed, TransferState::failed},
        {TransferState::declined, TransferState::declined}};
    std::vector<std::int64_t> codes;
    auto row = receive(database, 1);
    for (const auto& [given, found] : kept) {
        put(database, row, given);
        CHECK(transfers(database).at(0).state == found);
        codes.push_back(*database.connection().number("SELECT state FROM transfers;"));
    }
    CHECK(codes == std::vector<std::int64_t>{1, 2, 2, 2, 4, 5});
}
