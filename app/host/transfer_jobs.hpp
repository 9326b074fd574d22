// SPDX-License-Identifier: MIT
//
// Ends of runs with files on the disk behind them. What is made here is called on the run's thread.
#pragma once

#include "app/files/file_calls.hpp"
#include "app/node/transfers/transfer_files.hpp"

namespace kith::host {

[[nodiscard]] net::MakeBulkJob make_sending(node::SendingFiles files,
                                            const files::FileCalls& calls);
[[nodiscard]] net::MakeBulkJob make_receiving(node::ReceivingFiles files, std::string journal,
                                              const files::FileCalls& calls);

/// 8 hexadecimal digits, in the names of unfinished files.
[[nodiscard]] std::string tag_of(const model::TransferId& transfer);

}  // namespace kith::host
