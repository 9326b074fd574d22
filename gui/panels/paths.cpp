// SPDX-License-Identifier: MIT
//
// A path that is typed, where the desktop has no file chooser.
#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <utility>

#include "gui/panels/panels.hpp"
#include "gui/proposed_path.hpp"
#include "gui/strings.hpp"
#include "gui/text_safety.hpp"
#include "gui/widgets/card.hpp"
#include "gui/widgets/controls.hpp"
#include "gui/widgets/text.hpp"

namespace kith::gui {
namespace {

constexpr std::size_t rows_shown = 6;

// What all names begin with: as far as Tab can go.
std::string common_beginning(const std::vector<std::string>& names) {
    if (names.empty()) return {};
    std::string_view common = names.front();
    for (const std::string& name : names) {
        const auto end = std::mismatch(common.begin(), common.end(), name.begin(), name.end());
        common = common.substr(0, static_cast<std::size_t>(end.first - common.begin()));
    }
    return std::string(common);
}

int on_edit(ImGuiInputTextCallbackData* data) {
    const auto& names = *static_cast<const std::vector<std::string>*>(data->UserData);
    const std::string longer = common_beginning(names);
    if (longer.size() <= static_cast<std::size_t>(data->BufTextLen)) return 0;
    data->DeleteChars(0, data->BufTextLen);
    data->InsertChars(0, longer.c_str());
    return 0;
}

bool draw_field(Frame& frame, const std::vector<std::string>& names, PathsState& state) {
    if (std::exchange(state.appearing, false)) ImGui::SetKeyboardFocusHere();
    ImGui::SetNextItemWidth(-FLT_MIN);
    constexpr ImGuiInputTextFlags flags =
        ImGuiInputTextFlags_EnterReturnsTrue | ImGuiInputTextFlags_CallbackCompletion;
    const bool entered =
        ImGui::InputTextWithHint("##paths/text", strings::path_hint, &state.text, flags, on_edit,
                                 const_cast<std::vector<std::string>*>(&names));
    ImGui::GetWindowDrawList()->AddRect(ImGui::GetItemRectMin(), ImGui::GetItemRectMax(),
                                        frame.theme.colour.border, frame.theme.size.radius, 0,
                                        frame.theme.size.line);
    return entered;
}

void draw_names(Frame& frame, const std::vector<std::string>& names, PathsState& state) {
    for (std::size_t i = 0; i < std::min(rows_shown, names.size()); ++i) {
        const std::string id = "paths/row/" + std::to_string(i);
        const Icon icon = names[i].ends_with('/') ? Icon::folder : Icon::file;
        if (row_button(frame, id.c_str(), icon, safe_name(names[i]), frame.theme.colour.text))
            state.text = names[i];
    }
}

std::string_view title_of(PathsFor what) {
    if (what == PathsFor::send_files) return strings::choose_send_title;
    return what == PathsFor::send_folder ? strings::choose_send_folder_title
                                         : strings::choose_folder_title;
}

}  // namespace

void draw_paths(Frame& frame, PathsState& state, const FolderSeen& seen) {
    const Metrics& size = frame.theme.size;
    const bool sends =
        state.asked.what == PathsFor::send_files || state.asked.what == PathsFor::send_folder;
    if (!begin_card(frame, "paths", size.card_wide, title_of(state.asked.what))) return;
    if (state.looked_at != state.text) {
        state.looked_at = state.text;
        frame.ask(LookAtFolder{state.text, state.asked.what == PathsFor::send_files});
    }
    paragraph(dim(frame), strings::type_path);
    const bool entered = draw_field(frame, seen.names, state);
    draw_names(frame, seen.names, state);
    vertical_gap(size.s);
    const auto yes = sends ? strings::send_paths : strings::choose;
    align_right(button_width(frame, strings::cancel) + size.s + button_width(frame, yes));
    if (button(frame, "paths/cancel", strings::cancel, ButtonKind::plain)) frame.ask(OpenDialog{});
    ImGui::SameLine();
    const std::string path = full_path(state.text);
    const bool ready = path.starts_with('/') && path.size() <= model::path_max;
    const bool pressed = button(frame, "paths/choose", yes, ButtonKind::primary, 0, ready);
    if ((pressed || entered) && ready) {
        frame.ask(OpenDialog{});
        frame.ask(TakePaths{state.asked, {path}});
    }
    end_card();
}

}  // namespace kith::gui
