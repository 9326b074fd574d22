// SPDX-License-Identifier: MIT
//
// Jobs that carry out what a peer says about messages. Foreign input: a peer changes only what it
// wrote, and its own reactions; everything else is taken and changes nothing.
#include "app/store/amendments.hpp"
#include "app/store/early.hpp"
#include "app/store/emojis.hpp"
#include "app/store/jobs.hpp"
#include "app/store/transfer_rows.hpp"

namespace kith::store::jobs {
namespace {

/// For a message that is not here: kept until it comes, unless it was here before.
Result put_aside(Connection& connection, std::int64_t conversation, const PeerId& peer,
                 const MessageId& target, const EarlyAmendment& amendment) {
    const auto removed = is_forgotten(connection, conversation, target);
    if (!removed) return tl::unexpected(removed.error());
    if (!*removed && !keep_early(connection, conversation, target, amendment))
        return failed(connection);
    return unchanged(connection, conversation, peer);
}

Result apply(Connection& connection, const Row& row, const ApplyEdit& job) {
    const Revision revision{job.revision, job.id};
    if (row.outgoing || row.deleted || revision <= row.edit)
        return unchanged(connection, row.conversation, row.peer);
    const auto offer = state_of_transfer(connection, row);
    if (!offer) return tl::unexpected(offer.error());
    if (*offer) return unchanged(connection, row.conversation, row.peer);
    if (!write_edit(connection, row, job.text, revision)) return failed(connection);
    return changed(connection, row, {});
}

Result apply(Connection& connection, const Row& row, const ApplyErase& job) {
    if (row.outgoing || row.deleted) return unchanged(connection, row.conversation, row.peer);
    if (!write_erase(connection, row, job.now)) return failed(connection);
    return changed(connection, row, {});
}

Result apply(Connection& connection, const Row& row, const ApplyReactions& job) {
    const Revision revision{job.revision, job.id};
    const auto current = load_reactions(connection, row, false);
    if (!current) return tl::unexpected(current.error());
    if (row.deleted || revision <= current->revision)
        return unchanged(connection, row.conversation, row.peer);
    if (!write_reactions(connection, row, false, {revision, within_bounds(job.emojis)}))
        return failed(connection);
    return changed(connection, row, {});
}

EarlyAmendment aside(const ApplyEdit& job) {
    return {Kind::edit, {job.revision, job.id}, job.text, {}};
}
EarlyAmendment aside(const ApplyErase& job) { return {Kind::erase, {0, job.id}, {}, {}}; }
EarlyAmendment aside(const ApplyReactions& job) {
    return {Kind::reactions, {job.revision, job.id}, {}, within_bounds(job.emojis)};
}

template <typename Amendment>
Result apply_or_keep(Connection& connection, const Amendment& job) {
    Savepoint savepoint(connection);
    if (!savepoint.opened()) return failed(connection);
    const auto conversation = open_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    const auto row = find_row(connection, *conversation, job.target);
    if (!row) return tl::unexpected(row.error());
    auto result = *row ? apply(connection, **row, job)
                       : put_aside(connection, *conversation, job.peer, job.target, aside(job));
    if (result && !savepoint.keep()) return failed(connection);
    return result;
}

}  // namespace

Result run(Connection& connection, const ApplyEdit& job) { return apply_or_keep(connection, job); }
Result run(Connection& connection, const ApplyErase& job) { return apply_or_keep(connection, job); }
Result run(Connection& connection, const ApplyReactions& job) {
    return apply_or_keep(connection, job);
}

}  // namespace kith::store::jobs
