// SPDX-License-Identifier: MIT
#include "gui/recorder.hpp"

#include <imgui_internal.h>

#include <algorithm>

#include "gui/atomic_file.hpp"

namespace kith::gui {
namespace {

Recorder* recorder_of(const ImGuiContext* context) {
    return static_cast<Recorder*>(context->TestEngine);
}

ItemRect visible_part(const ImGuiWindow* window, const ImRect& box) {
    ImRect seen = box;
    if (window) seen.ClipWithFull(window->ClipRect);
    return {seen.Min.x, seen.Min.y, std::max(0.0F, seen.GetWidth()),
            std::max(0.0F, seen.GetHeight())};
}

bool behind_dialog(const ImGuiWindow* window) {
    const ImGuiWindow* modal = ImGui::GetTopMostPopupModal();
    return window && modal &&
           !ImGui::IsWindowWithinBeginStackOf(const_cast<ImGuiWindow*>(window),
                                              const_cast<ImGuiWindow*>(modal));
}

bool can_be_hit(const ImGuiWindow* window) {
    return !(window && window->Hidden) && !behind_dialog(window);
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    out += '"';
}

}  // namespace

Recorder::Recorder() : context_(ImGui::GetCurrentContext()) {
    context_->TestEngine = this;
    context_->TestEngineHookItems = true;
}

Recorder::~Recorder() {
    context_->TestEngineHookItems = false;
    context_->TestEngine = nullptr;
}

void Recorder::begin_frame() {
    rects_.clear();
    items_.clear();
}

std::optional<ItemRect> Recorder::find(std::string_view label) const {
    const auto at = items_.find(label);
    return at == items_.end() ? std::nullopt : std::optional(at->second);
}

void Recorder::item_added(ImGuiID id, const ItemRect& visible, bool reachable) {
    if (reachable && visible.width > 0 && visible.height > 0) rects_[id] = visible;
}

void Recorder::item_named(ImGuiID id, std::string_view label) {
    const auto at = rects_.find(id);
    if (at == rects_.end()) return;
    // What is drawn of a label stands before "##", its stable name behind.
    if (const auto mark = label.find("##"); mark != label.npos) label.remove_prefix(mark + 2);
    if (!label.empty()) items_.insert_or_assign(std::string(label), at->second);
}

void record_area(const char* label, ImVec2 min, ImVec2 max) {
    ImGuiContext& context = *ImGui::GetCurrentContext();
    Recorder* recorder = recorder_of(&context);
    if (!recorder) return;
    const ImGuiID id = ImGui::GetID(label);
    recorder->item_added(id, visible_part(context.CurrentWindow, {min, max}),
                         can_be_hit(context.CurrentWindow));
    recorder->item_named(id, label);
}

std::string to_json(const Recorder::Items& items) {
    std::string out = "{";
    for (const auto& [label, rect] : items) {
        out += out.size() > 1 ? ",\n" : "\n";
        append_quoted(out, label);
        out += ": [" + std::to_string(static_cast<int>(rect.x)) + ", " +
               std::to_string(static_cast<int>(rect.y)) + ", " +
               std::to_string(static_cast<int>(rect.width)) + ", " +
               std::to_string(static_cast<int>(rect.height)) + "]";
    }
    return out + "\n}\n";
}

void ItemMapFile::update(const Recorder::Items& items) {
    if (written_ == items) return;
    if (write_atomically(path_, to_json(items))) written_ = items;
}

}  // namespace kith::gui

// The test engine's hooks, declared in imgui_internal.h. They must have these names.
void ImGuiTestEngineHook_ItemAdd(ImGuiContext* context, ImGuiID id, const ImRect& box,
                                 const ImGuiLastItemData*) {
    auto* recorder = kith::gui::recorder_of(context);
    if (recorder && id != 0)
        recorder->item_added(id, kith::gui::visible_part(context->CurrentWindow, box),
                             kith::gui::can_be_hit(context->CurrentWindow));
}

void ImGuiTestEngineHook_ItemInfo(ImGuiContext* context, ImGuiID id, const char* label,
                                  ImGuiItemStatusFlags) {
    auto* recorder = kith::gui::recorder_of(context);
    // Windows report themselves too, under names with numbers in them.
    const bool window =
        label && context->CurrentWindow && std::string_view(context->CurrentWindow->Name) == label;
    if (recorder && label && !window) recorder->item_named(id, label);
}

void ImGuiTestEngineHook_Log(ImGuiContext*, const char*, ...) {}

const char* ImGuiTestEngine_FindItemDebugLabel(ImGuiContext*, ImGuiID) { return nullptr; }
