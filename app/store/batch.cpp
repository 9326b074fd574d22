// SPDX-License-Identifier: MIT
#include "app/store/batch.hpp"

#include <algorithm>
#include <type_traits>

namespace kith::store {
namespace {

template <typename T, typename... Kinds>
constexpr bool one_of = (std::is_same_v<T, Kinds> || ...);

constexpr std::size_t row_overhead = 128;  ///< identifiers, numbers and index entries of a row

std::vector<Result> all_failed(std::size_t count, const Error& error) {
    return std::vector<Result>(count, tl::unexpected(error));
}

Error reason(const Result& result) {
    return result ? Error{Errc::io, "Saving was interrupted. Try again."} : result.error();
}

}  // namespace

bool writes(const Job& job) {
    return std::visit(
        [](const auto& one) {
            return !one_of<std::decay_t<decltype(one)>, LoadAll, LoadOutbox, LoadPage>;
        },
        job);
}

std::size_t weight(const Job& job) {
    return row_overhead + std::visit(
                              [](const auto& one) -> std::size_t {
                                  using Kind = std::decay_t<decltype(one)>;
                                  if constexpr (one_of<Kind, InsertOutgoing, InsertIncoming>)
                                      return one.message.text.size();
                                  else if constexpr (one_of<Kind, PutMeta>)
                                      return one.value.size();
                                  else if constexpr (one_of<Kind, MarkDelivered>)
                                      return one.ids.size() * row_overhead;
                                  else
                                      return 0;
                              },
                              job);
}

std::vector<Result> run_batch(Database& database, const std::vector<Job>& jobs) {
    std::vector<Result> results;
    results.reserve(jobs.size());
    const bool writing = std::any_of(jobs.begin(), jobs.end(), writes);
    if (writing)
        if (auto begun = database.begin(); !begun) return all_failed(jobs.size(), begun.error());
    for (const Job& job : jobs) {
        results.push_back(database.run(job));
        // SQLite undoes the whole transaction on some failures: what went before is gone too.
        if (writing && !database.in_transaction())
            return all_failed(jobs.size(), reason(results.back()));
    }
    if (writing)
        if (auto committed = database.commit(); !committed)
            return all_failed(jobs.size(), committed.error());
    return results;
}

}  // namespace kith::store
