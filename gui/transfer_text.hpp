// SPDX-License-Identifier: MIT
//
// What a transfer is and where it stands, in words. UI thread.
#pragma once

#include <string>

#include "app/model/types.hpp"
#include "gui/widgets/icon.hpp"

namespace kith::gui {

/// "12 files, 3.4 GB"; a single file only says its size.
[[nodiscard]] std::string amount_of(const model::Transfer& transfer);
/// "1.2 of 3.4 GB · 3.2 MB/s · 40 s left", "Waiting for Bob", "Failed: 3 of 12 files".
/// `peer` may be nobody.
[[nodiscard]] std::string state_text(const model::Transfer& transfer, const model::Peer* peer);
/// "3.2 MB/s"
[[nodiscard]] std::string rate_text(std::uint64_t bytes_a_second);
/// "40 s left", "5 min left", "2 h 5 min left"
[[nodiscard]] std::string left_text(std::uint32_t seconds);
/// Of what was accepted, 0 to 1.
[[nodiscard]] float share_of(const model::Transfer& transfer);
[[nodiscard]] bool has_progress(const model::Transfer& transfer);

/// The last eight digits of the id, which are random: the stable part of a control's id. The first
/// ones are the time, alike for all that were offered within a minute.
[[nodiscard]] std::string short_id(const model::TransferId& transfer);
/// "transfer/1a2b3c4d/pause"
[[nodiscard]] std::string transfer_label(const model::TransferId& transfer, std::string_view part);

[[nodiscard]] Icon icon_of(const model::Transfer& transfer);
[[nodiscard]] Icon icon_of_name(std::string_view name);
/// One picture that can be shown: by its name, and all of it is there.
[[nodiscard]] bool shows_picture(const model::Transfer& transfer);

/// "Ada/photo.jpg", as the template of the settings would name a file; placeholders that are
/// unknown stay as they are.
[[nodiscard]] std::string naming_example(std::string_view naming);

}  // namespace kith::gui
