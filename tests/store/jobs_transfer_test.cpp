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
    CHECK(found[2].plan.empty());
    CHECK(found[0].plan == over.plan);
}

TEST_CASE("what is done with offers of a contact without asking is kept with the contact") {
    auto database = test::in_memory();
    auto row = test::peer_row(1);
    row.auto_accept = {kith::model::AutoAccept::Rule::up_to, 5'000'000'000};
    get<Stored>(database.run(PutPeer{row}));
    CHECK(get<Snapshot>(database.run(LoadAll{})).peers.at(0) == row);
}
