// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "crypto/random.hpp"

namespace kith::host {

/// A friendly display name for a first run without one: "Amber Heron".
std::string random_name(crypto::RandomSource& random);

}  // namespace kith::host
