// SPDX-License-Identifier: MIT
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/time_text.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

struct Section {
    std::string_view caption;
    std::vector<std::string> lines;
};

std::vector<std::string> or_else(std::vector<std::string> lines, std::string_view empty) {
    if (lines.empty()) lines.emplace_back(empty);
    return lines;
}

std::vector<std::string> log_lines(const ViewState& view) {
    std::vector<std::string> lines;
    for (auto at = view.notices.rbegin(); at != view.notices.rend(); ++at)
        lines.push_back(full_text(at->at) + "  " + at->text);
    return lines;
}

// The page and the copied report say the same.
std::vector<Section> sections_of(const ViewState& view) {
    const model::NetworkStatus& network = view.network;
    return {
        {strings::listening, or_else(network.listening, strings::not_listening)},
        {strings::addresses,
         or_else(network.addresses.empty() ? view.profile.addresses : network.addresses,
                 strings::no_addresses)},
        {strings::mapping, {network.mapping}},
        {strings::public_address,
         {network.public_address.empty() ? std::string(strings::unknown) : network.public_address}},
        {strings::own_fingerprint, {model::to_hex(view.profile.self)}},
        {strings::version, {std::string(strings::app) + " " + view.profile.version}},
        {strings::last_errors, or_else(network.last_errors, strings::no_errors)},
        {strings::log, or_else(log_lines(view), strings::log_empty)}};
}

std::string report_of(const std::vector<Section>& sections) {
    std::string text;
    for (const Section& section : sections) {
        text.append(section.caption).append(":\n");
        for (const auto& entry : section.lines) text.append("  ").append(entry).append("\n");
    }
    return text;
}

}  // namespace

void draw_diagnosis(Frame& frame) {
    const Metrics& size = frame.theme.size;
    if (!begin_card(frame, "diagnosis", size.card_wide, strings::diagnosis_title)) return;
    const auto sections = sections_of(frame.view);
    const float height = ImGui::GetMainViewport()->Size.y * 0.6F;
    ImGui::BeginChild("diagnosis-body", {0, height});
    for (const Section& section : sections) {
        line(coloured(bold(frame), frame.theme.colour.accent), section.caption);
        for (const auto& text : section.lines) paragraph(body(frame), safe_text(text));
        vertical_gap(size.m);
    }
    ImGui::EndChild();
    vertical_gap(size.s);
    align_right(button_width(frame, strings::copy_report) + size.s +
                button_width(frame, strings::close));
    if (button(frame, "diagnosis/copy-report", strings::copy_report, ButtonKind::plain))
        frame.ask(CopyText{report_of(sections), std::string(strings::report_copied)});
    ImGui::SameLine();
    if (button(frame, "diagnosis/close", strings::close, ButtonKind::primary))
        frame.ask(OpenDialog{});
    end_card();
}

}  // namespace kith::gui
