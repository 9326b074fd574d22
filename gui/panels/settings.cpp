// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cmath>

#include "gui/amount_text.hpp"
#include "gui/panels/panels.hpp"
#include "gui/strings.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/menu.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr std::array<Icon, 8> page_icons{Icon::info,   Icon::shield, Icon::network, Icon::transfers,
                                         Icon::folder, Icon::key,    Icon::save,    Icon::brush};
constexpr std::array<const char*, 8> page_ids{
    "settings/profile", "settings/privacy",  "settings/network", "settings/relays",
    "settings/files",   "settings/password", "settings/backup",  "settings/appearance"};

void draw_navigation(Frame& frame, SettingsState& state) {
    for (std::size_t i = 0; i < page_ids.size(); ++i) {
        const auto page = static_cast<SettingsPage>(i);
        const Palette& colour = frame.theme.colour;
        const bool here = state.page == page;
        if (row_button(frame, page_ids.at(i), page_icons.at(i), strings::settings_pages.at(i),
                       here ? colour.accent : colour.text))
            state.page = page;
    }
}

// Where names and pages do not fit beside each other: the title of the card says which one is open.
void draw_icons(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    for (std::size_t i = 0; i < page_ids.size(); ++i) {
        const auto page = static_cast<SettingsPage>(i);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        if (state.page == page)
            ImGui::GetWindowDrawList()->AddRectFilled(
                at, {at.x + size.icon_button, at.y + size.icon_button}, frame.theme.colour.selected,
                size.radius);
        if (icon_button(frame, page_ids.at(i), page_icons.at(i), strings::settings_pages.at(i)))
            state.page = page;
    }
}

void draw_page(Frame& frame, SettingsState& state) {
    switch (state.page) {
        case SettingsPage::profile:
            return draw_profile_settings(frame, state);
        case SettingsPage::privacy:
            return draw_privacy_settings(frame);
        case SettingsPage::network:
            return draw_network_settings(frame, state);
        case SettingsPage::relays:
            return draw_relay_settings(frame, state);
        case SettingsPage::files:
            return draw_files_settings(frame, state);
        case SettingsPage::password:
            return draw_password_settings(frame, state);
        case SettingsPage::backup:
            return draw_backup_settings(frame, state);
        case SettingsPage::appearance:
            return draw_appearance_settings(frame);
    }
}

constexpr std::array<std::uint32_t, 5> kept_days{0, 365, 90, 30, 7};

std::string days_text(std::uint32_t days) {
    if (days == 0) return std::string(strings::for_ever);
    if (days == 365) return std::string(strings::one_year);
    return count_text(days, strings::one_day, strings::some_days);
}

// Keeping less removes messages at once, which is asked about.
void keep(Frame& frame, std::uint32_t days) {
    const std::uint32_t before = frame.view.settings.history_days;
    const bool shorter = days != 0 && (before == 0 || days < before);
    const model::ChangeSettings change{.history_days = days};
    if (!shorter) return frame.ask(model::Command{change});
    frame.ask(Confirm{{.title = std::string(strings::shorten_title),
                       .text = days_text(days) + ". " + std::string(strings::shorten_text),
                       .button = std::string(strings::shorten_button),
                       .command = change,
                       .back = Dialog::settings}});
}

void draw_keep(Frame& frame) {
    const std::uint32_t now = frame.view.settings.history_days;
    std::vector<std::uint32_t> choices(kept_days.begin(), kept_days.end());
    if (std::find(choices.begin(), choices.end(), now) == choices.end()) choices.push_back(now);
    std::vector<std::string> texts;
    for (const std::uint32_t days : choices) texts.push_back(days_text(days));
    const auto at = std::find(choices.begin(), choices.end(), now) - choices.begin();
    line(bold(frame), strings::keep_history);
    if (const auto chosen = dropdown(frame, "settings/keep", texts, static_cast<std::size_t>(at));
        chosen && choices[*chosen] != now)
        keep(frame, choices[*chosen]);
    paragraph(small_dim(frame), strings::keep_history_text);
}

void draw_status(Frame& frame, SettingsState& state) {
    line(bold(frame), strings::status_title);
    const bool entered =
        text_field(frame, "settings/status", strings::status_hint, state.status).entered;
    paragraph(small_dim(frame), strings::status_text);
    const bool too_long = state.status.size() > model::status_max;
    if (too_long)
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), strings::status_too_long);
    const Progress& progress = frame.view.task(Task::set_status);
    const bool fits = !too_long && !progress.waiting && state.status != frame.view.profile.status;
    const bool pressed =
        button(frame, "settings/save-status", strings::save, ButtonKind::primary, 0, fits);
    if ((pressed || entered) && fits) frame.ask(model::Command{model::SetStatus{state.status}});
    if (!progress.done || state.status == frame.view.profile.status)
        draw_progress(frame, progress, strings::saving, strings::saved);
}

void draw_new_id(Frame& frame) {
    line(bold(frame), strings::new_id);
    paragraph(small_dim(frame), strings::new_id_text);
    if (button(frame, "settings/new-id", strings::new_id_button, ButtonKind::plain))
        frame.ask(Confirm{{.title = std::string(strings::new_id_title),
                           .text = std::string(strings::new_id_confirm),
                           .button = std::string(strings::new_id_button),
                           .command = model::NewConnectionId{},
                           .back = Dialog::settings}});
    draw_progress(frame, frame.view.task(Task::new_id), strings::saving, strings::new_id_done);
}

void draw_zoom(Frame& frame) {
    constexpr double step = 0.1, least = 0.5, most = 3.0;
    const double zoom = frame.view.settings.zoom;
    line(bold(frame), strings::zoom);
    double wanted = zoom;
    if (icon_button(frame, "settings/zoom-less", Icon::minus, strings::zoom_less_tip))
        wanted -= step;
    ImGui::SameLine();
    const std::string text = std::to_string(std::lround(zoom * 100)) + " %";
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const Metrics& size = frame.theme.size;
    ImGui::Dummy({2 * size.control, size.control});
    draw_centred(*ImGui::GetWindowDrawList(), body(frame), at,
                 {at.x + 2 * size.control, at.y + size.control}, text);
    ImGui::SameLine();
    if (icon_button(frame, "settings/zoom-more", Icon::plus, strings::zoom_more_tip))
        wanted += step;
    paragraph(small_dim(frame), strings::zoom_text);
    wanted = std::clamp(std::round(wanted * 10) / 10, least, most);
    if (std::abs(wanted - zoom) < step / 2) return;
    frame.ask(model::Command{model::ChangeSettings{.zoom = wanted}});
}

}  // namespace

void draw_profile_settings(Frame& frame, SettingsState& state) {
    line(bold(frame), strings::your_name);
    if (std::exchange(state.appearing, false)) ImGui::SetKeyboardFocusHere();
    const bool entered = text_field(frame, "settings/name", strings::name_hint, state.name).entered;
    paragraph(small_dim(frame), strings::your_name_text);
    const bool too_long = state.name.size() > model::name_max;
    if (too_long)
        paragraph(coloured(small_dim(frame), frame.theme.colour.danger), strings::name_too_long);
    const Progress& progress = frame.view.task(Task::set_name);
    const bool fits = !too_long && !progress.waiting && state.name != frame.view.profile.name &&
                      state.name.find_first_not_of(' ') != std::string::npos;
    const bool pressed =
        button(frame, "settings/save-name", strings::save, ButtonKind::primary, 0, fits);
    if ((pressed || entered) && fits) frame.ask(model::Command{model::SetName{state.name}});
    if (state.name == frame.view.profile.name || !progress.done)
        draw_progress(frame, progress, strings::saving, strings::saved);
    vertical_gap(frame.theme.size.l);
    draw_status(frame, state);
    vertical_gap(frame.theme.size.xl);
    draw_new_id(frame);
}

void draw_privacy_settings(Frame& frame) {
    const model::Settings& settings = frame.view.settings;
    if (toggle(frame, "settings/read-receipts", strings::read_receipts, strings::read_receipts_text,
               settings.read_receipts))
        frame.ask(model::Command{model::ChangeSettings{.read_receipts = !settings.read_receipts}});
    vertical_gap(frame.theme.size.m);
    if (toggle(frame, "settings/typing", strings::typing_signal, strings::typing_signal_text,
               settings.typing))
        frame.ask(model::Command{model::ChangeSettings{.typing = !settings.typing}});
    vertical_gap(frame.theme.size.xl);
    draw_keep(frame);
}

void draw_appearance_settings(Frame& frame) {
    constexpr std::array<std::string_view, 3> names{"system", "dark", "light"};
    line(bold(frame), strings::theme_caption);
    const std::string& theme = frame.view.settings.theme;
    const auto at = std::find(names.begin(), names.end(), theme) - names.begin();
    if (const auto chosen =
            segments(frame, "settings/theme", strings::themes, static_cast<std::size_t>(at)))
        frame.ask(model::Command{model::ChangeSettings{.theme = std::string(names.at(*chosen))}});
    paragraph(small_dim(frame), strings::theme_text);
    vertical_gap(frame.theme.size.xl);
    draw_zoom(frame);
}

void draw_settings(Frame& frame, SettingsState& state) {
    const Metrics& size = frame.theme.size;
    const float width = size.card_wide + size.settings_nav;
    const bool narrow = ImGui::GetMainViewport()->Size.x < width;
    std::string caption(strings::settings_title);
    if (narrow)
        caption.append(" · ").append(
            strings::settings_pages.at(static_cast<std::size_t>(state.page)));
    if (!begin_card(frame, "settings", width, caption)) return;
    const float height =
        height_in_card(frame, size.settings_height, size.m + size.control + 2 * size.s);
    ImGui::BeginChild("settings-pages", {narrow ? size.icon_button : size.settings_nav, height});
    narrow ? draw_icons(frame, state) : draw_navigation(frame, state);
    ImGui::EndChild();
    ImGui::SameLine(0, narrow ? size.l : size.xl);
    ImGui::BeginChild("settings-page", {0, height});
    draw_page(frame, state);
    ImGui::EndChild();
    vertical_gap(size.m);
    align_right(button_width(frame, strings::close));
    if (button(frame, "settings/close", strings::close, ButtonKind::plain)) frame.ask(OpenDialog{});
    end_card();
}

}  // namespace kith::gui
