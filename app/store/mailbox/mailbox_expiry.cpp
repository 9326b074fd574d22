// SPDX-License-Identifier: MIT
//
// What goes by its time: items, names, and the slots of owners nobody has seen for very long.
#include "app/store/mailbox/mailbox_tables.hpp"

namespace kith::store::mailbox {
namespace {

/// In one step: 32 items of sealed_max are less than 3 MiB to be overwritten and flushed.
constexpr int items_at_once = 32;
constexpr int names_at_once = 256;
/// Stored later than this from now, the clock was set back: they count from now on.
constexpr Milliseconds clock_slack = std::chrono::hours(1);

constexpr const char* oldest_items =
    "DELETE FROM items WHERE number IN "
    "(SELECT number FROM items WHERE stored_at <= ?1 ORDER BY stored_at LIMIT ?2)";
constexpr const char* items_of_the_future =
    "UPDATE items SET stored_at = ?3 WHERE number IN "
    "(SELECT number FROM items WHERE stored_at > ?1 ORDER BY stored_at DESC LIMIT ?2)";
constexpr const char* forgotten_names =
    "DELETE FROM names WHERE name IN "
    "(SELECT name FROM names WHERE seen_at <= ?1 ORDER BY seen_at LIMIT ?2)";
constexpr const char* forgotten_owner =
    "SELECT id FROM owners WHERE seen_at <= ?1 AND EXISTS "
    "(SELECT 1 FROM slots WHERE owner = owners.id AND live = 1) ORDER BY seen_at LIMIT 1";

bool any(Connection& connection, const char* sql, std::int64_t time) {
    return connection.query(sql).with(time).step() == Step::row;
}

/// At most 10,240 slots in one step.
bool forget_an_owner(const Situation& at) {
    std::int64_t owner = 0;
    {
        auto query = at.connection.query(forgotten_owner);
        const auto step = query.with(at.long_gone()).step();
        if (step != Step::row) return step == Step::done;
        owner = query.integer(0);
    }
    return forget_owner(at.connection, owner);
}

}  // namespace

bool has_old(const Situation& at) {
    auto& connection = at.connection;
    return any(connection, "SELECT 1 FROM items WHERE stored_at <= ?1 LIMIT 1", at.too_old()) ||
           any(connection, "SELECT 1 FROM items WHERE stored_at > ?1 LIMIT 1",
               (at.now + clock_slack).count()) ||
           any(connection, "SELECT 1 FROM names WHERE seen_at <= ?1 LIMIT 1", at.long_gone()) ||
           any(connection, forgotten_owner, at.long_gone());
}

Expected<void> drop_old(const Situation& at) {
    auto& connection = at.connection;
    const std::int64_t now = at.now.count();
    const std::int64_t future = (at.now + clock_slack).count();
    const bool done =
        connection.query(oldest_items).with(at.too_old(), items_at_once).run() &&
        connection.query(items_of_the_future).with(future, items_at_once, now).run() &&
        connection.query(forgotten_names).with(at.long_gone(), names_at_once).run() &&
        forget_an_owner(at);
    if (!done) return tl::unexpected(connection.error());
    return {};
}

}  // namespace kith::store::mailbox
