// SPDX-License-Identifier: MIT
//
// The room's errors in the words of whoever runs a relay. Inside app/store/mailbox only.
#pragma once

#include "app/store/errors.hpp"

namespace kith::store::mailbox {

/// By its code; what SQLite said stays at the end.
[[nodiscard]] Error in_relay_words(const Error& error, const std::string& file);

}  // namespace kith::store::mailbox
