// SPDX-License-Identifier: MIT
#include "app/store/outbox.hpp"

#include "app/store/emojis.hpp"

namespace kith::store {
namespace {

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// What has a row in `messages`, where its content is.
bool is_message(Kind kind) { return kind == Kind::text || kind == Kind::file_offer; }

/// Receipts and timers are about the whole conversation, the others about their target.
bool drop_older(Connection& connection, std::int64_t conversation, const Outgoing& entry) {
    if (is_message(entry.kind)) return true;
    if (entry.kind == Kind::read_up_to || entry.kind == Kind::disappearing)
        return connection
            .query("DELETE FROM outbox WHERE conversation = ?1 AND kind = ?2 AND kind > 1")
            .with(conversation, static_cast<int>(entry.kind))
            .run();
    return withdraw(connection, conversation, entry.kind, entry.target);
}

std::optional<MessageId> target_of(const Outgoing& entry) {
    const bool none = is_message(entry.kind) || entry.kind == Kind::disappearing;
    return none ? std::nullopt : std::optional(entry.target);
}

/// A text's content and time stay in its message, so that an edit before sending is sent.
bool insert(Connection& connection, std::int64_t conversation, const Outgoing& entry) {
    const auto target = target_of(entry);
    const auto seconds = entry.kind == Kind::disappearing ? entry.timer : 0;
    const auto packed = pack_emojis(entry.emojis);
    const bool files = entry.kind == Kind::file_answer || entry.kind == Kind::file_stop ||
                       entry.kind == Kind::file_waits;
    const auto body = entry.kind == Kind::edit ? bytes_of(entry.text)
                      : files                  ? std::span(entry.body)
                                               : std::span(packed);
    return connection
        .query(
            "INSERT INTO outbox (conversation, kind, id, target, revision, seconds, body)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")
        .with(conversation, static_cast<int>(entry.kind), entry.id, target, entry.revision, seconds,
              body)
        .run();
}

}  // namespace

bool enqueue(Connection& connection, std::int64_t conversation, Outgoing& entry) {
    if (!drop_older(connection, conversation, entry) || !insert(connection, conversation, entry))
        return false;
    entry.sequence = connection.last_row();
    return true;
}

bool withdraw(Connection& connection, std::int64_t conversation, Kind kind,
              const MessageId& target) {
    return connection
        .query(
            "DELETE FROM outbox WHERE conversation = ?1 AND kind = ?2 AND target = ?3 AND kind > 1")
        .with(conversation, static_cast<int>(kind), target)
        .run();
}

bool withdraw_text(Connection& connection, std::int64_t conversation, const MessageId& id) {
    return connection
        .query(
            "DELETE FROM outbox WHERE id = ?1 AND conversation = ?2"
            " AND kind IN (1, 7)")
        .with(id, conversation)
        .run();
}

Expected<std::uint64_t> next_revision(Connection& connection, model::Timestamp now) {
    if (!connection.query("UPDATE clock SET revision = max(revision + 1, ?1)").with(now).run())
        return tl::unexpected(connection.error());
    auto query = connection.query("SELECT revision FROM clock");
    if (query.step() != Step::row) return tl::unexpected(connection.error());
    return static_cast<std::uint64_t>(query.integer(0));
}

}  // namespace kith::store
