// SPDX-License-Identifier: MIT
//
// Jobs that change messages here and, through the outbox, on the other side.
#include <algorithm>

#include "app/store/amendments.hpp"
#include "app/store/jobs.hpp"
#include "app/store/outbox.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store::jobs {
namespace {

tl::unexpected<Error> deleted_already() {
    return fail(Errc::too_late, "This message was deleted already.");
}

Outgoing entry_of(Kind kind, const MessageId& id, const MessageId& target) {
    Outgoing entry;
    entry.kind = kind;
    entry.id = id;
    entry.target = target;
    return entry;
}

Expected<bool> reads(Connection& connection, const Row& row, const std::string& text) {
    auto query = connection.query("SELECT text = ?2 FROM messages WHERE position = ?1");
    if (query.with(row.position, text).step() != Step::row) return failed(connection);
    return query.flag(0);
}

Result edit(Connection& connection, const Row& row, const EditOwn& job) {
    const auto revision = next_revision(connection, job.now);
    if (!revision) return tl::unexpected(revision.error());
    Outgoing entry = entry_of(Kind::edit, job.id, row.id);
    entry.revision = *revision;
    entry.text = job.text;
    if (!write_edit(connection, row, job.text, {*revision, job.id}) ||
        !enqueue(connection, row.conversation, entry))
        return failed(connection);
    return changed(connection, row, std::move(entry));
}

/// A text that still waited is not sent any more: it leaves as an Erase only, in case it did
/// arrive without our knowing.
Result erase(Connection& connection, const Row& row, const EraseOwn& job) {
    Outgoing entry = entry_of(Kind::erase, job.id, row.id);
    if (!write_erase(connection, row, job.now) ||
        !withdraw(connection, row.conversation, Kind::edit, row.id) ||
        !withdraw(connection, row.conversation, Kind::reactions, row.id) ||
        !withdraw_text(connection, row.conversation, row.id) ||
        !enqueue(connection, row.conversation, entry))
        return failed(connection);
    return changed(connection, row, std::move(entry));
}

/// Nothing when it is as wished already.
Expected<std::optional<std::vector<std::string>>> with_wish(std::vector<std::string> emojis,
                                                            const ReactOwn& job) {
    const auto at = std::find(emojis.begin(), emojis.end(), job.emoji);
    if ((at != emojis.end()) == job.on) return std::nullopt;
    if (!job.on) {
        emojis.erase(at);
        return emojis;
    }
    if (emojis.size() >= model::reactions_max)
        return fail(Errc::too_many,
                    "A message can have at most 8 reactions of yours. Take one back first.");
    emojis.push_back(job.emoji);
    return emojis;
}

Result react(Connection& connection, const Row& row, const ReactOwn& job) {
    auto current = load_reactions(connection, row, true);
    if (!current) return tl::unexpected(current.error());
    auto wished = with_wish(std::move(current->emojis), job);
    if (!wished) return tl::unexpected(wished.error());
    if (!*wished) return unchanged(connection, row.conversation, row.peer);
    const auto revision = next_revision(connection, job.now);
    if (!revision) return tl::unexpected(revision.error());
    Outgoing entry = entry_of(Kind::reactions, job.id, row.id);
    entry.revision = *revision;
    entry.emojis = std::move(**wished);
    if (!write_reactions(connection, row, true, {{*revision, job.id}, entry.emojis}) ||
        !enqueue(connection, row.conversation, entry))
        return failed(connection);
    return changed(connection, row, std::move(entry));
}

}  // namespace

Result run(Connection& connection, const EditOwn& job) {
    const auto row = find_own(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (row->deleted) return deleted_already();
    const auto offer = state_of_transfer(connection, *row);
    if (!offer) return tl::unexpected(offer.error());
    if (*offer) return fail(Errc::too_late, "An offer of files cannot be edited.");
    const auto same = reads(connection, *row, job.text);
    if (!same) return tl::unexpected(same.error());
    if (*same) return unchanged(connection, row->conversation, row->peer);
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = edit(connection, *row, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const EraseOwn& job) {
    const auto row = find_own(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (row->deleted) return deleted_already();
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = erase(connection, *row, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

Result run(Connection& connection, const ReactOwn& job) {
    const auto row = find_any(connection, job.message);
    if (!row) return tl::unexpected(row.error());
    if (row->deleted) return deleted_already();
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    auto result = react(connection, *row, job);
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace kith::store::jobs
