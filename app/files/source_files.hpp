// SPDX-License-Identifier: MIT
//
// The files of a transfer that are sent: read beneath what the person has chosen, and only while
// they are the ones that were offered. Blocking calls, on one thread at a time.
#pragma once

#include <memory>

#include "app/files/file_calls.hpp"
#include "net/transfer/file_io.hpp"

namespace kith::files {

/// `roots`: as Walk::roots, the absolute path of each entry at the top. Links in the path of the
/// folder a root is in are followed, the root itself and what is beneath it are reached without
/// one. A file is the offered one while it is a regular file of that size and time (if the manifest
/// has one). Nothing is looked at before a file is asked for.
///
/// Errors: `vanished`; `unreadable`; `changed` (also: a link, a folder or a pipe has its place, or
/// it became shorter while it was read; and more than there is was asked for); `other`: called off,
/// or out of descriptors.
[[nodiscard]] std::unique_ptr<net::FileSource> open_source(const net::Manifest& manifest,
                                                           std::vector<std::string> roots,
                                                           const FileCalls& calls = system_calls());

}  // namespace kith::files
