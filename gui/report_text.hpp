// SPDX-License-Identifier: MIT
//
// What the diagnosis page says, as text: for the page as it is, for a report to pass on without
// what is nobody else's business. Pure; UI thread.
#pragma once

#include <string>
#include <vector>

#include "gui/view_state.hpp"

namespace kith::gui {

enum class Tone { plain, dim, good, bad };

struct ReportLine {
    std::string text;  ///< safe to show
    Tone tone = Tone::plain;
};

struct ReportSection {
    std::string_view caption;
    std::vector<ReportLine> lines;
};

/// "Connected"
[[nodiscard]] std::string_view relay_state_text(model::RelayState state);

[[nodiscard]] std::vector<ReportSection> sections_of(const ViewState& view);

/// The same sections. Connection IDs are cut to their first letters, names of people become
/// "contact 1", one's own fingerprint its first eight digits. Addresses stay: they are what a
/// report is about.
[[nodiscard]] std::string report_of(const ViewState& view);

}  // namespace kith::gui
