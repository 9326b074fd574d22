// SPDX-License-Identifier: MIT
//
// A transfer as it stands in the conversation: picture or icon, name, amount, state, progress and
// what can be done about it. UI thread.
#pragma once

#include <string>
#include <vector>

#include "gui/frame.hpp"
#include "gui/widgets/controls.hpp"

namespace kith::gui {

/// What a person can do about a transfer.
struct TransferButton {
    enum class What {
        accept,
        accept_to,
        review,
        decline,
        pause,
        resume,
        retry,
        cancel,
        open,
        copy
    };
    What what;
    const char* part;  ///< of its label, see transfer_label()
    std::string_view text;
    ButtonKind kind = ButtonKind::plain;
};

/// In the order in which they stand.
[[nodiscard]] std::vector<TransferButton> buttons_of(const model::Transfer& transfer);
/// Carries out what was pressed.
void press(Frame& frame, const model::Transfer& transfer, TransferButton::What what);

/// What a card needs to be drawn, for one state of its transfer.
struct FileCard {
    ImVec2 picture;  ///< zero: none
    std::string name, amount, error;
    ImVec2 error_size;
    std::vector<TransferButton> buttons;
    std::vector<ImVec2> places;  ///< of the buttons, below the rest
    float top = 0;               ///< of the buttons
    ImVec2 size;
};

/// `room`: the width there is.
[[nodiscard]] FileCard measure_card(const Frame& frame, const model::Transfer& transfer,
                                    float room);
/// `at`: its upper left corner on the screen.
void draw_card(Frame& frame, const model::Transfer& held, const FileCard& card, ImVec2 at,
               ImU32 text, ImU32 dim);

/// How far it is, as a bar.
void draw_progress_bar(const Frame& frame, ImDrawList& draw, ImVec2 min, float width,
                       const model::Transfer& transfer);
/// The transfer as it is now, which the message may not know yet.
[[nodiscard]] const model::Transfer& current(const Frame& frame, const model::Transfer& held);

}  // namespace kith::gui
