// SPDX-License-Identifier: MIT
//
// The page of the settings about files: where they go, how they are named, how fast they move. And
// what is accepted without asking, in the details of a person.
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "gui/amount_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/transfer_text.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr double megabyte = 1'000'000;
constexpr std::uint64_t usual_limit = 10'000'000;  // bytes

void draw_problem(const Frame& frame, std::string_view problem) {
    if (!problem.empty()) paragraph(coloured(small_dim(frame), frame.theme.colour.danger), problem);
}

void draw_downloads(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    line(bold(frame), strings::downloads_title);
    paragraph(small_dim(frame), strings::downloads_text);
    const float browse = button_width(frame, strings::browse);
    ImGui::BeginChild("downloads",
                      {ImGui::GetContentRegionAvail().x - browse - size.s, size.control},
                      ImGuiChildFlags_NavFlattened);
    const bool entered =
        text_field(frame, "files/downloads", strings::downloads_hint, state.downloads).entered;
    ImGui::EndChild();
    ImGui::SameLine();
    if (button(frame, "files/browse", strings::browse, ButtonKind::plain))
        frame.ask(ChoosePaths{PathsFor::downloads, {}, {}});
    const std::string folder = full_path(state.downloads);
    const bool whole = folder.empty() || folder.starts_with('/');
    draw_problem(frame, whole ? std::string_view{} : strings::absolute_folder);
    const model::Settings& settings = frame.view.settings;
    const bool fits = whole && folder.size() <= model::path_max && folder != settings.downloads;
    const bool pressed =
        button(frame, "files/save-downloads", strings::save, ButtonKind::primary, 0, fits);
    if (!(pressed || entered) || !fits) return;
    frame.ask(model::Command{model::ChangeSettings{.downloads = folder}});
}

void draw_naming(Frame& frame, SettingsState& state) {
    line(bold(frame), strings::naming_title);
    paragraph(small_dim(frame), strings::naming_text);
    const bool entered =
        text_field(frame, "files/naming", strings::naming_hint, state.naming).entered;
    const bool short_enough = state.naming.size() <= model::naming_max;
    draw_problem(frame, short_enough ? std::string_view{} : strings::naming_too_long);
    if (short_enough)
        paragraph(small_dim(frame), std::string(strings::naming_for_example) +
                                        safe_line(naming_example(state.naming)));
    const model::Settings& settings = frame.view.settings;
    const bool fits = short_enough && state.naming != settings.naming;
    const bool pressed =
        button(frame, "files/save-naming", strings::save, ButtonKind::primary, 0, fits);
    if (!(pressed || entered) || !fits) return;
    frame.ask(model::Command{model::ChangeSettings{.naming = state.naming}});
}

void draw_rates(Frame& frame, SettingsState& state) {
    line(bold(frame), strings::rates_title);
    paragraph(small_dim(frame), strings::rates_text);
    bool entered =
        text_field(frame, "files/rate-total", strings::rate_total_hint, state.rate_total).entered;
    entered =
        text_field(frame, "files/rate-each", strings::rate_each_hint, state.rate_each).entered ||
        entered;
    const auto total = bytes_of_megabytes(state.rate_total);
    const auto each = bytes_of_megabytes(state.rate_each);
    draw_problem(frame, total && each ? std::string_view{} : strings::rate_wrong);
    const model::Settings& settings = frame.view.settings;
    const bool fits =
        total && each && (*total != settings.rate_total || *each != settings.rate_each);
    const bool pressed =
        button(frame, "files/save-rates", strings::save, ButtonKind::primary, 0, fits);
    if (!(pressed || entered) || !fits) return;
    frame.ask(model::Command{model::ChangeSettings{.rate_total = *total, .rate_each = *each}});
}

void set_rule(Frame& frame, const model::PeerId& peer, model::AutoAccept rule) {
    frame.ask(model::Command{model::SetAutoAccept{peer, rule}});
}

void draw_limit(Frame& frame, const model::Peer& peer, DetailsState& state) {
    const Metrics& size = frame.theme.size;
    if (state.auto_accept.empty())
        state.auto_accept = megabytes_of_bytes(peer.auto_accept.bytes_max);
    ImGui::BeginChild("limit", {3 * size.control, size.control}, ImGuiChildFlags_NavFlattened);
    const bool entered = text_field(frame, "details/files-limit", "10", state.auto_accept).entered;
    ImGui::EndChild();
    ImGui::SameLine();
    const auto limit = bytes_of_megabytes(state.auto_accept);
    const bool fits = limit && *limit > 0 && *limit != peer.auto_accept.bytes_max;
    line(body(frame), strings::megabytes);
    ImGui::SameLine();
    const bool pressed =
        button(frame, "details/save-files-limit", strings::save, ButtonKind::plain, 0, fits);
    if ((pressed || entered) && fits)
        set_rule(frame, peer.id, {model::AutoAccept::Rule::up_to, *limit});
}

std::string rule_text(const model::AutoAccept& rule) {
    if (rule.rule == model::AutoAccept::Rule::ask) return std::string(strings::rule_ask);
    if (rule.rule == model::AutoAccept::Rule::always) return std::string(strings::rule_always);
    return std::string(strings::rule_up_to) + size_text(rule.bytes_max) + ".";
}

}  // namespace

std::optional<std::uint64_t> bytes_of_megabytes(std::string_view text) {
    constexpr double most = 1e12;  // MB
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return 0;
    text = text.substr(first, text.find_last_not_of(' ') - first + 1);
    double value = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc{} || end.ptr != text.data() + text.size()) return std::nullopt;
    if (!(value >= 0) || value > most) return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(value * megabyte));
}

std::string megabytes_of_bytes(std::uint64_t bytes) {
    if (bytes == 0) return {};
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(),
                                   static_cast<double>(bytes) / megabyte);
    return {text.data(), end.ptr};
}

void draw_files_settings(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    draw_downloads(frame, state);
    vertical_gap(size.l);
    draw_naming(frame, state);
    vertical_gap(size.l);
    draw_rates(frame, state);
}

void draw_auto_accept(Frame& frame, const model::Peer& peer, DetailsState& state) {
    vertical_gap(frame.theme.size.l);
    line(coloured(bold(frame), frame.theme.colour.accent),
         std::string(strings::files_from) + safe_name(peer.name));
    const auto current = static_cast<std::size_t>(peer.auto_accept.rule);
    if (const auto chosen = segments(frame, "details/files", strings::accept_rules, current)) {
        const auto rule = static_cast<model::AutoAccept::Rule>(*chosen);
        const bool up_to = rule == model::AutoAccept::Rule::up_to;
        state.auto_accept.clear();
        set_rule(frame, peer.id, {rule, up_to ? usual_limit : 0});
    }
    if (peer.auto_accept.rule == model::AutoAccept::Rule::up_to) draw_limit(frame, peer, state);
    paragraph(small_dim(frame), rule_text(peer.auto_accept));
    if (peer.auto_accept.rule != model::AutoAccept::Rule::ask)
        paragraph(small_dim(frame), strings::rule_bound);
}

}  // namespace kith::gui
