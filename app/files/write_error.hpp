// SPDX-License-Identifier: MIT
//
// What to tell a person when something cannot be saved. Free functions; any thread.
#pragma once

#include "net/transfer/file_io.hpp"

namespace kith::files {

/// `result`: -errno of a call. `what`: "Holiday/beach.jpg"; the sentence is about it.
[[nodiscard]] net::FileError write_error(int result, const std::string& what);

/// tl::unexpected(write_error(...)).
[[nodiscard]] tl::unexpected<net::FileError> cannot_write(int result, const std::string& what);

}  // namespace kith::files
