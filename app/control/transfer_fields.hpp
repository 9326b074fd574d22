// SPDX-License-Identifier: MIT
//
// Transfers as JSON, the same in replies, events and messages. For app/control's own files; any
// thread.
#pragma once

#include <nlohmann/json.hpp>

#include "app/model/command.hpp"

namespace kith::control {

[[nodiscard]] nlohmann::ordered_json transfer_fields(const model::Transfer& transfer);

/// What a message that offers files shows of them: at most one entry; "bytes" is the whole size.
[[nodiscard]] nlohmann::ordered_json offered_files(const model::Message& message);

[[nodiscard]] nlohmann::ordered_json offered_fields(const model::Offered& offered);
[[nodiscard]] nlohmann::ordered_json transfers_fields(const model::Transfers& transfers);
[[nodiscard]] nlohmann::ordered_json list_fields(const model::TransferFiles& list);

/// "ask", "up_to", "always".
[[nodiscard]] std::string_view to_string(model::AutoAccept::Rule rule);

}  // namespace kith::control
