// SPDX-License-Identifier: MIT
//
// From SQLite's result codes to errors a person can act on. Inside app/store only.
#pragma once

#include <string_view>

#include "app/store/job.hpp"

namespace kith::store {

template <typename T>
using Expected = tl::expected<T, Error>;

[[nodiscard]] inline tl::unexpected<Error> fail(Errc code, std::string text) {
    return tl::unexpected<Error>(Error{code, std::move(text)});
}

/// What SQLite reported: its extended code, its own words, and errno of the call under it.
struct Trouble {
    int code = 0;
    std::string_view message;
    int system_error = 0;
};

/// The sentence names `file` and says what to do.
[[nodiscard]] Error describe(const Trouble& trouble, const std::string& file);

}  // namespace kith::store
