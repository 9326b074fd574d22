// SPDX-License-Identifier: MIT
//
// Local sockets by path, of any length. Internal to net/.
#pragma once

#include <string>
#include <tl/expected.hpp>

namespace kith::net {

/// A bound, not yet listening stream socket, non-blocking, mode 0600 from its first moment. What
/// was at `path` is replaced. The value is a descriptor the caller owns.
[[nodiscard]] tl::expected<int, std::string> bind_local(const std::string& path);
/// A connected, blocking socket.
[[nodiscard]] tl::expected<int, std::string> connect_local(const std::string& path);
void remove_local(const std::string& path) noexcept;

}  // namespace kith::net
