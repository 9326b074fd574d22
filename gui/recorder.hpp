// SPDX-License-Identifier: MIT
//
// Where every labelled control is. Dear ImGui reports its items to the hooks of its test engine
// (IMGUI_ENABLE_TEST_ENGINE); this is what answers them. Tests find controls by label with it, and
// a running window writes them to a file when asked:
//
//   KITH_UI_MAP=/tmp/ui.json kith
//
// writes, after every frame in which something moved, one JSON object of label -> [x, y, w, h] in
// pixels of the window, by writing a new file and renaming it. Labels are the ids the panels give:
// "toolbar/copy-id", "conversation/1a2b3c4d", "composer/text"… A control that is hidden, scrolled
// away or behind a dialog is not in it. Without the variable nothing is recorded. UI thread.
#pragma once

#include <imgui.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace kith::gui {

struct ItemRect {
    float x = 0, y = 0, width = 0, height = 0;
    bool operator==(const ItemRect&) const = default;
};

class Recorder {
public:
    using Items = std::map<std::string, ItemRect, std::less<>>;

    /// Records the items of the current context until destroyed.
    Recorder();
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    void begin_frame();
    [[nodiscard]] const Items& items() const { return items_; }
    [[nodiscard]] std::optional<ItemRect> find(std::string_view label) const;

    // Called by the hooks.
    void item_added(ImGuiID id, const ItemRect& visible, bool reachable);
    void item_named(ImGuiID id, std::string_view label);

private:
    ImGuiContext* context_;
    std::unordered_map<ImGuiID, ItemRect> rects_;
    Items items_;
};

/// An area that is no control, such as a list, under a label of its own. Does nothing while nothing
/// is recorded. `min` and `max` on the screen, within the current window.
void record_area(const char* label, ImVec2 min, ImVec2 max);

/// Writes the items to `path` whenever they differ from the last time.
class ItemMapFile {
public:
    explicit ItemMapFile(std::filesystem::path path) : path_(std::move(path)) {}
    void update(const Recorder::Items& items);

private:
    std::filesystem::path path_;
    std::optional<Recorder::Items> written_;
};

[[nodiscard]] std::string to_json(const Recorder::Items& items);

}  // namespace kith::gui
