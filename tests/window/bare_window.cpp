// SPDX-License-Identifier: MIT
//
// The least a window with OpenGL can be: the yardstick for the time to the first frame. Prints a
// line when its first frame is shown, and waits.
#define GLAD_GL_IMPLEMENTATION
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include <glad/gl.h>
#pragma GCC diagnostic pop
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <cstdio>

int main() {
    if (glfwInit() == 0) return 1;
    glfwWindowHint(GLFW_CONTEXT_VERSION_MAJOR, 3);
    glfwWindowHint(GLFW_CONTEXT_VERSION_MINOR, 3);
    glfwWindowHint(GLFW_OPENGL_PROFILE, GLFW_OPENGL_CORE_PROFILE);
    GLFWwindow* window = glfwCreateWindow(1000, 700, "Bare window", nullptr, nullptr);
    if (window == nullptr) return 1;
    glfwMakeContextCurrent(window);
    if (gladLoadGL(glfwGetProcAddress) == 0) return 1;
    glClearColor(0, 0, 0, 1);
    glClear(GL_COLOR_BUFFER_BIT);
    glfwSwapBuffers(window);
    std::puts("shown");
    std::fflush(stdout);
    while (glfwWindowShouldClose(window) == 0) glfwWaitEvents();
    glfwTerminate();
}
