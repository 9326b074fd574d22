// SPDX-License-Identifier: MIT
//
// Rows of `early`: what a peer has changed of messages that are still to come. Inside app/store
// only; writing functions are called inside a savepoint.
#pragma once

#include "app/store/conversations.hpp"

namespace kith::store {

/// Per conversation the last that came too early are kept, as many as weigh this much; a contact
/// can fill no more. Each weighs one, and one more for each kilobyte of its text: 10,000 small
/// ones, or about 10 MB.
inline constexpr std::int64_t early_max = 10'000;
inline constexpr std::size_t early_unit = 1024;  ///< bytes

struct EarlyAmendment {
    Kind kind = Kind::edit;  ///< edit, erase or reactions
    Revision revision;
    std::string text;                 ///< edit
    std::vector<std::string> emojis;  ///< reactions
};

/// Keeps the newest of its kind for each message.
[[nodiscard]] bool keep_early(Connection& connection, std::int64_t conversation,
                              const MessageId& target, const EarlyAmendment& amendment);

[[nodiscard]] Expected<std::vector<EarlyAmendment>> load_early(Connection& connection,
                                                               std::int64_t conversation,
                                                               const MessageId& target);
/// Applies what was kept for an incoming message that has just been stored.
[[nodiscard]] Expected<void> apply_early(Connection& connection, const Row& row,
                                         const std::vector<EarlyAmendment>& amendments,
                                         model::Timestamp now);

}  // namespace kith::store
