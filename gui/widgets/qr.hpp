// SPDX-License-Identifier: MIT
//
// A QR code on the screen: dark on white in every theme, as cameras expect it, with its quiet zone.
// UI thread.
#pragma once

#include "app/model/qr_code.hpp"
#include "gui/frame.hpp"

namespace kith::gui {

/// Pixels of one module at this scale: whole ones, so that all are equal, and at least three.
[[nodiscard]] float qr_module(const model::QrCode& code, float scale);

/// An item in the middle of the width that is left; all modules are one mesh.
void draw_qr(const Frame& frame, const model::QrCode& code);

}  // namespace kith::gui
