// SPDX-License-Identifier: MIT
//
// A page of a conversation. First which rows it has, from the index and the sizes alone; then their
// content, in one go.
#include <algorithm>
#include <limits>

#include "app/store/conversations.hpp"
#include "app/store/jobs.hpp"
#include "app/store/message_rows.hpp"

namespace kith::store::jobs {
namespace {

constexpr std::size_t page_bytes = 8 << 20;  ///< of text in one page
constexpr auto behind_all = std::numeric_limits<std::int64_t>::max();

struct Place {
    std::int64_t position = 0;
    std::size_t bytes = 0;
};

/// Places on one side of a position, the nearest first; one more than a page can hold.
struct Side {
    std::vector<Place> places;
    std::size_t taken = 0;
    [[nodiscard]] bool more() const { return taken < places.size(); }
};

Expected<Side> collect(Connection& connection, Query& query) {
    Side side;
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        side.places.push_back({query.integer(0), static_cast<std::size_t>(query.integer(1))});
    if (step == Step::failed) return failed(connection);
    return side;
}

Expected<Side> older_than(Connection& connection, std::int64_t conversation, std::int64_t position,
                          std::size_t limit) {
    auto query = connection.query(
        "SELECT position, octet_length(text) FROM messages"
        " WHERE conversation = ?1 AND position < ?2 ORDER BY position DESC LIMIT ?3");
    query.with(conversation, position, std::uint64_t{limit});
    return collect(connection, query);
}

Expected<Side> from_on(Connection& connection, std::int64_t conversation, std::int64_t position,
                       std::size_t limit) {
    auto query = connection.query(
        "SELECT position, octet_length(text) FROM messages"
        " WHERE conversation = ?1 AND position >= ?2 ORDER BY position LIMIT ?3");
    query.with(conversation, position, std::uint64_t{limit});
    return collect(connection, query);
}

/// What a page takes of both sides: by turns while both have something, until it is full. The
/// first is taken however long it is.
void share(Side& older, Side& newer, std::size_t limit) {
    std::size_t bytes = 0;
    while (older.taken + newer.taken < limit && (older.more() || newer.more())) {
        const bool back = older.more() && (!newer.more() || older.taken < newer.taken);
        Side& side = back ? older : newer;
        const std::size_t size = side.places[side.taken].bytes;
        if (bytes > 0 && bytes + size > page_bytes) break;
        bytes += size;
        ++side.taken;
    }
}

/// Where the page hangs: what comes before `position`, what comes from it on, or both.
struct Anchor {
    std::int64_t position = behind_all;
    bool older = true;
    bool newer = false;
};

Expected<Anchor> find_anchor(Connection& connection, std::int64_t conversation,
                             const LoadPage& job) {
    const auto& id = job.around ? job.around : job.after ? job.after : job.before;
    if (!id) return Anchor{};
    if (job.after && *id == MessageId{}) return Anchor{0, false, true};
    const auto found = find_position(connection, conversation, *id);
    if (!found) return tl::unexpected(found.error());
    if (!*found)
        return fail(Errc::no_such_message,
                    "The message to continue from is not in this conversation. "
                    "Load the newest messages instead.");
    const auto position = static_cast<std::int64_t>(**found);
    if (job.around) return Anchor{position, true, true};
    if (job.after) return Anchor{position + 1, false, true};
    return Anchor{position, true, false};
}

Expected<std::vector<Message>> load_range(Connection& connection, std::int64_t conversation,
                                          std::int64_t first, std::int64_t last) {
    auto query =
        connection.query("SELECT " KITH_MESSAGE_COLUMNS " FROM messages m" KITH_MESSAGE_JOINS
                         " WHERE m.conversation = ?1 AND m.position BETWEEN ?2 AND ?3"
                         " ORDER BY m.position");
    query.with(conversation, first, last);
    std::vector<Message> messages;
    Step step = query.step();
    for (; step == Step::row; step = query.step()) messages.push_back(read_message(query));
    if (step == Step::failed) return failed(connection);
    return messages;
}

Expected<Page> fill(Connection& connection, std::int64_t conversation, const Side& older,
                    const Side& newer) {
    Page page;
    page.more = older.more();
    page.more_newer = newer.more();
    if (older.taken + newer.taken == 0) return page;
    const auto first =
        older.taken > 0 ? older.places[older.taken - 1].position : newer.places[0].position;
    const auto last =
        newer.taken > 0 ? newer.places[newer.taken - 1].position : older.places[0].position;
    auto messages = load_range(connection, conversation, first, last);
    if (!messages) return tl::unexpected(messages.error());
    page.messages = std::move(*messages);
    return page;
}

/// A side the page does not extend to is only asked whether there is something.
Expected<Page> load(Connection& connection, std::int64_t conversation, const Anchor& anchor,
                    std::size_t limit) {
    auto older =
        older_than(connection, conversation, anchor.position, anchor.older ? limit + 1 : 1);
    if (!older) return tl::unexpected(older.error());
    auto newer = from_on(connection, conversation, anchor.position, anchor.newer ? limit + 1 : 1);
    if (!newer) return tl::unexpected(newer.error());
    Side none;
    share(anchor.older ? *older : none, anchor.newer ? *newer : none, limit);
    return fill(connection, conversation, *older, *newer);
}

}  // namespace

Result run(Connection& connection, const LoadPage& job) {
    const auto conversation = find_conversation(connection, job.peer);
    if (!conversation) return tl::unexpected(conversation.error());
    const auto anchor = find_anchor(connection, conversation->value_or(0), job);
    if (!anchor) return tl::unexpected(anchor.error());
    if (!*conversation) return Page{};
    auto page = load(connection, **conversation, *anchor, std::min(job.limit, model::page_max));
    if (!page) return tl::unexpected(page.error());
    return std::move(*page);
}

}  // namespace kith::store::jobs
