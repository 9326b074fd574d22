// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "app/model/types.hpp"

namespace kith::gui {

/// Where a message of one's own has got to, in words; empty for those of others.
[[nodiscard]] std::string_view words_for(const model::Message& message);

/// Under the mouse: when, and where it has got to.
[[nodiscard]] std::string tip_of(const model::Message& message);

}  // namespace kith::gui
