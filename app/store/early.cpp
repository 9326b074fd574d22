// SPDX-License-Identifier: MIT
#include "app/store/early.hpp"

#include <algorithm>

#include "app/store/amendments.hpp"
#include "app/store/emojis.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store {
namespace {

tl::unexpected<Error> failed(const Connection& connection) {
    return tl::unexpected(connection.error());
}

EarlyAmendment read_amendment(const Query& row) {
    EarlyAmendment amendment;
    amendment.kind = static_cast<Kind>(row.integer(0));
    amendment.revision = {static_cast<std::uint64_t>(row.integer(1)), row.id<MessageId>(2)};
    if (amendment.kind == Kind::edit) amendment.text = row.text(3);
    if (amendment.kind == Kind::reactions) amendment.emojis = unpack_emojis(row.blob(3));
    return amendment;
}

Blob body_of(const EarlyAmendment& amendment) {
    if (amendment.kind == Kind::reactions) return pack_emojis(amendment.emojis);
    return {amendment.text.begin(), amendment.text.end()};
}

bool drop(Connection& connection, std::int64_t conversation, const MessageId& target) {
    return connection.query("DELETE FROM early WHERE conversation = ?1 AND target = ?2")
        .with(conversation, target)
        .run();
}

std::int64_t weight_of(const Blob& body) {
    return 1 + static_cast<std::int64_t>(body.size() / early_unit);
}

/// Arrivals rise per conversation by what each weighs, so that the oldest go without counting.
bool insert(Connection& connection, std::int64_t conversation, const MessageId& target,
            const EarlyAmendment& amendment) {
    const Blob body = body_of(amendment);
    return connection
        .query(
            "INSERT INTO early (conversation, arrival, target, kind, revision, id, body)"
            " VALUES (?1, ?7 + ifnull((SELECT max(arrival) FROM early WHERE conversation = ?1), 0),"
            " ?2, ?3, ?4, ?5, ?6) ON CONFLICT (conversation, target, kind)"
            " DO UPDATE SET arrival = excluded.arrival, revision = ?4, id = ?5, body = ?6")
        .with(conversation, target, static_cast<int>(amendment.kind), amendment.revision.number,
              amendment.revision.id, body, weight_of(body))
        .run();
}

bool drop_oldest(Connection& connection, std::int64_t conversation) {
    return connection
        .query(
            "DELETE FROM early WHERE conversation = ?1 AND arrival <="
            " (SELECT max(arrival) FROM early WHERE conversation = ?1) - ?2")
        .with(conversation, early_max)
        .run();
}

}  // namespace

bool keep_early(Connection& connection, std::int64_t conversation, const MessageId& target,
                const EarlyAmendment& amendment) {
    const auto known = load_early(connection, conversation, target);
    if (!known) return false;
    const bool older = std::any_of(known->begin(), known->end(), [&](const auto& one) {
        return one.kind == Kind::erase ||
               (one.kind == amendment.kind && amendment.revision <= one.revision);
    });
    if (older) return true;
    if (amendment.kind == Kind::erase && !drop(connection, conversation, target)) return false;
    return insert(connection, conversation, target, amendment) &&
           drop_oldest(connection, conversation);
}

Expected<std::vector<EarlyAmendment>> load_early(Connection& connection, std::int64_t conversation,
                                                 const MessageId& target) {
    auto query = connection.query(
        "SELECT kind, revision, id, body FROM early WHERE conversation = ?1 AND target = ?2");
    std::vector<EarlyAmendment> found;
    query.with(conversation, target);
    Step step = query.step();
    for (; step == Step::row; step = query.step()) found.push_back(read_amendment(query));
    if (step == Step::failed) return failed(connection);
    return found;
}

Expected<void> apply_early(Connection& connection, const Row& row,
                           const std::vector<EarlyAmendment>& amendments, model::Timestamp now) {
    const auto offer = state_of_transfer(connection, row);
    if (!offer) return tl::unexpected(offer.error());
    for (const auto& one : amendments) {
        if (*offer && one.kind == Kind::edit) continue;  // the text of an offer stays what it is
        bool done = false;
        if (one.kind == Kind::erase)
            done = write_erase(connection, row, now);
        else if (one.kind == Kind::edit)
            done = write_edit(connection, row, one.text, one.revision);
        else
            done = write_reactions(connection, row, false, {one.revision, one.emojis});
        if (!done) return failed(connection);
    }
    if (!drop(connection, row.conversation, row.id)) return failed(connection);
    return {};
}

}  // namespace kith::store
