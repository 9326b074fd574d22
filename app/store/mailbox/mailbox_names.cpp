// SPDX-License-Identifier: MIT
#include <algorithm>

#include "app/store/mailbox/mailbox_tables.hpp"

namespace kith::store::mailbox {
namespace {

using ByteSpan = std::span<const std::uint8_t>;
constexpr std::size_t name_min = 3;

/// The server spells names so; anything else would be another spelling of one.
bool is_name(const std::string& name) {
    return name.size() >= name_min && name.size() <= net::relay_name_max &&
           std::ranges::all_of(name, [](char letter) {
               return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
                      letter == '.' || letter == '_' || letter == '-';
           });
}

Step taken_by_another(Connection& connection, const SetName& job) {
    auto query = connection.query("SELECT 1 FROM names WHERE name = ?1 AND owner <> ?2");
    return query.with(job.name, ByteSpan(job.owner.bytes)).step();
}

Step has_name(Connection& connection, const Fingerprint& owner) {
    auto query = connection.query("SELECT 1 FROM names WHERE owner = ?1");
    return query.with(ByteSpan(owner.bytes)).step();
}

bool give_back(Connection& connection, const Fingerprint& owner) {
    return connection.query("DELETE FROM names WHERE owner = ?1").with(ByteSpan(owner.bytes)).run();
}

bool take(const Situation& at, const SetName& job) {
    auto query = at.connection.query(
        "INSERT INTO names (name, owner, seen_at, card) VALUES (?1, ?2, ?3, ?4)");
    return query.with(job.name, ByteSpan(job.owner.bytes), std::int64_t{at.now.count()}, job.card)
        .run();
}

/// What keeps the name from its owner, if anything does.
std::optional<Reply> refusal(const Situation& at, const SetName& job) {
    const auto taken = taken_by_another(at.connection, job);
    if (taken == Step::failed) return disk_said_no();
    if (taken == Step::row) return refused(MailboxOutcome::taken, Refusal::name_taken);
    const auto had = has_name(at.connection, job.owner);
    const auto all = totals(at.connection);
    if (had == Step::failed || !all) return disk_said_no();
    if (had == Step::done && all->names >= at.limits.names)
        return refused(MailboxOutcome::full, Refusal::names_full);
    return std::nullopt;
}

}  // namespace

Reply run(const Situation& at, const SetName& job) {
    if (job.name.empty()) return give_back(at.connection, job.owner) ? Reply{} : disk_said_no();
    if (!is_name(job.name)) return {MailboxOutcome::failed, std::nullopt, {}, false, {}, {}};
    if (auto no = refusal(at, job)) return std::move(*no);
    const bool done = give_back(at.connection, job.owner) && take(at, job);
    return done ? Reply{} : disk_said_no();
}

Reply run(const Situation& at, const FindName& job) {
    auto query = at.connection.query("SELECT card FROM names WHERE name = ?1");
    const auto step = query.with(job.name).step();
    if (step == Step::failed) return disk_said_no();
    Reply reply;
    if (step == Step::done) {
        reply.outcome = MailboxOutcome::none;
        return reply;
    }
    reply.card = query.blob(0);
    return reply;
}

}  // namespace kith::store::mailbox
