// SPDX-License-Identifier: MIT
#include "gui/platform_window.hpp"

#include <imgui.h>
#include <imgui_impl_glfw.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include "gui/strings.hpp"
#include "gui/window.hpp"

#define GLAD_GL_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <glad/gl.h>
#pragma GCC diagnostic pop
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>
#include <mutex>
#include <utility>

namespace kith::gui {
namespace {

// GLFW is one per process, and posting an event before it starts or after it ends is not allowed.
std::mutex glfw_guard;
bool glfw_running = false;

constexpr int width_min = 480, height_min = 360;  // at scale 1

bool start_glfw() {
    glfwInitHint(GLFW_JOYSTICK_HAT_BUTTONS, GLFW_FALSE);
    const std::lock_guard lock(glfw_guard);
    glfw_running = glfwInit() == GLFW_TRUE;
    return glfw_running;
}

void stop_glfw() {
    const std::lock_guard lock(glfw_guard);
    glfw_running = false;
    glfwTerminate();
}

std::string last_glfw_error() {
    const char* text = nullptr;
    glfwGetError(&text);
    return text ? text : "unknown error";
}

model::Error no_window(std::string_view what, std::string_view advice) {
    return {"no_window", std::string(what) + last_glfw_error() + std::string(advice)};
}

void set_hints(bool maximized) {
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    glfwWindowHint(GLFW_OPENGL_FORWARD_COMPAT, GLFW_TRUE);
    glfwWindowHint(GLFW_SCALE_TO_MONITOR, GLFW_FALSE);
    glfwWindowHint(GLFW_DEPTH_BITS, 0);
    glfwWindowHint(GLFW_STENCIL_BITS, 0);
    glfwWindowHint(GLFW_MAXIMIZED, maximized ? GLFW_TRUE : GLFW_FALSE);
    glfwWindowHintString(GLFW_X11_CLASS_NAME, "kith");
    glfwWindowHintString(GLFW_X11_INSTANCE_NAME, "kith");
    glfwWindowHintString(GLFW_WAYLAND_APP_ID, "kith");
}

// As many as a person drops, and no more than is sent in one go.
constexpr int dropped_max = static_cast<int>(model::paths_max) + 1;

bool wayland() { return glfwGetPlatform() == GLFW_PLATFORM_WAYLAND; }

}  // namespace

void wake_window() {
    const std::lock_guard lock(glfw_guard);
    if (glfw_running) glfwPostEmptyEvent();
}

void PlatformWindow::call_changed(GLFWwindow* window) {
    const auto* input = static_cast<const Input*>(glfwGetWindowUserPointer(window));
    if (input && input->changed) input->changed();
}

// X11 says where; on Wayland GLFW only knows where the pointer was before.
void PlatformWindow::on_drop(GLFWwindow* window, int count, const char** paths) {
    auto* input = static_cast<Input*>(glfwGetWindowUserPointer(window));
    if (!input || count <= 0) return;
    Dropped dropped;
    dropped.paths.assign(paths, paths + std::min(count, dropped_max));
    if (!wayland()) {
        double x = 0, y = 0;
        glfwGetCursorPos(window, &x, &y);
        dropped.at = ImVec2{static_cast<float>(x), static_cast<float>(y)};
    }
    input->dropped = std::move(dropped);
    call_changed(window);
}

tl::expected<std::unique_ptr<PlatformWindow>, model::Error> PlatformWindow::open(
    const std::string& title, const WindowLayout& layout, std::function<void()> changed) {
    std::unique_ptr<PlatformWindow> self(new PlatformWindow);
    if (!start_glfw())
        return tl::unexpected(no_window(strings::no_display, strings::no_display_advice));
    self->input_.changed = std::move(changed);
    if (!self->create(title, layout))
        return tl::unexpected(no_window(strings::no_opengl, strings::no_opengl_advice));
    self->set_up_imgui();
    return self;
}

bool PlatformWindow::create(const std::string& title, const WindowLayout& layout) {
    set_hints(layout.maximized);
    if (layout.x != -1 && !wayland()) {
        glfwWindowHint(GLFW_POSITION_X, layout.x);
        glfwWindowHint(GLFW_POSITION_Y, layout.y);
    }
    window_ = glfwCreateWindow(layout.width, layout.height, title.c_str(), nullptr, nullptr);
    if (!window_) return false;
    set_least_size(1);
    glfwMakeContextCurrent(window_);
    if (gladLoadGL(glfwGetProcAddress) == 0) return false;
    glfwSwapInterval(1);
    glfwSetWindowUserPointer(window_, &input_);
    glfwSetWindowRefreshCallback(window_, call_changed);
    glfwSetFramebufferSizeCallback(window_, [](GLFWwindow* w, int, int) { call_changed(w); });
    glfwSetWindowContentScaleCallback(window_,
                                      [](GLFWwindow* w, float, float) { call_changed(w); });
    // Dear ImGui may find nothing new in a change of focus; what is in sight counts as read all the
    // same.
    glfwSetWindowFocusCallback(window_, [](GLFWwindow* w, int) { call_changed(w); });
    glfwSetWindowIconifyCallback(window_, [](GLFWwindow* w, int) { call_changed(w); });
    glfwSetDropCallback(window_, on_drop);
    return true;
}

void PlatformWindow::set_up_imgui() {
    context_ = ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
    io.ConfigInputTextCursorBlink = false;  // a blinking caret would draw for ever
    context_->ConfigNavWindowingKeyNext = context_->ConfigNavWindowingKeyPrev = 0;
    ImGui_ImplGlfw_InitForOpenGL(window_, true);
    ImGui_ImplOpenGL3_Init("#version 330 core");
}

PlatformWindow::~PlatformWindow() {
    if (context_) {
        ImGui_ImplOpenGL3_Shutdown();
        ImGui_ImplGlfw_Shutdown();
        ImGui::DestroyContext(context_);
    }
    if (window_) glfwDestroyWindow(window_);
    stop_glfw();
}

bool PlatformWindow::wait(double seconds) {
    if (seconds <= 0)
        glfwPollEvents();
    else if (std::isinf(seconds))
        glfwWaitEvents();
    else
        glfwWaitEventsTimeout(seconds);
    // Input is queued in Dear ImGui by its backend; an empty queue means that nobody touched us.
    const bool input = !context_->InputEventsQueue.empty();
    if (input && input_.changed) input_.changed();
    return input;
}

void PlatformWindow::begin_frame() {
    ImGui_ImplOpenGL3_NewFrame();
    ImGui_ImplGlfw_NewFrame();
}

void PlatformWindow::end_frame(unsigned background, std::vector<std::uint8_t>* pixels) {
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(background);
    const int width = pixel_width(), height = pixel_height();
    glViewport(0, 0, width, height);
    glClearColor(colour.x, colour.y, colour.z, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
    if (pixels) {
        pixels->resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
        glPixelStorei(GL_PACK_ALIGNMENT, 1);
        glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE, pixels->data());
    }
    glfwSwapBuffers(window_);
}

void PlatformWindow::raise() {
    if (glfwGetWindowAttrib(window_, GLFW_ICONIFIED)) glfwRestoreWindow(window_);
    glfwShowWindow(window_);
    glfwFocusWindow(window_);
    glfwRequestWindowAttention(window_);
}

std::optional<Dropped> PlatformWindow::take_drop() {
    return std::exchange(input_.dropped, std::nullopt);
}

Textures PlatformWindow::textures() {
    return {[](const Pixels& pixels) {
                GLuint texture = 0;
                glGenTextures(1, &texture);
                glBindTexture(GL_TEXTURE_2D, texture);
                glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MIN_FILTER, GL_LINEAR);
                glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_MAG_FILTER, GL_LINEAR);
                glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_S, GL_CLAMP_TO_EDGE);
                glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_WRAP_T, GL_CLAMP_TO_EDGE);
                glPixelStorei(GL_UNPACK_ALIGNMENT, 4);
                glPixelStorei(GL_UNPACK_ROW_LENGTH, 0);
                glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA, pixels.width, pixels.height, 0, GL_RGBA,
                             GL_UNSIGNED_BYTE, pixels.rgba.data());
                return static_cast<std::uint64_t>(texture);
            },
            [](std::uint64_t number) {
                const auto texture = static_cast<GLuint>(number);
                glDeleteTextures(1, &texture);
            }};
}

double PlatformWindow::time() const { return glfwGetTime(); }

float PlatformWindow::content_scale() const {
    float x = 1, y = 1;
    glfwGetWindowContentScale(window_, &x, &y);
    // Where the framebuffer has more pixels than the window has units, Dear ImGui scales already.
    int units = 0;
    glfwGetWindowSize(window_, &units, nullptr);
    const float built_in =
        units > 0 ? static_cast<float>(pixel_width()) / static_cast<float>(units) : 1;
    return std::max(0.5F, x / std::max(1.0F, built_in));
}

void PlatformWindow::set_least_size(float scale) {
    int width = static_cast<int>(static_cast<float>(width_min) * scale);
    int height = static_cast<int>(static_cast<float>(height_min) * scale);
    if (GLFWmonitor* monitor = glfwGetPrimaryMonitor()) {
        int x = 0, y = 0, room_x = 0, room_y = 0;
        glfwGetMonitorWorkarea(monitor, &x, &y, &room_x, &room_y);
        width = std::min(width, std::max(width_min, room_x));
        height = std::min(height, std::max(height_min, room_y));
    }
    glfwSetWindowSizeLimits(window_, width, height, GLFW_DONT_CARE, GLFW_DONT_CARE);
    int now_x = 0, now_y = 0;
    glfwGetWindowSize(window_, &now_x, &now_y);
    if (now_x < width || now_y < height)
        glfwSetWindowSize(window_, std::max(now_x, width), std::max(now_y, height));
}

bool PlatformWindow::visible() const {
    return pixel_width() > 0 && !glfwGetWindowAttrib(window_, GLFW_ICONIFIED);
}
bool PlatformWindow::focused() const { return glfwGetWindowAttrib(window_, GLFW_FOCUSED) != 0; }

bool PlatformWindow::close_wanted() {
    const bool wanted = glfwWindowShouldClose(window_) != 0;
    glfwSetWindowShouldClose(window_, GLFW_FALSE);
    return wanted;
}

int PlatformWindow::pixel_width() const {
    int width = 0;
    glfwGetFramebufferSize(window_, &width, nullptr);
    return width;
}

int PlatformWindow::pixel_height() const {
    int height = 0;
    glfwGetFramebufferSize(window_, nullptr, &height);
    return height;
}

void PlatformWindow::read_geometry(WindowLayout& layout) const {
    layout.maximized = glfwGetWindowAttrib(window_, GLFW_MAXIMIZED) != 0;
    // The size to come back to is the one before it was maximised.
    if (layout.maximized || glfwGetWindowAttrib(window_, GLFW_ICONIFIED)) return;
    glfwGetWindowSize(window_, &layout.width, &layout.height);
    if (!wayland()) glfwGetWindowPos(window_, &layout.x, &layout.y);
}

}  // namespace kith::gui
