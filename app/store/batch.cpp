// SPDX-License-Identifier: MIT
#include "app/store/batch.hpp"

#include <algorithm>
#include <type_traits>

namespace kith::store {
namespace {

template <typename T, typename... Kinds>
constexpr bool one_of = (std::is_same_v<T, Kinds> || ...);

constexpr std::size_t row_overhead = 128;  ///< identifiers, numbers and index entries of a row
/// Jobs that touch many rows end their batch: others wait for no more than one of them.
constexpr std::size_t many_rows = batch_bytes_max;

std::vector<Result> all_failed(std::size_t count, const Error& error) {
    return std::vector<Result>(count, tl::unexpected(error));
}

Error reason(const Result& result) {
    return result ? Error{Errc::io, "Saving was interrupted. Try again."} : result.error();
}

Result run_one(Database& database, const Job& job, BrokenSessions& broken) {
    if (broken.refuses(job)) return tl::unexpected(refused_after_failure());
    auto result = database.run(job);
    if (!result) broken.note_failure(job);
    return result;
}

std::vector<Result> run_in_transaction(Database& database, const std::vector<Job>& jobs,
                                       BrokenSessions& broken) {
    std::vector<Result> results;
    results.reserve(jobs.size());
    const bool writing = std::any_of(jobs.begin(), jobs.end(), writes);
    if (writing)
        if (auto begun = database.begin(); !begun) return all_failed(jobs.size(), begun.error());
    for (const Job& job : jobs) {
        results.push_back(run_one(database, job, broken));
        // SQLite undoes the whole transaction on some failures: what went before is gone too.
        if (writing && !database.in_transaction())
            return all_failed(jobs.size(), reason(results.back()));
    }
    if (writing)
        if (auto committed = database.commit(); !committed)
            return all_failed(jobs.size(), committed.error());
    return results;
}

}  // namespace

bool writes(const Job& job) {
    return std::visit(
        [](const auto& one) {
            return !one_of<std::decay_t<decltype(one)>, LoadAll, LoadOutbox, LoadPage, Search,
                           LoadManifest, LoadOpenPrekey, FindPrekey, CountTheirPrekeys>;
        },
        job);
}

std::size_t weight(const Job& job) {
    return row_overhead + std::visit(
                              [](const auto& one) -> std::size_t {
                                  using Type = std::decay_t<decltype(one)>;
                                  if constexpr (one_of<Type, InsertOutgoing, InsertIncoming>)
                                      return one.message.text.size() + one.manifest.size();
                                  else if constexpr (one_of<Type, PutTransfer>)
                                      return one.row.plan.size() + one.row.landed.size();
                                  else if constexpr (one_of<Type, PutManifest>)
                                      return one.manifest.size();
                                  else if constexpr (one_of<Type, PutMeta>)
                                      return one.value.size();
                                  else if constexpr (one_of<Type, EditOwn, ApplyEdit>)
                                      return one.text.size();
                                  else if constexpr (one_of<Type, Acknowledged>)
                                      return one.ids.size() * row_overhead;
                                  else if constexpr (one_of<Type, Prune>)
                                      return one.limit * row_overhead;
                                  else if constexpr (one_of<Type, DeleteConversation>)
                                      return many_rows;
                                  else
                                      return 0;
                              },
                              job);
}

std::optional<Job> rest_of(const Result& result) {
    const auto* const emptied = result ? std::get_if<Emptied>(&*result) : nullptr;
    if (emptied == nullptr || !emptied->rest) return std::nullopt;
    return *emptied->rest;
}

std::vector<Result> run_batch(Database& database, const std::vector<Job>& jobs,
                              BrokenSessions& broken) {
    auto results = run_in_transaction(database, jobs, broken);
    for (std::size_t i = 0; i < jobs.size(); ++i)
        if (!results[i]) broken.note_failure(jobs[i]);
    return results;
}

std::vector<Result> run_batch(Database& database, const std::vector<Job>& jobs) {
    BrokenSessions none;
    return run_batch(database, jobs, none);
}

}  // namespace kith::store
