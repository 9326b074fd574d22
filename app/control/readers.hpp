// SPDX-License-Identifier: MIT
//
// The commands of the control interface by name, and how the fields of each are read. For
// app/control's own files.
#pragma once

#include <unordered_map>

#include "app/control/fields.hpp"
#include "app/control/request.hpp"

namespace kith::control {

/// Reads the fields of one command; faults are in `fields.error()` afterwards.
using Reader = Action (*)(Fields& fields);

using Readers = std::unordered_map<std::string_view, Reader>;

/// Those about files (file_readers.cpp); find_reader() knows them.
[[nodiscard]] Readers file_readers();

/// Null for a name that is no command of this version.
[[nodiscard]] Reader find_reader(std::string_view command);

/// `set_settings`: the settings stand in an object "settings" or beside "cmd".
[[nodiscard]] tl::expected<Action, model::Error> read_settings(const nlohmann::json& object,
                                                               const model::NodePort& node);

}  // namespace kith::control
