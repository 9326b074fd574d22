// SPDX-License-Identifier: MIT
//
// The files behind an offer, read for who accepted them. Blocks: for the thread of a run.
#pragma once

#include <memory>

#include "app/files/file_calls.hpp"
#include "net/transfer/file_io.hpp"

namespace kith::files {

/// `roots`: as walk() gave them: the absolute path of each entry at the top. Beneath each no link
/// is followed, also not one that has taken the place of a folder since. A file that has another
/// size or time than offered is `changed`. `manifest` and `calls` outlive it.
[[nodiscard]] std::unique_ptr<net::FileSource> open_source(const net::Manifest& manifest,
                                                           std::vector<std::string> roots,
                                                           const FileCalls& calls = system_calls());

}  // namespace kith::files
