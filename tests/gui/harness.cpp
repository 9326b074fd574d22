// SPDX-License-Identifier: MIT
#include "tests/gui/harness.hpp"

#include <catch2/catch_test_macros.hpp>

#include "gui/input_order.hpp"
#include "gui/panels/panels.hpp"
#include "gui/theme.hpp"

namespace kith::gui::test {
namespace {

constexpr ImVec2 screen{1000, 700};

void accept_textures() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        const bool destroy = texture->Status == ImTextureStatus_WantDestroy;
        if (!destroy) texture->SetTexID(1);
        texture->SetStatus(destroy ? ImTextureStatus_Destroyed : ImTextureStatus_OK);
        if (destroy) texture->SetTexID(ImTextureID_Invalid);
    }
}

model::Profile own_profile() {
    model::Profile profile;
    profile.self = peer_id(200);
    profile.name = "Me";
    profile.connection_id = "kith1myownid";
    profile.port = 1;
    profile.version = "1";
    return profile;
}

}  // namespace

HeadlessContext::HeadlessContext() : context_(ImGui::CreateContext()) {
    ImGuiIO& io = ImGui::GetIO();
    io.DisplaySize = screen;
    io.IniFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigInputTextCursorBlink = false;
    io.BackendFlags |= ImGuiBackendFlags_RendererHasTextures;
    ImGuiPlatformIO& platform = ImGui::GetPlatformIO();
    platform.Platform_ClipboardUserData = this;
    platform.Platform_SetClipboardTextFn = [](ImGuiContext*, const char* text) {
        static_cast<HeadlessContext*>(ImGui::GetPlatformIO().Platform_ClipboardUserData)
            ->clipboard = text;
    };
    platform.Platform_GetClipboardTextFn = [](ImGuiContext*) {
        return static_cast<HeadlessContext*>(ImGui::GetPlatformIO().Platform_ClipboardUserData)
            ->clipboard.c_str();
    };
}

HeadlessContext::~HeadlessContext() {
    for (ImTextureData* texture : ImGui::GetPlatformIO().Textures) {
        texture->SetTexID(ImTextureID_Invalid);
        texture->SetStatus(ImTextureStatus_Destroyed);
    }
    ImGui::DestroyContext(context_);
}

Harness::Harness() : fonts_(load_fonts()), theme_(make_theme(true, 1)) { apply_style(theme_); }

void Harness::frame() {
    time_ += 1.0 / 60;
    answer();
    (void)desk.pump(now);
    recorder.begin_frame();
    ImGui::GetIO().DeltaTime = 1.0F / 60;
    new_frame_in_order();
    (void)desk.draw(theme_, fonts_, now, time_, focused);
    ImGui::Render();
    accept_textures();
}

void Harness::frames(int count) {
    for (int i = 0; i < count; ++i) frame();
}

void Harness::answer() {
    for (; answered_ < port.from_window.size(); ++answered_) {
        const auto* asked = std::get_if<model::Execute>(&port.from_window[answered_]);
        auto reply = asked && node ? node(asked->command) : std::nullopt;
        if (reply) port.to_window.emplace_back(model::Completed{asked->ticket, std::move(*reply)});
    }
}

void Harness::move_to(std::string_view label) {
    const auto rect = recorder.find(label);
    INFO("looking for " << label << " in " << to_json(recorder.items()));
    REQUIRE(rect.has_value());
    ImGui::GetIO().AddMousePosEvent(rect->x + rect->width / 2, rect->y + rect->height / 2);
    frames(2);
}

void Harness::press_mouse(ImGuiMouseButton button) {
    ImGui::GetIO().AddMouseButtonEvent(button, true);
    frames(1);
    ImGui::GetIO().AddMouseButtonEvent(button, false);
    frames();
}

void Harness::click(std::string_view label) {
    move_to(label);
    press_mouse(ImGuiMouseButton_Left);
}

void Harness::right_click(std::string_view label) {
    move_to(label);
    press_mouse(ImGuiMouseButton_Right);
}

void Harness::resize(float width, float height) {
    ImGui::GetIO().DisplaySize = {width, height};
    frames();
}

void Harness::pass(double seconds) {
    time_ += seconds;
    frames();
}

void Harness::wheel(float lines) {
    ImGui::GetIO().AddMouseWheelEvent(0, lines);
    frames();
}

void Harness::type(std::string_view text) {
    ImGui::GetIO().AddInputCharactersUTF8(std::string(text).c_str());
    frames();
}

void Harness::press(std::initializer_list<ImGuiKey> keys) {
    for (const ImGuiKey key : keys) ImGui::GetIO().AddKeyEvent(key, true);
    frames(2);
    for (auto key = std::rbegin(keys); key != std::rend(keys); ++key)
        ImGui::GetIO().AddKeyEvent(*key, false);
    frames();
}

void Harness::stage(model::Stage stage, std::string text, bool wrong_password, bool can_set_aside) {
    arrive(model::ToWindow{
        model::StageChanged{stage, std::move(text), wrong_password, can_set_aside}});
    frames();
}

void Harness::run_with(std::vector<model::Peer> peers, std::vector<model::Request> requests) {
    const auto rest = node;
    node = [=](const model::Command& command) -> std::optional<model::Reply> {
        if (std::holds_alternative<model::ListPeers>(command)) return model::Peers{peers};
        if (std::holds_alternative<model::ListRequests>(command)) return model::Requests{requests};
        if (std::holds_alternative<model::GetSettings>(command)) return model::Settings{};
        if (std::holds_alternative<model::GetNetworkStatus>(command)) return model::NetworkStatus{};
        if (std::holds_alternative<model::WhoAmI>(command)) return own_profile();
        if (rest) return rest(command);
        if (std::holds_alternative<model::ListMessages>(command)) return model::Messages{};
        return std::nullopt;
    };
    stage(model::Stage::running);
}

std::string label_of(std::string_view kind, const model::PeerId& peer, std::string_view part) {
    std::string label = std::string(kind) + "/" + short_id(peer);
    if (!part.empty()) label.append("/").append(part);
    return label;
}

}  // namespace kith::gui::test

// Fontconfig keeps offsets in place of pointers, so that what its configuration still holds at the
// end looks lost to the leak sanitizer.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }
