// SPDX-License-Identifier: MIT
//
// Searching: the index names positions, newest first; the messages are then read one by one.
#include <algorithm>
#include <limits>

#include "app/store/conversations.hpp"
#include "app/store/jobs.hpp"
#include "app/store/search_index.hpp"
#include "app/store/search_query.hpp"
#include "app/store/search_snippet.hpp"

namespace kith::store::jobs {
namespace {

constexpr auto newest = std::numeric_limits<std::int64_t>::max();

/// What the hits lie in front of.
Expected<std::int64_t> end_of_hits(Connection& connection, const Search& job,
                                   std::optional<std::int64_t> conversation) {
    if (!job.before) return newest;
    // Only a hostile contact can make an id stand for two messages. Going on from the older one
    // may leave hits out, but always comes to an end.
    auto query = connection.query(
        "SELECT position FROM messages WHERE id = ?1 AND (?2 = 0 OR conversation = ?2)"
        " UNION ALL"
        " SELECT position FROM forgotten WHERE id = ?1 AND (?2 = 0 OR conversation = ?2)"
        " ORDER BY 1 LIMIT 1");
    switch (query.with(*job.before, conversation.value_or(0)).step()) {
        case Step::row:
            return query.integer(0);
        case Step::done:
            return fail(Errc::no_such_message,
                        "The message to continue from is not there any more. Search again.");
        default:
            return failed(connection);
    }
}

/// One more than wanted is asked for: whether it comes says whether there is more. The scope is
/// shared by conversations whose numbers are far apart, so the number is compared, too.
Expected<std::vector<std::uint64_t>> find_positions(Connection& connection,
                                                    const std::string& expression, std::int64_t end,
                                                    std::int64_t conversation, std::size_t limit) {
    auto query = connection.query(
        "SELECT s.rowid FROM search s CROSS JOIN messages m ON m.position = s.rowid"
        " WHERE s.words MATCH ?1 AND s.rowid < ?2 AND (?3 = 0 OR m.conversation = ?3)"
        " ORDER BY s.rowid DESC LIMIT ?4");
    query.with(expression, end, conversation, std::uint64_t{limit + 1});
    std::vector<std::uint64_t> positions;
    Step step = query.step();
    for (; step == Step::row; step = query.step())
        positions.push_back(static_cast<std::uint64_t>(query.integer(0)));
    if (step == Step::failed) return failed(connection);
    return positions;
}

Expected<Hits> load(Connection& connection, const Tokenizer& tokenizer,
                    const std::vector<Phrase>& phrases,
                    const std::vector<std::uint64_t>& positions) {
    Hits hits;
    for (const auto position : positions) {
        auto message = load_message(connection, position);
        if (!message) return tl::unexpected(message.error());
        auto snippet = make_snippet(tokenizer, phrases, message->text);
        hits.hits.push_back(
            {std::move(*message), std::move(snippet.text), std::move(snippet.marks)});
    }
    return hits;
}

/// A full disk must not keep anybody from searching what is in the index already.
void bring_up_to_date(Connection& connection) {
    for (auto more = index_some(connection, index_rows_max); more && *more;)
        more = index_some(connection, index_rows_max);
}

}  // namespace

Result run(Connection& connection, const Search& job) {
    std::optional<std::int64_t> conversation;
    if (job.peer) {
        const auto found = find_conversation(connection, *job.peer);
        if (!found) return tl::unexpected(found.error());
        if (!*found) return Hits{};
        conversation = **found;
    }
    const auto tokenizer = Tokenizer::of(connection);
    if (!tokenizer) return tl::unexpected(tokenizer.error());
    const auto phrases = parse_query(*tokenizer, job.text);
    if (phrases.empty()) return Hits{};
    const auto end = end_of_hits(connection, job, conversation);
    if (!end) return tl::unexpected(end.error());

    bring_up_to_date(connection);
    const std::size_t limit = std::min(job.limit, model::hits_max);
    auto positions = find_positions(connection, match_expression(phrases, conversation), *end,
                                    conversation.value_or(0), limit);
    if (!positions) return tl::unexpected(positions.error());
    const bool more = positions->size() > limit;
    if (more) positions->resize(limit);
    auto hits = load(connection, *tokenizer, phrases, *positions);
    if (!hits) return tl::unexpected(hits.error());
    hits->more = more;
    return std::move(*hits);
}

}  // namespace kith::store::jobs
