// SPDX-License-Identifier: MIT
#include "tests/store/every_job.hpp"

#include <sqlcipher/sqlite3.h>

#include "app/store/connection.hpp"
#include "tests/store/support.hpp"

namespace kith::store::test {
namespace {

Message with_timer(std::uint64_t number, std::uint32_t timer) {
    auto text = message(peer(1), number);
    text.timer = timer;
    text.reply_to = message_id(10);
    return text;
}

void add_talk(std::vector<Job>& jobs) {
    for (std::uint64_t i = 10; i < 14; ++i)
        jobs.emplace_back(InsertOutgoing{message(peer(1), i, std::string(500, 'o')), 100});
    for (std::uint64_t i = 20; i < 26; ++i)
        jobs.emplace_back(InsertIncoming{message(peer(1), i, std::string(500, 'i')), 0, 100});
    jobs.emplace_back(Acknowledged{peer(1), {message_id(10), message_id(11)}, 200});
    jobs.emplace_back(MarkRead{peer(1), message_id(23), message_id(100), 300});
    jobs.emplace_back(ApplyRead{peer(1), message_id(11)});
    jobs.emplace_back(SetTimer{peer(1), message_id(101), 60, 300});
    jobs.emplace_back(ApplyTimer{peer(1), message_id(102), 9, 30});
    jobs.emplace_back(InsertIncoming{with_timer(30, 60), 0, 400});
    jobs.emplace_back(InsertOutgoing{with_timer(31, 60), 400});
    jobs.emplace_back(MarkRead{peer(1), message_id(30), {}, 500});
}

void add_amendments(std::vector<Job>& jobs) {
    jobs.emplace_back(EditOwn{message_id(10), message_id(110), "edited", 600});
    jobs.emplace_back(EraseOwn{message_id(11), message_id(111), 600});
    jobs.emplace_back(ReactOwn{message_id(20), message_id(112), "+", true, 600});
    jobs.emplace_back(ApplyEdit{peer(1), message_id(20), message_id(113), 5, "edited"});
    jobs.emplace_back(ApplyErase{peer(1), message_id(21), message_id(114), 0, 700});
    jobs.emplace_back(ApplyReactions{peer(1), message_id(10), message_id(115), 5, {"a", "b"}});
    jobs.emplace_back(ApplyEdit{peer(1), message_id(40), message_id(116), 5, "edited early"});
    jobs.emplace_back(ApplyReactions{peer(1), message_id(40), message_id(117), 5, {"c"}});
    jobs.emplace_back(ApplyErase{peer(1), message_id(41), message_id(118)});
    jobs.emplace_back(InsertIncoming{message(peer(1), 40), 0, 700});
}

void add_transfers(std::vector<Job>& jobs) {
    auto sent = offer(peer(1), 130, true);
    jobs.emplace_back(InsertOutgoing{message(peer(1), 130, sent.name), 720, sent, Blob(300, 1)});
    auto received = offer(peer(1), 131, false);
    jobs.emplace_back(InsertIncoming{message(peer(1), 131, received.name), 0, 720, received, {}});
    jobs.emplace_back(PutManifest{peer(1), message_id(131), Blob(300, 2)});
    jobs.emplace_back(LoadManifest{peer(1), message_id(131)});
    jobs.emplace_back(PutTransfer{received, answer(132, message_id(131))});
    auto gone = offer(peer(1), 133, false);
    jobs.emplace_back(InsertIncoming{message(peer(1), 133, gone.name), 0, 720, gone, Blob{3}});
    gone.state = model::TransferState::declined;
    jobs.emplace_back(PutTransfer{gone, {}});
    jobs.emplace_back(RemoveLocally{message_id(133), 730});
}

void add_removals(std::vector<Job>& jobs) {
    jobs.emplace_back(CancelOwn{message_id(12), message_id(120), 800});
    jobs.emplace_back(RemoveLocally{message_id(22), 800});
    jobs.emplace_back(Prune{1'000'000, 150, 2});
    jobs.emplace_back(InsertIncoming{message(peer(2), 50), 0, 900});
    jobs.emplace_back(DeleteConversation{peer(2), 900, {}});
    jobs.emplace_back(Prune{0, 0, 2});
}

void add_mail(std::vector<Job>& jobs) {
    const Blob seed(32, 1), mail(32, 2), key(1216, 3);
    jobs.emplace_back(PutOwnPrekeys{peer(1), {{7, seed}, {8, seed}}, 950});
    jobs.emplace_back(PutOwnPrekeys{{}, {{9, seed}}, 950});
    jobs.emplace_back(UsePrekey{7, mail, 960});
    jobs.emplace_back(PutTheirPrekeys{peer(1), {{1, key}, {2, key}}});
    jobs.emplace_back(TakeTheirPrekey{peer(1)});
    jobs.emplace_back(MarkAtRelay{peer(1), {message_id(11)}, 970});
    jobs.emplace_back(DropPrekeys{peer(2)});
    jobs.emplace_back(LoadOpenPrekey{});
    jobs.emplace_back(FindPrekey{8, Blob(32, 4)});
    jobs.emplace_back(CountTheirPrekeys{peer(1)});
}

void add_reading(std::vector<Job>& jobs) {
    jobs.emplace_back(LoadAll{});
    jobs.emplace_back(LoadOutbox{peer(1), 0, 100});
    jobs.emplace_back(LoadPage{peer(1), 3, {}, {}, {}});
    jobs.emplace_back(LoadPage{peer(1), 3, message_id(25), {}, {}});
    jobs.emplace_back(LoadPage{peer(1), 3, {}, message_id(10), {}});
    jobs.emplace_back(LoadPage{peer(1), 3, {}, {}, message_id(25)});
}

/// In order of the table's key.
std::vector<std::string> rows_of(Database& database, const std::string& table) {
    auto& connection = database.connection();
    sqlite3_stmt* statement = nullptr;
    const std::string sql = "SELECT * FROM " + table;
    if (sqlite3_prepare_v2(connection.handle(), sql.c_str(), -1, &statement, nullptr) != SQLITE_OK)
        give_up(connection.error());
    std::vector<std::string> rows;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        std::string row;
        for (int i = 0; i < sqlite3_column_count(statement); ++i) {
            const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, i));
            const int size = sqlite3_column_bytes(statement, i);
            row += std::string(bytes != nullptr ? bytes : "", static_cast<std::size_t>(size)) + "|";
        }
        rows.push_back(std::move(row));
    }
    sqlite3_finalize(statement);
    return rows;
}

}  // namespace

std::vector<Job> every_job() {
    std::vector<Job> jobs{PutMeta{"key", Blob{1, 2}}, PutPeer{peer_row(1)}};
    add_talk(jobs);
    add_amendments(jobs);
    add_transfers(jobs);
    add_removals(jobs);
    add_mail(jobs);
    add_reading(jobs);
    return jobs;
}

std::map<std::string, std::vector<std::string>> dump(Database& database) {
    std::map<std::string, std::vector<std::string>> tables;
    for (const char* table :
         {"meta", "peers", "peer_addresses", "conversations", "messages", "outbox", "reactions",
          "early", "forgotten", "clock", "emptying", "transfers", "manifests", "own_prekeys",
          "their_prekeys", "opened_mail"})
        tables[table] = rows_of(database, table);
    return tables;
}

}  // namespace kith::store::test
