// SPDX-License-Identifier: MIT
#include "tests/store/support.hpp"

#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

namespace kith::store::test {

namespace fs = std::filesystem;

TempFolder::TempFolder(const fs::path& parent) {
    std::random_device random;
    const fs::path base = parent.empty() ? fs::temp_directory_path() : parent;
    do path_ = base / ("kith-store-" + std::to_string(random()));
    while (!fs::create_directory(path_));
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

Key key(std::uint8_t fill) {
    Key key;
    key.fill(fill);
    return key;
}

PeerId peer(std::uint8_t fill) {
    PeerId id;
    id.bytes.fill(fill);
    return id;
}

MessageId message_id(std::uint64_t number) {
    MessageId id;
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(number >> (56 - 8 * i));
    return id;
}

Message message(const PeerId& peer, std::uint64_t number, std::string text) {
    Message message;
    message.id = message_id(number);
    message.peer = peer;
    message.text = std::move(text);
    message.at = 1'700'000'000'000 + static_cast<std::int64_t>(number);
    return message;
}

PeerRow peer_row(std::uint8_t fill) {
    PeerRow row;
    row.id = peer(fill);
    row.relation = Relation::contact;
    row.verified = true;
    row.own_name = "Ann";
    row.alias = "Ann from work";
    row.greeting = "hi";
    row.dial_token = Blob(16, fill);
    row.door_token = Blob(16, 9);
    row.addresses = {{Blob{192, 0, 2, 1}, 4711}, {Blob(16, 32), 65535}};
    row.created_at = 1;
    row.last_seen = 2;
    row.signer = Blob(32, fill);
    return row;
}

void give_up(const Error& error) { throw std::runtime_error(error.text); }

TransferRow offer(const PeerId& peer, std::uint64_t number, bool outgoing) {
    TransferRow row;
    row.id = message_id(number);
    row.peer = peer;
    row.outgoing = outgoing;
    row.name = "Holiday " + std::to_string(number);
    row.files = 3;
    row.bytes = row.total = 4'000'000'000;
    row.manifest_hash = Blob(32, static_cast<std::uint8_t>(number));
    row.manifest_size = 300;
    row.at = 1000 + static_cast<model::Timestamp>(number);
    row.path = "/home/alice/Holiday";
    row.plan = Blob{1, 2, 3};
    return row;
}

Outgoing answer(std::uint64_t number, const MessageId& transfer) {
    Outgoing entry;
    entry.kind = Kind::file_answer;
    entry.id = message_id(number);
    entry.target = transfer;
    entry.body = Blob{5, 6, 7};
    return entry;
}

Database open(const std::string& file, const Key& with) {
    auto database = Database::open({file, with, true});
    if (!database) give_up(database.error());
    return std::move(*database);
}

Database in_memory() {
    auto database = Database::open_in_memory();
    if (!database) give_up(database.error());
    return std::move(*database);
}

std::vector<Message> newest(Database& database, const PeerId& with, std::size_t limit) {
    LoadPage job;
    job.peer = with;
    job.limit = limit;
    return get<Page>(database.run(job)).messages;
}

std::vector<Outgoing> outbox(Database& database, const PeerId& to) {
    std::vector<Outgoing> entries;
    for (bool more = true; more;) {
        const auto after = entries.empty() ? 0 : entries.back().sequence;
        auto page = get<OutboxPage>(database.run(LoadOutbox{to, after, 500}));
        for (auto& entry : page.entries) entries.push_back(std::move(entry));
        more = page.more;
    }
    return entries;
}

std::uint32_t unread(Database& database, const PeerId& with) {
    for (const auto& one : get<Snapshot>(database.run(LoadAll{})).conversations)
        if (one.peer == with) return one.unread;
    return 0;
}

std::string contents(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_contents(const std::string& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace kith::store::test
