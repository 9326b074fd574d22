// SPDX-License-Identifier: MIT
#include "app/model/qr_code.hpp"

#include <qrencode.h>

#include <memory>
#include <string>

namespace kith::model {

std::optional<QrCode> encode_qr(std::string_view text) {
    if (text.empty() || text.size() > qr_text_max) return std::nullopt;
    if (text.find('\0') != std::string_view::npos) return std::nullopt;
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_L), &QRcode_free);
    if (!code) return std::nullopt;
    QrCode out;
    out.size = static_cast<std::size_t>(code->width);
    out.modules.reserve(out.size * out.size);
    for (std::size_t i = 0; i < out.size * out.size; ++i)
        out.modules.push_back((code->data[i] & 1) != 0);
    return out;
}

}  // namespace kith::model
