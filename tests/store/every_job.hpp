// SPDX-License-Identifier: MIT
//
// A script in which every kind of job does its work at least once, and what a database holds after
// it.
#pragma once

#include <map>

#include "app/store/database.hpp"

namespace kith::store::test {

/// All of them succeed on an empty database, in this order.
[[nodiscard]] std::vector<Job> every_job();

/// Every row of every table, by table; without the search index.
[[nodiscard]] std::map<std::string, std::vector<std::string>> dump(Database& database);

}  // namespace kith::store::test
