// SPDX-License-Identifier: MIT
//
// Reads QR codes as a camera's program does: from pixels, wherever they stand in a picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace kith::test {

struct GreyPicture {
    std::size_t width = 0, height = 0;
    std::vector<std::uint8_t> pixels;  ///< row by row from the top; 255 is white
};

/// Whether this was built with a decoder (libzbar-dev); without one nothing is read.
[[nodiscard]] bool can_read_qr();
/// For SKIP, when it was not.
inline constexpr auto no_qr_reader = "libzbar-dev was not installed when this was configured";

/// The texts of all codes in the picture. Throws std::runtime_error if the decoder refuses it.
[[nodiscard]] std::vector<std::string> read_qr(const GreyPicture& picture);

}  // namespace kith::test
