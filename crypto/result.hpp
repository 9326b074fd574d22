// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace kith {

/// An expected failure inside a room. `code` is stable and machine-readable, `text` says for a
/// person what happened and, where there is something to do, what to do.
template <typename Code>
struct Failure {
    Code code;
    std::string text;
};

}  // namespace kith
