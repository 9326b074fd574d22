// SPDX-License-Identifier: MIT
//
// The tables of a relay's mailbox.db. Inside app/store/mailbox only.
#pragma once

#include <span>

namespace kith::store::mailbox {

inline constexpr int application_id = 0x4b49544d;  ///< "KITM"; a history has another

/// As schema_steps() of the history: step n takes a file from version n-1 to n.
[[nodiscard]] std::span<const char* const> schema_steps();

}  // namespace kith::store::mailbox
