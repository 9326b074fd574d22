// SPDX-License-Identifier: MIT
//
// How states are written in the file. Fixed numbers: the order of the model's enumerators
// may change, files may not. A text is queued exactly as long as it is in the outbox; that it was
// sent or read is not stored with it. Inside app/store only.
#pragma once

#include "app/store/job.hpp"

namespace kith::store {

enum class StateCode : std::int64_t {
    queued = 1,
    sent = 2,
    delivered = 3,
    read = 4,
    failed = 5,
    received = 6,
    at_relay = 7,  ///< of rows that are read: queued, with a time in its own column
};

[[nodiscard]] constexpr std::int64_t code_of(model::MessageState state) {
    switch (state) {
        case model::MessageState::queued:
            return static_cast<std::int64_t>(StateCode::queued);
        case model::MessageState::sent:
            return static_cast<std::int64_t>(StateCode::sent);
        case model::MessageState::delivered:
            return static_cast<std::int64_t>(StateCode::delivered);
        case model::MessageState::read:
            return static_cast<std::int64_t>(StateCode::read);
        case model::MessageState::failed:
            return static_cast<std::int64_t>(StateCode::failed);
        case model::MessageState::at_relay:
            return static_cast<std::int64_t>(StateCode::queued);
        case model::MessageState::received:
            break;
    }
    return static_cast<std::int64_t>(StateCode::received);
}

[[nodiscard]] constexpr model::MessageState state_of(std::int64_t code) {
    switch (static_cast<StateCode>(code)) {
        case StateCode::queued:
            return model::MessageState::queued;
        case StateCode::sent:
            return model::MessageState::sent;
        case StateCode::delivered:
            return model::MessageState::delivered;
        case StateCode::read:
            return model::MessageState::read;
        case StateCode::received:
            return model::MessageState::received;
        case StateCode::at_relay:
            return model::MessageState::at_relay;
        case StateCode::failed:
            break;
    }
    return model::MessageState::failed;
}

/// Of transfers; those that are over have a flag of their own, for the index.
[[nodiscard]] constexpr std::int64_t code_of(model::TransferState state) {
    switch (state) {
        case model::TransferState::offered:
            return 1;
        case model::TransferState::active:
        case model::TransferState::paused:
        case model::TransferState::waiting:
            break;  // of the moment: they wait again after a restart
        case model::TransferState::done:
            return 3;
        case model::TransferState::failed:
            return 4;
        case model::TransferState::declined:
            return 5;
        case model::TransferState::cancelled:
            return 6;
    }
    return 2;
}

[[nodiscard]] constexpr model::TransferState transfer_state_of(std::int64_t code) {
    switch (code) {
        case 1:
            return model::TransferState::offered;
        case 2:
            return model::TransferState::waiting;
        case 3:
            return model::TransferState::done;
        case 5:
            return model::TransferState::declined;
        case 6:
            return model::TransferState::cancelled;
        default:
            return model::TransferState::failed;
    }
}

/// Of what is done with offers without asking.
[[nodiscard]] constexpr std::int64_t code_of(model::AutoAccept::Rule rule) {
    switch (rule) {
        case model::AutoAccept::Rule::up_to:
            return 1;
        case model::AutoAccept::Rule::always:
            return 2;
        case model::AutoAccept::Rule::ask:
            break;
    }
    return 0;
}

/// A rule nobody knows is: ask.
[[nodiscard]] constexpr model::AutoAccept::Rule rule_of(std::int64_t code) {
    switch (code) {
        case 1:
            return model::AutoAccept::Rule::up_to;
        case 2:
            return model::AutoAccept::Rule::always;
        default:
            return model::AutoAccept::Rule::ask;
    }
}

}  // namespace kith::store
