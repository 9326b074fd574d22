// SPDX-License-Identifier: MIT
#include "gui/input_order.hpp"

#include <imgui.h>
#include <imgui_internal.h>

namespace kith::gui {
namespace {

bool is_modifier(const ImGuiInputEvent& event) {
    return event.Type == ImGuiInputEventType_Key && (event.Key.Key & ImGuiMod_Mask_) != 0;
}

bool is_modifier_key(ImGuiKey key) {
    return key >= ImGuiKey_LeftCtrl && key <= ImGuiKey_RightSuper;
}

bool is_other_key(const ImGuiInputEvent& event) {
    return event.Type == ImGuiInputEventType_Key && !is_modifier(event) &&
           !is_modifier_key(event.Key.Key);
}

int first_that_waits(const ImVector<ImGuiInputEvent>& queue) {
    bool key_seen = false;
    for (int i = 0; i < queue.Size; ++i) {
        if (key_seen && is_modifier(queue[i])) return i;
        key_seen = key_seen || is_other_key(queue[i]);
    }
    return queue.Size;
}

}  // namespace

void new_frame_in_order() {
    ImVector<ImGuiInputEvent>& queue = ImGui::GetCurrentContext()->InputEventsQueue;
    const int split = first_that_waits(queue);
    ImVector<ImGuiInputEvent> waiting;
    for (int i = split; i < queue.Size; ++i) waiting.push_back(queue[i]);
    queue.resize(split);
    ImGui::NewFrame();
    // What NewFrame() itself put off stands before it.
    for (const ImGuiInputEvent& event : waiting) queue.push_back(event);
}

}  // namespace kith::gui
