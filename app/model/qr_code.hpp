// SPDX-License-Identifier: MIT
//
// Text as a QR code (ISO/IEC 18004), by libqrencode. Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace kith::model {

struct QrCode {
    std::size_t size = 0;       ///< modules in each row and column: 21 to 177
    std::vector<bool> modules;  ///< row by row from the top left; true is dark
    [[nodiscard]] bool dark(std::size_t x, std::size_t y) const { return modules[y * size + x]; }
};

/// Free modules needed around it.
inline constexpr std::size_t qr_quiet_zone = 4;
/// Of text, in bytes: version 40 at error correction level L.
inline constexpr std::size_t qr_text_max = 2953;

/// Error correction level L, as screens have no dirt, in the smallest version that fits. Nothing
/// if the text is empty, longer than qr_text_max or has zero bytes.
[[nodiscard]] std::optional<QrCode> encode_qr(std::string_view text);

}  // namespace kith::model
